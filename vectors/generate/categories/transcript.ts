/** V-TRN: what the transcript hash of a handshake covers (L-H02, L-H03). */
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { base64url, concat, filled, hex, seeded, seededUuid, utf8 } from '../primitives/bytes.ts';
import { canonicalBytes, canonicalText, type JsonObject } from '../primitives/canonical-json.ts';
import { blake3 } from '../primitives/hash.ts';
import { seededKey, signed } from '../primitives/signature.ts';
import { type Layer, labels, runningHashes, transcriptHash } from '../primitives/transcript.ts';
import { trustRun } from '../primitives/trust-run.ts';
import { listOf, message, octetsOf, oneOf } from '../shape.ts';
import { eachChanged, eachDropped } from '../variation.ts';

const grounds = {
  formula: { requirements: ['X-TRN-01', 'X-TRN-02'], readings: ['L-H02'], flags: ['formula'] },
  covered: {
    requirements: ['X-TRN-01', 'X-TRN-03', 'X-TRN-05'],
    readings: ['L-H02'],
    flags: ['uncovered'],
  },
  label: { requirements: ['X-TRN-02'], readings: ['L-H02'], flags: ['label'] },
  canonical: {
    requirements: ['X-CAN-01', 'X-TRN-01'],
    readings: ['L-S01', 'L-H02'],
    flags: ['formula'],
  },
  lists: { requirements: ['X-TRN-03', 'X-CS-04'], readings: ['L-H02'], flags: ['uncovered'] },
  suite: { requirements: ['X-TRN-01'], readings: ['L-H10'], flags: ['suite-hash'] },
  alpn: { requirements: ['F-HS-07', 'X-TRN-03'], readings: ['L-H03'], flags: ['uncovered'] },
  running: { requirements: ['X-TRN-08', 'T-TRN-01'], readings: ['L-H03'], flags: ['splice'] },
} satisfies Record<string, Grounds>;

/** TV §3, members in the document's own order. */
const REQUEST = {
  type: 'connection_request',
  client_versions: ['1.2', '2.0'],
  preferred_version: '2.0',
  capabilities: ['messaging', 'e2ee'],
};
const ACCEPTED = {
  type: 'connection_accepted',
  negotiated_version: '2.0',
  server_capabilities: ['messaging', 'e2ee'],
  compatibility_mode: false,
};

const bytes = (name: string, length: number): string => base64url(seeded(name, length));

const FULL_REQUEST = {
  ...REQUEST,
  cipher_suites: ['0101', '0001'],
  client_nonce: bytes('client nonce', 12),
  ephemeral_public_key: bytes('client ephemeral', 32),
};
const FULL_ACCEPTED = {
  ...ACCEPTED,
  server_id: 'acme.example',
  cipher_suite: '0001',
  server_nonce: bytes('server nonce', 12),
  ephemeral_public_key: bytes('server ephemeral', 32),
};

const acme = seededKey('acme');
const OFFER = signed(acme, {
  type: 'federation_handshake',
  requesting_server: 'acme.example',
  target_server: 'bravo.example',
  protocol_version: '2.0',
  supported_versions: ['2.0', '1.1'],
  capabilities: ['federation', 'message_relay'],
  compatibility_requirements: {
    min_trust_level: 'basic',
    required_features: ['message_relay'],
    optional_features: [],
  },
  norc_t_versions: ['2.0', '1.1'],
  alpn_offer: ['norc-f/2.0', 'norc-f/1.1'],
  cipher_suites: ['0101', '0001'],
  client_nonce: bytes('link nonce', 12),
  ephemeral_public_key: bytes('link ephemeral', 32),
});
const ANSWER = {
  type: 'federation_handshake_response',
  responding_server: 'bravo.example',
  accepted_version: '2.0',
  compatibility_mode: false,
  shared_capabilities: ['federation', 'message_relay'],
  version_warnings: [],
  connection_id: seededUuid('connection'),
  cipher_suite: '0001',
  server_nonce: bytes('link answer nonce', 12),
  ephemeral_public_key: bytes('link answer ephemeral', 32),
  norc_t_version: '2.0',
};

interface Handshake {
  readonly name: string;
  readonly layer: Layer;
  readonly suite: string;
  readonly messages: readonly JsonObject[];
}

const handshakes: readonly Handshake[] = [
  { name: 'client-of-the-plan', layer: 'client', suite: '0001', messages: [REQUEST, ACCEPTED] },
  { name: 'client', layer: 'client', suite: '0001', messages: [FULL_REQUEST, FULL_ACCEPTED] },
  { name: 'link', layer: 'federation', suite: '0001', messages: [OFFER, ANSWER] },
];

const asked = (name: string, { layer, suite, messages }: Omit<Handshake, 'name'>): JsonObject => ({
  function: name,
  layer,
  suite,
  messages,
});

const hashed = (about: Grounds, name: string, handshake: Omit<Handshake, 'name'>): Draft =>
  valid(about, name, asked('hash', handshake), {
    transcript_hash: hex(transcriptHash(handshake.layer, handshake.messages, handshake.suite)),
  });

function values(): Draft[] {
  const own = { layer: 'client', suite: '0001', messages: [FULL_REQUEST, FULL_ACCEPTED] } as const;
  const link = { layer: 'federation', suite: '0001', messages: [OFFER, ANSWER] } as const;
  const ended = { ...ANSWER, transcript_hash: bytes('any', 32), signature: bytes('any', 64) };
  return [
    ...handshakes.map((handshake) => hashed(grounds.formula, handshake.name, handshake)),
    hashed(grounds.suite, 'client-with-sha-256', { ...own, suite: '0002' }),
    hashed(grounds.suite, 'client-with-the-hybrid-suite', { ...own, suite: '0101' }),
    hashed(grounds.suite, 'link-with-sha-256', { ...link, suite: '0002' }),
    hashed(grounds.alpn, 'link-without-its-own-hash-and-signature', {
      ...link,
      messages: [OFFER, ended],
    }),
    hashed(grounds.formula, 'no-message-yet', { layer: 'trust', suite: '0001', messages: [] }),
    hashed(grounds.canonical, 'null-member-is-absent', {
      ...own,
      messages: [{ ...FULL_REQUEST, pq_public_key: null }, FULL_ACCEPTED],
    }),
    hashed(grounds.covered, 'unknown-member-is-covered', {
      ...own,
      messages: [{ ...FULL_REQUEST, x_new: [1] }, FULL_ACCEPTED],
    }),
  ];
}

/** A hash that belongs to something else than these messages. */
function twin(about: Grounds, name: string, handshake: Handshake, hash: Uint8Array): Draft {
  return invalid(about, name, { ...asked('check', handshake), transcript_hash: hex(hash) });
}

function formulas(): Draft[] {
  return handshakes.flatMap((handshake) => {
    const { name, layer, suite, messages } = handshake;
    const right = transcriptHash(layer, messages, suite);
    const label = labels[layer];
    const texts = messages.map(canonicalText);
    const unsorted = messages.map((one) => JSON.stringify(one));
    const over = (...parts: readonly string[]): Uint8Array => blake3(utf8(parts.join('')));
    const others = {
      'members-not-sorted': over(label, ...unsorted),
      'without-label': over(...texts),
      'bars-between': over([label, ...texts].join('||')),
      'bars-between-and-not-sorted': over([label, ...unsorted].join('||')),
      'line-feeds-between': over([label, ...texts].join('\n')),
      'null-after-the-label': over(`${label}\u0000`, ...texts),
      'lengths-between': blake3(
        utf8(label),
        ...messages.flatMap((one) => [Uint8Array.of(0, 0, 0, 1), canonicalBytes(one)]),
      ),
      'messages-as-one-list': over(label, canonicalText([...messages])),
      'messages-swapped': transcriptHash(layer, messages.toReversed(), suite),
      'first-message-only': transcriptHash(layer, messages.slice(0, 1), suite),
      'second-message-only': transcriptHash(layer, messages.slice(1), suite),
      'first-message-twice': transcriptHash(layer, [...messages.slice(0, 1), ...messages], suite),
      'hash-of-hashes': blake3(utf8(label), ...messages.map((one) => blake3(canonicalBytes(one)))),
      'hash-of-another-suite': transcriptHash(layer, messages, '0002'),
      'all-zero': filled(32, 0),
      'truncated-and-filled': concat(right.subarray(0, 16), filled(16, 0)),
    };
    const wrongLabels = Object.values(labels).filter((other) => other !== label);
    return [
      valid(grounds.formula, `${name}-checks`, {
        ...asked('check', handshake),
        transcript_hash: hex(right),
      }),
      ...Object.entries(others).map(([what, hash]) =>
        twin(grounds.formula, `${name}-${what}`, handshake, hash),
      ),
      ...wrongLabels.map((other) =>
        twin(grounds.label, `${name}-under-${other}`, handshake, over(other, ...texts)),
      ),
    ];
  });
}

/** The hash stays, one member of one message does not: a middleman at work. */
function altered(): Draft[] {
  return handshakes.slice(1).flatMap((handshake) => {
    const { name, layer, suite, messages } = handshake;
    const right = transcriptHash(layer, messages, suite);
    return messages.flatMap((one, at) =>
      [...eachChanged(one), ...eachDropped(one)].map(([what, changed]) => {
        const about = /lists|suites|versions|capabilities/.test(what)
          ? grounds.lists
          : grounds.covered;
        const inside = { ...handshake, messages: messages.with(at, changed) };
        return twin(about, `${name}-message-${at + 1}-${what}`, inside, right);
      }),
    );
  });
}

function running(): Draft[] {
  const messages = trustRun().messages;
  const answer = (of: readonly JsonObject[]): VectorValue => ({
    transcript_hashes: runningHashes(of).map(hex),
  });
  return messages.map((_, at) =>
    valid(
      grounds.running,
      `trust-first-${at + 1}`,
      { function: 'running', messages: messages.slice(0, at + 1) },
      answer(messages.slice(0, at + 1)),
    ),
  );
}

const hash = octetsOf(32);
const shape = {
  layer: oneOf('client', 'federation', 'trust'),
  suite: oneOf('0001', '0002', '0101'),
  messages: listOf(message),
};

export const transcript: CategorySource = {
  category: 'transcript',
  title: 'Transcript of a handshake',
  description:
    'hash(label ‖ canonical message ‖ canonical message …) without anything between. Labels: client ' +
    'norc-c-handshake-v1, federation norc-f-handshake-v1, trust norc-t-handshake-v1. BLAKE3-256, of ' +
    'suite 0002 SHA-256. In a federation handshake the second message is covered without its own ' +
    'transcript_hash and signature. Messages are JSON objects; bring them into canonical form first.',
  functions: {
    hash: {
      does: 'the transcript hash of the messages.',
      input: shape,
      output: { transcript_hash: hash },
    },
    check: {
      does: 'whether transcript_hash is that of the messages; reject any other.',
      input: { ...shape, transcript_hash: hash },
      output: {},
    },
    running: {
      does: 'for each message of a trust exchange the hash over all messages before it, signatures included.',
      input: { messages: listOf(message) },
      output: { transcript_hashes: listOf(hash) },
    },
  },
  flags: {
    formula: {
      bug: 'The transcript is not label and canonical messages one after the other.',
      effect: 'Implementations cannot talk, or two different handshakes have one transcript.',
    },
    uncovered: {
      bug: 'A member of a handshake message is outside the transcript.',
      effect: 'A middleman strikes a version, a suite or a capability, and neither side notices.',
    },
    label: {
      bug: 'The label of another layer, or none, is used.',
      effect: 'A handshake of one layer can be passed off as one of another.',
    },
    'suite-hash': {
      bug: 'The hash does not follow the suite of the link.',
      effect: 'A link that must be FIPS only is not.',
    },
    splice: {
      bug: 'A message does not cover those before it with their signatures.',
      effect: 'A decision of one run can be spliced into another.',
    },
  },
  drafts: () => [...values(), ...formulas(), ...altered(), ...running()],
};
