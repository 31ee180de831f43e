/** V-KDF: HKDF-BLAKE3 and the keys of a link (L-H05 to L-H07, L-H14, profile 5.5). */
import { labels } from '../../../spec/emitted/registries.ts';
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { concat, filled, flip, fromHex, hex, seeded, utf8 } from '../primitives/bytes.ts';
import { hkdf, hmacBlake3, sha256 } from '../primitives/hash.ts';
import { derive, masterSecret, type Secrets, serverFinished } from '../primitives/key-schedule.ts';
import { from, octets, octetsOf, optional, text } from '../shape.ts';

const grounds = {
  hmac: { requirements: ['X-KDF-01'], readings: ['L-H05'], flags: ['keyed-mode'] },
  hkdf: { requirements: ['X-KDF-01'], readings: ['L-H05', 'L-H06'], flags: ['argument-order'] },
  master: {
    requirements: ['X-KDF-03', 'X-KDF-04', 'X-TRN-04'],
    readings: ['L-H07'],
    flags: ['unbound-secret'],
  },
  hybrid: { requirements: ['X-KDF-02'], readings: ['L-H13'], flags: ['secret-order'] },
  trust: { requirements: ['X-TRN-04'], readings: ['L-H14'], flags: ['unbound-secret'] },
  direction: { requirements: ['X-KDF-06'], readings: ['L-H06'], flags: ['shared-direction'] },
  label: { requirements: ['X-KDF-05'], readings: ['L-H07'], flags: ['free-label'] },
  finished: { requirements: ['X-TRN-07'], readings: ['L-H04'], flags: ['partial-comparison'] },
} satisfies Record<string, Grounds>;

const TRANSCRIPT = fromHex('7f21824d2e0ca57a2185657446c1650cc285e525c2932bf81ae892ab310f1430');

/** The row of the plan. */
const PLAN: Secrets = {
  client_nonce: utf8('clientnonce0'),
  server_nonce: utf8('servernonce0'),
  classical_secret: fromHex('c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552'),
  version: '2.0',
  suite: '0001',
  transcript_hash: TRANSCRIPT,
};

function asked(name: string, members: object): { readonly [name: string]: VectorValue } {
  const entries = Object.entries(members).map(([member, value]) => [
    member,
    value instanceof Uint8Array ? hex(value) : value,
  ]);
  return { function: name, ...Object.fromEntries(entries) };
}

function hmacs(): Draft[] {
  const cases: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
    ['abc-under-key', utf8('key'), utf8('abc')],
    ['empty', new Uint8Array(), new Uint8Array()],
    ['key-of-32', seeded('hmac key', 32), seeded('hmac text', 100)],
    ['key-of-a-block', seeded('hmac key', 64), seeded('hmac text', 64)],
    ['key-above-a-block', seeded('hmac key', 65), seeded('hmac text', 65)],
    [
      'key-of-131',
      filled(131, 0xaa),
      utf8('Test Using Larger Than Block-Size Key - Hash Key First'),
    ],
    ['key-with-trailing-zero', Uint8Array.of(1, 0), utf8('abc')],
    ['text-of-1025', seeded('hmac key', 32), seeded('hmac text', 1025)],
  ];
  return cases.map(([name, key, data]) =>
    valid(grounds.hmac, `hmac-${name}`, asked('hmac-blake3', { key, data }), {
      mac: hex(hmacBlake3(key, data)),
    }),
  );
}

function derivations(): Draft[] {
  const secret = seeded('hkdf secret', 32);
  const salt = seeded('hkdf salt', 24);
  const info = utf8('norc:ms:v1');
  const cases: readonly (readonly [string, Uint8Array, Uint8Array, Uint8Array, number])[] = [
    ['one-block', salt, secret, info, 32],
    ['empty-salt', new Uint8Array(), secret, info, 32],
    ['zero-salt-is-the-same', filled(32, 0), secret, info, 32],
    ['empty-info', salt, secret, new Uint8Array(), 32],
    ['empty-secret', salt, new Uint8Array(), info, 32],
    ['shorter-than-a-block', salt, secret, info, 16],
    ['one-byte-more', salt, secret, info, 33],
    ['three-blocks', salt, secret, info, 96],
    ['long-salt', seeded('hkdf salt', 80), secret, info, 32],
    ['longest', salt, secret, info, 8160],
  ];
  return [
    ...cases.map(([name, withSalt, ikm, about, length]) =>
      valid(
        grounds.hkdf,
        `hkdf-${name}`,
        asked('hkdf-blake3', { salt: withSalt, ikm, info: about, length }),
        { okm: hex(hkdf(withSalt, ikm, about, length)) },
      ),
    ),
    invalid(
      grounds.hkdf,
      'hkdf-too-long',
      asked('hkdf-blake3', { salt, ikm: secret, info, length: 8161 }),
    ),
    invalid(
      grounds.hkdf,
      'hkdf-of-no-length',
      asked('hkdf-blake3', { salt, ikm: secret, info, length: 0 }),
    ),
  ];
}

function masters(): Draft[] {
  const made = (about: Grounds, name: string, secrets: Secrets): Draft =>
    valid(about, `master-${name}`, asked('master-secret', secrets), {
      master_secret: hex(masterSecret(secrets)),
    });
  const pq = filled(32, 0x42);
  const hybrid: Secrets = { ...PLAN, suite: '0101', pq_secret: pq };
  const swapped = { ...hybrid, classical_secret: pq, pq_secret: PLAN.classical_secret };
  const changes: Readonly<Record<string, Partial<Secrets>>> = {
    'other-client-nonce': { client_nonce: utf8('clientnonce1') },
    'other-server-nonce': { server_nonce: utf8('servernonce1') },
    'nonces-swapped': { client_nonce: PLAN.server_nonce, server_nonce: PLAN.client_nonce },
    'other-secret': { classical_secret: seeded('shared secret', 32) },
    'other-version': { version: '1.1' },
    'version-of-two-digits': { version: '2.10' },
    'other-suite': { suite: '0002' },
    'other-transcript': { transcript_hash: flip(TRANSCRIPT, 0) },
  };
  return [
    made(grounds.master, 'of-the-plan', PLAN),
    made(grounds.hybrid, 'hybrid-of-the-plan', hybrid),
    made(grounds.hybrid, 'hybrid-secrets-swapped', swapped),
    made(grounds.trust, 'bound-to-a-trust-transcript', {
      ...PLAN,
      trust_transcript_hash: filled(32, 1),
    }),
    made(grounds.trust, 'hybrid-bound-to-a-trust-transcript', {
      ...hybrid,
      trust_transcript_hash: filled(32, 1),
    }),
    ...Object.entries(changes).map(([name, change]) =>
      made(grounds.master, name, { ...PLAN, ...change }),
    ),
    ...wrongSizes(hybrid),
  ];
}

/** Lengths that X-TRN-06, RFC 7748 and FIPS 203 fix. */
function wrongSizes(hybrid: Secrets): Draft[] {
  const members = [
    'client_nonce',
    'server_nonce',
    'classical_secret',
    'pq_secret',
    'transcript_hash',
  ] as const;
  const sizes: Grounds = {
    requirements: ['X-TRN-06', 'X-KDF-04'],
    readings: ['L-H07'],
    flags: ['loose-lengths'],
  };
  return members.flatMap((member) => {
    const right = hybrid[member] ?? new Uint8Array();
    const others = {
      short: right.subarray(1),
      long: concat(right, Uint8Array.of(0)),
      empty: new Uint8Array(),
    };
    return Object.entries(others).map(([what, bytes]) =>
      invalid(
        sizes,
        `master-${what}-${member.replaceAll('_', '-')}`,
        asked('master-secret', { ...hybrid, [member]: bytes }),
      ),
    );
  });
}

const DERIVED = ['norc:tk:c2s:v1', 'norc:tk:s2c:v1', 'norc:fin:s2c:v1'] as const;

const FREE_LABELS = {
  empty: '',
  unprefixed: 'tk:c2s:v1',
  'prefix-only': 'norc:',
  unknown: 'norc:unknown:v1',
  'other-prefix': 'nork:tk:c2s:v1',
  'upper-case': 'NORC:TK:C2S:V1',
  'space-before': ' norc:tk:c2s:v1',
  'null-after': 'norc:tk:c2s:v1\u0000',
  'other-version': 'norc:tk:c2s:v2',
  shortened: 'norc:tk:c2s',
  reserved: 'norc:ratchet:v1',
  'tls-style': 'tls13 c ap traffic',
  'hash-label': labels.clientHandshake,
  'request-label': labels.requestProof,
} as const;

function keys(): Draft[] {
  const master = masterSecret(PLAN);
  const other = masterSecret({ ...PLAN, suite: '0101', pq_secret: filled(32, 0x42) });
  const made = (name: string, secret: Uint8Array, label: string): Draft =>
    valid(grounds.direction, name, asked('derive', { master_secret: secret, label }), {
      key: hex(derive(secret, label)),
    });
  const wordOf = (label: string): string => label.replaceAll(':', '-');
  return [
    ...DERIVED.map((label) => made(`key-${wordOf(label)}`, master, label)),
    ...DERIVED.map((label) => made(`hybrid-key-${wordOf(label)}`, other, label)),
    ...Object.entries(FREE_LABELS).map(([name, label]) =>
      invalid(grounds.label, `label-${name}`, asked('derive', { master_secret: master, label })),
    ),
  ];
}

function finished(): Draft[] {
  const master = masterSecret(PLAN);
  const right = serverFinished(master, TRANSCRIPT);
  const input = { master_secret: master, transcript_hash: TRANSCRIPT };
  const wrong = (name: string, mac: Uint8Array): Draft =>
    invalid(grounds.finished, `finished-${name}`, asked('verify-finished', { ...input, mac }));
  const clientKey = derive(master, 'norc:tk:c2s:v1');
  return [
    valid(grounds.finished, 'finished-of-the-plan', asked('finished', input), { mac: hex(right) }),
    valid(
      grounds.finished,
      'finished-verifies',
      asked('verify-finished', { ...input, mac: right }),
    ),
    ...Array.from({ length: 32 }, (_, at) =>
      wrong(`byte-${at}-changed`, flip(right, 8 * at + (at % 8))),
    ),
    wrong('empty', new Uint8Array()),
    wrong('first-byte-only', right.subarray(0, 1)),
    wrong('first-half', right.subarray(0, 16)),
    wrong('one-byte-short', right.subarray(0, 31)),
    wrong('one-byte-long', concat(right, Uint8Array.of(0))),
    wrong('all-zero', filled(32, 0)),
    wrong('of-another-transcript', serverFinished(master, flip(TRANSCRIPT, 7))),
    wrong('by-the-traffic-key', hmacBlake3(clientKey, TRANSCRIPT)),
    wrong('by-the-master-secret', hmacBlake3(master, TRANSCRIPT)),
    wrong('transcript-itself', TRANSCRIPT),
    wrong('plain-hash', sha256(concat(master, TRANSCRIPT))),
  ];
}

export const keySchedule: CategorySource = {
  category: 'key-schedule',
  title: 'Key derivation',
  description:
    'HMAC and HKDF (RFC 5869) over BLAKE3-256 with its block of 64 bytes; arguments in the order salt, ' +
    'ikm, info, length. Master secret: salt client_nonce ‖ server_nonce (12 bytes each), ikm ' +
    'classical_secret ‖ pq_secret (32 bytes each), info "norc:ms:v1" ‖ version text ‖ suite (2 bytes) ' +
    '‖ transcript_hash, and after that "norc:bind:t:v1" ‖ trust_transcript_hash where there is one. A link of suite ' +
    '0002 extracts and expands over SHA-256 instead; all functions but master-secret are over BLAKE3.',
  functions: {
    'hmac-blake3': {
      does: 'HMAC-BLAKE3 of data under key.',
      input: { key: octets, data: octets },
      output: { mac: octetsOf(32) },
    },
    'hkdf-blake3': {
      does: 'extract and expand; a length outside 1…8160 is rejected.',
      input: { salt: octets, ikm: octets, info: octets, length: from(0) },
      output: { okm: octets },
    },
    'master-secret': {
      does: 'the master secret of 32 bytes; a nonce, secret or hash of another length is rejected.',
      input: {
        client_nonce: octets,
        server_nonce: octets,
        classical_secret: octets,
        pq_secret: optional(octets),
        version: text,
        suite: text,
        transcript_hash: octets,
        trust_transcript_hash: optional(octets),
      },
      output: { master_secret: octetsOf(32) },
    },
    derive: {
      does: 'hkdf(empty salt, master_secret, label, 32) for norc:tk:c2s:v1, norc:tk:s2c:v1 and norc:fin:s2c:v1; other labels are rejected.',
      input: { master_secret: octetsOf(32), label: text },
      output: { key: octetsOf(32) },
    },
    finished: {
      does: 'HMAC of the transcript hash under the key of label norc:fin:s2c:v1.',
      input: { master_secret: octetsOf(32), transcript_hash: octetsOf(32) },
      output: { mac: octetsOf(32) },
    },
    'verify-finished': {
      does: 'whether mac is that value in full; else reject.',
      input: { master_secret: octetsOf(32), transcript_hash: octetsOf(32), mac: octets },
      output: {},
    },
  },
  flags: {
    'keyed-mode': {
      bug: 'BLAKE3 is keyed by itself instead of through HMAC, or its block is taken for 32 bytes.',
      effect:
        'Implementations derive other keys; salts of other lengths than 32 are cut or refused.',
    },
    'argument-order': {
      bug: 'Salt, secret and info change places.',
      effect: 'Secrets are used as public salt, and two uses of one secret may give one key.',
    },
    'unbound-secret': {
      bug: 'Version, suite, nonces or transcript do not enter the master secret.',
      effect: 'A downgraded or spliced handshake arrives at the same keys and is never noticed.',
    },
    'secret-order': {
      bug: 'The post-quantum secret comes first or is left out.',
      effect: 'Hybrid protection is not there, or is with some peers only.',
    },
    'shared-direction': {
      bug: 'Both directions have one key.',
      effect: 'A frame can be reflected to its sender, and nonces repeat under one key.',
    },
    'free-label': {
      bug: 'Any label is derived from.',
      effect: 'Two protocols that share a secret get each other’s keys.',
    },
    'partial-comparison': {
      bug: 'The finished value is compared in part, or not at all.',
      effect: 'A middleman completes a handshake whose transcript he has changed.',
    },
    'loose-lengths': {
      bug: 'Nonces and secrets of other lengths are concatenated all the same.',
      effect: 'Bytes move from one field into the next: two sets of inputs have one master secret.',
    },
  },
  drafts: () => [...hmacs(), ...derivations(), ...masters(), ...keys(), ...finished()],
};
