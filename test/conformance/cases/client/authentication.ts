/**
 * C10 to C13: the device proves its key to this server in this session (C-AUTH, L-C03 to L-C06,
 * S-1, S-6).
 */
import { bytesOf } from '../../../../reference/wire/base64url.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { AuthResponse } from '../../../../spec/messages/client/auth-response.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { negotiated } from './steps/opening.ts';
import { authRequest, authResponse, challenged, freshIdentity } from './steps/proofs.ts';
import { checkRefused, reactionOf, secondsOf, told } from './steps/reaction.ts';

const { invalidSignature } = errorCode.client;
/** L-X17: before a session opens every refusal is the same. */
const codes = [invalidSignature];

const flow = defineCase({
  id: 'client/authentication/no-session-before-the-proof',
  title: 'A session opens with auth_success and not before; it is the one that was confirmed',
  verifies: ['C-AUTH-01', 'C-CONN-13'],
  behaviour: ['C-CONN-13'],
  readings: ['L-C05', 'L-C06'],
  async run(stage) {
    const { session, authenticated } = await stage.device();
    const [confirmed, opened] = [session.confirmation.session_id, authenticated.session_id];
    stage.check('C-CONN-13', confirmed === opened, {
      what: 'session_id of auth_success',
      expected: confirmed,
      got: opened,
    });
    const early = await negotiated(stage);
    await early.send({
      type: 'key_request',
      request_id: stage.uuid(),
      user_ids: [freshIdentity(stage).userId],
      device_filter: 'all',
      include_revoked: false,
    });
    checkRefused(stage, 'C-AUTH-01', await reactionOf(early), {
      what: 'a key_request before authentication',
      codes: [errorCode.common.protocolError],
      after: 'closed',
    });
  },
});

const challengeForm = defineCase({
  id: 'client/authentication/challenges-are-fresh',
  title: 'Each challenge is of 32 new bytes and has an end',
  verifies: ['C-AUTH-02'],
  readings: ['L-C04'],
  async run(stage) {
    const { identity } = await stage.device();
    const seen = new Set<string>();
    for (let count = 0; count < 3; count += 1) {
      const { challenge, expires_at } = await challenged(stage, await negotiated(stage), identity);
      seen.add(challenge);
      const now = secondsOf(stage);
      stage.check('C-AUTH-02', bytesOf(challenge).length === 32 && expires_at > now, {
        what: 'length and end of a challenge',
        expected: { bytes: limits.clientChallengeBytes, expires_at: `after ${now}` },
        got: { bytes: bytesOf(challenge).length, expires_at },
      });
    }
    stage.check('C-AUTH-02', seen.size === 3, {
      what: 'three challenges',
      expected: 'three different ones',
      got: [...seen],
    });
    // The signature is good; the answer names another challenge.
    await checkAnswer(stage, {
      what: 'an answer to a challenge that was not sent',
      bend: (response) => ({ ...response, challenge: 'A'.repeat(43) }),
    });
  },
});

interface Attempt {
  readonly what: string;
  readonly bend: (response: AuthResponse) => AuthResponse;
}

async function checkAnswer(stage: Stage, { what, bend }: Attempt): Promise<void> {
  const { identity } = await stage.device();
  const connection = await negotiated(stage);
  const challenge = await challenged(stage, connection, identity);
  await connection.send(bend(authResponse(stage, challenge, { identity, connection })));
  checkRefused(stage, 'C-AUTH-02', await reactionOf(connection), { what, codes });
}

const singleUse = defineCase({
  id: 'client/authentication/a-challenge-serves-once',
  title: 'A challenge is consumed by its first answer, right or wrong',
  verifies: ['C-AUTH-02'],
  readings: ['L-C04'],
  async run(stage) {
    const { identity } = await stage.device();
    const connection = await negotiated(stage);
    const challenge = await challenged(stage, connection, identity);
    const honest = authResponse(stage, challenge, { identity, connection });
    const key = stage.crypto.signingKey(stage.entropy(32));
    await connection.send(authResponse(stage, challenge, { identity, connection, key }));
    await connection.receiveError();
    await connection.send(honest);
    const what = 'the right answer after a wrong one';
    checkRefused(stage, 'C-AUTH-02', await reactionOf(connection), { what, codes });
  },
});

const oneOutstanding = defineCase({
  id: 'client/authentication/a-new-challenge-replaces-the-old',
  title: 'At most one challenge is outstanding: an older one has died',
  verifies: ['C-AUTH-02'],
  readings: ['L-C04'],
  async run(stage) {
    const { identity } = await stage.device();
    const connection = await negotiated(stage);
    const first = await challenged(stage, connection, identity);
    const second = await challenged(stage, connection, identity);
    const honest = authResponse(stage, second, { identity, connection });
    await connection.send({ ...honest, challenge: first.challenge });
    const what = 'an answer that names the first of two challenges';
    checkRefused(stage, 'C-AUTH-02', await reactionOf(connection), { what, codes });
  },
});

/**
 * S-1: a recorded answer serves no second session, where the challenge and the transcript differ.
 */
const replay = defineCase({
  id: 'client/authentication/a-recorded-answer-opens-nothing',
  title: 'A recorded auth_response opens no session on another connection',
  verifies: ['C-AUTH-02', 'C-AUTH-03'],
  readings: ['L-C03', 'L-C04'],
  async run(stage) {
    const { identity } = await stage.device();
    const first = await negotiated(stage);
    let recorded: AuthResponse | null = null;
    await first.authenticate(identity, {
      response: (response) => {
        recorded = response;
        return { ...response };
      },
    });
    const second = await negotiated(stage);
    const { challenge } = await challenged(stage, second, identity);
    if (recorded) await second.sendRaw({ ...(recorded as AuthResponse) });
    const replayed = { what: 'the recorded answer as it was', codes };
    checkRefused(stage, 'C-AUTH-02', await reactionOf(second), replayed);

    const third = await negotiated(stage);
    const { challenge: newest } = await challenged(stage, third, identity);
    if (recorded) await third.sendRaw({ ...(recorded as AuthResponse), challenge: newest });
    const renamed = { what: 'its signature under the new challenge', codes };
    checkRefused(stage, 'C-AUTH-03', await reactionOf(third), renamed);
    await checkStale(stage, challenge);
  },
});

/** Proven for the challenge at hand, named for one of another connection. */
async function checkStale(stage: Stage, challenge: string): Promise<void> {
  const what = 'an answer that names the challenge of another connection';
  await checkAnswer(stage, { what, bend: (response) => ({ ...response, challenge }) });
}

const unboundProofs: readonly {
  readonly name: string;
  readonly what: string;
  readonly signed: (stage: Stage) => { [name: string]: string | number };
}[] = [
  {
    name: 'another-server',
    what: 'another server (S-6)',
    signed: () => ({ server_id: 'elsewhere.example' }),
  },
  {
    name: 'another-transcript',
    what: 'another transcript',
    signed: () => ({ transcript_hash: 'A'.repeat(43) }),
  },
  {
    name: 'another-user',
    what: 'another user',
    signed: (stage) => ({ user_id: freshIdentity(stage).userId }),
  },
  {
    name: 'another-device',
    what: 'another device',
    signed: (stage) => ({ device_id: stage.uuid() }),
  },
  {
    name: 'another-challenge',
    what: 'another challenge',
    signed: () => ({ challenge: 'A'.repeat(43) }),
  },
  {
    name: 'another-time',
    what: 'another time',
    signed: (stage) => ({ timestamp: secondsOf(stage) - 1 }),
  },
  {
    name: 'another-purpose',
    what: 'a registration',
    signed: () => ({ type: 'registration_response' }),
  },
];

const bound: readonly Case[] = unboundProofs.map(({ name, what, signed }) =>
  defineCase({
    id: `client/authentication/a-signature-for-${name}-is-refused`,
    title: `A signature over an object that names ${what} opens no session`,
    verifies: name === 'another-purpose' ? ['C-AUTH-03', 'X-SIG-04'] : ['C-AUTH-03'],
    readings: ['L-C03'],
    async run(stage) {
      const { identity } = await stage.device();
      const connection = await negotiated(stage);
      const challenge = await challenged(stage, connection, identity);
      const parts = { identity, connection, signed: signed(stage) };
      await connection.send(authResponse(stage, challenge, parts));
      const reaction = await reactionOf(connection);
      checkRefused(stage, 'C-AUTH-03', reaction, { what: `signed for ${what}`, codes });
      if (name !== 'another-purpose') return;
      checkRefused(stage, 'X-SIG-04', reaction, { what: `signed for ${what}`, codes });
    },
  }),
);

const wrongKey = defineCase({
  id: 'client/authentication/only-the-device-key-signs',
  title: 'A signature by another device of the same user opens no session',
  verifies: ['C-AUTH-03'],
  readings: ['L-C03'],
  async run(stage) {
    const { identity } = await stage.device();
    const sibling = await stage.device({ userId: identity.userId });
    const connection = await negotiated(stage);
    const challenge = await challenged(stage, connection, identity);
    const key = sibling.identity.signingKey;
    await connection.send(authResponse(stage, challenge, { identity, connection, key }));
    const what = 'signed by a sibling';
    checkRefused(stage, 'C-AUTH-03', await reactionOf(connection), { what, codes });
  },
});

const mixedPair = defineCase({
  id: 'client/authentication/user-and-device-must-belong-together',
  title: "A device cannot open a session in another user's name",
  verifies: ['C-AUTH-06'],
  async run(stage) {
    const alice = await stage.device();
    const mallory = await stage.device();
    const pair = { ...mallory.identity, userId: alice.identity.userId };
    const connection = await negotiated(stage);
    const challenge = await challenged(stage, connection, pair);
    await connection.send(authResponse(stage, challenge, { identity: pair, connection }));
    checkRefused(stage, 'C-AUTH-06', await reactionOf(connection), {
      what: "alice's name with mallory's device and key",
      codes,
    });
  },
});

const failureLimit = defineCase({
  id: 'client/authentication/failures-end-the-connection',
  title: 'After ten failures at the latest a connection is closed or told to wait',
  verifies: ['C-AUTH-08'],
  async run(stage) {
    const { identity } = await stage.device();
    const connection = await negotiated(stage);
    const key = stage.crypto.signingKey(stage.entropy(32));
    for (let count = 1; count <= 10; count += 1) {
      await connection.send(authRequest(stage, identity));
      const got = await connection.next();
      if (got === null || 'closed' in got || got.message.type !== 'auth_challenge') break;
      const parts = { identity, connection, key };
      await connection.send(authResponse(stage, got.message, parts));
      const reaction = await reactionOf(connection);
      const isOver =
        reaction.closed !== null || reaction.error?.error_code === errorCode.common.rateLimited;
      if (isOver) return void checkOver(stage, true, `after ${count} failures`);
    }
    checkOver(stage, false, told(await reactionOf(connection)));
  },
});

function checkOver(stage: Stage, isOver: boolean, got: unknown): void {
  const what = 'ten answers signed by another key';
  stage.check('C-AUTH-08', isOver, { what, expected: 'a close or 6000', got });
}

const permissions = defineCase({
  id: 'client/authentication/permissions-are-of-the-four',
  title: 'auth_success grants nothing but the four permissions, and what is not granted is refused',
  verifies: ['C-AUTH-07'],
  behaviour: ['C-AUTH-07'],
  async run(stage) {
    const { authenticated, connection, identity } = await stage.device();
    const known = ['send_messages', 'make_calls', 'create_rooms', 'admin'];
    const { permissions: granted } = authenticated.user_info;
    stage.check(
      'C-AUTH-07',
      granted.every((permission) => known.includes(permission)),
      {
        what: 'the permissions of a new user',
        expected: known,
        got: granted,
      },
    );
    if (granted.includes('make_calls')) return;
    await connection.send({
      type: 'call_end',
      call_id: stage.uuid(),
      ended_by: identity.deviceId,
      reason: 'normal',
      duration: 0,
      timestamp: secondsOf(stage),
    });
    checkRefused(stage, 'C-AUTH-07', await reactionOf(connection), {
      what: 'a call of a user who may make none',
      codes: [errorCode.common.notAuthorized],
      after: 'open',
    });
  },
});

export const cases: readonly Case[] = [
  flow,
  challengeForm,
  singleUse,
  oneOutstanding,
  replay,
  ...bound,
  wrongKey,
  mixedPair,
  failureLimit,
  permissions,
];
