/** The relay that is right, and how questions about others are asked. */
import { type Level, levels } from '../../../../spec/emitted/registries.ts';
import type { VectorValue } from '../../../vector-file.ts';
import { type Draft, type Grounds, invalid, valid } from '../../category.ts';
import { base64url, filled, hex, seeded, seededUuid } from '../../primitives/bytes.ts';
import { canonicalBytes, type JsonObject } from '../../primitives/canonical-json.ts';
import { type Party, NOW as SECONDS } from '../../primitives/certificate.ts';
import { blake3 } from '../../primitives/hash.ts';
import { seededKey, signed, signValue } from '../../primitives/signature.ts';
import { alice, bob } from '../../primitives/trust-run.ts';

export const grounds = {
  value: { requirements: ['F-RELAY-07'], readings: ['L-F02'], flags: ['forged-origin'] },
  path: { requirements: ['F-RELAY-02'], readings: ['L-F03'], flags: ['false-path'] },
  hops: { requirements: ['F-RELAY-03'], readings: ['L-F03', 'L-F05'], flags: ['hop-count'] },
  loop: { requirements: ['F-RELAY-04'], readings: ['L-F03'], flags: ['loop'] },
  ttl: { requirements: ['F-RELAY-05'], readings: ['L-F04'], flags: ['outlived'] },
  fresh: { requirements: ['F-RELAY-09', 'X-TIME-03'], readings: ['L-F07'], flags: ['stale-hop'] },
  future: { requirements: ['X-TIME-01'], readings: ['L-F07'], flags: ['stale-hop'] },
  sender: { requirements: ['F-RELAY-18'], readings: ['L-F01'], flags: ['foreign-sender'] },
  users: { requirements: ['F-RELAY-10'], readings: ['L-F01'], flags: ['foreign-user'] },
  label: {
    requirements: ['X-CLS-04', 'F-TRUST-04'],
    readings: ['L-X02', 'L-T20'],
    flags: ['label'],
  },
  size: { requirements: ['F-RELAY-13', 'F-TRUST-04'], readings: ['L-T20'], flags: ['size'] },
  permission: { requirements: ['F-TRUST-03'], readings: ['L-T20'], flags: ['permission'] },
  hop: { requirements: ['F-RELAY-08'], readings: ['L-F02'], flags: ['forged-hop'] },
  origin: { requirements: ['F-RELAY-07'], readings: ['L-F02'], flags: ['forged-origin'] },
  devices: { requirements: ['F-RELAY-10'], readings: ['L-F01'], flags: ['foreign-device'] },
  revoked: { requirements: ['X-KEY-04', 'F-RELAY-10'], readings: [], flags: ['foreign-device'] },
  cache: {
    requirements: ['F-RELAY-06', 'F-ACK-03'],
    readings: ['L-F06'],
    flags: ['delivered-again'],
  },
  direct: { requirements: ['F-RELAY-11'], readings: ['L-F11'], flags: ['unknown-origin'] },
} satisfies Record<string, Grounds>;

export const NOW = SECONDS * 1_000_000;

export const SECOND = 1_000_000;

export const hopServer = (number: number): Party => ({
  name: `hop${number}.example.org`,
  key: seededKey(`hop ${number}`),
});

const blob = (name: string): JsonObject => ({
  v: 1,
  nonce: base64url(seeded(`relay nonce ${name}`, 12)),
  ciphertext: base64url(seeded('relay ciphertext', 64)),
  sender_ephemeral_key: base64url(seeded('relay ephemeral', 32)),
  wrapped_key: base64url(seeded(`relay wrapped ${name}`, 48)),
  key_algorithm: 'x25519',
  content_algorithm: 'chacha20_poly1305',
  sender_signature: base64url(seeded(`relay signature ${name}`, 64)),
});

export const metadata = {
  original_timestamp: NOW - SECOND,
  federation_timestamp: NOW,
  hop_count: 1,
  ttl: 86_400,
  priority: 'normal',
  delivery_requirements: ['acknowledge', 'encrypt_transport'],
};

export const BODY: JsonObject = {
  type: 'message_relay',
  federation_id: seededUuid('federation id'),
  message_id: seededUuid('relayed message'),
  origin_server: alice.name,
  target_server: bob.name,
  target_users: [`bob@${bob.name}`],
  route_path: [alice.name],
  encrypted_payloads: {
    [seededUuid('bob phone')]: blob('phone'),
    [seededUuid('bob tablet')]: blob('tablet'),
  },
  metadata,
  classification: 'unclassified',
  sender_user_id: `alice@${alice.name}`,
  sender_device_id: seededUuid('alice phone'),
  conversation_id: seededUuid('conversation'),
  message_type: 'text',
  sequence_number: 5,
  prev_message_hash: base64url(filled(32, 0)),
  relay_sequence: 9,
};

export const ORIGIN = [
  'message_id',
  'federation_id',
  'origin_server',
  'target_server',
  'target_users',
  'sender_user_id',
  'sender_device_id',
  'conversation_id',
  'message_type',
  'classification',
  'sequence_number',
  'prev_message_hash',
];

export const FROM_METADATA = ['original_timestamp', 'ttl', 'priority', 'delivery_requirements'];

/** L-F02: what no hop may change. */
export function originPart(relay: JsonObject): JsonObject {
  const told = relay.metadata as JsonObject;
  return {
    type: 'relay_origin',
    payloads_hash: base64url(blake3(canonicalBytes(relay.encrypted_payloads ?? null))),
    ...Object.fromEntries(ORIGIN.map((name) => [name, relay[name] ?? null])),
    ...Object.fromEntries(FROM_METADATA.map((name) => [name, told[name] ?? null])),
  };
}

interface Journey {
  /** Before any signature. */
  readonly body: JsonObject;
  /** Between the origin's signature and that of the last hop. */
  readonly underway: JsonObject;
  readonly origin: Party;
  readonly hop: Party;
}

export function relayOf({ body, underway, origin, hop }: Journey): JsonObject {
  const started = { ...body, origin_signature: signValue(origin.key, originPart(body)) };
  return signed(hop.key, { ...started, ...underway }, 'route_signature');
}

export interface Question {
  readonly relay: JsonObject;
  readonly server_id: string;
  readonly peer: Party;
  readonly origin: Party;
  readonly origin_is_trusted: boolean;
  readonly level: Level;
  readonly permissions: readonly string[];
  readonly max_message_bytes: number;
  readonly size: number;
}

export const DIRECT: Journey = { body: BODY, underway: {}, origin: alice, hop: alice };

export const made = (change: JsonObject = {}, underway: JsonObject = {}): JsonObject =>
  relayOf({ ...DIRECT, body: { ...BODY, ...change }, underway });

export const timed = (change: JsonObject): JsonObject =>
  made({ metadata: { ...metadata, ...change } });

const RIGHT: Question = {
  relay: made(),
  server_id: bob.name,
  peer: alice,
  origin: alice,
  origin_is_trusted: true,
  level: 'basic',
  permissions: levels.basic.permissions,
  max_message_bytes: 1_048_576,
  size: 4096,
};

export function asked(change: Partial<Question>): VectorValue {
  const { peer, origin, ...rest } = { ...RIGHT, ...change };
  return {
    function: 'check',
    ...rest,
    peer: peer.name,
    peer_public_key: hex(peer.key.public),
    origin_public_key: hex(origin.key.public),
    now: NOW,
  };
}

export const takes = (
  about: Grounds,
  name: string,
  change: Partial<Question>,
  action = 'deliver',
): Draft => valid(about, name, asked(change), { action });

export const refuse = (about: Grounds, name: string, change: Partial<Question>): Draft =>
  invalid(about, name, asked(change));

/** From alice over so many hops. */
export function overHops(count: number, change: JsonObject = {}): Partial<Question> {
  const path = [
    alice.name,
    ...Array.from({ length: count - 1 }, (_, at) => hopServer(at + 1).name),
  ];
  const hop = count === 1 ? alice : hopServer(count - 1);
  const underway = { route_path: path, metadata: { ...metadata, hop_count: count }, ...change };
  return { relay: relayOf({ ...DIRECT, underway, hop }), peer: hop };
}
