/** Messages, conversations, keys and receipts as a server judges them. */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import {
  addDevice,
  authenticate,
  type Chat,
  chat,
  createOf,
  errorOf,
  errors,
  identityOf,
  inSession,
  messageOf,
  negotiate,
  register,
  type Session,
} from './honest.ts';
import { createWorld, uuid } from './world.ts';

const ids = (session: Session, type: string) =>
  session.raw.received.filter((message) => message.type === type);

describe('a message', () => {
  test('goes to the device as it came, under the names that were authenticated', () => {
    const talk = chat(createWorld());
    const message = messageOf(talk);
    talk.from.raw.send({ ...message, sender_user_id: 'mallory@acme.example' });
    const received = talk.to.raw.last('message_received');
    const sealed = message.encrypted_content as JsonObject;
    expect(received.encrypted_content).toEqual(sealed[talk.bob.deviceId]);
    expect(received).toMatchObject({
      sender_user_id: talk.alice.userId,
      sender_device_id: talk.alice.deviceId,
      timestamp: talk.world.now(),
      sequence_number: 1,
    });
    expect(talk.from.raw.last('message_ack')).toMatchObject({ status: 'sent' });
  });

  type Make = (talk: Chat) => JsonObject;
  const metadata =
    (over: JsonObject): Make =>
    (talk) => {
      const message = messageOf(talk);
      return { ...message, metadata: { ...(message.metadata as JsonObject), ...over } };
    };
  const payload =
    (over: JsonObject): Make =>
    (talk) => {
      const message = messageOf(talk);
      const payloads = message.encrypted_content as JsonObject;
      const changed = { ...(payloads[talk.bob.deviceId] as JsonObject), ...over };
      return { ...message, encrypted_content: { [talk.bob.deviceId]: changed } };
    };
  const over =
    (change: JsonObject): Make =>
    (talk) => ({ ...messageOf(talk), ...change });
  const at =
    (seconds: number): Make =>
    (talk) =>
      metadata({ timestamp: talk.world.now() + seconds * 1e6 })(talk);

  const refusals: readonly [string, Make, number, string?][] = [
    ['an unknown type of content', over({ message_type: 'poll' }), 2002, 'malformed'],
    ['an unknown classification', metadata({ classification: 'private' }), 2002, 'malformed'],
    ['plaintext beside the seals', over({ content: 'hello' }), 2002, 'malformed'],
    ['plaintext in the metadata', metadata({ text: 'hello' }), 2002, 'malformed'],
    [
      'a payload that is text',
      (talk) => ({
        ...messageOf(talk),
        encrypted_content: { [talk.bob.deviceId]: 'hello' },
      }),
      2002,
      'malformed',
    ],
    [
      'a wrapped key of 32 bytes',
      payload({ wrapped_key: encodeBase64url(new Uint8Array(32)) }),
      2002,
      'malformed',
    ],
    ['an unknown algorithm', payload({ content_algorithm: 'rot13' }), 3004],
    [
      'no sequence number at 2.0',
      (talk) => {
        const { sequence_number: _, ...rest } = messageOf(talk);
        return rest;
      },
      2002,
      'malformed',
    ],
    [
      'a timestamp in seconds',
      (talk) => metadata({ timestamp: Math.floor(talk.world.now() / 1e6) })(talk),
      2002,
      'stale',
    ],
    ['a timestamp too old', at(-301), 2002, 'stale'],
    ['a timestamp of the future', at(301), 2002, 'stale'],
    [
      'an unknown conversation',
      over({ conversation_id: '00000000-0000-4000-8000-000000000000' }),
      2004,
    ],
    [
      'a recipient who is no member',
      over({ recipients: ['carol@acme.example'] }),
      2001,
      'stale_devices',
    ],
    [
      'a payload for a device of nobody',
      (talk) =>
        messageOf(talk, [
          talk.bob,
          { ...talk.bob, deviceId: '00000000-0000-4000-8000-000000000001' },
        ]),
      2001,
      'stale_devices',
    ],
    [
      'a payload for the sending device',
      (talk) => ({ ...messageOf(talk, [talk.bob, talk.alice]), recipients: [talk.bob.userId] }),
      2001,
      'stale_devices',
    ],
  ];
  test.each(refusals)('with %s is refused and goes nowhere', (_, make, code, reason) => {
    const talk = chat(createWorld());
    talk.from.raw.send(make(talk));
    expect(errorOf(talk.from)).toEqual({ code, reason });
    expect(ids(talk.to, 'message_received')).toEqual([]);
    expect(talk.from.raw.closed).toBe(null);
  });

  test.each([-300, 300])('of %i seconds from now is accepted', (seconds) => {
    const talk = chat(createWorld());
    talk.from.raw.send(at(seconds)(talk));
    expect(talk.from.raw.last('message_ack').status).toBe('sent');
  });

  test('is told apart in no way from one to a conversation of others', () => {
    const world = createWorld();
    const talk = chat(world);
    const mallory = identityOf(world, 'mallory@acme.example');
    const session = inSession(world, mallory);
    const own = messageOf({ ...talk, alice: mallory });
    session.raw.send(own);
    session.raw.send({ ...own, conversation_id: uuid(world.entropy) });
    const [foreign, unknown] = errors(session);
    expect(foreign).toEqual(unknown);
    expect(foreign?.error_code).toBe(2004);
  });

  test('must have a payload for every device, the other ones of the sender too', () => {
    const world = createWorld();
    const talk = chat(world);
    for (const owner of [talk.bob, talk.alice]) {
      addDevice(world, owner, identityOf(world, owner.userId));
      talk.from.raw.send(messageOf(talk));
      const error = talk.from.raw.last('error');
      expect(error.error_code).toBe(2001);
      expect(error.details).toEqual({ reason: 'stale_devices', stale: true });
    }
  });

  test('with an id of before is acknowledged again if it is the same, else refused', () => {
    const talk = chat(createWorld());
    const message = messageOf(talk);
    talk.from.raw.send(message);
    talk.from.raw.send(message);
    const acks = ids(talk.from, 'message_ack');
    expect(acks).toHaveLength(2);
    expect(acks[0]).toEqual(acks[1]);
    expect(ids(talk.to, 'message_received')).toHaveLength(1);
    talk.from.raw.send({ ...message, sequence_number: 2 });
    expect(errorOf(talk.from)).toEqual({ code: 2002, reason: 'conflict' });
  });

  test('C-MSG-10: may not refer to one of another conversation', () => {
    const world = createWorld();
    const talk = chat(world);
    const first = messageOf(talk);
    talk.from.raw.send(first);
    const elsewhere = { ...talk, conversationId: uuid(world.entropy) };
    talk.from.raw.send(createOf(elsewhere.conversationId, [talk.bob.userId]));
    const reply = messageOf(elsewhere);
    const change = { ...(reply.metadata as JsonObject), reply_to: first.message_id ?? null };
    talk.from.raw.send({ ...reply, metadata: change });
    expect(errorOf(talk.from)).toEqual({ code: 2002, reason: 'malformed' });
  });

  test('above the limit is refused before it is read', () => {
    const world = createWorld({ policy: { maxClientMessageBytes: 4000 } });
    const talk = chat(world);
    talk.from.raw.send({ ...messageOf(talk), padding: 'x'.repeat(4000) });
    expect(errorOf(talk.from).code).toBe(2003);
    talk.from.raw.send(messageOf(talk));
    expect(talk.from.raw.last('message_ack').status).toBe('sent');
  });

  test('is limited by device, over all its connections, and the wait that is told is true', () => {
    const world = createWorld({ policy: { clientMessageBurst: 5 } });
    const talk = chat(world);
    const second = negotiate(world);
    authenticate(world, second, talk.alice);
    const sessions = [talk.from, second];
    for (let turn = 0; turn < 5; turn += 1) {
      sessions[turn % 2]?.raw.send({ type: 'message_send', turn });
    }
    second.raw.send(messageOf(talk));
    const error = second.raw.last('error');
    expect(error).toMatchObject({ error_code: 6001, error_category: 'rate_limit' });
    world.pass(error.retry_after ?? 0);
    second.raw.send(messageOf(talk));
    expect(second.raw.last('message_ack').status).toBe('sent');
  });

  test('needs the capability on both sides', () => {
    const world = createWorld();
    const talk = chat(world);
    const bare = negotiate(world, (honest) => ({ ...honest, capabilities: ['e2ee'] }));
    authenticate(world, bare, talk.alice);
    bare.raw.send(messageOf(talk));
    expect(errorOf(bare)).toEqual({ code: 2000, reason: 'not_supported' });
  });
});

describe('what becomes of a message', () => {
  test('is told forward only: sent, delivered, read', () => {
    const talk = chat(createWorld());
    const message = messageOf(talk);
    const messageId = String(message.message_id);
    talk.from.raw.send(message);
    const timestamp = talk.world.now();
    const receipt = {
      type: 'read_receipt',
      message_id: messageId,
      conversation_id: talk.conversationId,
      read_by_device: talk.bob.deviceId,
      timestamp,
    };
    talk.to.raw.send(receipt);
    talk.to.raw.send({
      type: 'message_ack',
      message_id: messageId,
      status: 'delivered',
      timestamp,
    });
    talk.to.raw.send(receipt);
    const told = ids(talk.from, 'message_ack').map((ack) => 'status' in ack && ack.status);
    expect(told).toEqual(['sent', 'delivered', 'read']);
  });

  test('a receipt counts only of the device that received it', () => {
    const world = createWorld();
    const talk = chat(world);
    const message = messageOf(talk);
    talk.from.raw.send(message);
    const mallory = identityOf(world, 'mallory@acme.example');
    const session = inSession(world, mallory);
    const receipt = {
      type: 'read_receipt',
      message_id: String(message.message_id),
      conversation_id: talk.conversationId,
      read_by_device: mallory.deviceId,
      timestamp: world.now(),
    };
    session.raw.send(receipt);
    expect(errorOf(session).code).toBe(2000);
    talk.to.raw.send(receipt);
    expect(errorOf(talk.to).code).toBe(2000);
    talk.to.raw.send({
      ...receipt,
      read_by_device: talk.bob.deviceId,
      conversation_id: uuid(world.entropy),
    });
    expect(errors(talk.to)).toHaveLength(2);
    expect(ids(talk.from, 'message_ack')).toHaveLength(1);
  });

  test('a stray acknowledgment means nothing', () => {
    const talk = chat(createWorld());
    const ack = { type: 'message_ack', timestamp: talk.world.now() };
    talk.to.raw.send({ ...ack, message_id: uuid(talk.world.entropy), status: 'delivered' });
    talk.to.raw.send({ ...ack, message_id: uuid(talk.world.entropy), status: 'read' });
    expect(errors(talk.to)).toEqual([]);
  });
});

describe('a conversation', () => {
  const create = (over: JsonObject, members = ['bob@acme.example']) => {
    const world = createWorld();
    const session = inSession(world, identityOf(world, 'alice@acme.example'));
    session.raw.send(createOf(uuid(world.entropy), members, over));
    return session;
  };
  test('is echoed', () => {
    expect(create({}).raw.last('conversation_create').status).toBe('ok');
  });
  test.each([
    ['a direct one with oneself', {}, ['alice@acme.example'], 2001],
    ['a direct one of three', {}, ['bob@acme.example', 'carol@acme.example'], 2001],
    [
      'one above its own limit',
      {
        conversation_type: 'group',
        settings: { is_public: false, history_visible: false, max_members: 2 },
      },
      ['bob@acme.example', 'carol@acme.example'],
      2000,
    ],
  ] as const)('refuses %s', (_, over, members, code) => {
    expect(errorOf(create(over as JsonObject, [...members])).code).toBe(code);
  });
  test('has an id of its own', () => {
    const world = createWorld();
    const talk = chat(world);
    const mallory = inSession(world, identityOf(world, 'mallory@acme.example'));
    mallory.raw.send(createOf(talk.conversationId, [talk.bob.userId]));
    expect(errorOf(mallory).code).toBe(2000);
    talk.from.raw.send(createOf(talk.conversationId, [talk.bob.userId]));
    expect(errors(talk.from)).toEqual([]);
  });
  test('is not opened without end', () => {
    const world = createWorld({ policy: { clientMessageBurst: 3 } });
    const session = inSession(world, identityOf(world, 'alice@acme.example'));
    for (let turn = 0; turn < 4; turn += 1) {
      expect(errors(session)).toEqual([]);
      session.raw.send(createOf(uuid(world.entropy), ['bob@acme.example']));
    }
    expect(errorOf(session).code).toBe(6000);
  });
  test('observers and members of a broadcast only read', () => {
    const world = createWorld();
    const talk = chat(world);
    for (const [kind, role] of [
      ['group', 'observer'],
      ['broadcast', 'member'],
    ] as const) {
      const conversationId = uuid(world.entropy);
      const participants = [{ user_id: talk.alice.userId, role }];
      const over = { conversation_type: kind, participants };
      talk.to.raw.send(createOf(conversationId, [], over));
      talk.from.raw.send(messageOf({ ...talk, conversationId }));
      expect(errorOf(talk.from).code).toBe(2000);
    }
  });
});

describe('the directory', () => {
  const ask = (over: JsonObject = {}): JsonObject => ({
    type: 'key_request',
    request_id: '11111111-1111-4111-8111-111111111111',
    user_ids: ['bob@acme.example'],
    device_filter: 'all',
    include_revoked: false,
    ...over,
  });
  test('answers what was asked and no more', () => {
    const talk = chat(createWorld());
    talk.from.raw.send(ask());
    const { keys, request_id } = talk.from.raw.last('key_response');
    expect(request_id).toBe('11111111-1111-4111-8111-111111111111');
    expect(Object.keys(keys)).toEqual([talk.bob.userId]);
    expect(Object.keys(keys[talk.bob.userId] ?? {})).toEqual([talk.bob.deviceId]);
  });
  test('an unknown user is told apart in no way from one without visible devices', () => {
    const world = createWorld();
    const talk = chat(world);
    talk.from.raw.send(ask({ user_ids: ['nobody@acme.example'] }));
    const other = { specific: [uuid(world.entropy)] };
    talk.from.raw.send(ask({ device_filter: other }));
    const [unknown, invisible] = errors(talk.from);
    expect(unknown).toEqual(invisible);
    expect(unknown?.error_code).toBe(3001);
  });
  test('expired keys are flagged, not active, and refused for sealing', () => {
    const world = createWorld({ policy: { sessionSeconds: 400 * 86_400 } });
    const talk = chat(world);
    // Pings would end these silent connections.
    world.server.timers.clear();
    world.pass(180 * 86_400);
    talk.from.raw.send(ask());
    const { keys } = talk.from.raw.last('key_response');
    const listed = keys[talk.bob.userId]?.[talk.bob.deviceId];
    expect(listed && listed.expires_at <= world.now() / 1e6).toBe(true);
    talk.from.raw.send(ask({ device_filter: 'active' }));
    expect(errorOf(talk.from).code).toBe(3001);
  });
  test('a message sealed for an expired key is refused with 3002', () => {
    const world = createWorld();
    const old = identityOf(world, 'bob@acme.example');
    register(world, negotiate(world), old);
    world.pass(179 * 86_400);
    const young = identityOf(world, old.userId);
    addDevice(world, old, young);
    world.pass(2 * 86_400);
    const sender = identityOf(world, 'alice@acme.example');
    const from = inSession(world, sender);
    const conversationId = uuid(world.entropy);
    from.raw.send(createOf(conversationId, [old.userId]));
    const talk = { world, conversationId, alice: sender, bob: young, from, to: from };
    from.raw.send(messageOf(talk, [old, young]));
    expect(errorOf(from).code).toBe(3002);
    from.raw.send(messageOf(talk, [young]));
    expect(from.raw.last('message_ack').status).toBe('sent');
  });
  test('a device looks up thirty times a minute', () => {
    const talk = chat(createWorld());
    for (let turn = 0; turn < 30; turn += 1) talk.from.raw.send(ask());
    expect(errors(talk.from)).toEqual([]);
    talk.from.raw.send(ask());
    expect(errorOf(talk.from).code).toBe(6000);
  });
});
