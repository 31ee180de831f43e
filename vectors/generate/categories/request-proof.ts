/** V-REQ: the proof that goes with a federation request (L-F09). */

import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import {
  base64url,
  concat,
  filled,
  flip,
  hex,
  integer,
  prefixed,
  utf8,
} from '../primitives/bytes.ts';
import { canonicalBytes, type JsonObject } from '../primitives/canonical-json.ts';
import { blake3, sha256 } from '../primitives/hash.ts';
import { rfcKey, seededKey, sign } from '../primitives/signature.ts';
import { from, listOf, message, octets, octetsOf, text } from '../shape.ts';
import { numberWord } from '../variation.ts';

const grounds = {
  value: { requirements: ['F-AUTH-01', 'F-AUTH-02'], readings: ['L-F09'], flags: ['framing'] },
  collision: { requirements: ['F-AUTH-02'], readings: ['L-F09'], flags: ['framing'] },
  covered: { requirements: ['F-AUTH-01'], readings: ['L-F09'], flags: ['uncovered-field'] },
  fresh: { requirements: ['F-AUTH-03'], readings: ['L-F09'], flags: ['stale-proof'] },
  replay: { requirements: ['F-AUTH-03'], readings: ['L-F09'], flags: ['replayed-proof'] },
  target: { requirements: ['F-AUTH-04'], readings: ['L-F09'], flags: ['other-target'] },
  header: { requirements: ['F-AUTH-01'], readings: ['L-F09'], flags: ['loose-header'] },
} satisfies Record<string, Grounds>;

type Request = {
  readonly type: string;
  readonly requesting_server: string;
  readonly target_server: string;
  readonly timestamp: number;
  readonly body: JsonObject;
};

const NOW = 1_734_900_000;
const PLAN: Request = {
  type: 'user_lookup',
  requesting_server: 'alice.example.org',
  target_server: 'bob.example.org',
  timestamp: NOW,
  body: { type: 'user_lookup' },
};

const names = ({ type, requesting_server, target_server }: Request): string[] => [
  type,
  requesting_server,
  target_server,
];

const bytesOf = (request: Request): Uint8Array =>
  concat(
    utf8('norc-f-req-v1'),
    ...names(request).map(prefixed),
    integer(request.timestamp, 8),
    blake3(canonicalBytes(request.body)),
  );

const headerOf = (timestamp: number, signature: Uint8Array): string =>
  `ts=${timestamp};sig=${base64url(signature)}`;
const proofOf = (request: Request, key = rfcKey): string =>
  headerOf(request.timestamp, sign(key, bytesOf(request)));

function signs(about: Grounds, name: string, change: Partial<Request> = {}): Draft {
  const request = { ...PLAN, ...change };
  const input = { function: 'sign', ...request, secret_key: hex(rfcKey.secret) };
  return valid(about, name, input, { signed_hex: hex(bytesOf(request)), header: proofOf(request) });
}

function asked(header: string, change: object = {}): VectorValue {
  const { timestamp: _, ...request } = PLAN;
  return {
    function: 'verify',
    header,
    ...request,
    public_key: hex(rfcKey.public),
    now: NOW,
    seen: [],
    ...change,
  };
}

const RIGHT = proofOf(PLAN);
const refuse = (about: Grounds, name: string, header: string, change: object = {}): Draft =>
  invalid(about, name, asked(header, change));

function covered(): Draft[] {
  const changes: Readonly<Record<string, Partial<Request>>> = {
    'another-type': { type: 'health_check' },
    'another-requesting-server': { requesting_server: 'mallory.example.org' },
    'another-target-server': { target_server: 'mallory.example.org' },
    'another-body': { body: { type: 'user_lookup', user_queries: ['bob@bob.example.org'] } },
    'an-empty-body': { body: {} },
    'a-later-timestamp': { timestamp: NOW + 1 },
    'an-earlier-timestamp': { timestamp: NOW - 1 },
  };
  return Object.entries(changes).flatMap(([words, change]) => {
    const about = 'target_server' in change ? grounds.target : grounds.covered;
    const other = { ...PLAN, ...change };
    const moved = headerOf(NOW, sign(rfcKey, bytesOf(other)));
    const { timestamp, ...shown } = change;
    const seen =
      timestamp === undefined
        ? refuse(about, `shown-with-${words}`, RIGHT, shown)
        : refuse(about, `shown-with-${words}`, RIGHT.replace(String(NOW), String(timestamp)));
    return [
      signs(grounds.value, `signs-${words}`, change),
      refuse(about, `signed-with-${words}`, moved),
      seen,
    ];
  });
}

/** Two requests that are the same bytes when nothing tells where a field ends. */
function collisions(): Draft[] {
  const pairs: Readonly<Record<string, readonly [Partial<Request>, Partial<Request>]>> = {
    'of-two-servers': [
      { requesting_server: 'a.example.org', target_server: 'b.org' },
      { requesting_server: 'a.example.or', target_server: 'gb.org' },
    ],
    'of-type-and-server': [
      { type: 'trust_statusa', requesting_server: 'b.example' },
      { type: 'trust_status', requesting_server: 'ab.example' },
    ],
    'of-type-and-no-server': [
      { type: 'presence_federation', requesting_server: '' },
      { type: 'presence', requesting_server: '_federation' },
    ],
  };
  return Object.entries(pairs).flatMap(([what, [one, other]]) => [
    signs(grounds.collision, `pair-${what}-one`, one),
    signs(grounds.collision, `pair-${what}-other`, other),
    refuse(
      grounds.collision,
      `pair-${what}-one-shown-as-the-other`,
      proofOf({ ...PLAN, ...one }),
      other,
    ),
    refuse(
      grounds.collision,
      `pair-${what}-other-shown-as-the-one`,
      proofOf({ ...PLAN, ...other }),
      one,
    ),
  ]);
}

/** Encodings that somebody else reads out of the documents. */
function encodings(): Draft[] {
  const label = utf8('norc-f-req-v1');
  const time = integer(NOW, 8);
  const hash = blake3(canonicalBytes(PLAN.body));
  const texts = names(PLAN).map((name) => utf8(name));
  const lengths = names(PLAN).map(prefixed);
  const variants = {
    undelimited: concat(...texts, time, hash),
    'undelimited-with-label': concat(label, ...texts, time, hash),
    'without-label': concat(...lengths, time, hash),
    'another-label': concat(utf8('norc-t-dns-v1'), ...lengths, time, hash),
    'lengths-of-four-bytes': concat(
      label,
      ...texts.flatMap((one) => [integer(one.length, 4), one]),
      time,
      hash,
    ),
    'lengths-little-endian': concat(
      label,
      ...texts.flatMap((one) => [integer(one.length, 2).toReversed(), one]),
      time,
      hash,
    ),
    'time-of-four-bytes': concat(label, ...lengths, integer(NOW, 4), hash),
    'time-little-endian': concat(label, ...lengths, time.toReversed(), hash),
    'time-in-milliseconds': concat(label, ...lengths, integer(NOW * 1000, 8), hash),
    'time-as-text': concat(label, ...lengths, utf8(String(NOW)), hash),
    'without-time': concat(label, ...lengths, hash),
    'hash-by-sha-256': concat(label, ...lengths, time, sha256(canonicalBytes(PLAN.body))),
    'hash-in-hex': concat(label, ...lengths, time, utf8(hex(hash))),
    'body-itself': concat(label, ...lengths, time, canonicalBytes(PLAN.body)),
    'without-body': concat(label, ...lengths, time),
    'requester-and-target-swapped': concat(
      label,
      ...[lengths[0], lengths[2], lengths[1]].map((one) => one ?? label),
      time,
      hash,
    ),
    'nul-terminated': concat(label, ...texts.flatMap((one) => [one, Uint8Array.of(0)]), time, hash),
  };
  return Object.entries(variants).map(([name, bytes]) =>
    refuse(grounds.value, `bytes-${name}`, headerOf(NOW, sign(rfcKey, bytes))),
  );
}

function freshness(): Draft[] {
  const at = (skew: number): Draft => {
    const about = grounds.fresh;
    const name = `at-a-skew-of-${numberWord(skew)}`;
    const input = asked(RIGHT, { now: NOW + skew });
    return Math.abs(skew) <= 60 ? valid(about, name, input) : invalid(about, name, input);
  };
  const milliseconds = { ...PLAN, timestamp: NOW * 1000 };
  const other = proofOf({ ...PLAN, body: {} });
  return [
    ...[1, -1, 59, -59, 60, -60, 61, -61, 300, -300, 86_400, -86_400].map(at),
    refuse(grounds.fresh, 'time-in-another-unit', proofOf(milliseconds)),
    refuse(grounds.fresh, 'time-zero', proofOf({ ...PLAN, timestamp: 0 })),
    valid(grounds.replay, 'after-another-proof', asked(RIGHT, { seen: [other] })),
    refuse(grounds.replay, 'seen-before', RIGHT, { seen: [RIGHT] }),
    refuse(grounds.replay, 'seen-before-others', RIGHT, { seen: [RIGHT, other] }),
    refuse(grounds.replay, 'seen-and-later', RIGHT, { seen: [RIGHT], now: NOW + 60 }),
  ];
}

function headers(): Draft[] {
  const signature = sign(rfcKey, bytesOf(PLAN));
  const text = base64url(signature);
  const wrong = {
    empty: '',
    'without-time': `sig=${text}`,
    'without-signature': `ts=${NOW}`,
    'signature-empty': `ts=${NOW};sig=`,
    'signature-cut': `ts=${NOW};sig=${text.slice(0, -1)}`,
    'signature-padded': `ts=${NOW};sig=${text}==`,
    'signature-in-hex': `ts=${NOW};sig=${hex(signature)}`,
    'signature-zero': `ts=${NOW};sig=${base64url(filled(64, 0))}`,
    'other-order': `sig=${text};ts=${NOW}`,
    'comma-between': `ts=${NOW},sig=${text}`,
    'space-between': `ts=${NOW}; sig=${text}`,
    'leading-zero': `ts=0${NOW};sig=${text}`,
    'plus-sign': `ts=+${NOW};sig=${text}`,
    'time-with-fraction': `ts=${NOW}.0;sig=${text}`,
    'time-in-hex': `ts=0x${NOW.toString(16)};sig=${text}`,
    'time-twice': `ts=${NOW};ts=${NOW};sig=${text}`,
    'something-after': `${RIGHT};x=1`,
    'capital-names': `TS=${NOW};SIG=${text}`,
    quoted: `ts="${NOW}";sig="${text}"`,
    'line-feed-after': `${RIGHT}\n`,
  };
  return [
    valid(grounds.header, 'header-of-the-plan', asked(RIGHT)),
    ...Object.entries(wrong).map(([name, header]) =>
      refuse(grounds.header, `header-${name}`, header),
    ),
    ...[0, 31, 32, 63].map((at) =>
      refuse(
        grounds.covered,
        `signature-byte-${at}-changed`,
        headerOf(NOW, flip(signature, 8 * at)),
      ),
    ),
    refuse(grounds.covered, 'signed-by-another', proofOf(PLAN, seededKey('stranger'))),
    refuse(grounds.covered, 'key-of-another', RIGHT, {
      public_key: hex(seededKey('stranger').public),
    }),
  ];
}

const request = { type: text, requesting_server: text, target_server: text, body: message };

export const requestProof: CategorySource = {
  category: 'request-proof',
  title: 'Proof of a federation request',
  description:
    'Ed25519 over "norc-f-req-v1" ‖ u16 length and UTF-8 of type, requesting_server, target_server ‖ time ' +
    'in seconds (u64) ‖ BLAKE3 of the canonical body; big-endian. Header: ts=<seconds>;sig=<base64url>, ' +
    'exactly so.',
  functions: {
    sign: {
      does: 'the signed bytes and the header.',
      input: { ...request, timestamp: from(0), secret_key: octetsOf(32) },
      output: { signed_hex: octets, header: text },
    },
    verify: {
      does: 'whether the header proves this request: signed, within 60 s of now, not among the headers seen; else reject. target_server is the verifier itself.',
      input: {
        header: text,
        ...request,
        public_key: octetsOf(32),
        now: from(0),
        seen: listOf(text),
      },
      output: {},
    },
  },
  flags: {
    framing: {
      bug: 'Fields are concatenated without lengths, or in other widths.',
      effect:
        'A proof for one server is a proof for another whose name begins where the first ends.',
    },
    'uncovered-field': {
      bug: 'Type, requester, time or body is not under the signature.',
      effect: 'A recorded proof is sent along with another request.',
    },
    'stale-proof': {
      bug: 'The time of the proof is not bounded by 60 s.',
      effect: 'Recorded requests are sent again later.',
    },
    'replayed-proof': {
      bug: 'A proof is accepted twice.',
      effect: 'Requests are repeated within the minute.',
    },
    'other-target': {
      bug: 'The target in the proof is not compared with oneself.',
      effect: 'A server passes on requests that were made to it.',
    },
    'loose-header': {
      bug: 'Other spellings of the header are read.',
      effect: 'The same proof has many forms, and replay protection sees none twice.',
    },
  },
  drafts: () => [
    signs(grounds.value, 'of-the-plan'),
    ...covered(),
    ...collisions(),
    ...encodings(),
    ...freshness(),
    ...headers(),
  ],
};
