/** V-AAD: the additional data of end-to-end content (L-E07, L-E08). */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { type AadFields, aad as encode } from '../primitives/aad.ts';
import { concat, flip, fromHex, hex, integer, seeded, utf8 } from '../primitives/bytes.ts';
import { decimal, from, octets, octetsOf } from '../shape.ts';
import { eachChanged } from '../variation.ts';

const grounds = {
  layout: { requirements: ['X-AAD-01'], readings: ['L-E08'], flags: ['layout'] },
  zeros: { requirements: ['X-AAD-02'], readings: ['L-E07', 'L-E13'], flags: ['layout'] },
  bound: { requirements: ['X-AAD-01', 'X-AAD-03'], readings: ['L-E08'], flags: ['unbound-field'] },
  type: { requirements: ['X-AAD-05'], readings: ['L-W02'], flags: ['unbound-field'] },
  length: { requirements: ['X-AAD-04'], readings: ['L-E11'], flags: ['lying-length'] },
  range: { requirements: ['X-AAD-01'], readings: ['L-E08', 'L-S03'], flags: ['wrapping-integers'] },
} satisfies Record<string, Grounds>;

const ZERO = '00'.repeat(32);
const MESSAGE_ID = '4d3c2b1a09084706bfeeddccbbaa9988';

/** The row of the plan. */
const PLAN: AadFields = {
  major: 2,
  minor: 0,
  message_type: 16,
  sequence_number: '5',
  message_id: MESSAGE_ID,
  ciphertext_length: 512,
  prev_message_hash: ZERO,
  transcript_hash: ZERO,
};

const asked = (name: string, fields: AadFields, more = {}): { [name: string]: VectorValue } => ({
  function: name,
  ...fields,
  ...more,
});

function encodings(): Draft[] {
  const changes: Readonly<Record<string, Partial<AadFields>>> = {
    unsequenced: { sequence_number: '0' },
    'largest-sequence': { sequence_number: '9007199254740991' },
    'sequence-of-33-bits': { sequence_number: '4294967297' },
    'largest-length': { ciphertext_length: 0xffff_ffff },
    'no-ciphertext': { ciphertext_length: 0 },
    manifest: { message_type: 0x40 },
    'largest-version-and-type': { major: 255, minor: 255, message_type: 255 },
    'second-of-a-chain': { prev_message_hash: hex(seeded('previous', 32)) },
    'in-an-end-to-end-session': { transcript_hash: hex(seeded('session', 32)) },
    'all-different': {
      major: 1,
      minor: 1,
      sequence_number: '72623859790382856',
      message_id: hex(seeded('id', 16)),
      prev_message_hash: hex(seeded('previous', 32)),
      transcript_hash: hex(seeded('session', 32)),
    },
  };
  const made = (about: Grounds, name: string, fields: AadFields): Draft =>
    valid(about, name, asked('encode', fields), { aad: hex(encode(fields)) });
  const { 'all-different': mixed, ...rest } = changes;
  return [
    made(grounds.layout, 'of-the-plan', PLAN),
    made(grounds.layout, 'all-different', { ...PLAN, ...mixed, sequence_number: '1108152157446' }),
    ...Object.entries(rest).map(([name, change]) =>
      made(grounds.zeros, name, { ...PLAN, ...change }),
    ),
    ...outOfRange(),
  ];
}

function outOfRange(): Draft[] {
  const changes: Readonly<Record<string, Partial<AadFields>>> = {
    'major-of-256': { major: 256 },
    'minor-of-256': { minor: 256 },
    'type-of-256': { message_type: 256 },
    'length-of-33-bits': { ciphertext_length: 0x1_0000_0000 },
    'sequence-of-two-to-the-53': { sequence_number: '9007199254740992' },
    'sequence-of-two-to-the-64': { sequence_number: '18446744073709551616' },
    'id-of-15-bytes': { message_id: MESSAGE_ID.slice(2) },
    'id-of-17-bytes': { message_id: `${MESSAGE_ID}00` },
    'hash-of-31-bytes': { prev_message_hash: ZERO.slice(2) },
    'hash-of-33-bytes': { prev_message_hash: `${ZERO}00` },
    'empty-hash': { prev_message_hash: '' },
    'transcript-of-31-bytes': { transcript_hash: ZERO.slice(2) },
    'empty-transcript': { transcript_hash: '' },
  };
  return Object.entries(changes).map(([name, change]) =>
    invalid(grounds.range, name, asked('encode', { ...PLAN, ...change })),
  );
}

/** Bytes that somebody else has taken for these fields. */
function twins(): Draft[] {
  const right = encode(PLAN);
  const [head, sequence, rest] = [right.slice(0, 3), right.slice(3, 11), right.slice(11)];
  const id = fromHex(MESSAGE_ID);
  const others = {
    'sequence-of-nine-bytes': concat(head, Uint8Array.of(0), sequence, rest),
    'sequence-of-four-bytes': concat(head, sequence.slice(4), rest),
    'sequence-little-endian': concat(head, sequence.toReversed(), rest),
    'length-little-endian': concat(
      right.slice(0, 27),
      right.slice(27, 31).toReversed(),
      right.slice(31),
    ),
    'length-of-eight-bytes': concat(right.slice(0, 27), integer(512, 8), right.slice(31)),
    'id-little-endian': concat(right.slice(0, 11), id.toReversed(), right.slice(27)),
    'id-as-text': concat(
      right.slice(0, 11),
      utf8('4d3c2b1a-0908-4706-bfee-ddccbbaa9988'),
      right.slice(27),
    ),
    'version-of-two-bytes': concat(Uint8Array.of(0, 2, 0, 0), right.slice(2)),
    'without-transcript': right.slice(0, 63),
    'without-both-hashes': right.slice(0, 31),
    'hash-before-length': concat(
      right.slice(0, 27),
      right.slice(31, 63),
      right.slice(27, 31),
      right.slice(63),
    ),
    'one-byte-short': right.slice(0, 94),
    'one-byte-long': concat(right, Uint8Array.of(0)),
    empty: new Uint8Array(),
    'printed-length': encode({ ...PLAN, ciphertext_length: 0x120 }),
  };
  return [
    valid(grounds.layout, 'right-bytes', asked('check', PLAN, { aad: hex(right) })),
    ...Object.entries(others).map(([name, bytes]) =>
      invalid(grounds.layout, name, asked('check', PLAN, { aad: hex(bytes) })),
    ),
    ...eachBit(right),
  ];
}

/** One bit of each field. */
function eachBit(right: Uint8Array): Draft[] {
  const bytes = [0, 1, 2, 3, 10, 11, 26, 27, 30, 31, 62, 63, 94];
  return bytes.map((at) =>
    invalid(
      grounds.layout,
      `byte-${at}-changed`,
      asked('check', PLAN, { aad: hex(flip(right, 8 * at)) }),
    ),
  );
}

function openings(): Draft[] {
  const key = seeded('content key', 32);
  const nonce = seeded('content nonce', 12);
  const plaintext = seeded('content', 496);
  const filled: AadFields = {
    ...PLAN,
    prev_message_hash: hex(seeded('previous', 32)),
    transcript_hash: hex(seeded('session', 32)),
  };
  const ciphertext = chacha20poly1305(key, nonce, encode(filled)).encrypt(plaintext);
  const opening = { key: hex(key), nonce: hex(nonce), ciphertext: hex(ciphertext) };
  const refuse = (about: Grounds, name: string, fields: AadFields, more = {}): Draft =>
    invalid(about, name, asked('open', fields, { ...opening, ...more }));
  const shorter = chacha20poly1305(key, nonce, encode(filled)).encrypt(plaintext.slice(0, 400));
  return [
    valid(grounds.bound, 'opens', asked('open', filled, opening), { plaintext: hex(plaintext) }),
    ...eachChanged({ ...filled }).map(([what, fields]) =>
      refuse(grounds.bound, `does-not-open-with-${what}`, fields as unknown as AadFields),
    ),
    refuse(grounds.type, 'message-shown-as-manifest', { ...filled, message_type: 0x40 }),
    refuse(grounds.bound, 'hashes-swapped', {
      ...filled,
      prev_message_hash: filled.transcript_hash,
      transcript_hash: filled.prev_message_hash,
    }),
    refuse(grounds.bound, 'previous-hash-zeroed', { ...filled, prev_message_hash: ZERO }),
    refuse(grounds.bound, 'transcript-zeroed', { ...filled, transcript_hash: ZERO }),
    refuse(grounds.bound, 'made-unsequenced', { ...filled, sequence_number: '0' }),
    refuse(grounds.length, 'sealed-under-another-length', filled, { ciphertext: hex(shorter) }),
    refuse(grounds.length, 'length-without-the-tag', { ...filled, ciphertext_length: 496 }),
    refuse(grounds.length, 'ciphertext-cut', filled, { ciphertext: hex(ciphertext.slice(0, -1)) }),
  ];
}

const fields = {
  major: from(0),
  minor: from(0),
  message_type: from(0),
  sequence_number: decimal,
  message_id: octets,
  ciphertext_length: from(0),
  prev_message_hash: octets,
  transcript_hash: octets,
};

export const aad: CategorySource = {
  category: 'aad',
  title: 'Additional authenticated data',
  description:
    'AAD_v1: major u8, minor u8, message type u8, sequence number u64, message id 16 bytes, ciphertext ' +
    'length u32 (padding and tag included), previous hash 32 bytes, transcript hash 32 bytes: 95 bytes, ' +
    'big-endian. sequence_number is decimal text up to 2^53 − 1.',
  functions: {
    encode: {
      does: 'the 95 bytes; what does not fit its field is rejected.',
      input: fields,
      output: { aad: octetsOf(95) },
    },
    check: {
      does: 'whether aad is that of the fields; else reject.',
      input: { ...fields, aad: octets },
      output: {},
    },
    open: {
      does: 'ChaCha20-Poly1305 with the encoded fields as additional data; reject, too, when ciphertext_length is not that of the ciphertext.',
      input: { ...fields, key: octetsOf(32), nonce: octetsOf(12), ciphertext: octets },
      output: { plaintext: octets },
    },
  },
  flags: {
    layout: {
      bug: 'A field has another width, order or byte order.',
      effect: 'Nobody else’s content opens, or two headers have one encoding.',
    },
    'unbound-field': {
      bug: 'A header field does not enter the additional data.',
      effect: 'A relay changes type, number, id or chain of a message and it still opens.',
    },
    'lying-length': {
      bug: 'The length in the header is not compared with the ciphertext.',
      effect: 'Truncation and padding attacks: the receiver trusts a length that nobody checked.',
    },
    'wrapping-integers': {
      bug: 'Integers that do not fit are cut.',
      effect: 'Two messages with different numbers have the same additional data.',
    },
  },
  drafts: () => [...encodings(), ...twins(), ...openings()],
};
