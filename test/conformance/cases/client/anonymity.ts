/**
 * What an outsider may not learn before authentication (C-AUTH-05, C-AUTH-09, X-ERR-03, L-X17,
 * S-30).
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { DeviceIdentity } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { negotiated } from './steps/opening.ts';
import { authResponse, challenged, freshIdentity } from './steps/proofs.ts';
import { checkRefused, reactionOf } from './steps/reaction.ts';
import { revoke, revokedDevice } from './steps/revoking.ts';

interface Stranger {
  readonly what: string;
  readonly identity: DeviceIdentity;
}

/**
 * The same wrong key everywhere: a real device, one of another user, none, and one that is revoked.
 */
async function strangers(stage: Stage): Promise<readonly Stranger[]> {
  const { identity } = await stage.device();
  const other = await stage.device();
  const { revoked } = await revokedDevice(stage);
  const unknown = freshIdentity(stage);
  const { signingKey } = unknown;
  return [
    { what: 'a device that exists', identity: { ...identity, signingKey } },
    { what: 'an unknown device', identity: { ...unknown, userId: identity.userId } },
    { what: 'an unknown user', identity: unknown },
    {
      what: 'a device of another user',
      identity: { ...identity, deviceId: other.identity.deviceId, signingKey },
    },
    { what: 'a revoked device', identity: { ...revoked, signingKey } },
  ];
}

const challenges = defineCase({
  id: 'client/anonymity/everybody-is-challenged',
  title: 'An unknown user or device gets a challenge like that of a known one',
  verifies: ['C-AUTH-09'],
  behaviour: ['C-AUTH-09'],
  readings: ['L-X17'],
  async run(stage) {
    const shapes = new Map<string, string>();
    for (const { what, identity } of await strangers(stage)) {
      const challenge = await challenged(stage, await negotiated(stage), identity);
      const { server_timestamp, expires_at } = challenge;
      const lasts = expires_at - server_timestamp;
      const shape = Object.entries(challenge).map(([name, value]) => [name, String(value).length]);
      shapes.set(what, JSON.stringify([shape, lasts]));
    }
    const [usual] = shapes.values();
    for (const [what, shape] of shapes) {
      stage.check('C-AUTH-09', shape === usual, {
        what: `members, lengths and life of the challenge for ${what}`,
        expected: usual,
        got: shape,
      });
    }
  },
});

const refusals = defineCase({
  id: 'client/anonymity/failures-look-alike',
  title: 'Wrong key, unknown device and unknown user are refused in the same bytes',
  verifies: ['X-ERR-03'],
  behaviour: ['X-ERR-03'],
  readings: ['L-X17'],
  async run(stage) {
    const texts = new Map<string, string>();
    for (const { what, identity } of await strangers(stage)) {
      const connection = await negotiated(stage);
      const challenge = await challenged(stage, connection, identity);
      await connection.send(authResponse(stage, challenge, { identity, connection }));
      const { error, closed } = await reactionOf(connection);
      texts.set(what, JSON.stringify([{ ...error, timestamp: 0 }, closed]));
    }
    const [usual] = texts.values();
    for (const [what, text] of texts) {
      const isGeneric = text === usual && text.includes(`${errorCode.client.invalidSignature}`);
      stage.check('X-ERR-03', isGeneric, {
        what: `the refusal of ${what}, its time left out`,
        expected: usual,
        got: text,
      });
    }
  },
});

const revokedProven = defineCase({
  id: 'client/anonymity/revocation-is-told-to-the-key-alone',
  title: 'Who proves the key of a revoked device is told 1003; who does not, is told nothing',
  verifies: ['C-AUTH-05'],
  readings: ['L-X17'],
  async run(stage) {
    const { revoked: identity } = await revokedDevice(stage);
    for (const isProven of [false, true]) {
      const key = isProven ? identity.signingKey : stage.crypto.signingKey(stage.entropy(32));
      const connection = await negotiated(stage);
      const challenge = await challenged(stage, connection, identity);
      await connection.send(authResponse(stage, challenge, { identity, connection, key }));
      const { deviceRevoked, invalidSignature } = errorCode.client;
      checkRefused(stage, 'C-AUTH-05', await reactionOf(connection), {
        what: `a revoked device, ${isProven ? 'with' : 'without'} its key`,
        codes: [isProven ? deviceRevoked : invalidSignature],
      });
    }
  },
});

const unseenBefore = defineCase({
  id: 'client/anonymity/a-revoked-device-is-challenged-as-before',
  title: 'A device is challenged in the same way before and after its revocation',
  verifies: ['C-AUTH-09'],
  behaviour: ['C-AUTH-09'],
  readings: ['L-X17'],
  async run(stage) {
    const owner = await stage.device();
    const device = await stage.device({ userId: owner.identity.userId });
    const before = await challenged(stage, await negotiated(stage), device.identity);
    await revoke(stage, owner, device.identity.deviceId);
    const after = await challenged(stage, await negotiated(stage), device.identity);
    const names = [before, after].map((challenge) => Object.keys(challenge).sort().join());
    stage.check('C-AUTH-09', names[0] === names[1], {
      what: 'members of the challenge after the revocation',
      expected: names[0],
      got: names[1],
    });
  },
});

export const cases: readonly Case[] = [challenges, refusals, revokedProven, unseenBefore];
