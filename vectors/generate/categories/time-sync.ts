/** V-TIM: signed time and what it may move (X-TIME-04 to 06, L-X10, L-F22). */
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { base64url, filled, flip, fromBase64url, hex } from '../primitives/bytes.ts';
import {
  canonicalBytes,
  canonicalText,
  type JsonObject,
  without,
} from '../primitives/canonical-json.ts';
import { rfcKey, seededKey, sign, signed } from '../primitives/signature.ts';
import { from, message, octets, octetsOf, text, whole } from '../shape.ts';
import { eachChanged, eachDropped, numberWord } from '../variation.ts';

const grounds = {
  value: { requirements: ['X-TIME-04'], readings: ['L-S01', 'L-X10'], flags: ['unsigned-time'] },
  forged: { requirements: ['X-TIME-04'], readings: ['L-X10'], flags: ['unsigned-time'] },
  server: { requirements: ['X-TIME-04', 'X-SIG-02'], readings: ['L-X10'], flags: ['other-server'] },
  offset: { requirements: ['X-TIME-06'], readings: ['L-X10', 'L-F22'], flags: ['large-jump'] },
  unit: {
    requirements: ['X-CAN-14', 'X-TIME-06'],
    readings: ['L-S10', 'L-X10'],
    flags: ['wrong-unit'],
  },
} satisfies Record<string, Grounds>;

/** TV §14. */
const PLAN: JsonObject = {
  type: 'time_sync',
  server_time: 1_734_900_123,
  uncertainty_ms: 35,
  server_id: 'srv1.example.org',
};
const AT = 1_734_900_123;

function signs(name: string, body: JsonObject): Draft {
  const bytes = canonicalBytes(body);
  return valid(
    grounds.value,
    name,
    { function: 'sign', message: body, secret_key: hex(rfcKey.secret) },
    {
      canonical_hex: hex(bytes),
      signature: hex(sign(rfcKey, bytes)),
    },
  );
}

const asked = (body: JsonObject, change: object = {}): VectorValue => ({
  function: 'apply',
  message: body,
  server_id: 'srv1.example.org',
  public_key: hex(rfcKey.public),
  local_time: AT,
  margin_seconds: 5,
  ...change,
});

const refuse = (about: Grounds, name: string, body: JsonObject, change: object = {}): Draft =>
  invalid(about, name, asked(body, change));

function offsets(): Draft[] {
  const cases: readonly (readonly [margin: number, uncertainty: number, offset: number])[] = [
    ...[-5, -1, 0, 1, 5].map((offset) => [5, 0, offset] as const),
    ...[-6, 6, 60, -3600, 86_400].map((offset) => [5, 0, offset] as const),
    ...[-7, 7, 8, -8].map((offset) => [5, 2000, offset] as const),
    ...[-60, 60, 61, -61, 3600].map((offset) => [60, 0, offset] as const),
    ...[61, 62, -61, -62].map((offset) => [60, 1000, offset] as const),
    // A fraction of a second of uncertainty lets no further whole second in.
    ...[5, 6, -5, -6].map((offset) => [5, 999, offset] as const),
  ];
  return cases.map(([margin_seconds, uncertainty_ms, offset]) => {
    const body = signed(rfcKey, { ...PLAN, uncertainty_ms });
    const input = asked(body, { local_time: AT - offset, margin_seconds });
    const name = `offset-${numberWord(offset)}-margin-${margin_seconds}-uncertainty-${uncertainty_ms}`;
    const isCredible = Math.abs(offset) * 1000 <= uncertainty_ms + margin_seconds * 1000;
    if (!isCredible) return invalid(grounds.offset, name, input);
    return valid(grounds.offset, name, input, { offset_seconds: offset });
  });
}

function forgeries(): Draft[] {
  const right = signed(rfcKey, PLAN);
  const signature = fromBase64url(String(right.signature));
  const stranger = seededKey('stranger');
  const unsigned = without(right, 'signature');
  return [
    ...[...eachChanged(unsigned), ...eachDropped(unsigned)].map(([what, changed]) =>
      refuse(grounds.forged, what, { ...changed, signature: right.signature ?? null }),
    ),
    ...[0, 13, 31, 32, 50, 63].map((at) =>
      refuse(grounds.forged, `signature-byte-${at}-changed`, {
        ...PLAN,
        signature: base64url(flip(signature, 8 * at)),
      }),
    ),
    refuse(grounds.forged, 'signature-missing', PLAN),
    refuse(grounds.forged, 'signature-null', { ...PLAN, signature: null }),
    refuse(grounds.forged, 'signature-empty', { ...PLAN, signature: '' }),
    refuse(grounds.forged, 'signature-zero', { ...PLAN, signature: base64url(filled(64, 0)) }),
    refuse(grounds.forged, 'signature-in-hex', { ...PLAN, signature: hex(signature) }),
    refuse(grounds.forged, 'signature-padded', { ...PLAN, signature: `${right.signature}==` }),
    refuse(grounds.forged, 'signed-by-another', signed(stranger, PLAN)),
    refuse(grounds.forged, 'key-of-another', right, { public_key: hex(stranger.public) }),
    refuse(grounds.forged, 'member-added-after-signing', { ...right, leap: 1 }),
    refuse(grounds.forged, 'signed-in-the-order-of-the-document', {
      ...PLAN,
      signature: base64url(sign(rfcKey, Uint8Array.from(Buffer.from(JSON.stringify(PLAN))))),
    }),
    refuse(grounds.forged, 'signed-with-a-null-member-spelled', {
      ...PLAN,
      signature: base64url(
        sign(rfcKey, Uint8Array.from(Buffer.from(canonicalText(PLAN).replace('{', '{"a":null,')))),
      ),
    }),
    refuse(
      grounds.server,
      'of-another-server',
      signed(rfcKey, { ...PLAN, server_id: 'srv2.example.org' }),
    ),
    refuse(grounds.server, 'asked-of-another-server', right, { server_id: 'srv2.example.org' }),
    refuse(grounds.server, 'another-type', signed(rfcKey, { ...PLAN, type: 'ping' })),
    refuse(grounds.unit, 'in-milliseconds', signed(rfcKey, { ...PLAN, server_time: AT * 1000 })),
    refuse(
      grounds.unit,
      'in-microseconds',
      signed(rfcKey, { ...PLAN, server_time: AT * 1_000_000 }),
    ),
    refuse(grounds.unit, 'uncertainty-negative', signed(rfcKey, { ...PLAN, uncertainty_ms: -1 })),
  ];
}

export const timeSync: CategorySource = {
  category: 'time-sync',
  title: 'Signed time',
  description:
    'A server signs canonical JSON of its time_sync (server_time in seconds, uncertainty_ms). A logical ' +
    'offset is taken over when |server_time − local_time| ≤ uncertainty + margin (5 s for a client, 60 s ' +
    'between servers).',
  functions: {
    sign: {
      does: 'canonical bytes and signature of the message.',
      input: { message, secret_key: octetsOf(32) },
      output: { canonical_hex: octets, signature: octetsOf(64) },
    },
    apply: {
      does: 'server_time − local_time in seconds; reject what is not signed by public_key for server_id, not of this type, or too far off.',
      input: {
        message,
        server_id: text,
        public_key: octetsOf(32),
        local_time: whole,
        margin_seconds: from(0),
      },
      output: { offset_seconds: whole },
    },
  },
  flags: {
    'unsigned-time': {
      bug: 'The signature is not checked, or covers other bytes.',
      effect: 'Whoever is on the path moves clocks: expired certificates become valid again.',
    },
    'other-server': {
      bug: 'The time of any server is taken.',
      effect: 'One server with a wrong or hostile clock moves everybody’s.',
    },
    'large-jump': {
      bug: 'The offset is not bounded.',
      effect: 'A signed but wrong time lets replays back into their windows.',
    },
    'wrong-unit': {
      bug: 'Times in another unit are accepted.',
      effect: 'Freshness is judged by a factor of a thousand too generously.',
    },
  },
  drafts: () => [
    signs('signs-section-14', PLAN),
    signs('signs-another-time', { ...PLAN, server_time: 1, uncertainty_ms: 0 }),
    signs('signs-with-an-unknown-member', { ...PLAN, leap: 0 }),
    valid(grounds.value, 'applies-section-14', asked(signed(rfcKey, PLAN)), { offset_seconds: 0 }),
    ...offsets(),
    ...forgeries(),
  ],
};
