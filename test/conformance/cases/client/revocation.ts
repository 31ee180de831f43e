/** device_revoke: who may, what it ends, who hears of it (X-KEY-03 to -05, X-SIG-01 to -04, -07, L-C07). */
import { ed25519, ed25519ph } from '@noble/curves/ed25519.js';
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { bytesOf, encodeBase64url } from '../../../../reference/wire/base64url.ts';
import { canonicalBytes } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import type { DeviceRevoke } from '../../../../spec/messages/common/device-revoke.ts';
import type { Device } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { negotiated } from './steps/opening.ts';
import { acked, couple, heardOf, membersOf } from './steps/people.ts';
import {
  authorization,
  authResponse,
  challenged,
  freshIdentity,
  registerMessage,
  registrationResponse,
} from './steps/proofs.ts';
import { checkRefused, openingReaction, reactionOf, secondsOf, told } from './steps/reaction.ts';
import { revocationBy, revoke, revokedDevice, revokeMessage } from './steps/revoking.ts';

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

async function checkAlive(
  stage: Stage,
  id: RequirementId,
  { connection }: Device,
  what: string,
): Promise<void> {
  const reaction = await reactionOf(connection);
  stage.check(id, reaction.closed === null && reaction.error === null, {
    what: `the session of the device after ${what}`,
    expected: 'open',
    got: told(reaction),
  });
}

interface Scene {
  readonly stage: Stage;
  /** Two devices of one user; the second is to be revoked. */
  readonly owner: Device;
  readonly target: Device;
  readonly mallory: Device;
}

interface Forgery {
  readonly name: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly message: (scene: Scene) => Promise<DeviceRevoke>;
}

const honest = ({ stage, owner, target }: Scene): DeviceRevoke =>
  revocationBy(stage, owner, target.identity.deviceId);

const forgeries: readonly Forgery[] = [
  {
    name: 'another-users-device',
    title: 'A revocation signed by a device of another user, in its own name, is ignored',
    verifies: 'X-KEY-05',
    message: async ({ stage, target, mallory }) =>
      revokeMessage(stage, {
        userId: target.identity.userId,
        deviceId: target.identity.deviceId,
        signer: mallory.identity.deviceId,
        key: mallory.identity.signingKey,
      }),
  },
  {
    name: 'a-name-that-is-not-its-own',
    title: 'A revocation signed with another key than that of the named signer is ignored',
    verifies: 'X-SIG-02',
    message: async ({ stage, owner, target, mallory }) =>
      revokeMessage(stage, {
        userId: target.identity.userId,
        deviceId: target.identity.deviceId,
        signer: owner.identity.deviceId,
        key: mallory.identity.signingKey,
      }),
  },
  {
    name: 'a-changed-time',
    title: 'A revocation whose time was changed after signing is ignored',
    verifies: 'X-SIG-01',
    message: async (scene) => {
      const message = honest(scene);
      return { ...message, effective: message.effective - 1 };
    },
  },
  {
    name: 'a-changed-reason',
    title: 'A revocation whose reason was changed after signing is ignored',
    verifies: 'X-SIG-01',
    message: async (scene) => ({ ...honest(scene), reason: 'retired' }),
  },
  {
    name: 'a-member-added',
    title: 'A revocation to which a member was added after signing is ignored',
    verifies: 'X-CAN-08',
    message: async (scene) => ({ ...honest(scene), note: 'added' }) as DeviceRevoke,
  },
  {
    name: 'an-empty-list-dropped',
    title: 'A revocation from which an empty list was taken after signing is ignored',
    verifies: 'X-CAN-04',
    message: async ({ stage, owner, target }) => {
      const change = { notes: [] };
      const message = revocationBy(stage, owner, target.identity.deviceId, change);
      const { notes: _, ...rest } = message as DeviceRevoke & { notes?: unknown };
      return rest;
    },
  },
  {
    name: 'a-number-made-a-text',
    title: 'A revocation in which 1 was made "1" after signing is ignored',
    verifies: 'X-CAN-09',
    message: async ({ stage, owner, target }) => {
      const message = revocationBy(stage, owner, target.identity.deviceId, { note: 1 });
      return { ...message, note: '1' } as DeviceRevoke;
    },
  },
  {
    name: 'another-type',
    title: 'A signature over the same members as another type of message is ignored',
    verifies: 'X-SIG-04',
    message: async (scene) => {
      const { signature: _, ...unsigned } = honest(scene);
      const { signingKey } = scene.owner.identity;
      const other = { ...unsigned, type: 'trust_revoke' };
      return { ...unsigned, signature: scene.stage.crypto.sign(signingKey, other) };
    },
  },
  {
    name: 'an-administrator-that-is-a-device',
    title: 'A device cannot revoke for administrative reasons, which are the home server’s',
    verifies: 'X-KEY-05',
    message: async ({ stage, owner, target }) =>
      revocationBy(stage, owner, target.identity.deviceId, { reason: 'administrative' }),
  },
];

const ignored: readonly Case[] = forgeries.map(({ name, title, verifies, message }) =>
  defineCase({
    id: `client/revocation/${name}-revokes-nothing`,
    title,
    verifies: [verifies],
    readings: ['L-C07'],
    async run(stage) {
      const owner = await stage.device();
      const target = await stage.device({ userId: owner.identity.userId });
      const mallory = await stage.device();
      const forged = await message({ stage, owner, target, mallory });
      await owner.connection.sendRaw({ ...forged });
      await owner.connection.silence();
      await checkAlive(stage, verifies, target, name);
      // The same without the fault: what was judged is the fault and nothing else.
      await owner.connection.send(honest({ stage, owner, target, mallory }));
      const reaction = await openingReaction(target.connection);
      stage.check(verifies, reaction.closed !== null, {
        what: 'the honest revocation afterwards',
        expected: 'closed',
        got: told(reaction),
      });
    },
  }),
);

const ORDER = ed25519.Point.Fn.ORDER;

/** S + L: the same equation holds, so a verifier that does not look takes it (S-26). */
function malleable(signature: string): string {
  const bytes = bytesOf(signature);
  const high = bytes.subarray(32);
  const s = high.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) + ORDER;
  const raised = Uint8Array.from({ length: 32 }, (_, at) => Number((s >> BigInt(8 * at)) & 0xffn));
  return encodeBase64url(Uint8Array.from([...bytes.subarray(0, 32), ...raised]));
}

interface Signers {
  readonly stage: Stage;
  readonly owner: Device;
  readonly target: Device;
  /** Of the owner's key. */
  readonly seed: Uint8Array;
}

async function signersOf(stage: Stage): Promise<Signers> {
  const seed = stage.entropy(32);
  const identity = { ...freshIdentity(stage), signingKey: stage.crypto.signingKey(seed) };
  const owner = await stage.device({ identity });
  return { stage, owner, target: await stage.device({ userId: identity.userId }), seed };
}

const pure = defineCase({
  id: 'client/revocation/signatures-are-pure',
  title: 'A signature made with a prehash (Ed25519ph) is none',
  verifies: ['X-SIG-07'],
  readings: ['L-S11'],
  async run(stage) {
    const { owner, target, seed } = await signersOf(stage);
    const { signature, ...unsigned } = revocationBy(stage, owner, target.identity.deviceId);
    const prehashed = encodeBase64url(ed25519ph.sign(canonicalBytes({ ...unsigned }), seed));
    await owner.connection.send({ ...unsigned, signature: prehashed });
    await owner.connection.silence();
    await checkAlive(stage, 'X-SIG-07', target, 'a signature of Ed25519ph');
    await owner.connection.send({ ...unsigned, signature });
    const reaction = await openingReaction(target.connection);
    stage.check('X-SIG-07', reaction.closed !== null, {
      what: 'the pure signature afterwards',
      expected: 'closed',
      got: told(reaction),
    });
  },
});

/** The neutral element, as key and as R; with S = 0 the equation of Ed25519 holds for any message. */
const NEUTRAL = encodeBase64url(Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 1 : 0)));
const FITS_ALL = encodeBase64url(Uint8Array.from({ length: 64 }, (_, at) => (at === 0 ? 1 : 0)));

const strict = defineCase({
  id: 'client/revocation/signatures-are-strict',
  title: 'A signature with S above the order is none, and a key of small order has none',
  verifies: ['X-SIG-03'],
  async run(stage) {
    const { owner, target } = await signersOf(stage);
    const message = revocationBy(stage, owner, target.identity.deviceId);
    await owner.connection.send({ ...message, signature: malleable(message.signature) });
    await owner.connection.silence();
    await checkAlive(stage, 'X-SIG-03', target, 'a signature with S + L');

    const first = freshIdentity(stage);
    const connection = await negotiated(stage);
    const offer = registerMessage(stage, first, { user_master_public_key: NEUTRAL });
    await connection.send(offer);
    const got = await connection.next();
    // Whoever looks at the key when it is enrolled need not look again.
    if (got === null || 'closed' in got || got.message.type !== 'registration_challenge') return;
    const parts = { identity: first, connection };
    await connection.send(registrationResponse(stage, got.message, parts));
    await connection.receive('registration_success');
    await connection.authenticate(first);
    const { userId, deviceId } = first;
    const { signingKey: key } = first;
    const forged = revokeMessage(stage, { userId, deviceId, signer: 'user_master', key });
    await connection.send({ ...forged, signature: FITS_ALL });
    const reaction = await reactionOf(connection);
    stage.check('X-SIG-03', reaction.closed === null, {
      what: 'a revocation that a key of small order is said to have signed',
      expected: 'ignored',
      got: told(reaction),
    });
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
  ...ignored,
  pure,
  strict,
  deadVoucher,
];
