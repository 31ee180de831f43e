/**
 * device_revoke: who may, what it ends, who hears of it (X-KEY-03 to X-KEY-05, Part 2.1 row 12,
 * L-C07).
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { type Case, defineCase } from '../../case.ts';
import { negotiated } from './steps/opening.ts';
import { acked, couple, heardOf, membersOf } from './steps/people.ts';
import {
  authorization,
  authResponse,
  challenged,
  freshIdentity,
  registerMessage,
} from './steps/proofs.ts';
import { checkRefused, openingReaction, reactionOf, secondsOf, told } from './steps/reaction.ts';
import {
  checkAlive,
  revocationBy,
  revoke,
  revokedDevice,
  revokeMessage,
} from './steps/revoking.ts';

const { deviceRevoked } = errorCode.client;

const ends = defineCase({
  id: 'client/revocation/a-revoked-device-is-out',
  title: 'A revoked device loses its session with 1003, and gets no other',
  verifies: ['X-KEY-04'],
  async run(stage) {
    const owner = await stage.device();
    const gone = await stage.device({ userId: owner.identity.userId });
    await revoke(stage, owner, gone.identity.deviceId);
    checkRefused(stage, 'X-KEY-04', await openingReaction(gone.connection), {
      what: 'the session of a device that has just been revoked',
      codes: [deviceRevoked],
      after: 'closed',
    });
    const connection = await negotiated(stage);
    const { identity } = gone;
    const challenge = await challenged(stage, connection, identity);
    await connection.send(authResponse(stage, challenge, { identity, connection }));
    checkRefused(stage, 'X-KEY-04', await reactionOf(connection), {
      what: 'its next authentication',
      codes: [deviceRevoked],
    });
  },
});

const later = defineCase({
  id: 'client/revocation/it-takes-effect-at-its-time',
  title: 'A revocation in the future ends the session when its time has come, not before',
  verifies: ['X-KEY-04'],
  needs: { waitsSeconds: 2 },
  async run(stage) {
    const owner = await stage.device();
    const gone = await stage.device({ userId: owner.identity.userId });
    const effective = secondsOf(stage) + 2;
    const { deviceId } = gone.identity;
    await owner.connection.send(revocationBy(stage, owner, deviceId, { effective }));
    await owner.connection.silence();
    const before = await reactionOf(gone.connection);
    stage.check('X-KEY-04', before.closed === null, {
      what: 'the session before the revocation takes effect',
      expected: 'open',
      got: told(before),
    });
    await stage.pass(2000);
    checkRefused(stage, 'X-KEY-04', await openingReaction(gone.connection), {
      what: 'the session afterwards',
      codes: [deviceRevoked],
      after: 'closed',
    });
  },
});

const undelivered = defineCase({
  id: 'client/revocation/nothing-is-delivered-any-more',
  title: 'What waits for a device when it is revoked is not delivered, and fails',
  verifies: ['X-KEY-04'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    await bob.connection.close();
    const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
    await acked(alice, sent.message_id);
    const again = await bob.reconnect();
    await again.connection.silence();
    const { deviceId } = bob.identity;
    await again.connection.send(revocationBy(stage, again, deviceId));
    checkRefused(stage, 'X-KEY-04', await openingReaction(again.connection), {
      what: 'the session of a device that revokes itself',
      codes: [deviceRevoked],
      after: 'closed',
    });
    const { status } = await acked(alice, sent.message_id);
    stage.check('X-KEY-04', status === 'failed', {
      what: 'what the sender hears of a message for the only, revoked device',
      expected: 'failed',
      got: status,
    });
  },
});

const pushed = defineCase({
  id: 'client/revocation/contacts-are-told',
  title: "A revocation reaches the user's other devices and the contacts, as it was signed",
  verifies: ['X-KEY-03'],
  readings: ['L-C07'],
  async run(stage) {
    const { alice, bob } = await couple(stage);
    const { userId } = bob.identity;
    const second = await stage.device({ userId });
    const gone = await stage.device({ userId });
    const message = revocationBy(stage, bob, gone.identity.deviceId);
    await bob.connection.send(message);
    for (const device of [second, alice]) {
      const passing = ['message_received', 'message_ack'];
      const received = await device.connection.receive('device_revoke', { passing });
      const { signature, ...unsigned } = membersOf(received);
      const key = bob.identity.signingKey.publicKey;
      const isGenuine = stage.crypto.verify(key, unsigned, String(signature));
      const isThis = received.message.device_id === gone.identity.deviceId;
      stage.check('X-KEY-03', isGenuine && isThis, {
        what: `the revocation as ${device.identity.userId} receives it`,
        expected: message,
        got: received.message,
      });
    }
    const broken = { ...message, effective: 'now' };
    await bob.connection.sendRaw(broken as unknown as JsonObject);
    checkRefused(stage, 'X-KEY-03', await reactionOf(bob.connection), {
      what: 'a revocation without a time',
      codes: [errorCode.common.protocolError],
    });
  },
});

const restarted = defineCase({
  id: 'client/revocation/a-restart-does-not-undo-it',
  title: 'A device stays revoked after the server was killed and started again',
  verifies: ['X-KEY-04'],
  needs: { restart: true },
  async run(stage) {
    const { revoked: identity } = await revokedDevice(stage);
    await stage.restartSubject();
    const connection = await negotiated(stage);
    const challenge = await challenged(stage, connection, identity);
    await connection.send(authResponse(stage, challenge, { identity, connection }));
    const reaction = await reactionOf(connection);
    checkRefused(stage, 'X-KEY-04', reaction, { what: 'after a restart', codes: [deviceRevoked] });
    const again = registerMessage(stage, identity);
    const fresh = await negotiated(stage);
    await fresh.send(again);
    const { others } = await reactionOf(fresh);
    stage.check('X-KEY-04', others.length === 0, {
      what: 'the registration of the revoked device once more',
      expected: 'a refusal',
      got: others.map(({ message }) => message.type),
    });
  },
});

/** Everybody whom L-C07 entitles. */
const signers = defineCase({
  id: 'client/revocation/device-and-master-key-may',
  title: "The user's master key and any active device of the user may revoke a device",
  verifies: ['X-KEY-05'],
  readings: ['L-C07'],
  async run(stage) {
    const master = stage.crypto.signingKey(stage.entropy(32));
    const first = freshIdentity(stage);
    const enrolling = await negotiated(stage);
    await enrolling.register(first, {
      register: (offer) => ({ ...offer, user_master_public_key: master.publicKey }),
    });
    await enrolling.authenticate(first);
    const { userId } = first;
    const targets = [await stage.device({ userId }), await stage.device({ userId })];
    for (const [nth, gone] of targets.entries()) {
      const signer = nth === 0 ? 'user_master' : first.deviceId;
      const key = nth === 0 ? master : first.signingKey;
      const { deviceId } = gone.identity;
      await enrolling.send(revokeMessage(stage, { userId, deviceId, signer, key }));
      const reaction = await openingReaction(gone.connection);
      stage.check('X-KEY-05', reaction.closed !== null, {
        what: `a revocation signed by ${nth === 0 ? 'the master key' : 'a sibling'}`,
        expected: 'closed',
        got: told(reaction),
      });
    }
    const victim = await stage.device();
    const target = victim.identity;
    const forged = revokeMessage(stage, {
      userId: target.userId,
      deviceId: target.deviceId,
      signer: first.deviceId,
      key: first.signingKey,
    });
    await enrolling.send(forged);
    await enrolling.silence();
    await checkAlive(stage, 'X-KEY-05', victim, 'a revocation by a device of another user');
  },
});

const deadVoucher = defineCase({
  id: 'client/revocation/a-revoked-device-vouches-for-nothing',
  title: 'A revoked device can neither revoke nor enrol',
  verifies: ['X-KEY-05', 'C-REG-07'],
  readings: ['L-C01', 'L-C07'],
  async run(stage) {
    const { owner, revoked } = await revokedDevice(stage);
    const { userId, deviceId } = owner.identity;
    const { deviceId: signer, signingKey: key } = revoked;
    const watching = await heardOf(owner.connection, 'device_revoke');
    await owner.connection.send(revokeMessage(stage, { userId, deviceId, signer, key }));
    await checkAlive(stage, 'X-KEY-05', owner, `a revocation by ${signer} (${watching.length})`);
    const ghost = freshIdentity(stage, userId);
    const connection = await negotiated(stage);
    await connection.send(
      registerMessage(stage, ghost, {
        authorizer: signer,
        authorizer_signature: authorization(stage, ghost, key),
      }),
    );
    checkRefused(stage, 'C-REG-07', await reactionOf(connection), {
      what: 'a device for which a revoked one vouches',
      codes: [errorCode.common.notAuthorized],
    });
  },
});

export const cases: readonly Case[] = [
  ends,
  later,
  undelivered,
  pushed,
  restarted,
  signers,
  deadVoucher,
];
