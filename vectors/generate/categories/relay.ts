/** V-REL: what a server checks of a message_relay (L-F01 to L-F07, L-F11). */
import {
  type Level,
  levelNames,
  levels,
  permissionNames,
} from '../../../spec/emitted/registries.ts';
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import {
  base64url,
  filled,
  flip,
  fromBase64url,
  hex,
  seeded,
  seededUuid,
} from '../primitives/bytes.ts';
import { canonicalBytes, type JsonObject } from '../primitives/canonical-json.ts';
import { type Party, NOW as SECONDS } from '../primitives/certificate.ts';
import { blake3 } from '../primitives/hash.ts';
import { seededKey, signed, signValue } from '../primitives/signature.ts';
import { alice, bob, mallory } from '../primitives/trust-run.ts';
import { flag, from, listOf, message, octets, octetsOf, oneOf, text } from '../shape.ts';
import { eachChanged } from '../variation.ts';

const grounds = {
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
  direct: { requirements: ['F-RELAY-11'], readings: ['L-F11'], flags: ['unknown-origin'] },
} satisfies Record<string, Grounds>;

const NOW = SECONDS * 1_000_000;
const SECOND = 1_000_000;
const hopServer = (number: number): Party => ({
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

const metadata = {
  original_timestamp: NOW - SECOND,
  federation_timestamp: NOW,
  hop_count: 1,
  ttl: 86_400,
  priority: 'normal',
  delivery_requirements: ['acknowledge', 'encrypt_transport'],
};

const BODY: JsonObject = {
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

const ORIGIN = [
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
const FROM_METADATA = ['original_timestamp', 'ttl', 'priority', 'delivery_requirements'];

/** L-F02: what no hop may change. */
function originPart(relay: JsonObject): JsonObject {
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

function relayOf({ body, underway, origin, hop }: Journey): JsonObject {
  const started = { ...body, origin_signature: signValue(origin.key, originPart(body)) };
  return signed(hop.key, { ...started, ...underway }, 'route_signature');
}

interface Question {
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

const DIRECT: Journey = { body: BODY, underway: {}, origin: alice, hop: alice };
const made = (change: JsonObject = {}, underway: JsonObject = {}): JsonObject =>
  relayOf({ ...DIRECT, body: { ...BODY, ...change }, underway });
const timed = (change: JsonObject): JsonObject => made({ metadata: { ...metadata, ...change } });

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

function asked(change: Partial<Question>): VectorValue {
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

const takes = (
  about: Grounds,
  name: string,
  change: Partial<Question>,
  action = 'deliver',
): Draft => valid(about, name, asked(change), { action });
const refuse = (about: Grounds, name: string, change: Partial<Question>): Draft =>
  invalid(about, name, asked(change));

/** From alice over so many hops. */
function overHops(count: number, change: JsonObject = {}): Partial<Question> {
  const path = [
    alice.name,
    ...Array.from({ length: count - 1 }, (_, at) => hopServer(at + 1).name),
  ];
  const hop = count === 1 ? alice : hopServer(count - 1);
  const underway = { route_path: path, metadata: { ...metadata, hop_count: count }, ...change };
  return { relay: relayOf({ ...DIRECT, underway, hop }), peer: hop };
}

function hops(): Draft[] {
  const limited = (max_hops: number, count: number): Partial<Question> =>
    overHops(count, { max_hops });
  const wrongCount = [0, 2, 3, 10, 11].map((hop_count) =>
    refuse(grounds.hops, `one-server-counted-${hop_count}`, {
      relay: made({ metadata: { ...metadata, hop_count } }),
    }),
  );
  const two = (route_path: readonly string[], hop: Party = hopServer(1)): Partial<Question> => ({
    relay: relayOf({
      ...DIRECT,
      hop,
      underway: { route_path, metadata: { ...metadata, hop_count: route_path.length } },
    }),
    peer: hop,
  });
  return [
    ...[1, 2, 3, 9, 10].map((count) => takes(grounds.hops, `over-${count}-hops`, overHops(count))),
    ...[11, 12, 20].map((count) => refuse(grounds.hops, `over-${count}-hops`, overHops(count))),
    ...wrongCount,
    takes(grounds.hops, 'as-many-as-the-sender-allows', limited(2, 2)),
    refuse(grounds.hops, 'more-than-the-sender-allows', limited(2, 3)),
    refuse(grounds.hops, 'sender-allows-more-than-ten', limited(64, 11)),
    refuse(
      grounds.path,
      'path-does-not-begin-with-the-origin',
      two(['carol.example.org', hopServer(1).name]),
    ),
    refuse(grounds.path, 'path-does-not-end-with-the-peer', two([alice.name, 'carol.example.org'])),
    refuse(grounds.path, 'path-without-the-peer', two([alice.name])),
    refuse(grounds.path, 'path-reversed', two([hopServer(1).name, alice.name])),
    refuse(grounds.path, 'brought-by-somebody-else', { peer: mallory }),
    refuse(grounds.loop, 'through-the-receiver', two([alice.name, bob.name, hopServer(1).name])),
    refuse(grounds.loop, 'from-the-receiver', {
      relay: relayOf({
        body: {
          ...BODY,
          origin_server: bob.name,
          sender_user_id: `bob@${bob.name}`,
          route_path: [bob.name, alice.name],
          metadata: { ...metadata, hop_count: 2 },
        },
        underway: {},
        origin: bob,
        hop: alice,
      }),
      origin: bob,
    }),
  ];
}

function times(): Draft[] {
  const lived = (name: string, change: JsonObject): Draft => {
    const { ttl, original_timestamp } = { ...metadata, ...change };
    const isAlive = ttl >= 1 && ttl <= 86_400 && NOW <= original_timestamp + ttl * SECOND;
    return (isAlive ? takes : refuse)(grounds.ttl, name, { relay: timed(change) });
  };
  const skewed = (skew: number): Draft => {
    const isNear = Math.abs(skew) <= 60 * SECOND;
    return (isNear ? takes : refuse)(grounds.fresh, `sent-on-at-a-skew-of-${skew}`, {
      relay: timed({ federation_timestamp: NOW + skew }),
    });
  };
  const early = (ahead: number): Draft =>
    (ahead <= 300 * SECOND ? takes : refuse)(grounds.future, `made-${ahead}-ahead`, {
      relay: timed({ original_timestamp: NOW + ahead }),
    });
  return [
    ...[1, 2, 60, 86_399, 86_400].map((ttl) => lived(`ttl-of-${ttl}`, { ttl })),
    ...[0, -1, 86_401, 172_800, 31_536_000].map((ttl) => lived(`ttl-of-${ttl}`, { ttl })),
    lived('at-the-end-of-its-ttl', { ttl: 60, original_timestamp: NOW - 60 * SECOND }),
    lived('a-microsecond-after-its-ttl', { ttl: 60, original_timestamp: NOW - 60 * SECOND - 1 }),
    lived('an-hour-after-its-ttl', { ttl: 60, original_timestamp: NOW - 3600 * SECOND }),
    lived('stored-for-hours', { original_timestamp: NOW - 80_000 * SECOND }),
    lived('stored-for-two-days', { original_timestamp: NOW - 172_800 * SECOND }),
    ...[0, 1, -1, 59 * SECOND, -59 * SECOND, 60 * SECOND, -60 * SECOND].map(skewed),
    ...[
      60 * SECOND + 1,
      -60 * SECOND - 1,
      61 * SECOND,
      -61 * SECOND,
      3600 * SECOND,
      -3600 * SECOND,
    ].map(skewed),
    ...[0, 299 * SECOND, 300 * SECOND, 300 * SECOND + 1, 3600 * SECOND].map(early),
    refuse(grounds.fresh, 'sent-on-in-seconds', {
      relay: timed({ federation_timestamp: SECONDS }),
    }),
    refuse(grounds.ttl, 'made-in-seconds', { relay: timed({ original_timestamp: SECONDS }) }),
  ];
}

/** Levels × labels; a relay of the label, made and signed as it is. */
function labels(): Draft[] {
  const admitted: Readonly<Record<string, readonly string[]>> = {
    untrusted: [],
    basic: ['unclassified'],
    verified: ['unclassified', 'official_use_only', 'nato_unclassified'],
    classified: [
      'unclassified',
      'official_use_only',
      'confidential',
      'secret',
      'nato_unclassified',
    ],
    nato: [
      'unclassified',
      'official_use_only',
      'confidential',
      'secret',
      'nato_unclassified',
      'nato_restricted',
      'nato_confidential',
      'nato_secret',
    ],
  };
  const all = [...(admitted.nato ?? []), 'top_secret', 'restricted', 'private', ''];
  return levelNames.flatMap((level) =>
    all.map((label) => {
      const change = {
        level,
        relay: made({ classification: label }),
        permissions: [...permissionNames],
      };
      const name = `${label.replaceAll('_', '-') || 'no-label'}-at-${level}`;
      return ((admitted[level] ?? []).includes(label) ? takes : refuse)(
        grounds.label,
        name,
        change,
      );
    }),
  );
}

function sizes(): Draft[] {
  const granted = levelNames.filter((level) => level !== 'untrusted');
  return [
    ...granted.flatMap((level) => {
      const most = levels[level].maxMessageBytes;
      const sized = (size: number, max_message_bytes: number) => ({
        level,
        size,
        max_message_bytes,
        permissions: [...levels[level].permissions],
      });
      return [
        takes(grounds.size, `as-large-as-${level}-allows`, sized(most, most)),
        refuse(grounds.size, `a-byte-larger-than-${level}-allows`, sized(most + 1, most + 1)),
        takes(grounds.size, `as-large-as-a-certificate-at-${level}-allows`, sized(1000, 1000)),
        refuse(
          grounds.size,
          `a-byte-larger-than-a-certificate-at-${level}-allows`,
          sized(1001, 1000),
        ),
      ];
    }),
    ...permissionNames.map((name) => {
      const isRelay = name === 'message_relay';
      return (isRelay ? takes : refuse)(
        grounds.permission,
        `with-${name.replaceAll('_', '-')}-only`,
        { level: 'verified', permissions: [name] },
      );
    }),
    ...permissionNames.map((name) => {
      const permissions = levels.verified.permissions.filter((one) => one !== name);
      const isRelay = name === 'message_relay';
      return (isRelay ? refuse : takes)(
        grounds.permission,
        `without-${name.replaceAll('_', '-')}`,
        { level: 'verified', permissions },
      );
    }),
    refuse(grounds.permission, 'without-any', { permissions: [] }),
    takes(grounds.permission, 'file-with-file-transfer', {
      level: 'verified',
      relay: made({ message_type: 'file' }),
      permissions: ['message_relay', 'file_transfer'],
    }),
    refuse(grounds.permission, 'file-without-file-transfer', {
      level: 'verified',
      relay: made({ message_type: 'file' }),
      permissions: ['message_relay'],
    }),
  ];
}

function parties(): Draft[] {
  const senders = [
    `alice@${mallory.name}`,
    `alice@${bob.name}`,
    'alice',
    `alice@sub.${alice.name}`,
    `alice@${alice.name}.example`,
  ];
  const users = [`carol@${mallory.name}`, 'carol', `carol@${alice.name}`, `carol@sub.${bob.name}`];
  return [
    ...senders.map((sender_user_id, at) =>
      refuse(grounds.sender, `foreign-sender-${at + 1}`, { relay: made({ sender_user_id }) }),
    ),
    ...users.flatMap((user, at) => [
      refuse(grounds.users, `only-a-foreign-user-${at + 1}`, {
        relay: made({ target_users: [user] }),
      }),
      refuse(grounds.users, `a-foreign-user-besides-${at + 1}`, {
        relay: made({ target_users: [`bob@${bob.name}`, user] }),
      }),
    ]),
    takes(grounds.users, 'two-users', {
      relay: made({ target_users: [`bob@${bob.name}`, `carol@${bob.name}`] }),
    }),
    ...(['verified', 'classified', 'nato'] as const).map((level) =>
      refuse(grounds.direct, `unknown-origin-over-a-hop-at-${level}`, {
        ...overHops(2),
        level,
        permissions: [...levels[level].permissions],
        origin_is_trusted: false,
      }),
    ),
    takes(grounds.direct, 'unknown-origin-over-a-hop-at-basic', {
      ...overHops(2),
      origin_is_trusted: false,
    }),
    takes(
      grounds.direct,
      'passed-on',
      {
        relay: relayOf({
          ...DIRECT,
          body: {
            ...BODY,
            target_server: 'carol.example.org',
            target_users: ['carol@carol.example.org'],
          },
        }),
      },
      'forward',
    ),
    refuse(grounds.hops, 'no-hop-left-to-pass-it-on', passedOn(10)),
    takes(grounds.hops, 'one-hop-left-to-pass-it-on', passedOn(9), 'forward'),
  ];
}

function passedOn(count: number): Partial<Question> {
  const body = {
    ...BODY,
    target_server: 'carol.example.org',
    target_users: ['carol@carol.example.org'],
  };
  const path = [
    alice.name,
    ...Array.from({ length: count - 1 }, (_, at) => hopServer(at + 1).name),
  ];
  const hop = hopServer(count - 1);
  return {
    relay: relayOf({
      body,
      origin: alice,
      hop,
      underway: { route_path: path, metadata: { ...metadata, hop_count: count } },
    }),
    peer: hop,
  };
}

/** What changes on the way, under one signature or the other. */
function signatures(): Draft[] {
  const right = made();
  const { route_signature: route, origin_signature: origin, ...unsigned } = right;
  const bits = [0, 255, 256, 511];
  const flipped = (member: string, bit: number): string =>
    base64url(flip(fromBase64url(String(right[member])), bit));
  const rehopped = (change: JsonObject): JsonObject =>
    signed(alice.key, { ...right, ...change }, 'route_signature');
  const immutable = {
    ...Object.fromEntries(ORIGIN.map((name) => [name, BODY[name] ?? null])),
    encrypted_payloads: BODY.encrypted_payloads ?? {},
  };
  const harmless = [
    'origin_server',
    'target_server',
    'target_users',
    'sender_user_id',
    'classification',
  ];
  const inMetadata = eachChanged(
    Object.fromEntries(FROM_METADATA.map((name) => [name, (metadata as JsonObject)[name] ?? null])),
  );
  return [
    ...eachChanged(unsigned).map(([what, changed]) =>
      refuse(grounds.hop, `${what}-after-the-hop-signed`, {
        relay: { ...changed, origin_signature: origin ?? null, route_signature: route ?? null },
      }),
    ),
    ...bits.map((bit) =>
      refuse(grounds.hop, `route-signature-bit-${bit}`, {
        relay: { ...right, route_signature: flipped('route_signature', bit) },
      }),
    ),
    refuse(grounds.hop, 'route-signature-zero', {
      relay: { ...right, route_signature: base64url(filled(64, 0)) },
    }),
    refuse(grounds.hop, 'route-signature-by-mallory', {
      relay: signed(mallory.key, right, 'route_signature'),
    }),
    ...eachChanged(immutable)
      .filter(([what]) => !harmless.some((name) => what.startsWith(name.replaceAll('_', '-'))))
      .map(([what, changed]) =>
        refuse(grounds.origin, `${what}-by-a-hop`, { relay: rehopped(changed) }),
      ),
    ...inMetadata
      .filter(([what]) => !what.startsWith('original-timestamp') && !what.startsWith('ttl'))
      .map(([what, changed]) =>
        refuse(grounds.origin, `${what}-by-a-hop`, {
          relay: rehopped({ metadata: { ...metadata, ...changed } }),
        }),
      ),
    refuse(grounds.origin, 'ttl-shortened-by-a-hop', {
      relay: rehopped({ metadata: { ...metadata, ttl: 3600 } }),
    }),
    refuse(grounds.origin, 'made-later-by-a-hop', {
      relay: rehopped({ metadata: { ...metadata, original_timestamp: NOW } }),
    }),
    refuse(grounds.origin, 'label-lowered-by-a-hop', {
      level: 'verified',
      permissions: [...levels.verified.permissions],
      relay: signed(
        alice.key,
        { ...made({ classification: 'official_use_only' }), classification: 'unclassified' },
        'route_signature',
      ),
    }),
    refuse(grounds.origin, 'user-added-by-a-hop', {
      relay: rehopped({ target_users: [`bob@${bob.name}`, `carol@${bob.name}`] }),
    }),
    ...bits.map((bit) =>
      refuse(grounds.origin, `origin-signature-bit-${bit}`, {
        relay: rehopped({ origin_signature: flipped('origin_signature', bit) }),
      }),
    ),
    refuse(grounds.origin, 'origin-signature-zero', {
      relay: rehopped({ origin_signature: base64url(filled(64, 0)) }),
    }),
    refuse(grounds.origin, 'origin-signature-by-mallory', {
      relay: relayOf({ ...DIRECT, origin: mallory }),
    }),
    refuse(grounds.origin, 'origin-signature-by-a-hop', {
      ...overHops(2),
      relay: relayOf({
        ...DIRECT,
        origin: hopServer(1),
        hop: hopServer(1),
        underway: {
          route_path: [alice.name, hopServer(1).name],
          metadata: { ...metadata, hop_count: 2 },
        },
      }),
    }),
    refuse(grounds.origin, 'origin-signature-of-another-message', {
      relay: rehopped({
        origin_signature: made({ message_id: seededUuid('another') }).origin_signature ?? null,
      }),
    }),
    refuse(grounds.origin, 'key-of-another-origin', { ...overHops(2), origin: mallory }),
  ];
}

function parts(): Draft[] {
  const variants = {
    plain: made(),
    secret: made({ classification: 'secret' }),
    file: made({ message_type: 'file' }),
    over: overHops(3).relay ?? {},
  };
  return Object.entries(variants).map(([name, relay]) =>
    valid(
      grounds.value,
      `origin-bytes-${name}`,
      { function: 'origin-bytes', relay },
      { signed_hex: hex(canonicalBytes(originPart(relay))) },
    ),
  );
}

export const relay: CategorySource = {
  category: 'relay',
  prefix: 'V-REL',
  title: 'Relay of a message',
  description:
    'The origin signs canonical JSON of {type: relay_origin, payloads_hash (BLAKE3 of the canonical ' +
    'encrypted_payloads), message_id, federation_id, origin_server, target_server, target_users, ' +
    'sender_user_id, sender_device_id, conversation_id, message_type, classification, sequence_number, ' +
    'prev_message_hash, original_timestamp, ttl, priority, delivery_requirements}; the last server of ' +
    'route_path signs the whole message but route_signature. Times are microseconds, ttl seconds.',
  functions: {
    'origin-bytes': {
      does: 'what origin_signature covers.',
      input: { relay: message },
      output: { signed_hex: octets },
    },
    check: {
      does: 'deliver when server_id is the target, forward when it is another; reject unless: message_relay is permitted (and file_transfer for message_type file); size within the level (basic 1048576, above 16777216) and max_message_bytes; route_path begins with the origin and ends with peer; hop_count is its length, at most 10 and at most max_hops, one less when forwarding; server_id is not in it; ttl 1…86400 and now ≤ original_timestamp + ttl; original_timestamp at most 300 s ahead; federation_timestamp within 60 s; sender of the origin; users of the target; label within the ceiling of the level; both signatures hold; above basic an origin that is not the peer is trusted itself.',
      input: {
        server_id: text,
        peer: text,
        peer_public_key: octetsOf(32),
        origin_public_key: octetsOf(32),
        origin_is_trusted: flag,
        level: text,
        permissions: listOf(text),
        max_message_bytes: from(0),
        size: from(0),
        now: from(0),
        relay: message,
      },
      output: { action: oneOf('deliver', 'forward') },
    },
  },
  flags: {
    'false-path': {
      bug: 'The path is not compared with the peer and the origin.',
      effect: 'A server hides that it has handled a message, or blames another.',
    },
    'hop-count': {
      bug: 'Hops are not counted, or the sender sets the limit.',
      effect: 'Messages wander on and multiply load.',
    },
    loop: {
      bug: 'A server does not look for itself in the path.',
      effect: 'Two servers send one message to each other for ever.',
    },
    outlived: {
      bug: 'The life of a message is not bounded.',
      effect: 'A recorded message is delivered after every cache has forgotten it.',
    },
    'stale-hop': {
      bug: 'The times of a message are not compared with the clock.',
      effect: 'Replays of whole hops pass; messages of the future stay for ever.',
    },
    'foreign-sender': {
      bug: 'The sender need not belong to the origin.',
      effect: 'A server speaks for the users of another.',
    },
    'foreign-user': {
      bug: 'Users of other servers are delivered to.',
      effect: 'Existence of users leaks, and payloads end at the wrong place.',
    },
    label: {
      bug: 'The label is not compared with the level of the link.',
      effect: 'Classified messages travel over links that must not carry them.',
    },
    size: {
      bug: 'Level or certificate do not bound the size.',
      effect: 'A barely trusted peer fills memory and disk.',
    },
    permission: {
      bug: 'Permissions are not asked for.',
      effect: 'A peer does what its certificate does not allow.',
    },
    'forged-hop': {
      bug: 'The signature of the last hop is not checked.',
      effect: 'Path, hop count and times can be changed on the way.',
    },
    'forged-origin': {
      bug: 'The origin’s signature is not checked, or leaves something out.',
      effect: 'Any hop changes recipients, label or content, or invents messages.',
    },
    'unknown-origin': {
      bug: 'Trust in the last hop is taken for trust in the origin.',
      effect: 'Trust is inherited along a path.',
    },
  },
  drafts: () => [
    takes(grounds.hop, 'direct', {}),
    ...parts(),
    ...hops(),
    ...times(),
    ...labels(),
    ...sizes(),
    ...parties(),
    ...signatures(),
  ],
};
