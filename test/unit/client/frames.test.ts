/** Frames that are malformed, unknown or out of place, and the pulse of a connection. */
import { describe, expect, test } from 'vitest';
import { declarations } from '../../../spec/messages.ts';
import { errorOf, errors, identityOf, inSession, negotiate } from './honest.ts';
import { createWorld } from './world.ts';

describe('malformed frames', () => {
  test('are answered once, then met with silence; the tenth closes', () => {
    const session = negotiate(createWorld());
    for (let turn = 1; turn <= 9; turn += 1) session.raw.send(`{"type":"ping","x":${turn}`);
    expect(errors(session)).toHaveLength(1);
    expect(errorOf(session)).toEqual({ code: 3000, reason: 'malformed' });
    expect(session.raw.closed).toBe(null);
    session.raw.send('[]');
    expect(session.raw.closed).toBe(1002);
    expect(errors(session)).toHaveLength(1);
  });

  test.each([
    ['a duplicate member', '{"type":"ping","timestamp":1,"timestamp":2}'],
    ['a fraction', '{"type":"ping","timestamp":1.5}'],
    ['a number out of range', '{"type":"ping","timestamp":9007199254740993}'],
    ['a lone surrogate', '{"type":"ping","timestamp":1,"x":"\\ud800"}'],
    ['a byte order mark', '\ufeff{"type":"ping","timestamp":1}'],
    ['no type', '{"timestamp":1}'],
    ['a list', '[1]'],
    ['a missing member', '{"type":"ping"}'],
    [
      'nesting that is too deep',
      `{"type":"ping","timestamp":1,"x":${'['.repeat(40)}${']'.repeat(40)}}`,
    ],
    ['more than a stranger may send', `{"type":"ping","timestamp":1,"x":"${'x'.repeat(70_000)}"}`],
  ])('%s is one', (_, text) => {
    const session = negotiate(createWorld());
    session.raw.send(text);
    expect(errorOf(session)).toEqual({ code: 3000, reason: 'malformed' });
  });
});

test('a binary frame is of another family, and malformed in this one', () => {
  const world = createWorld();
  const session = negotiate(world);
  const bytes = new TextEncoder().encode('{"type":"ping","timestamp":1}');
  world.layer().frameReceived(session.raw.id, { kind: 'binary', bytes }, world.context);
  world.run();
  expect(errorOf(session)).toEqual({ code: 3000, reason: 'malformed' });
});

describe('every type in every state', () => {
  const types = declarations.map(({ type }) => type);
  const legal = {
    authenticating: ['auth_request', 'auth_response', 'device_register', 'registration_response'],
    authenticated: declarations
      .filter(({ legalIn, layer }) => legalIn.includes('authenticated') && layer !== 'trust')
      .filter(({ direction }) => direction !== 'server-to-client')
      .map(({ type }) => type),
  };
  test.each(['authenticating', 'authenticated'] as const)(
    'while %s',
    (state) => {
      for (const type of types) {
        const world = createWorld();
        const identity = identityOf(world, 'alice@acme.example');
        const session = state === 'authenticated' ? inSession(world, identity) : negotiate(world);
        session.raw.send({ type });
        const isLegal = ['ping', 'pong', 'error', ...legal[state]].includes(type);
        expect([type, session.raw.closed]).toEqual([type, isLegal ? null : 1002]);
        if (!isLegal) expect(errorOf(session).reason).toBe('unexpected_message');
      }
    },
    120_000,
  );

  test('an unknown type is ignored', () => {
    const session = negotiate(createWorld());
    const before = session.raw.received.length;
    session.raw.send({ type: 'foo', x: 1 });
    expect(session.raw.received).toHaveLength(before);
    expect(session.raw.closed).toBe(null);
  });

  test('an error is never answered', () => {
    const world = createWorld();
    const session = inSession(world, identityOf(world, 'alice@acme.example'));
    const before = session.raw.received.length;
    session.raw.send({ type: 'error', error_code: 'x' });
    expect(session.raw.received).toHaveLength(before);
  });

  test('what this build has not is refused as not supported', () => {
    const world = createWorld();
    const session = inSession(world, identityOf(world, 'alice@acme.example'));
    session.raw.send({
      type: 'presence_subscribe',
      user_ids: ['bob@acme.example'],
      subscribe: true,
    });
    expect(errorOf(session)).toEqual({ code: 2000, reason: 'not_supported' });
  });
});

describe('the pulse', () => {
  test('a ping is answered with its own time', () => {
    const session = negotiate(createWorld());
    session.raw.send({ type: 'ping', timestamp: 42 });
    expect(session.raw.last('pong').echo).toBe(42);
  });

  test('the server pings, and closes after two without an answer', () => {
    const world = createWorld();
    const session = inSession(world, identityOf(world, 'alice@acme.example'));
    world.pass(30);
    session.raw.send({ type: 'pong', timestamp: 1, echo: 1 });
    world.pass(89);
    expect(session.raw.closed).toBe(null);
    world.pass(2);
    expect(session.raw.closed).toBe(1001);
  });
});
