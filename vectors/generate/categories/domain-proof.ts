/** V-DNS: the value of a domain challenge (L-T03, L-T04). */
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import {
  base64url,
  concat,
  filled,
  hex,
  prefixed,
  seeded,
  seededUuid,
  utf8,
} from '../primitives/bytes.ts';
import { domainValue } from '../primitives/domain-value.ts';
import { blake3, sha256 } from '../primitives/hash.ts';
import { rfcKey, seededKey } from '../primitives/signature.ts';
import { from, listOf, octets, octetsOf, text } from '../shape.ts';

const grounds = {
  value: { requirements: ['T-CHAL-05'], readings: ['L-T04'], flags: ['unbound-value'] },
  foreign: { requirements: ['T-CHAL-05'], readings: ['L-T04'], flags: ['passed-on-value'] },
  raw: {
    requirements: ['T-CHAL-05', 'T-CHAL-02'],
    readings: ['L-T04'],
    flags: ['passed-on-value'],
  },
  form: { requirements: ['T-CHAL-05'], readings: ['L-T03', 'L-S07'], flags: ['loose-form'] },
  look: { requirements: ['T-RESP-04'], readings: ['L-T03'], flags: ['no-look-up'] },
  late: { requirements: ['T-CHAL-06'], readings: ['L-T03'], flags: ['late-record'] },
} satisfies Record<string, Grounds>;

type Challenge = {
  readonly requesting_server: string;
  readonly challenging_server: string;
  readonly request_id: string;
  readonly challenge_id: string;
  readonly server_public_key: string;
  readonly nonce: string;
};

const PLAN: Challenge = {
  requesting_server: 'alice.example.org',
  challenging_server: 'bob.example.org',
  request_id: '11111111-1111-4111-8111-111111111111',
  challenge_id: '22222222-2222-4222-8222-222222222222',
  server_public_key: hex(rfcKey.public),
  nonce: hex(filled(32, 7)),
};
const MALLORY = hex(seededKey('mallory').public);

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

const challengeValue = (challenge: Challenge): string =>
  domainValue({
    requester: challenge.requesting_server,
    challenger: challenge.challenging_server,
    request_id: challenge.request_id,
    challenge_id: challenge.challenge_id,
    public_key: bytes(challenge.server_public_key),
    nonce: bytes(challenge.nonce),
  });

const OTHERS: Readonly<Record<string, Partial<Challenge>>> = {
  'another-requesting-server': { requesting_server: 'mallory.example.org' },
  'another-challenging-server': { challenging_server: 'mallory.example.org' },
  'another-request-id': { request_id: seededUuid('another request') },
  'another-challenge-id': { challenge_id: seededUuid('another challenge') },
  'another-server-public-key': { server_public_key: MALLORY },
  'another-nonce': { nonce: hex(filled(32, 8)) },
  'a-letter-moved': {
    ...{ requesting_server: 'alice.example.orgb', challenging_server: 'ob.example.org' },
  },
  'servers-swapped': {
    ...{ requesting_server: 'bob.example.org', challenging_server: 'alice.example.org' },
  },
  'ids-swapped': { request_id: PLAN.challenge_id, challenge_id: PLAN.request_id },
  'key-and-nonce-swapped': { server_public_key: PLAN.nonce, nonce: PLAN.server_public_key },
};

const made = (name: string, challenge: Challenge): Draft =>
  valid(
    grounds.value,
    name,
    { function: 'value', ...challenge },
    { value: challengeValue(challenge) },
  );

const checks = (expected_value: string): VectorValue => ({
  function: 'check',
  ...PLAN,
  expected_value,
});
const refuse = (about: Grounds, name: string, expected: string): Draft =>
  invalid(about, name, checks(expected));

/** Hashes over something less, or encoded otherwise. */
function encodings(): Draft[] {
  const texts = [
    PLAN.requesting_server,
    PLAN.challenging_server,
    PLAN.request_id,
    PLAN.challenge_id,
  ];
  const tail = concat(bytes(PLAN.server_public_key), bytes(PLAN.nonce));
  const label = utf8('norc-t-dns-v1');
  const lengths = texts.map(prefixed);
  const variants = {
    'without-lengths': blake3(label, ...texts.map(utf8), tail),
    'without-label': blake3(...lengths, tail),
    'without-nonce': blake3(label, ...lengths, bytes(PLAN.server_public_key)),
    'without-key': blake3(label, ...lengths, bytes(PLAN.nonce)),
    'without-identifiers': blake3(label, ...lengths.slice(0, 2), tail),
    'with-raw-identifiers': blake3(
      label,
      ...lengths.slice(0, 2),
      ...texts.slice(2).map((id) => bytes(id.replaceAll('-', ''))),
      tail,
    ),
    'by-sha-256': sha256(label, ...lengths, tail),
    'key-in-base64url': blake3(
      label,
      ...lengths,
      utf8(base64url(bytes(PLAN.server_public_key))),
      bytes(PLAN.nonce),
    ),
  };
  return Object.entries(variants).map(([name, hash]) =>
    refuse(grounds.value, `hash-${name}`, `norc-trust-${base64url(hash)}`),
  );
}

function forms(): Draft[] {
  const right = challengeValue(PLAN);
  const rest = right.slice('norc-trust-'.length);
  const wrong = {
    empty: '',
    'without-prefix': rest,
    'prefix-only': 'norc-trust-',
    'other-prefix': `norc-trust:${rest}`,
    'capital-prefix': `NORC-TRUST-${rest}`,
    padded: `${right}=`,
    'in-hex': `norc-trust-${hex(Uint8Array.from(Buffer.from(rest, 'base64url')))}`,
    'one-character-short': right.slice(0, -1),
    'one-character-long': `${right}A`,
    'space-after': `${right} `,
    quoted: `"${right}"`,
    'other-case': right.toUpperCase(),
    'stray-bits': right.slice(0, -1) + String.fromCharCode(right.charCodeAt(right.length - 1) + 1),
  };
  return [
    ...Object.entries(wrong).map(([name, value]) => refuse(grounds.form, `form-${name}`, value)),
    refuse(grounds.raw, 'random-value', `norc-trust-${base64url(seeded('random value', 32))}`),
    refuse(grounds.raw, 'nonce-itself', `norc-trust-${base64url(bytes(PLAN.nonce))}`),
    refuse(grounds.raw, 'key-itself', `norc-trust-${base64url(bytes(PLAN.server_public_key))}`),
    refuse(grounds.raw, 'all-zero', `norc-trust-${base64url(filled(32, 0))}`),
  ];
}

const NOW = 1_734_900_000;
const looked = (txt_records: readonly string[], observed_at = NOW): VectorValue => ({
  function: 'observe',
  ...PLAN,
  txt_records,
  observed_at,
  deadline: NOW + 86_400,
});

function observations(): Draft[] {
  const right = challengeValue(PLAN);
  const spf = 'v=spf1 -all';
  const miss = (name: string, records: readonly string[]): Draft =>
    invalid(grounds.look, `record-${name}`, looked(records));
  return [
    valid(grounds.look, 'record-alone', looked([right])),
    valid(grounds.look, 'record-among-others', looked([spf, right, 'norc-trust-old'])),
    valid(grounds.look, 'record-twice', looked([right, right])),
    miss('missing', []),
    miss('of-something-else', [spf]),
    miss('empty', ['']),
    miss('in-two-strings', [right.slice(0, 27), right.slice(27)]),
    miss('with-text-before', [`x=${right}`]),
    miss('with-text-after', [`${right};x`]),
    miss('with-space', [` ${right}`]),
    miss('in-capitals', [right.toUpperCase()]),
    ...Object.entries(OTHERS).map(([what, change]) =>
      miss(`with-${what}`, [challengeValue({ ...PLAN, ...change })]),
    ),
    valid(grounds.late, 'a-second-before-the-deadline', looked([right], NOW + 86_399)),
    ...[0, 1, 86_400].map((late) =>
      invalid(
        grounds.late,
        `${late}-seconds-after-the-deadline`,
        looked([right], NOW + 86_400 + late),
      ),
    ),
  ];
}

const challenge = {
  requesting_server: text,
  challenging_server: text,
  request_id: text,
  challenge_id: text,
  server_public_key: octetsOf(32),
  nonce: octets,
};

export const domainProof: CategorySource = {
  category: 'domain-proof',
  title: 'Value of a domain challenge',
  description:
    '"norc-trust-" followed by base64url of BLAKE3("norc-t-dns-v1" ‖ u16 length and UTF-8 of ' +
    'requesting_server, challenging_server, request_id, challenge_id ‖ server_public_key ‖ nonce).',
  functions: {
    value: { does: 'the value to publish.', input: challenge, output: { value: text } },
    check: {
      does: 'the requester’s side: whether the challenger’s expected_value is that of the challenge; else reject.',
      input: { ...challenge, expected_value: text },
      output: {},
    },
    observe: {
      does: 'the responder’s side: whether one of the TXT records that it saw itself, before the deadline, is the value; else reject.',
      input: { ...challenge, txt_records: listOf(text), observed_at: from(0), deadline: from(0) },
      output: {},
    },
  },
  flags: {
    'unbound-value': {
      bug: 'The value does not commit to key, names, ids and nonce.',
      effect: 'One record proves the domain for somebody else’s key.',
    },
    'passed-on-value': {
      bug: 'The requester publishes whatever it is told.',
      effect:
        'A middleman has the victim publish the value of his own request, and is trusted under his own key.',
    },
    'loose-form': {
      bug: 'Other spellings of the value are taken.',
      effect: 'Values that nobody computed match.',
    },
    'no-look-up': {
      bug: 'The responder does not compare the record itself.',
      effect: 'A server is trusted for a domain that it does not hold.',
    },
    'late-record': {
      bug: 'A record counts that was seen after the deadline.',
      effect: 'A domain taken over later proves an old request.',
    },
  },
  drafts: () => [
    made('of-the-plan', PLAN),
    ...Object.entries(OTHERS).map(([what, change]) => made(`with-${what}`, { ...PLAN, ...change })),
    valid(grounds.value, 'right-value', checks(challengeValue(PLAN))),
    ...Object.entries(OTHERS).map(([what, change]) =>
      refuse(grounds.foreign, `value-with-${what}`, challengeValue({ ...PLAN, ...change })),
    ),
    ...encodings(),
    ...forms(),
    ...observations(),
  ],
};
