/**
 * A NORC-C server of a page, for tests of the device actor: it answers as the profile says and
 * judges nothing, and every answer can be bent. No line of the reference's layers runs here.
 */
import type { JsonObject, SigningKey } from '../../../reference/crypto/crypto.ts';
import { type Micros, millis, toSeconds } from '../../../reference/time.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { without } from '../../../reference/wire/canonical.ts';
import { createStage, type RunningStage } from '../../conformance/actors/create-stage.ts';
import type { Closed } from '../../conformance/actors/device.ts';
import { createAuthority } from '../../conformance/authority.ts';
import type { DeviceChannel, RunningSubject } from '../../conformance/ground.ts';
import { createWeb } from '../../conformance/web.ts';
import { createZone } from '../../conformance/zone.ts';
import { crypto } from './pair.ts';

/** By type of the answer: what is sent in its place. */
export type Bends = {
  readonly [type: string]: (message: JsonObject) => JsonObject | readonly JsonObject[];
};

const authority = await createAuthority();
const SERVER = 'acme.test';

interface Session {
  readonly queue: ({ closed: false; text: string; at: Micros } | Closed)[];
  transcript: string;
  sessionId: string;
  user: string;
  device: string;
}

interface Fake {
  readonly key: SigningKey;
  readonly bends: Bends;
  readonly difficulty: number;
  readonly devices: Map<string, JsonObject>;
  readonly sessions: Session[];
  now: Micros;
  drawn: number;
}

export function stageWith(
  bends: Bends = {},
  { difficulty = 0, seed = 'fake' }: { difficulty?: number; seed?: string } = {},
): RunningStage {
  const fake: Fake = {
    key: crypto.signingKey(new Uint8Array(32).fill(7)),
    bends,
    difficulty,
    devices: new Map(),
    sessions: [],
    now: 1_750_000_000_000_000,
    drawn: 0,
  };
  const subject = subjectOf(fake);
  return createStage({ subject, at: '1.1', seed, caseId: 'unit', authority, crypto });
}

function subjectOf(fake: Fake): RunningSubject {
  const unused = () => Promise.reject(new Error('not part of this server'));
  return {
    facts: {
      serverId: SERVER,
      publicKey: fake.key.publicKey,
      enrolmentToken: 'token',
      capabilities: ['messaging', 'pq_kem.mlkem768.fips'],
      versions: ['1.0', '1.1'],
    },
    can: { restart: false, command: false, virtualTime: true },
    upgrade: async ({ subprotocols, path }) =>
      path === '/norc-c'
        ? channelOf(fake, subprotocols[0] ?? '')
        : { refused: true, status: 404, reason: 'not found' },
    dial: unused,
    listen: unused,
    zone: createZone(),
    web: createWeb('http://web.test'),
    now: () => fake.now,
    async pass(durationMs) {
      fake.now += millis(durationMs);
    },
    until: async (found) => found(),
    restart: unused,
    command: unused,
    output: () => '',
    exercised: () => null,
    close: async () => undefined,
  };
}

function channelOf(fake: Fake, subprotocol: string): DeviceChannel {
  const session: Session = { queue: [], transcript: '', sessionId: '', user: '', device: '' };
  fake.sessions.push(session);
  return {
    refused: false,
    subprotocol,
    headers: {},
    async send(frame) {
      answer(fake, session, JSON.parse(String(frame)));
    },
    async next(withinMs) {
      const frame = session.queue.shift();
      if (!frame) fake.now += millis(withinMs);
      return frame ?? null;
    },
    close: async () => undefined,
  };
}

function say(fake: Fake, session: Session, honest: JsonObject): void {
  const bent = fake.bends[String(honest.type)]?.(honest) ?? honest;
  for (const message of [bent].flat()) {
    if (message.type === 'close') session.queue.push({ closed: true, code: Number(message.code) });
    else session.queue.push({ closed: false, text: JSON.stringify(message), at: fake.now });
  }
}

function bytes(fake: Fake, lengthBytes: number): Uint8Array {
  fake.drawn += 1;
  return new Uint8Array(lengthBytes).fill(fake.drawn);
}

const uuid = (fake: Fake): string => {
  const hex = Buffer.from(bytes(fake, 6)).toString('hex');
  return `00000000-0000-4000-8000-${hex}`;
};

function answer(fake: Fake, session: Session, asked: JsonObject): void {
  const now = toSeconds(fake.now);
  switch (asked.type) {
    case 'connection_request':
      return shakeHands(fake, session, asked);
    case 'device_register':
      fake.devices.set(String(asked.device_id), asked);
      return say(fake, session, {
        type: 'registration_challenge',
        challenge: encodeBase64url(bytes(fake, 32)),
        difficulty: fake.difficulty,
        expires_at: now + 60,
      });
    case 'registration_response':
      return enrol(fake, session);
    case 'auth_request':
      Object.assign(session, { user: asked.user_id, device: asked.device_id });
      return say(fake, session, {
        type: 'auth_challenge',
        challenge: encodeBase64url(bytes(fake, 32)),
        server_timestamp: now,
        expires_at: now + 60,
      });
    case 'auth_response':
      return say(fake, session, {
        type: 'auth_success',
        session_id: session.sessionId,
        user_info: { user_id: session.user, permissions: ['send_messages', 'create_rooms'] },
        server_capabilities: ['messaging'],
      });
    case 'ping':
      return say(fake, session, { type: 'pong', timestamp: now, echo: Number(asked.timestamp) });
    case 'conversation_create':
      return say(fake, session, { ...asked, status: 'ok' });
    case 'key_request':
      return listKeys(fake, session, asked);
    case 'message_send':
      return deliver(fake, session, asked);
  }
}

function shakeHands(fake: Fake, session: Session, request: JsonObject): void {
  const isHybrid = request.pq_public_key !== undefined;
  const ephemeral = crypto.exchangeKey(bytes(fake, 32));
  const kem = isHybrid ? crypto.encapsulate(String(request.pq_public_key), bytes(fake, 32)) : null;
  const suite = isHybrid ? '0101' : '0001';
  const accepted: JsonObject = {
    type: 'connection_accepted',
    negotiated_version: '1.1',
    server_capabilities: isHybrid ? ['messaging', 'pq_kem.mlkem768.fips'] : ['messaging'],
    compatibility_mode: false,
    server_id: SERVER,
    cipher_suite: suite,
    server_nonce: encodeBase64url(bytes(fake, 12)),
    ephemeral_public_key: ephemeral.publicKey,
    ...(kem?.ok && { pq_ciphertext: kem.value.ciphertext }),
  };
  session.transcript = crypto.transcript('norc-c-handshake-v1', [request, accepted]);
  session.sessionId = uuid(fake);
  const classical = crypto.agree(ephemeral, String(request.ephemeral_public_key));
  if (!classical.ok) throw new Error('the device sent a bad point');
  const keys = crypto.sessionKeys({
    clientNonce: String(request.client_nonce),
    serverNonce: String(accepted.server_nonce),
    classical: classical.value,
    ...(kem?.ok && { postQuantum: kem.value.secret }),
    version: '1.1',
    suite,
    transcript: session.transcript,
  });
  say(fake, session, accepted);
  const confirmation: JsonObject = {
    type: 'version_confirmation',
    negotiated_version: '1.1',
    server_capabilities: ['messaging'],
    client_must_support: ['messaging'],
    compatibility_features: [],
    session_id: session.sessionId,
    transcript_hash: session.transcript,
    server_finished: crypto.serverFinished(keys, session.transcript),
  };
  const server_signature = crypto.sign(fake.key, confirmation);
  say(fake, session, { ...confirmation, server_signature });
}

function enrol(fake: Fake, session: Session): void {
  const [registered = {}] = [...fake.devices.values()].slice(-1);
  const now = toSeconds(fake.now);
  const certificate: JsonObject = {
    type: 'device_certificate',
    user_id: String(registered.user_id),
    device_id: String(registered.device_id),
    public_key: String(registered.public_key),
    kex_public_key: String(registered.kex_public_key),
    not_before: now,
    not_after: now + 1000,
    server_id: SERVER,
  };
  say(fake, session, {
    type: 'registration_success',
    device_id: String(registered.device_id),
    server_public_key: fake.key.publicKey,
    device_certificate: { ...certificate, signature: crypto.sign(fake.key, certificate) },
  });
}

function listKeys(fake: Fake, session: Session, { request_id, user_ids }: JsonObject): void {
  const now = toSeconds(fake.now);
  const keys: { [userId: string]: JsonObject } = {};
  for (const [deviceId, device] of fake.devices) {
    const userId = String(device.user_id);
    if (!(user_ids as string[]).includes(userId)) continue;
    const { public_key = '', kex_public_key = '', kex_signature = '' } = device;
    const dates = { created_at: now, expires_at: now + 1000 };
    const flags = { key_algorithm: 'ed25519', verified: true, revoked: false };
    const certificate = {
      ...{ type: 'device_certificate', user_id: userId, device_id: deviceId, public_key },
      ...{ kex_public_key, not_before: now, not_after: now + 1000, server_id: SERVER },
    };
    const signature = crypto.sign(fake.key, certificate);
    keys[userId] = {
      ...keys[userId],
      [deviceId]: {
        ...{ public_key, kex_public_key, kex_signature, ...dates, ...flags },
        device_certificate: { ...certificate, signature },
      },
    };
  }
  const response = { type: 'key_response', request_id: String(request_id), keys, timestamp: now };
  say(fake, session, response);
}

function deliver(fake: Fake, session: Session, sent: JsonObject): void {
  const { encrypted_content, recipients: _, metadata, ...rest } = sent;
  const { timestamp = 0, ...others } = metadata as JsonObject;
  for (const other of fake.sessions) {
    const blob = (encrypted_content as JsonObject)[other.device];
    if (blob === undefined) continue;
    say(fake, other, {
      ...rest,
      type: 'message_received',
      sender_user_id: session.user,
      sender_device_id: session.device,
      timestamp,
      encrypted_content: blob,
      metadata: others,
    });
  }
  const message_id = String(sent.message_id);
  say(fake, session, { type: 'message_ack', message_id, status: 'sent', timestamp: fake.now });
}

/** Signs a bent message of the server again, as one that lies consistently. */
export function resigned(message: JsonObject, member: string): JsonObject {
  const key = crypto.signingKey(new Uint8Array(32).fill(7));
  return { ...message, [member]: crypto.sign(key, without(message, member)) };
}
