/** Registration and authentication as a server judges them. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import {
  answerChallenge,
  answerRegistration,
  askSession,
  authenticate,
  type Bend,
  errorOf,
  errors,
  type Identity,
  identityOf,
  inSession,
  negotiate,
  register,
  registerOf,
  type Session,
  signKex,
  vouch,
} from './honest.ts';
import { createWorld, type World } from './world.ts';

const alice = 'alice@acme.example';
const members =
  (change: JsonObject): Bend =>
  (honest) => ({ ...honest, ...change });

describe('registration', () => {
  test('ends with the server key and a certificate of ours', () => {
    const world = createWorld();
    const identity = identityOf(world, alice);
    const session = negotiate(world);
    register(world, session, identity);
    const success = session.raw.last('registration_success');
    expect(success.server_public_key).toBe(world.config.identity.publicKey);
    const { signature, ...unsigned } = success.device_certificate;
    expect(unsigned).toMatchObject({ device_id: identity.deviceId, user_id: alice });
    expect(unsigned.not_after - unsigned.not_before).toBe(180 * 86_400);
    expect(world.crypto.verify(success.server_public_key, unsigned, signature)).toBe(true);
  });

  type Try = (world: World, session: Session, identity: Identity) => void;
  const offer =
    (bend: (world: World, identity: Identity) => Bend): Try =>
    (world, { raw }, identity) =>
      raw.send(bend(world, identity)(registerOf(world, identity)));
  const answer =
    (bends: (world: World) => Parameters<typeof answerRegistration>[3]): Try =>
    (world, session, identity) => {
      session.raw.send(registerOf(world, identity));
      answerRegistration(world, session, identity, bends(world));
    };
  const lowOrder = encodeBase64url(Uint8Array.of(1, ...new Uint8Array(31)));

  const refusals: readonly [string, Try, number][] = [
    ['a token nobody gave', offer(() => members({ enrolment_token: 'guess' })), 2000],
    ['a user of another server', offer(() => members({ user_id: 'a@bravo.example' })), 2000],
    [
      'no user',
      offer(
        () =>
          ({ user_id: _, ...rest }) =>
            rest,
      ),
      3000,
    ],
    ['a signing key of small order', offer(() => members({ public_key: lowOrder })), 1001],
    [
      'an exchange key that someone else signed',
      offer((world, identity) =>
        members({ kex_signature: signKex(world.crypto, identity, world.config.identity) }),
      ),
      1002,
    ],
    [
      'an exchange key of low order',
      offer((world, identity) => {
        const weak = { ...identity, exchangeKey: { publicKey: lowOrder, secret: null } };
        return members({ kex_public_key: lowOrder, kex_signature: signKex(world.crypto, weak) });
      }),
      1001,
    ],
    ['a proof by another key', answer((world) => ({ by: world.config.identity })), 1002],
    [
      'a proof for another server',
      answer(() => ({ proof: members({ server_id: 'bravo.example' }) })),
      1002,
    ],
    [
      'a proof for another transcript',
      answer(() => ({ proof: members({ transcript_hash: 'AA' }) })),
      1002,
    ],
    [
      'another challenge',
      answer(() => ({ response: members({ challenge: encodeBase64url(new Uint8Array(32)) }) })),
      1002,
    ],
  ];
  test.each(refusals)('refuses %s', (_, attempt, code) => {
    const world = createWorld();
    const session = negotiate(world);
    attempt(world, session, identityOf(world, alice));
    expect(errorOf(session).code).toBe(code);
    expect(session.raw.received.at(-1)?.type).toBe('error');
  });

  test('refuses an answer without a challenge and closes', () => {
    const world = createWorld();
    const session = negotiate(world);
    const challenge = encodeBase64url(new Uint8Array(32));
    const signature = encodeBase64url(new Uint8Array(64));
    session.raw.send({ type: 'registration_response', challenge, signature, proof_solution: '' });
    expect(errorOf(session)).toEqual({ code: 3000, reason: 'unexpected_message' });
    expect(session.raw.closed).toBe(1002);
  });

  test('a challenge serves once and for sixty seconds less one', () => {
    const world = createWorld();
    const used = negotiate(world);
    const identity = identityOf(world, alice);
    register(world, used, identity);
    answerRegistration(world, used, identity);
    expect(errorOf(used).code).toBe(1002);

    // Within the thirty seconds that a connection has for it, a challenge cannot expire; the clock jumps.
    const late = negotiate(world);
    const other = identityOf(world, 'bob@acme.example');
    late.raw.send(registerOf(world, other));
    const { expires_at } = late.raw.last('registration_challenge');
    expect(expires_at).toBe(Math.floor(world.now() / 1e6) + 60);
  });

  test('wants the work it asked for', () => {
    const world = createWorld({ policy: { proofOfWorkDifficulty: 2 } });
    const identity = identityOf(world, alice);
    const lazy = negotiate(world);
    lazy.raw.send(registerOf(world, identity));
    answerRegistration(world, lazy, identity, { response: members({ proof_solution: 'AA' }) });
    expect(errorOf(lazy).code).toBe(1001);
    const session = negotiate(world);
    register(world, session, identity);
    session.raw.last('registration_success');
  });

  test('neither a device id nor a key belongs to two', () => {
    const world = createWorld();
    const first = identityOf(world, alice);
    inSession(world, first);
    const other = identityOf(world, 'mallory@acme.example');
    for (const thief of [
      { ...other, deviceId: first.deviceId },
      { ...other, signingKey: first.signingKey },
    ]) {
      const session = negotiate(world);
      session.raw.send(registerOf(world, thief));
      expect(errorOf(session)).toEqual({ code: 1001, reason: undefined });
    }
  });

  test('of two connections challenged for one device id only one gets it', () => {
    const world = createWorld();
    const first = identityOf(world, alice);
    const second = { ...identityOf(world, 'bob@acme.example'), deviceId: first.deviceId };
    const sessions = [negotiate(world), negotiate(world)] as const;
    sessions[0].raw.send(registerOf(world, first));
    sessions[1].raw.send(registerOf(world, second));
    answerRegistration(world, sessions[0], first);
    answerRegistration(world, sessions[1], second);
    sessions[0].raw.last('registration_success');
    expect(errorOf(sessions[1]).code).toBe(1001);
  });

  test('a further device needs one of the user to vouch for it', () => {
    const world = createWorld();
    const first = identityOf(world, alice);
    inSession(world, first);
    const further = identityOf(world, alice);
    const mallory = identityOf(world, 'mallory@acme.example');
    inSession(world, mallory);
    const vouched = (authorizer: Identity, by = authorizer): JsonObject => ({
      ...registerOf(world, further),
      authorizer: authorizer.deviceId,
      authorizer_signature: vouch(world.crypto, further, by.signingKey),
    });
    for (const offer of [registerOf(world, further), vouched(mallory), vouched(first, mallory)]) {
      const session = negotiate(world);
      session.raw.send(offer);
      expect(errorOf(session).code).toBe(2000);
    }
    const session = negotiate(world);
    session.raw.send(vouched(first));
    answerRegistration(world, session, further);
    session.raw.last('registration_success');
  });

  test('a further device is announced to the others, at once or when they are back', () => {
    const world = createWorld();
    const first = identityOf(world, alice);
    const away = negotiate(world);
    register(world, away, first);
    const second = identityOf(world, alice);
    const session = negotiate(world);
    session.raw.send({
      ...registerOf(world, second),
      authorizer: first.deviceId,
      authorizer_signature: vouch(world.crypto, second, first.signingKey),
    });
    answerRegistration(world, session, second);
    authenticate(world, away, first);
    const { keys } = away.raw.last('key_response');
    expect(Object.keys(keys[alice] ?? {})).toEqual([second.deviceId]);
  });

  test('who repeats the public keys of a device uses up nothing of its user', () => {
    const world = createWorld();
    const identity = identityOf(world, alice);
    register(world, negotiate(world), identity);
    for (let turn = 0; turn < 9; turn += 1) negotiate(world).raw.send(registerOf(world, identity));
    const again = negotiate(world);
    register(world, again, identity);
    again.raw.last('registration_success');
  });

  test('a user registers three devices an hour, and the wait that is told is true', () => {
    const world = createWorld();
    const identity = identityOf(world, alice);
    for (let turn = 0; turn < 3; turn += 1) negotiate(world).raw.send(registerOf(world, identity));
    const session = negotiate(world);
    session.raw.send(registerOf(world, identity));
    const error = session.raw.last('error');
    expect(error.error_code).toBe(6000);
    world.pass(error.retry_after ?? 0);
    const again = negotiate(world);
    again.raw.send(registerOf(world, identity));
    again.raw.last('registration_challenge');
  });
});

describe('authentication', () => {
  function enrolled(world: World): Identity {
    const identity = identityOf(world, alice);
    register(world, negotiate(world), identity);
    return identity;
  }

  test('opens a session under the id of the handshake, and tells the time', () => {
    const world = createWorld();
    const identity = enrolled(world);
    const session = negotiate(world);
    authenticate(world, session, identity);
    const success = session.raw.last('auth_success');
    expect(success.session_id).toBe(session.sessionId);
    expect(success.user_info.permissions).toEqual(['send_messages', 'create_rooms']);
    const { signature = '', ...unsigned } = session.raw.last('time_sync');
    const { publicKey } = world.config.identity;
    expect(world.crypto.verify(publicKey, unsigned, signature)).toBe(true);
  });

  test.each([-6, -5, 0, 5, 6])('with a clock off by %i seconds', (skew) => {
    const world = createWorld();
    const identity = enrolled(world);
    const shift = (honest: JsonObject) => ({
      ...honest,
      timestamp: Number(honest.timestamp) + skew,
    });
    const isNear = Math.abs(skew) <= 5;
    const asking = negotiate(world);
    askSession(world, asking, identity, shift);
    expect(asking.raw.received.at(-1)?.type).toBe(isNear ? 'auth_challenge' : 'error');
    const answering = negotiate(world);
    askSession(world, answering, identity);
    answerChallenge(world, answering, identity, { proof: shift, response: shift });
    const types = answering.raw.received.map(({ type }) => type);
    expect(types.includes('auth_success')).toBe(isNear);
  });

  type Try = (world: World, session: Session, identity: Identity) => void;
  const answer =
    (bends: (world: World) => Parameters<typeof answerChallenge>[3]): Try =>
    (world, session, identity) => {
      askSession(world, session, identity);
      answerChallenge(world, session, identity, bends(world));
    };
  const failures: readonly [string, Try][] = [
    [
      'an unknown user',
      (world, session) => {
        const nobody = identityOf(world, 'nobody@acme.example');
        askSession(world, session, nobody);
        answerChallenge(world, session, nobody);
      },
    ],
    [
      'an unknown device',
      (world, session, identity) => {
        const ghost = { ...identity, deviceId: identityOf(world, alice).deviceId };
        askSession(world, session, ghost);
        answerChallenge(world, session, ghost);
      },
    ],
    [
      'the device of another user',
      (world, session, identity) => {
        const mixed = { ...identity, userId: 'bob@acme.example' };
        askSession(world, session, mixed);
        answerChallenge(world, session, mixed);
      },
    ],
    ['another key', answer((world) => ({ by: world.config.identity }))],
    ['another server', answer(() => ({ proof: members({ server_id: 'bravo.example' }) }))],
    ['another session', answer(() => ({ proof: members({ transcript_hash: 'AA' }) }))],
    [
      'another challenge',
      answer(() => ({ response: members({ challenge: encodeBase64url(new Uint8Array(32)) }) })),
    ],
  ];
  test.each(failures)('refuses %s, and the answers are the same bytes', (_, attempt) => {
    const world = createWorld();
    const identity = enrolled(world);
    const session = negotiate(world);
    attempt(world, session, identity);
    const { timestamp: _now, ...error } = session.raw.last('error');
    expect(error).toEqual({
      type: 'error',
      error_code: 1002,
      error_category: 'authentication',
      message: 'authentication failed',
    });
    const challenge = session.raw.last('auth_challenge');
    expect(Object.keys(challenge).sort()).toEqual([
      'challenge',
      'expires_at',
      'server_timestamp',
      'type',
    ]);
  });

  test('refuses a recorded answer on a new connection', () => {
    const world = createWorld();
    const identity = enrolled(world);
    const first = negotiate(world);
    askSession(world, first, identity);
    let recorded: JsonObject = {};
    answerChallenge(world, first, identity, {
      response: (honest) => {
        recorded = honest;
        return honest;
      },
    });
    const second = negotiate(world);
    askSession(world, second, identity);
    second.raw.send(recorded);
    expect(errorOf(second).code).toBe(1002);
  });

  test('a challenge is used up by a wrong answer', () => {
    const world = createWorld();
    const identity = enrolled(world);
    const session = negotiate(world);
    askSession(world, session, identity);
    answerChallenge(world, session, identity, { by: world.config.identity });
    answerChallenge(world, session, identity);
    expect(errors(session)).toHaveLength(2);
  });

  test('an answer without a challenge ends the connection', () => {
    const world = createWorld();
    const session = negotiate(world);
    const challenge = encodeBase64url(new Uint8Array(32));
    const signature = encodeBase64url(new Uint8Array(64));
    const timestamp = Math.floor(world.now() / 1e6);
    session.raw.send({ type: 'auth_response', challenge, signature, timestamp });
    expect(errorOf(session)).toEqual({ code: 3000, reason: 'unexpected_message' });
    expect(session.raw.closed).toBe(1002);
  });

  test('the third failure closes', () => {
    const world = createWorld();
    const identity = enrolled(world);
    const session = negotiate(world);
    for (let turn = 0; turn < 3; turn += 1) {
      expect(session.raw.closed).toBe(null);
      askSession(world, session, identity);
      answerChallenge(world, session, identity, { by: world.config.identity });
    }
    expect(session.raw.closed).toBe(1008);
  });

  test('must be over in thirty seconds', () => {
    const world = createWorld();
    const session = negotiate(world);
    world.pass(29);
    expect(session.raw.closed).toBe(null);
    world.pass(2);
    expect(session.raw.closed).toBe(1008);
  });

  test('an application message before it ends the connection', () => {
    const world = createWorld();
    const session = negotiate(world);
    session.raw.send({ type: 'conversation_create' });
    expect(errorOf(session)).toEqual({ code: 3000, reason: 'unexpected_message' });
    expect(session.raw.closed).toBe(1002);
  });

  test('a session ends at its time with 1004', () => {
    const world = createWorld({ policy: { sessionSeconds: 100 } });
    const session = inSession(world, identityOf(world, alice));
    world.pass(20);
    expect(session.raw.closed).toBe(null);
    session.raw.send({ type: 'pong', timestamp: 1, echo: 1 });
    world.pass(40);
    session.raw.send({ type: 'pong', timestamp: 1, echo: 1 });
    world.pass(45);
    expect(errorOf(session).code).toBe(1004);
    expect(session.raw.closed).toBe(1008);
  });

  test('a key of more than 180 days opens no session', () => {
    const world = createWorld();
    const identity = enrolled(world);
    world.pass(180 * 86_400);
    const session = negotiate(world);
    askSession(world, session, identity);
    answerChallenge(world, session, identity);
    expect(errorOf(session).code).toBe(1002);
  });
});
