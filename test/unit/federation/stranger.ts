/** A server that says what a test tells it to, towards a layer under test: it dials and asks. */
import { createMust } from '../../../reference/assert.ts';
import type { Effect, TlsPeer } from '../../../reference/core.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import type { JsonObject, SigningKey } from '../../../reference/crypto/crypto.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import { toSeconds } from '../../../reference/time.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import { relayOriginMembers } from '../../../spec/messages/federation/signed-objects.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import type { Json } from '../../../spec/schema.ts';
import { leafFor } from './certificates.ts';
import {
  activeStanding,
  blob,
  contextOf,
  DEVICE,
  keyFor,
  type Server,
  settle,
  uuidOf,
  type World,
} from './world.ts';

export const crypto = createCrypto(await createNodePrimitives(), createMust());

export interface Answer {
  readonly status: number;
  readonly message: NorcMessage | null;
}

export interface Stranger {
  readonly id: string;
  readonly key: SigningKey;
  readonly world: World;
  readonly subject: Server;
}

export interface Line {
  readonly stranger: Stranger;
  readonly link: string;
  readonly alpn: readonly string[];
}

let count = 0;

export function stranger(world: World, subject: Server, id = 'mallory.example'): Stranger {
  return { id, key: keyFor(id), world, subject };
}

/** The subject trusts the stranger, in both directions. */
export function befriend(
  { id, key, subject }: Stranger,
  change: Parameters<typeof activeStanding>[0] = {},
): void {
  subject.standings.inbound.set(id, activeStanding(change));
  subject.standings.outbound.set(id, activeStanding(change));
  subject.keys.set(id, key.publicKey);
}

export function dial(from: Stranger, version = '2.0', tls: Partial<TlsPeer> = {}): Line {
  count += 1;
  const link = `stranger-${count}`;
  const alpn = [`norc-f/${version}`];
  const peer: TlsPeer = {
    tlsProtocol: 'TLSv1.3',
    certificates: [leafFor(from.id, from.key.publicKey)],
    alpnOffer: alpn,
    alpn: alpn[0] ?? null,
    ...tls,
  };
  from.subject.layer.linkAccepted(link, peer, contextOf(from.subject));
  return { stranger: from, link, alpn: [...peer.alpnOffer] };
}

export interface RequestOptions {
  readonly path?: string;
  readonly proof?: string | null;
  readonly bytes?: Uint8Array;
}

/** Null: not answered (yet). */
export function request(
  line: Line,
  message: JsonObject,
  options: RequestOptions = {},
): Answer | null {
  const { stranger: from, link } = line;
  count += 1;
  const exchange = `${link}/${count}`;
  const proof = options.proof === undefined ? proofFor(from, message) : options.proof;
  const path = options.path ?? '/norc-f';
  const bytes = options.bytes ?? canonicalBytes(message);
  const body = { kind: 'text' as const, bytes };
  from.subject.layer.requestReceived(
    link,
    { exchange, path, proof, body },
    contextOf(from.subject),
  );
  settle(from.world);
  return answerTo(from.subject, exchange);
}

export function answerTo(subject: Server, exchange: string): Answer | null {
  const found = subject.effects.filter(
    (effect): effect is Effect & { type: 'answer' } =>
      effect.type === 'answer' && effect.exchange === exchange,
  );
  if (found.length > 1) throw new Error('answered twice');
  const [first] = found;
  return first ? { status: first.status, message: first.message } : null;
}

export function proofFor(
  from: Stranger,
  body: JsonObject,
  change: {
    target?: string;
    timestampSeconds?: number;
    type?: string;
    requester?: string;
    key?: SigningKey;
  } = {},
): string {
  const parts = {
    type: typeof body.type === 'string' ? body.type : '',
    requester: from.id,
    target: from.subject.id,
    timestampSeconds: toSeconds(from.world.now),
    ...change,
    body,
  };
  const sig = crypto.signRequest(change.key ?? from.key, parts);
  return `ts=${parts.timestampSeconds};sig=${sig}`;
}

export function handshake(
  line: Line,
  change: JsonObject = {},
  key = line.stranger.key,
): JsonObject {
  const { stranger: from, alpn } = line;
  count += 1;
  const version = alpn[0]?.slice('norc-f/'.length) ?? '1.0';
  const unsigned: JsonObject = {
    type: 'federation_handshake',
    requesting_server: from.id,
    target_server: from.subject.id,
    protocol_version: version,
    supported_versions: [version],
    capabilities: ['message_relay', 'something_else'],
    compatibility_requirements: {
      min_trust_level: 'basic',
      required_features: [],
      optional_features: [],
    },
    norc_t_versions: ['1.0', '1.1', '2.0'],
    alpn_offer: [...alpn],
    cipher_suites: ['0001'],
    client_nonce: encodeBase64url(
      Uint8Array.from({ length: 12 }, (_, at) => (at * 7 + count) & 255),
    ),
    ephemeral_public_key: crypto.exchangeKey(new Uint8Array(32).fill(5)).publicKey,
    ...change,
  };
  return sign(key, unsigned);
}

export function sign(key: SigningKey, message: JsonObject, member = 'signature'): JsonObject {
  const { [member]: _, ...bare } = message;
  const kept = Object.fromEntries(Object.entries(bare).filter(([, value]) => value !== undefined));
  return { ...kept, [member]: crypto.sign(key, kept) };
}

export function statusQuestion(line: Line, change: JsonObject = {}): JsonObject {
  return {
    type: 'trust_status',
    target_server: line.stranger.subject.id,
    requesting_server: line.stranger.id,
    trust_level_required: 'basic',
    ...change,
  };
}

/** Dialled, shaken hands on and opened. */
export function openLine(from: Stranger, version = '2.0', change: JsonObject = {}): Line {
  const line = dial(from, version);
  request(line, handshake(line, change));
  request(line, statusQuestion(line));
  return line;
}

export interface RelayChange {
  readonly relay?: JsonObject;
  readonly metadata?: JsonObject;
  /** After the origin has signed. */
  readonly late?: JsonObject;
  readonly originKey?: SigningKey;
  readonly hopKey?: SigningKey;
}

let sequence = 1000;

/** A relay of the stranger's own user for bob at the subject. */
export function composeRelay(
  { stranger: from }: Pick<Line, 'stranger'>,
  change: RelayChange = {},
): JsonObject {
  count += 1;
  sequence += 1;
  const { subject, world } = from;
  const relay: JsonObject = {
    type: 'message_relay',
    federation_id: uuidOf(count),
    message_id: uuidOf(count + 0x1_0000_0000),
    origin_server: from.id,
    target_server: subject.id,
    target_users: [`bob@${subject.id}`],
    route_path: [from.id],
    encrypted_payloads: { [DEVICE]: blob() as unknown as Json },
    classification: 'unclassified',
    sender_user_id: `eve@${from.id}`,
    sender_device_id: '550e8400-e29b-41d4-a716-446655440000',
    conversation_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    message_type: 'text',
    sequence_number: 5,
    prev_message_hash: encodeBase64url(new Uint8Array(32)),
    relay_sequence: sequence,
    ...change.relay,
    metadata: {
      original_timestamp: world.now,
      federation_timestamp: world.now,
      hop_count: 1,
      ttl: 3600,
      priority: 'normal',
      delivery_requirements: ['acknowledge'],
      ...change.metadata,
    },
  };
  const withOrigin: JsonObject = {
    ...relay,
    origin_signature: crypto.sign(change.originKey ?? from.key, originPart(relay)),
    ...change.late,
  };
  return sign(change.hopKey ?? from.key, withOrigin, 'route_signature');
}

/** Built from the declaration, not from the code under test. */
function originPart(relay: JsonObject): JsonObject {
  const source: JsonObject = {
    ...relay,
    ...(relay.metadata as JsonObject),
    type: 'relay_origin',
    payloads_hash: crypto.hash(relay.encrypted_payloads ?? null),
  };
  const members = relayOriginMembers.map((name) => [name, source[name]] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as JsonObject;
}

export function codeOf(answer: Answer | null): number | undefined {
  const { message } = answer ?? {};
  return message?.type === 'federation_error' || message?.type === 'rate_limit_exceeded'
    ? message.error_code
    : undefined;
}
