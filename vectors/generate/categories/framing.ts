/** V-FRM: the binary frame and its type bytes (L-W01, L-W02), and bodies that came compressed. */
import { messages } from '../../../spec/messages.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { concat, filled, fromHex, hex, integer, seeded } from '../primitives/bytes.ts';
import { decimal, flag, from, octets, octetsOf, optional, text } from '../shape.ts';
import { bodyDrafts } from './framing/bodies.ts';

const grounds = {
  layout: { requirements: ['X-FMT-01'], readings: ['L-W01'], flags: ['layout'] },
  truncated: { requirements: ['X-FMT-01'], readings: ['L-W01'], flags: ['short-frame'] },
  length: { requirements: ['X-FMT-01'], readings: ['L-W01'], flags: ['lying-length'] },
  bound: { requirements: ['X-FMT-03'], readings: ['L-W05'], flags: ['unbounded-frame'] },
  number: {
    requirements: ['X-CAN-06', 'X-FMT-01'],
    readings: ['L-S03', 'L-W01'],
    flags: ['wrapping-number'],
  },
  type: { requirements: ['X-FMT-02'], readings: ['L-W02'], flags: ['type-table'] },
} satisfies Record<string, Grounds>;

type Frame = {
  readonly major: number;
  readonly type_code: number;
  readonly message_id: string;
  readonly sequence_number: string;
  readonly prev_message_hash: string;
  readonly ciphertext: string;
};

const PLAIN: Frame = {
  major: 2,
  type_code: 0x10,
  message_id: '4d3c2b1a09084706bfeeddccbbaa9988',
  sequence_number: '5',
  prev_message_hash: '00'.repeat(32),
  ciphertext: hex(seeded('frame', 32)),
};

function encode(frame: Frame): Uint8Array {
  const ciphertext = fromHex(frame.ciphertext);
  return concat(
    integer(frame.major, 1),
    integer(frame.type_code, 1),
    integer(ciphertext.length, 4),
    fromHex(frame.message_id),
    integer(BigInt(frame.sequence_number), 8),
    fromHex(frame.prev_message_hash),
    ciphertext,
  );
}

const FRAMES: Readonly<Record<string, Frame>> = {
  plain: PLAIN,
  'no-ciphertext': { ...PLAIN, ciphertext: '' },
  unsequenced: { ...PLAIN, sequence_number: '0' },
  'largest-number': { ...PLAIN, sequence_number: '9007199254740991' },
  'first-type': { ...PLAIN, type_code: 0 },
  'unknown-type': { ...PLAIN, type_code: 0xfe },
  'highest-major-and-type': { ...PLAIN, major: 255, type_code: 255 },
  'all-different': {
    major: 1,
    type_code: 0xa3,
    message_id: hex(seeded('frame id', 16)),
    sequence_number: '1108152157446',
    prev_message_hash: hex(seeded('frame hash', 32)),
    ciphertext: hex(seeded('frame text', 512)),
  },
};

const MAXIMUM = 4096;
const asked = (frame: Uint8Array, max_bytes = MAXIMUM) => ({
  function: 'decode',
  frame: hex(frame),
  max_bytes,
});
const refuse = (about: Grounds, name: string, frame: Uint8Array, maximum = MAXIMUM): Draft =>
  invalid(about, name, asked(frame, maximum));

function frames(): Draft[] {
  return Object.entries(FRAMES).flatMap(([name, frame]) => [
    valid(
      grounds.layout,
      `encodes-${name}`,
      { function: 'encode', ...frame },
      { frame: hex(encode(frame)) },
    ),
    valid(grounds.layout, `decodes-${name}`, asked(encode(frame)), frame),
  ]);
}

/** Every offset at which a read may end. */
function truncations(): Draft[] {
  const whole = encode(PLAIN);
  return Array.from({ length: whole.length }, (_, length) =>
    refuse(grounds.truncated, `cut-after-${length}-bytes`, whole.slice(0, length)),
  );
}

function lengths(): Draft[] {
  const whole = encode(PLAIN);
  const withLength = (length: Uint8Array): Uint8Array =>
    concat(whole.slice(0, 2), length, whole.slice(6));
  const others = [
    0,
    1,
    31,
    33,
    64,
    whole.length,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff - 61,
    0xffff_ffff,
  ];
  const number = (bytes: Uint8Array): Uint8Array =>
    concat(whole.slice(0, 22), bytes, whole.slice(30));
  return [
    ...others.map((length) =>
      refuse(grounds.length, `length-of-${length}`, withLength(integer(length, 4))),
    ),
    refuse(grounds.length, 'length-little-endian', withLength(integer(32, 4).toReversed())),
    refuse(grounds.length, 'one-byte-behind', concat(whole, filled(1, 0))),
    refuse(grounds.length, 'two-frames-in-one', concat(whole, whole)),
    refuse(grounds.length, 'a-header-behind', concat(whole, whole.slice(0, 62))),
    refuse(
      grounds.layout,
      'sequence-of-four-bytes',
      concat(whole.slice(0, 22), integer(5, 4), whole.slice(30)),
    ),
    refuse(grounds.layout, 'without-previous-hash', concat(whole.slice(0, 30), whole.slice(62))),
    refuse(
      grounds.layout,
      'length-of-two-bytes',
      concat(whole.slice(0, 2), integer(32, 2), whole.slice(6)),
    ),
    refuse(
      grounds.layout,
      'id-behind-its-length',
      concat(
        whole.slice(0, 2),
        integer(16, 2),
        whole.slice(6, 22),
        integer(32, 4),
        whole.slice(62),
      ),
    ),
    ...[2n ** 53n, 2n ** 63n, 2n ** 64n - 1n].map((large) =>
      refuse(grounds.number, `sequence-of-${large}`, number(integer(large, 8))),
    ),
  ];
}

function bounds(): Draft[] {
  const whole = encode(PLAIN);
  return [
    valid(grounds.bound, 'as-large-as-allowed', asked(whole, whole.length), PLAIN),
    refuse(grounds.bound, 'one-byte-too-large', whole, whole.length - 1),
    refuse(
      grounds.bound,
      'much-too-large',
      encode({ ...PLAIN, ciphertext: hex(filled(2000, 1)) }),
      1024,
    ),
    refuse(grounds.bound, 'header-alone-too-large', encode({ ...PLAIN, ciphertext: '' }), 61),
  ];
}

function refusedFields(): Draft[] {
  const changes: Readonly<Record<string, Partial<Frame>>> = {
    'major-of-256': { major: 256 },
    'type-of-256': { type_code: 256 },
    'id-of-15-bytes': { message_id: PLAIN.message_id.slice(2) },
    'id-of-17-bytes': { message_id: `${PLAIN.message_id}00` },
    'hash-of-31-bytes': { prev_message_hash: '00'.repeat(31) },
    'hash-of-33-bytes': { prev_message_hash: '00'.repeat(33) },
    'sequence-of-two-to-the-53': { sequence_number: '9007199254740992' },
    'sequence-of-two-to-the-64': { sequence_number: '18446744073709551616' },
  };
  return Object.entries(changes).map(([name, change]) =>
    invalid(grounds.layout, `does-not-encode-${name}`, { function: 'encode', ...PLAIN, ...change }),
  );
}

/** The registry: what each byte stands for. */
function types(): Draft[] {
  const byCode = new Map<number, string>();
  for (const { code, type } of Object.values(messages)) if (code !== null) byCode.set(code, type);
  return Array.from({ length: 256 }, (_, code) => code).flatMap((code) => {
    const type = byCode.get(code);
    const name = `type-${code.toString(16).padStart(2, '0')}`;
    if (type) return [valid(grounds.type, name, { function: 'type-of', code }, { type })];
    // Neighbours of what is known, and the ends: enough to see a table that is off by one.
    const isEdge = code === 255 || byCode.has(code - 1) || byCode.has(code + 1);
    return isEdge ? [invalid(grounds.type, `no-${name}`, { function: 'type-of', code })] : [];
  });
}

const fields = {
  major: from(0),
  type_code: from(0),
  message_id: octets,
  sequence_number: decimal,
  prev_message_hash: octets,
  ciphertext: octets,
};

export const framing: CategorySource = {
  category: 'framing',
  title: 'Binary frame and compressed body',
  description:
    'major u8, type u8, length of the ciphertext u32, message id 16 bytes, sequence number u64, previous ' +
    'hash 32 bytes (62 bytes, big-endian), then the ciphertext and nothing after it. Numbers above 2^53 − 1 ' +
    'are rejected; sequence_number is decimal text.',
  functions: {
    encode: {
      does: 'the frame; what does not fit is rejected.',
      input: fields,
      output: { frame: octets },
    },
    decode: {
      does: 'the fields of exactly one frame of at most max_bytes; else reject. An unknown type is no fault here.',
      input: { frame: octets, max_bytes: from(0) },
      output: {
        major: from(0, 255),
        type_code: from(0, 255),
        message_id: octetsOf(16),
        sequence_number: decimal,
        prev_message_hash: octetsOf(32),
        ciphertext: octets,
      },
    },
    'type-of': {
      does: 'the message type of a type byte; reject one that the registry does not have.',
      input: { code: from(0, 255) },
      output: { type: text },
    },
    'read-body': {
      does: 'length and BLAKE3-256 of the body of a NORC-F request, of at most max_bytes, whose Content-Encoding is content_encoding (absent: none). negotiated: the two servers agreed on gzip, as nobody need; then a body is at most 20 times as large as it came, whole, and followed by nothing. Reject every other encoding, and gzip without agreement.',
      input: {
        content_encoding: optional(text),
        negotiated: flag,
        max_bytes: from(0),
        body: octets,
      },
      output: { length: from(0), blake3: octetsOf(32) },
    },
  },
  flags: {
    layout: {
      bug: 'A field has another width, order or byte order.',
      effect: 'Frames of others are read as something else.',
    },
    'short-frame': {
      bug: 'A frame is read that has not come whole.',
      effect: 'Reads beyond the buffer, or a crash by one short write.',
    },
    'lying-length': {
      bug: 'The length is believed, or bytes behind the frame are ignored.',
      effect: 'Memory is set aside for a frame that never comes; data is smuggled behind another.',
    },
    'unasked-compression': {
      bug: 'Compression is taken that nobody agreed on.',
      effect: 'Code that nobody audited unpacks what strangers send, and lengths tell contents.',
    },
    bomb: {
      bug: 'What is unpacked is bounded after it has been unpacked, or not at all.',
      effect: 'A hundred bytes fill the memory.',
    },
    'broken-compression': {
      bug: 'Checksum, size or end of what was compressed are not looked at.',
      effect: 'Two servers read two bodies from the same bytes, or one reads what is not there.',
    },
    'unbounded-frame': {
      bug: 'There is no largest frame or body.',
      effect: 'One peer takes all memory.',
    },
    'wrapping-number': {
      bug: 'Sequence numbers that cannot be represented are rounded.',
      effect: 'Two frames have one number: replays pass, or honest frames are dropped.',
    },
    'type-table': {
      bug: 'Type bytes stand for other messages.',
      effect: 'A message is handled as another one, with other checks.',
    },
  },
  drafts: () => [
    ...frames(),
    ...truncations(),
    ...lengths(),
    ...bounds(),
    ...refusedFields(),
    ...types(),
    ...bodyDrafts(),
  ],
};
