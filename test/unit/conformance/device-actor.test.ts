/**
 * The device actor against a small server: what it does, and every lie of a server that it names.
 */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import type { RunningStage } from '../../conformance/actors/create-stage.ts';
import type { DeviceConnection } from '../../conformance/actors/device.ts';
import { CheckFailed, SubjectMisbehaved, SuiteError } from '../../conformance/case.ts';
import { type Bends, resigned, stageWith } from './fake-server.ts';

const thrownBy = async (run: () => Promise<unknown>): Promise<unknown> =>
  run().then(
    () => null,
    (error: unknown) => error,
  );

async function connected(stage: RunningStage): Promise<DeviceConnection> {
  const connection = await stage.connect();
  if (connection.refused) throw new Error('refused');
  return connection;
}

describe('a device of the suite', () => {
  test('negotiates, registers and authenticates', async () => {
    const device = await stageWith().device();
    expect(device.session.version).toBe('1.1');
    expect(device.authenticated.user_info.user_id).toBe(device.identity.userId);
  });

  test('verifies a hybrid handshake', async () => {
    const device = await stageWith().device({ negotiate: { suites: ['0101', '0001'] } });
    expect(device.session.suite).toBe('0101');
  });

  test('solves the proof of work that it is asked for', async () => {
    await expect(stageWith({}, { difficulty: 2 }).device()).resolves.toBeDefined();
  });

  test('reports a refused upgrade as a value', async () => {
    expect(await stageWith().connect({ path: '/other' })).toMatchObject({ status: 404 });
  });

  test('sends what its own other devices and the recipients can open', async () => {
    const stage = stageWith();
    const alice = await stage.device();
    const tablet = await stage.device({ userId: alice.identity.userId });
    const bob = await stage.device();
    const conversationId = await alice.createConversation([bob.identity.userId]);
    const to = [bob.identity.userId];
    const first = await alice.sendMessage({ conversationId, to, text: 'one' });
    const second = await alice.sendMessage({ conversationId, to, text: 'two' });
    expect(second.sequence_number).toBe((first.sequence_number ?? 0) + 1);
    expect(second.prev_message_hash).not.toBe(first.prev_message_hash);
    expect((await bob.receiveMessage()).opened).toBe('one');
    expect((await bob.receiveMessage()).opened).toBe('two');
    expect((await tablet.receiveMessage()).opened).toBe('one');
  });

  test('does not move its chain for a message that was only composed', async () => {
    const stage = stageWith();
    const alice = await stage.device();
    const conversationId = await alice.createConversation(['bob@acme.test']);
    const options = { conversationId, to: [alice.identity.userId] };
    const composed = await alice.composeMessage(options);
    const again = await alice.composeMessage(options);
    expect(again.sequence_number).toBe(composed.sequence_number);
  });

  test.each([
    ['classification', (m: JsonObject) => ({ ...m, metadata: { classification: 'secret' } })],
    ['sender', (m: JsonObject) => ({ ...m, sender_user_id: 'mallory@acme.test' })],
    ['sequence', (m: JsonObject) => ({ ...m, sequence_number: 1 })],
    ['time', (m: JsonObject) => ({ ...m, timestamp: 1 })],
  ])('cannot open a message of which the server changed the %s', async (_, bend) => {
    const stage = stageWith({ message_received: bend });
    const alice = await stage.device();
    const bob = await stage.device();
    const conversationId = await alice.createConversation([bob.identity.userId]);
    await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
    expect((await bob.receiveMessage()).opened).toBeNull();
  });

  test('tells silence from an answer', async () => {
    const quiet = await stageWith().device();
    expect(await quiet.connection.silence()).toEqual([]);
    const error = { error_code: 3000, error_category: 'protocol', message: 'no', timestamp: 1 };
    const loud = await stageWith({ pong: (pong) => [{ type: 'error', ...error }, pong] }).device();
    expect(await loud.connection.silence()).toMatchObject([{ message: error }]);
  });

  test('does not take a server for silent that does not answer at all', async () => {
    const device = await stageWith({ pong: () => [] }).device();
    expect(await thrownBy(() => device.connection.silence())).toBeInstanceOf(SubjectMisbehaved);
  });

  test('returns a close where a message might have come', async () => {
    const closing = () => ({ type: 'close', code: 1008 });
    const device = await stageWith({ pong: closing }).device();
    expect(await device.connection.silence()).toEqual([{ closed: true, code: 1008 }]);
    expect(await device.connection.next()).toEqual({ closed: true, code: 1008 });
    expect(await thrownBy(() => device.connection.receive('pong'))).toBeInstanceOf(
      SubjectMisbehaved,
    );
  });

  test('ignores types that it does not know', async () => {
    const stage = stageWith({ conversation_create: () => ({ type: 'conversation_made' }) });
    const alice = await stage.device();
    const error = await thrownBy(() => alice.createConversation(['bob@acme.test']));
    expect(error).toMatchObject({ message: expect.stringContaining('nothing within') });
    const invalid = stage.exchange.filter(({ type }) => type === 'conversation_made');
    expect(invalid).toHaveLength(1);
  });
});

describe('the suite does not send what its own schema refuses', () => {
  test('unless the case bends it', async () => {
    const connection = await connected(stageWith());
    const ping = { type: 'ping', timestamp: -1 } as const;
    expect(await thrownBy(() => connection.send(ping))).toBeInstanceOf(SuiteError);
    await expect(connection.sendRaw(ping)).resolves.toBeUndefined();
  });
});

describe('every lie of a server is named by the requirement that it breaks', () => {
  const sign = (message: JsonObject) => resigned(message, 'server_signature');
  const lies: readonly (readonly [string, Bends])[] = [
    ['X-AMC-08', { connection_accepted: (m) => ({ ...m, negotiated_version: '9.9' }) }],
    ['X-AMC-02', { connection_accepted: (m) => ({ ...m, negotiated_version: '1.0' }) }],
    ['X-AMC-10', { connection_accepted: (m) => ({ ...m, compatibility_mode: true }) }],
    ['X-CS-02', { connection_accepted: (m) => ({ ...m, cipher_suite: '0002' }) }],
    ['X-PQ-02', { connection_accepted: ({ pq_ciphertext: _, ...m }) => m }],
    ['X-TRN-07', { connection_accepted: (m) => ({ ...m, server_id: 'mallory.test' }) }],
    ['X-TRN-06', { connection_accepted: (m) => ({ ...m, server_nonce: 'AAAA' }) }],
    ['X-AMC-17', { connection_accepted: ({ server_nonce: _, ...m }) => m }],
    ['X-KDF-07', { connection_accepted: (m) => ({ ...m, ephemeral_public_key: 'A'.repeat(43) }) }],
    ['X-TRN-01', { connection_accepted: (m) => ({ ...m, extra: 1 }) }],
    ['X-TRN-01', { version_confirmation: (m) => sign({ ...m, transcript_hash: 'A'.repeat(43) }) }],
    ['X-TRN-07', { version_confirmation: (m) => sign({ ...m, server_finished: 'A'.repeat(43) }) }],
    ['X-TRN-07', { version_confirmation: (m) => ({ ...m, client_must_support: [] }) }],
    ['C-CONN-05', { version_confirmation: (m) => sign({ ...m, negotiated_version: '1.0' }) }],
    ['X-AMC-10', { version_confirmation: (m) => sign({ ...m, compatibility_features: ['x'] }) }],
    ['C-REG-08', { registration_success: (m) => ({ ...m, server_public_key: 'A'.repeat(43) }) }],
    [
      'C-REG-08',
      {
        registration_success: (m) => ({
          ...m,
          device_certificate: { ...(m.device_certificate as JsonObject), not_before: 1 },
        }),
      },
    ],
    ['C-AUTH-02', { auth_challenge: (m) => ({ ...m, challenge: 'AAAA' }) }],
    [
      'C-CONN-13',
      { auth_success: (m) => ({ ...m, session_id: '00000000-0000-4000-8000-000000000000' }) },
    ],
    [
      'C-AUTH-06',
      {
        auth_success: (m) => ({
          ...m,
          user_info: { user_id: 'mallory@acme.test', permissions: [] },
        }),
      },
    ],
  ];

  const generous = { versions: ['1.0', '1.1'], suites: ['0101', '0001'] };
  test.each(lies)('%s', async (requirement, bends) => {
    const stage = stageWith(bends);
    const error = await thrownBy(() => stage.device({ negotiate: generous }));
    expect(error).toBeInstanceOf(CheckFailed);
    expect(error).toMatchObject({ requirement });
    expect(stage.checks.at(-1)).toMatchObject({ requirement, holds: false });
  });

  test('C-REG-09: a key exchange key that the device has not signed', async () => {
    const stage = stageWith({
      key_response: (m) => JSON.parse(JSON.stringify(m).replaceAll(/"kex_signature":"./g, swapped)),
    });
    const alice = await stage.device();
    const conversationId = await alice.createConversation(['bob@acme.test']);
    const to = [alice.identity.userId];
    const error = await thrownBy(() => alice.composeMessage({ conversationId, to }));
    expect(error).toMatchObject({ requirement: 'C-REG-09' });
  });
  const swapped = (text: string) => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`;
});

describe('a stage', () => {
  test('counts what the case checks, and not what the actors take for granted', async () => {
    const stage = stageWith();
    await stage.device();
    expect(stage.checks).toEqual([]);
    stage.check('X-TRN-07', true, { expected: 1, got: 1 });
    expect(stage.counts.get('X-TRN-07')).toBe(1);
    const failing = () => stage.check('X-TRN-01', false, { expected: 1, got: 2 });
    expect(failing).toThrow(CheckFailed);
    expect(stage.checks).toHaveLength(2);
  });

  test('draws the same entropy and names from the same seed, and others from another', async () => {
    const drawn = (seed: string) => {
      const stage = stageWith({}, { seed });
      return [stage.uuid(), stage.domain('peer'), Buffer.from(stage.entropy(40)).toString('hex')];
    };
    expect(drawn('one')).toEqual(drawn('one'));
    expect(drawn('one')).not.toEqual(drawn('two'));
    expect(drawn('one')[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
  });

  test('records every message with its direction and what is wrong with it', async () => {
    const stage = stageWith({ auth_challenge: (m) => ({ ...m, challenge: 'AAAA' }) });
    await thrownBy(() => stage.device());
    const last = stage.exchange.at(-1);
    expect(last).toMatchObject({ from: 'subject', to: 'device 1', type: 'auth_challenge' });
    expect(last?.invalidBecause).not.toBeNull();
    const valid = stage.exchange.slice(0, -1).every((entry) => entry.valid);
    expect(valid).toBe(true);
  });
});
