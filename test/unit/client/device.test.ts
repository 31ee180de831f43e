/** What a device refuses of its server, and what it shows of what other devices sent. */
import { describe, expect, test } from 'vitest';
import { defaultDevicePolicy } from '../../../reference/client/device/config.ts';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import { alice, bob, enrolFour, say, talk } from './company.ts';
import { createOf, type Identity, identityOf, inSession, messageOf, signKex } from './honest.ts';
import { createWorld, type Parcel, TOKEN, uuid, type World } from './world.ts';

type Edit = (message: JsonObject, world: World) => JsonObject | null;

/** Changes messages of one type on their way to devices; null: lost. */
function edit(world: World, type: string, change: Edit): void {
  world.wire.tamper = (parcel: Parcel) => {
    const message = JSON.parse(new TextDecoder().decode(parcel.bytes)) as JsonObject;
    if (parcel.to !== 'device' || message.type !== type) return [parcel];
    const changed = change(message, world);
    return changed === null ? [] : [{ ...parcel, bytes: canonicalBytes(changed) }];
  };
}

const members =
  (over: JsonObject): Edit =>
  (message) => ({ ...message, ...over });
const zeroes = (count: number) => encodeBase64url(new Uint8Array(count));

describe('a device leaves without a word', () => {
  const bends: readonly [string, string, string, Edit][] = [
    [
      'X-AMC-08',
      'a version it did not offer',
      'connection_accepted',
      members({ negotiated_version: '9.9' }),
    ],
    ['C-CONN-04', 'a lower version', 'connection_accepted', members({ negotiated_version: '1.0' })],
    [
      'X-AMC-10',
      'a mark of compatibility that nothing follows',
      'connection_accepted',
      members({ compatibility_mode: true }),
    ],
    [
      'X-CS-02',
      'a suite it did not offer',
      'connection_accepted',
      members({ cipher_suite: '0002' }),
    ],
    ['X-SIG-02', 'another server', 'connection_accepted', members({ server_id: 'bravo.example' })],
    ['X-TRN-05', 'another nonce', 'connection_accepted', members({ server_nonce: zeroes(12) })],
    [
      'X-KDF-07',
      'a key of low order',
      'connection_accepted',
      members({ ephemeral_public_key: zeroes(32) }),
    ],
    ['X-AMC-17', 'no nonce', 'connection_accepted', ({ server_nonce: _, ...rest }) => rest],
    [
      'C-CONN-04',
      'another version in the end',
      'version_confirmation',
      members({ negotiated_version: '1.1' }),
    ],
    [
      'C-CONN-04',
      'other capabilities in the end',
      'version_confirmation',
      members({ server_capabilities: [] }),
    ],
    [
      'X-TRN-05',
      'another transcript',
      'version_confirmation',
      members({ transcript_hash: zeroes(32) }),
    ],
    [
      'X-TRN-04',
      'another secret',
      'version_confirmation',
      members({ server_finished: zeroes(32) }),
    ],
    ['X-TRN-07', 'another key', 'version_confirmation', members({ server_signature: zeroes(64) })],
    [
      'C-CONN-07',
      'a capability that it lacks',
      'version_confirmation',
      (message, { crypto, config }) => {
        const { server_signature: _, ...rest } = message;
        const unsigned = { ...rest, client_must_support: ['federation'] };
        return { ...unsigned, server_signature: crypto.sign(config.identity, unsigned) };
      },
    ],
    [
      'C-CONN-06',
      'a capability that the server lacks itself',
      'version_confirmation',
      (message, { crypto, config }) => {
        const { server_signature: _, ...rest } = message;
        const unsigned = { ...rest, client_must_support: ['voice'] };
        return { ...unsigned, server_signature: crypto.sign(config.identity, unsigned) };
      },
    ],
  ];
  test.each(bends)('%s: a server that answers with %s', (requirement, _, type, change) => {
    const world = createWorld();
    const serverKey = world.config.identity.publicKey;
    const capabilities = ['messaging', 'e2ee', 'voice'];
    const device = world.actor(alice, { serverKey, capabilities });
    edit(world, type, change);
    device.command({ command: 'register', enrolmentToken: TOKEN });
    device.command({ command: 'connect' });
    expect(device.device.phase).toBe('closed');
    const sent = device.of('send').map(({ message }) => message.type);
    expect(sent).toEqual(['connection_request']);
    expect(device.of('close')).toMatchObject([{ code: 1002 }]);
    expect(device.of('log').at(-1)?.requirement).toBe(requirement);
  });

  test.each([
    [
      'picks the classical suite though both have the hybrid one',
      members({ cipher_suite: '0001' }),
    ],
    ['drops the ciphertext', ({ pq_ciphertext: _, ...rest }: JsonObject) => rest],
    ['sends another ciphertext', members({ pq_ciphertext: zeroes(1088) })],
  ])('a server that %s', (_, change) => {
    const world = createWorld();
    const device = world.actor(alice, { suites: ['0101', '0001'] });
    edit(world, 'connection_accepted', change);
    device.command({ command: 'connect' });
    expect(device.device.phase).toBe('closed');
  });

  test.each([
    ['another session', members({ session_id: '00000000-0000-4000-8000-000000000000' })],
    ['another user', members({ user_info: { user_id: bob, permissions: [] } })],
  ])('or is in no session that says it is %s', (_, change) => {
    const world = createWorld();
    edit(world, 'auth_success', change);
    expect(world.enrolled(alice).device.phase).toBe('authenticating');
  });

  test('a server that asks for what it did not want is signed nothing', () => {
    const world = createWorld();
    const device = world.actor(alice);
    device.command({ command: 'connect' });
    const connection = device.of('connect')[0]?.connection ?? '';
    const challenge = zeroes(32);
    for (const asked of [
      { type: 'auth_challenge', challenge, server_timestamp: 1, expires_at: 2 },
      { type: 'registration_challenge', challenge, difficulty: 0, expires_at: 2 },
    ]) {
      world.deliver(device, { to: 'device', connection, bytes: canonicalBytes(asked) });
    }
    expect(device.of('send').map(({ message }) => message.type)).toEqual(['connection_request']);
  });

  test('a server that wants more work than is reasonable gets none', () => {
    const world = createWorld();
    const device = world.actor(alice);
    edit(world, 'registration_challenge', members({ difficulty: 64 }));
    device.command({ command: 'register', enrolmentToken: TOKEN });
    device.command({ command: 'connect' });
    expect(device.of('send').at(-1)?.message.type).toBe('device_register');
  });

  test('X-AMC-07: a server that speaks lower than the last time, unless told to accept it', () => {
    const device = createWorld().enrolled(alice);
    const rows = [...device.rows.values()];
    for (const downgrade of ['refuse', 'accept'] as const) {
      const old = createWorld({ versions: ['1.0', '1.1'] });
      const policy = { ...defaultDevicePolicy, downgrade };
      const again = old.actor(alice, { ...device.config, policy });
      again.device.restore(rows);
      again.command({ command: 'connect' });
      expect(again.device.phase).toBe(downgrade === 'refuse' ? 'closed' : 'authenticating');
      const requirements = again.of('log').map(({ requirement }) => requirement);
      expect(requirements.includes('X-AMC-07')).toBe(downgrade === 'refuse');
    }
  });

  test('a server that gives another key than the one it is known by', () => {
    const world = createWorld();
    const device = world.actor(alice, { serverKey: world.config.identity.publicKey });
    edit(world, 'registration_success', members({ server_public_key: zeroes(32) }));
    device.command({ command: 'register', enrolmentToken: TOKEN });
    device.command({ command: 'connect' });
    expect(device.device.phase).toBe('closed');
    expect(device.of('log').at(-1)?.requirement).toBe('C-REG-08');
  });

  test('a server whose key has changed', () => {
    const world = createWorld();
    const device = world.enrolled(alice);
    world.cut(device);
    const other = world.crypto.signingKey(new Uint8Array(32).fill(77));
    edit(world, 'version_confirmation', (message) => {
      const { server_signature: _, ...unsigned } = message;
      return { ...unsigned, server_signature: world.crypto.sign(other, unsigned) };
    });
    world.pass(10);
    expect(device.device.phase).toBe('closed');
    expect(device.of('log').at(-1)?.requirement).toBe('X-TRN-07');
  });

  test('a server that gives another key at registration than it signed with', () => {
    const world = createWorld();
    const device = world.actor(alice);
    edit(world, 'registration_success', members({ server_public_key: zeroes(32) }));
    device.command({ command: 'register', enrolmentToken: TOKEN });
    device.command({ command: 'connect' });
    expect(device.of('registered')).toEqual([]);
    expect(device.of('log').at(-1)?.requirement).toBe('X-TRN-07');
  });
});

describe('what is shown', () => {
  const lies: readonly [string, Edit][] = [
    ['another sender', members({ sender_user_id: bob })],
    ['another classification', members({ metadata: { classification: 'secret' } })],
    ['another conversation', members({ conversation_id: '00000000-0000-4000-8000-000000000000' })],
    ['another type', members({ message_type: 'file' })],
    [
      'another number',
      (message) => ({ ...message, sequence_number: Number(message.sequence_number) + 1 }),
    ],
    [
      'another predecessor',
      members({ prev_message_hash: encodeBase64url(new Uint8Array(32).fill(1)) }),
    ],
    ['another time', (message) => ({ ...message, timestamp: Number(message.timestamp) + 1 })],
    ['another content', payload((old) => ({ ciphertext: `A${String(old.ciphertext).slice(1)}` }))],
    ['another wrapped key', payload(() => ({ wrapped_key: zeroes(48) }))],
    ['another ephemeral key', payload(() => ({ sender_ephemeral_key: zeroes(32) }))],
    ['no signature', payload(() => ({ sender_signature: zeroes(64) }))],
    ['another algorithm', payload(() => ({ content_algorithm: 'aes_256_gcm' }))],
  ];
  test.each(lies)(
    'X-AAD-01, X-AAD-03, X-CLS-03, C-E2E-06, X-SEQ-11: is nothing that the server gave %s, and nobody hears of it',
    (_, change) => {
      const world = createWorld();
      const { alicePhone, bobPhone } = enrolFour(world);
      const { conversationId } = talk(world, alicePhone, 'one');
      const before = bobPhone.of('send').length;
      edit(world, 'message_received', change);
      say(world, alicePhone, conversationId, [bob], 'two');
      world.wire.tamper = (parcel) => [parcel];
      expect(bobPhone.displayed()).toHaveLength(1);
      const answers = bobPhone
        .of('send')
        .slice(before)
        .map(({ message }) => message.type);
      expect(answers.filter((type) => type === 'error' || type === 'message_ack')).toEqual([]);
      expect(bobPhone.device.phase).toBe('authenticated');
    },
  );

  test('X-SEQ-03: is each message once, however often it comes', () => {
    const world = createWorld();
    const { alicePhone, bobPhone } = enrolFour(world);
    world.wire.tamper = (parcel) => [parcel, parcel];
    const { conversationId } = talk(world, alicePhone, 'one');
    say(world, alicePhone, conversationId, [bob], 'two');
    expect(bobPhone.displayed().map(({ content }) => content)).toEqual(['one', 'two']);
  });

  test.each(permutations(['one', 'two', 'three', 'four']))(
    'X-SEQ-05, X-SEQ-06, X-SEQ-13: is in order, though it came as %s, %s, %s, %s',
    (...order) => {
      const world = createWorld();
      const { alicePhone, bobPhone, bobDesk } = enrolFour(world);
      const held: Parcel[] = [];
      hold(world, bobDesk.config.deviceId, held);
      const { conversationId } = talk(world, alicePhone, 'one');
      for (const text of ['two', 'three', 'four'])
        say(world, alicePhone, conversationId, [bob], text);
      world.wire.tamper = (parcel) => [parcel];
      const inOrder = ['one', 'two', 'three', 'four'];
      for (const text of order) release(world, held[inOrder.indexOf(text)]);
      const contents = bobDesk.displayed().map(({ content }) => content);
      expect(contents).toEqual(bobPhone.displayed().map(({ content }) => content));
      expect(bobDesk.displayed().some(({ gap }) => gap)).toBe(false);
    },
  );

  test('X-SEQ-12, X-SEQ-13: is marked when one before it is missing for a day', () => {
    const world = createWorld();
    const { alicePhone, bobPhone, bobDesk } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    const held: Parcel[] = [];
    hold(world, bobDesk.config.deviceId, held);
    say(world, alicePhone, conversationId, [bob], 'two');
    world.wire.tamper = (parcel) => [parcel];
    say(world, alicePhone, conversationId, [bob], 'three');
    expect(bobDesk.displayed()).toHaveLength(1);
    expect(bobPhone.displayed()).toHaveLength(3);
    world.wire.tamper = lose('message_received');
    world.pass(86_400 + 1);
    expect(bobDesk.displayed()).toMatchObject([
      { content: 'one', gap: false },
      { content: 'three', gap: true },
    ]);
  });

  test('is soon shown by a device that joined a chain midway, marked', () => {
    const world = createWorld();
    const { alicePhone, bobPhone } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    const tablet = world.enrolled(bob, {}, bobPhone);
    say(world, alicePhone, conversationId, [bob], 'two');
    expect(tablet.displayed()).toEqual([]);
    world.pass(31);
    say(world, alicePhone, conversationId, [bob], 'three');
    expect(tablet.displayed()).toMatchObject([
      { content: 'two', gap: true },
      { content: 'three', gap: false },
    ]);
  });
});

describe('a chain', () => {
  /** A sender in the hands of the test, and a device of the reference that listens. */
  function chained(world: World) {
    const sender = identityOf(world, alice);
    const { raw } = inSession(world, sender);
    const listener = world.enrolled(bob);
    const conversationId = uuid(world.entropy);
    raw.send(createOf(conversationId, [bob]));
    const to = { ...listener.config };
    const send = (number: number, previous?: JsonObject) => {
      const place = { sequenceNumber: number, previousHash: hashOf(world, previous) };
      const talked = { world, conversationId, alice: sender, bob: to };
      const message = messageOf(talked, [to], place);
      raw.send(message);
      return message;
    };
    return { listener, send };
  }

  test('X-SEQ-10, X-SEQ-11, C-E2E-08: goes on only from its last message, however well the next is signed', () => {
    const { listener, send } = chained(createWorld());
    const first = send(1);
    const second = send(2, first);
    send(3, first);
    expect(listener.displayed()).toHaveLength(2);
    expect(listener.of('warned')).toMatchObject([{ warning: 'integrity' }]);
    send(3, second);
    expect(listener.displayed()).toHaveLength(3);
  });

  test('does not leap', () => {
    const { listener, send } = chained(createWorld());
    const first = send(1);
    send(2 + 2 ** 20, first);
    expect(listener.of('log').at(-1)?.requirement).toBe('X-SEQ-08');
    send(2, first);
    expect(listener.displayed()).toHaveLength(2);
  });

  test('X-SEQ-17: tells its depth right, or is not believed', () => {
    const world = createWorld();
    const { alicePhone, bobPhone } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    edit(world, 'message_received', members({ chain_depth: 7 }));
    say(world, alicePhone, conversationId, [bob], 'two');
    expect(bobPhone.displayed()).toHaveLength(1);
  });

  test('takes nothing twice, however long ago, whatever was forgotten', () => {
    const world = createWorld();
    const { alicePhone, bobPhone } = enrolFour(world);
    const recorded: Parcel[] = [];
    world.wire.tamper = (parcel) => {
      if (parcel.connection.startsWith(bobPhone.config.deviceId)) recorded.push(parcel);
      return [parcel];
    };
    const { conversationId } = talk(world, alicePhone, '0');
    for (let text = 1; text < 20; text += 1) {
      say(world, alicePhone, conversationId, [bob], String(text));
    }
    world.wire.tamper = (parcel) => [parcel];
    world.restartDevice(bobPhone);
    bobPhone.command({ command: 'authenticate' });
    bobPhone.command({ command: 'connect' });
    const connection = bobPhone.of('connect').at(-1)?.connection ?? '';
    const received = recorded.filter(({ bytes }) =>
      new TextDecoder().decode(bytes).includes('"type":"message_received"'),
    );
    expect(received).toHaveLength(20);
    const before = bobPhone.of('send').length;
    for (const parcel of received) world.deliver(bobPhone, { ...parcel, connection });
    expect(bobPhone.displayed()).toHaveLength(20);
    // The last ones are confirmed again, because the server may have missed it.
    const acks = bobPhone.of('send').slice(before);
    expect(acks).toHaveLength(16);
  });

  test('is of no use a day later', () => {
    const world = createWorld();
    const { alicePhone, bobPhone, bobDesk } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    const held: Parcel[] = [];
    hold(world, bobDesk.config.deviceId, held);
    say(world, alicePhone, conversationId, [bob], 'two');
    world.pass(86_400 + 60);
    world.wire.tamper = (parcel) => [parcel];
    const connection = bobDesk.of('connect').at(-1)?.connection ?? '';
    const [parcel] = held;
    if (parcel) world.deliver(bobDesk, { ...parcel, connection });
    expect(bobDesk.displayed()).toHaveLength(1);
    expect(bobDesk.of('log').at(-1)?.requirement).toBe('X-TIME-01');
    expect(bobPhone.displayed()).toHaveLength(2);
  });
});

describe('whom a device believes', () => {
  test('C-KEY-05: a device slipped in by the server is warned of, and not sealed to where policy is strict', () => {
    for (const unvouched of ['warn', 'refuse'] as const) {
      const world = createWorld();
      const strict = { policy: { ...defaultDevicePolicy, unvouched } };
      const { alicePhone, bobPhone } = enrolFour(world, strict);
      const { conversationId } = talk(world, alicePhone, 'one');
      // Without a voucher the honest server would refuse it; the signature is lost on the way.
      const ghost = world.enrolled(bob, {}, bobPhone);
      edit(world, 'key_response', (message) => withoutVouchers(message));
      alicePhone.command({ command: 'request-keys', users: [bob] });
      say(world, alicePhone, conversationId, [bob], 'two');
      const warned = alicePhone
        .of('warned')
        .filter(({ warning }) => warning === 'unvouched-device');
      expect(warned).toMatchObject([{ deviceId: ghost.config.deviceId }]);
      expect(ghost.displayed()).toHaveLength(0);
      world.pass(31);
      expect(ghost.displayed()).toHaveLength(unvouched === 'warn' ? 1 : 0);
    }
  });

  test('a key never changes under a device id, whoever certifies it', () => {
    const world = createWorld();
    const { alicePhone, bobPhone, bobDesk } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    const { userId, deviceId } = bobDesk.config;
    const mallory = { ...identityOf(world, userId), deviceId };
    edit(world, 'key_response', (message) => swapped(world, message, mallory));
    alicePhone.command({ command: 'request-keys', users: [bob] });
    expect(alicePhone.of('warned')).toMatchObject([{ warning: 'changed-key', deviceId }]);
    world.wire.tamper = (parcel) => [parcel];
    say(world, alicePhone, conversationId, [bob], 'two');
    expect(bobPhone.displayed()).toHaveLength(2);
  });

  const unsigned: readonly [string, (listed: JsonObject) => JsonObject][] = [
    [
      'its own signature on the exchange key',
      (listed) => ({ ...listed, kex_signature: zeroes(64) }),
    ],
    ['a certificate', ({ device_certificate: _, ...rest }) => rest],
    [
      'a certificate that is signed',
      (listed) => ({
        ...listed,
        device_certificate: { ...(listed.device_certificate as JsonObject), signature: zeroes(64) },
      }),
    ],
  ];
  test.each(unsigned)('C-KEY-05: a device is not sealed to without %s', (_, change) => {
    const world = createWorld();
    const { alicePhone } = enrolFour(world);
    edit(world, 'key_response', (message) => mapKeys(message, change));
    talk(world, alicePhone, 'one');
    world.pass(40);
    expect(alicePhone.of('send').map(({ message }) => message.type)).not.toContain('message_send');
  });

  test('keys of users that were not asked for are not taken', () => {
    const world = createWorld();
    const { alicePhone } = enrolFour(world);
    const carol = 'carol@acme.example';
    edit(world, 'key_response', (message) => {
      const { [bob]: keys = null, ...rest } = message.keys as JsonObject;
      return { ...message, keys: { ...rest, [bob]: keys, [carol]: keys } };
    });
    alicePhone.command({ command: 'request-keys', users: [bob] });
    const users = alicePhone.of('keys-known').map(({ userId }) => userId);
    expect(users).toContain(bob);
    expect(users).not.toContain(carol);
  });

  test('a revocation is never taken back', () => {
    const world = createWorld();
    const { alicePhone, bobPhone, bobDesk } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    const { deviceId } = bobDesk.config;
    bobPhone.command({ command: 'revoke-device', deviceId, reason: 'lost' });
    edit(world, 'key_response', (message) => unrevoked(message));
    alicePhone.command({ command: 'request-keys', users: [bob] });
    world.wire.tamper = (parcel) => [parcel];
    say(world, alicePhone, conversationId, [bob], 'two');
    const sealed = alicePhone.of('send').at(-1)?.message;
    expect(JSON.stringify(sealed)).not.toContain(deviceId);
  });

  test('X-TIME-06: a time of the server moves an offset only when it is signed and near', () => {
    const world = createWorld();
    const shifted =
      (seconds: number, key = world.config.identity): Edit =>
      (message) => {
        const { signature: _, ...rest } = message;
        const unsigned = { ...rest, server_time: Number(rest.server_time) + seconds };
        return { ...unsigned, signature: world.crypto.sign(key, unsigned) };
      };
    const mallory = world.crypto.signingKey(new Uint8Array(32).fill(66));
    const cases: readonly [Edit, number][] = [
      [shifted(4), 4],
      [shifted(7), 0],
      [shifted(4, mallory), 0],
    ];
    for (const [change, offset] of cases) {
      const device = world.actor(alice, { serverKey: world.config.identity.publicKey });
      edit(world, 'time_sync', change);
      const first = world.actors.find(
        ({ config }) => config.userId === alice && config !== device.config,
      );
      enrol(world, device, first);
      device.command({ command: 'read', messageId: zeroId, conversationId: zeroId });
      const receipt = device.of('send').at(-1)?.message;
      expect(receipt).toMatchObject({ timestamp: world.now() + offset * 1e6 });
    }
  });
});

describe('what is asked of the server', () => {
  test('is asked again when it is told to wait, and no sooner', () => {
    const world = createWorld({ policy: { keyLookupsPerMinute: 1 } });
    const { alicePhone } = enrolFour(world);
    alicePhone.command({ command: 'request-keys', users: [bob] });
    alicePhone.command({ command: 'request-keys', users: [bob] });
    const asked = () =>
      alicePhone.of('send').filter(({ message }) => message.type === 'key_request').length;
    expect(asked()).toBe(2);
    world.pass(59);
    expect(asked()).toBe(2);
    world.pass(2);
    expect(asked()).toBe(3);
    expect(alicePhone.of('keys-known').at(-1)?.userId).toBe(bob);
  });

  test('C-E2E-10: are the keys of a recipient, once a day, before anything is sealed to him', () => {
    const world = createWorld();
    const { alicePhone } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    const asked = () =>
      alicePhone.of('send').filter(({ message }) => message.type === 'key_request').length;
    const before = asked();
    say(world, alicePhone, conversationId, [bob], 'two');
    expect(asked()).toBe(before);
    world.pass(86_400 + 1);
    say(world, alicePhone, conversationId, [bob], 'three');
    world.pass(60);
    expect(asked()).toBe(before + 1);
    const types = alicePhone.of('send').map(({ message }) => message.type);
    expect(types.lastIndexOf('key_request')).toBeLessThan(types.lastIndexOf('message_send'));
  });

  test('is asked on another connection when no answer comes', () => {
    const world = createWorld();
    const { alicePhone, bobPhone } = enrolFour(world);
    world.wire.tamper = lose('key_response');
    talk(world, alicePhone, 'one');
    world.pass(31);
    world.wire.tamper = (parcel) => [parcel];
    world.pass(10);
    expect(bobPhone.displayed()).toMatchObject([{ content: 'one' }]);
  });
});

describe('a lost connection', () => {
  test('X-ERR-09: is dialled again with growing waits', () => {
    const world = createWorld();
    const device = world.enrolled(alice);
    world.wire.tamper = () => [];
    world.cut(device);
    world.pass(300);
    const dialled = device.of('connect').length;
    expect(dialled).toBeGreaterThan(4);
    expect(dialled).toBeLessThan(12);
    world.wire.tamper = (parcel) => [parcel];
    world.pass(400);
    expect(device.device.phase).toBe('authenticated');
  });

  test('is given up after two pings without an answer', () => {
    const world = createWorld();
    const device = world.enrolled(alice);
    const losePong = lose('pong');
    world.wire.tamper = (parcel) => (parcel.to === 'device' ? losePong(parcel) : [parcel]);
    world.pass(95);
    expect(device.of('close')).toMatchObject([{ code: 1001 }]);
  });
});

const zeroId = '00000000-0000-4000-8000-000000000000';

function enrol(world: World, device: ReturnType<World['actor']>, first = device): void {
  const binding = {
    userId: alice,
    deviceId: device.config.deviceId,
    publicKey: device.config.signingKey.publicKey,
    kexPublicKey: device.config.exchangeKey.publicKey,
  };
  first.command({ command: 'authorize-device', binding });
  const authorized = first.of('authorized').at(-1);
  device.command({
    command: 'register',
    enrolmentToken: TOKEN,
    ...(authorized && { authorization: authorized.authorization }),
  });
  device.command({ command: 'authenticate' });
  device.command({ command: 'connect' });
  world.run();
}

function payload(change: (old: JsonObject) => JsonObject): Edit {
  return (message) => {
    const old = message.encrypted_content as JsonObject;
    return { ...message, encrypted_content: { ...old, ...change(old) } };
  };
}

function lose(type: string): (parcel: Parcel) => Parcel[] {
  return (parcel) =>
    new TextDecoder().decode(parcel.bytes).includes(`"type":"${type}"`) ? [] : [parcel];
}

/** Keeps what the server delivers to one device. */
function hold(world: World, deviceId: string, held: Parcel[]): void {
  world.wire.tamper = (parcel) => {
    const isHeld =
      parcel.to === 'device' &&
      parcel.connection.startsWith(deviceId) &&
      new TextDecoder().decode(parcel.bytes).includes('"type":"message_received"');
    if (isHeld) held.push(parcel);
    return isHeld ? [] : [parcel];
  };
}

function release(world: World, parcel: Parcel | undefined): void {
  const actor = world.actors.find(({ config }) => parcel?.connection.startsWith(config.deviceId));
  if (!parcel || !actor) throw new Error('nothing was held');
  world.deliver(actor, parcel);
}

type Keys = { [userId: string]: { [deviceId: string]: JsonObject } };

function mapKeys(message: JsonObject, change: (keys: JsonObject) => JsonObject): JsonObject {
  const keys = message.keys as Keys;
  const changed = Object.entries(keys).map(([userId, devices]) => {
    const entries = Object.entries(devices).map(([id, listed]) => [id, change(listed)]);
    return [userId, Object.fromEntries(entries)];
  });
  return { ...message, keys: Object.fromEntries(changed) };
}

/** Of the predecessor, or zero. */
function hashOf({ crypto }: World, previous: JsonObject | undefined): string {
  const [sealed] = Object.values(
    (previous?.encrypted_content ?? {}) as { [id: string]: JsonObject },
  );
  if (!sealed) return zeroes(32);
  return crypto.contentHash({ nonce: String(sealed.nonce), ciphertext: String(sealed.ciphertext) });
}

/** What a hostile server would list: another key under a known id, in every way in order. */
function swapped(world: World, message: JsonObject, mallory: Identity): JsonObject {
  const { crypto, config } = world;
  const keys = message.keys as Keys;
  const listed = keys[mallory.userId]?.[mallory.deviceId] ?? {};
  const { signature: _, ...certificate } = listed.device_certificate as JsonObject;
  const own = {
    public_key: mallory.signingKey.publicKey,
    kex_public_key: mallory.exchangeKey.publicKey,
  };
  const unsigned = { ...certificate, ...own };
  const changed = {
    ...listed,
    ...own,
    kex_signature: signKex(crypto, mallory),
    device_certificate: { ...unsigned, signature: crypto.sign(config.identity, unsigned) },
  };
  const devices = { ...keys[mallory.userId], [mallory.deviceId]: changed };
  return { ...message, keys: { ...keys, [mallory.userId]: devices } };
}

function withoutVouchers(message: JsonObject): JsonObject {
  return mapKeys(message, ({ authorizer: _, authorizer_signature: __, ...rest }) => rest);
}

function unrevoked(message: JsonObject): JsonObject {
  return mapKeys(message, (listed) => ({ ...listed, revoked: false }));
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) =>
    permutations(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]),
  );
}
