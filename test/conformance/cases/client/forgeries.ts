/**
 * device_revoke that is not what it claims: signatures, signers, contents (X-KEY-05, X-SIG, X-CAN,
 * L-C07).
 */
import { ed25519ph } from '@noble/curves/ed25519.js';
import { encodeBase64url } from '../../../../reference/wire/base64url.ts';
import { canonicalBytes } from '../../../../reference/wire/canonical.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import type { DeviceRevoke } from '../../../../spec/messages/common/device-revoke.ts';
import type { Device } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { negotiated } from './steps/opening.ts';
import { malleable, neutralKey, universalSignature } from './steps/points.ts';
import { freshIdentity, registerMessage, registrationResponse } from './steps/proofs.ts';
import { openingReaction, reactionOf, told } from './steps/reaction.ts';
import { checkAlive, revocationBy, revokeMessage } from './steps/revoking.ts';

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
    title: "A device cannot revoke for administrative reasons: those are the home server's",
    verifies: 'X-KEY-05',
    message: async ({ stage, owner, target }) =>
      revocationBy(stage, owner, target.identity.deviceId, { reason: 'administrative' }),
  },
];

const ignored: readonly Case[] = forgeries.map(({ name, title, verifies, message }) =>
  defineCase({
    id: `client/forgeries/${name}-revokes-nothing`,
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
  id: 'client/forgeries/signatures-are-pure',
  title: 'A signature made with a prehash (Ed25519ph) is none',
  verifies: ['X-SIG-07'],
  behaviour: ['X-SIG-07'],
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

const strict = defineCase({
  id: 'client/forgeries/signatures-are-strict',
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
    const offer = registerMessage(stage, first, { user_master_public_key: neutralKey });
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
    await connection.send({ ...forged, signature: universalSignature });
    const reaction = await reactionOf(connection);
    stage.check('X-SIG-03', reaction.closed === null, {
      what: 'a revocation that a key of small order is said to have signed',
      expected: 'ignored',
      got: told(reaction),
    });
  },
});

export const cases: readonly Case[] = [...ignored, pure, strict];
