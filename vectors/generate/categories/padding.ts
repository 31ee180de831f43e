/** V-PAD: sizes that a ciphertext may have, and what hides in the fill (L-E11). */
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { concat, filled, flip, hex, integer, seeded } from '../primitives/bytes.ts';
import { bucket, pad, type Tenths } from '../primitives/padding.ts';
import { from, octets, oneOf } from '../shape.ts';

const grounds = {
  bucket: { requirements: ['X-PAD-01'], readings: ['L-E11'], flags: ['wrong-bucket'] },
  adaptive: {
    requirements: ['X-PAD-05', 'X-PAD-01'],
    readings: ['L-E11'],
    flags: ['wrong-bucket'],
  },
  pad: { requirements: ['X-PAD-03'], readings: ['L-E11'], flags: ['ambiguous-fill'] },
  fill: { requirements: ['X-PAD-03'], readings: ['L-E11'], flags: ['hidden-channel'] },
  length: { requirements: ['X-PAD-03'], readings: ['L-E11'], flags: ['length-beyond'] },
  size: { requirements: ['X-PAD-01'], readings: ['L-E11'], flags: ['odd-size'] },
} satisfies Record<string, Grounds>;

/** The row of the plan, the manifest of TV §12 and both sides of every further boundary. */
const SIZES = [
  ...[0, 1, 195, 491, 492, 493, 1003, 1004, 1005, 2028, 2029, 4076, 4077, 8172, 8173, 16_364],
  ...[
    16_365, 32_748, 32_749, 65_515, 65_516, 65_517, 131_052, 131_053, 196_588, 196_589, 1_048_576,
  ],
];

function buckets(): Draft[] {
  const sized = (about: Grounds, length: number, tenths: Tenths): Draft =>
    valid(
      about,
      `bucket-of-${length}-times-${tenths}`,
      { function: 'bucket', plaintext_length: length, multiplier_tenths: tenths },
      { ciphertext_length: bucket(length, tenths) },
    );
  const adaptive: readonly Tenths[] = [13, 16, 20];
  return [
    ...SIZES.map((length) => sized(grounds.bucket, length, 10)),
    ...adaptive.flatMap((tenths) =>
      [0, 236, 237, 300, 373, 374, 492, 32_748, 40_940, 50_391, 50_392].map((length) =>
        sized(grounds.adaptive, length, tenths),
      ),
    ),
  ];
}

const text = (length: number): Uint8Array => seeded('padded text', length);

function padded(): Draft[] {
  return [0, 1, 12, 195, 491, 492, 493, 1004, 1005].flatMap((length) => [
    valid(
      grounds.pad,
      `pads-${length}`,
      { function: 'pad', plaintext: hex(text(length)), multiplier_tenths: 10 },
      { padded: hex(pad(text(length))) },
    ),
    valid(
      grounds.pad,
      `unpads-${length}`,
      { function: 'unpad', padded: hex(pad(text(length))) },
      { plaintext: hex(text(length)) },
    ),
  ]);
}

const refuse = (about: Grounds, name: string, bytes: Uint8Array): Draft =>
  invalid(about, name, { function: 'unpad', padded: hex(bytes) });

function hostile(): Draft[] {
  const plaintext = text(12);
  const right = pad(plaintext);
  const places = [16, 17, 31, 32, 63, 64, 127, 128, 255, 256, 383, 384, 479, 480, 494, 495];
  const withLength = (length: number): Uint8Array => concat(integer(length, 4), right.slice(4));
  const lengths = [
    493, 494, 512, 65_535, 65_536, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff,
  ];
  const sizes = [0, 1, 3, 4, 15, 16, 495, 497, 511, 512, 528, 1007, 1009, 1024, 3056, 12_272];
  return [
    ...places.map((at) =>
      refuse(grounds.fill, `fill-byte-${at}-is-not-zero`, flip(right, 8 * at + (at % 8))),
    ),
    refuse(grounds.fill, 'fill-of-ones', concat(right.slice(0, 16), filled(480, 0xff))),
    refuse(grounds.fill, 'fill-counts-as-pkcs7', concat(right.slice(0, 16), filled(480, 0xe0))),
    refuse(
      grounds.fill,
      'fill-of-iso-7816',
      concat(right.slice(0, 16), Uint8Array.of(0x80), filled(479, 0)),
    ),
    ...[11, 10, 4].map((length) =>
      refuse(grounds.fill, `length-of-${length}-leaves-text-in-the-fill`, withLength(length)),
    ),
    refuse(grounds.fill, 'length-of-zero-leaves-text-in-the-fill', withLength(0)),
    refuse(
      grounds.length,
      'length-little-endian',
      concat(right.slice(0, 4).toReversed(), right.slice(4)),
    ),
    ...lengths.map((length) => refuse(grounds.length, `length-of-${length}`, withLength(length))),
    ...sizes.map((size) => {
      const bytes = concat(integer(Math.max(0, Math.min(1, size - 4)), 4), filled(size, 0));
      return refuse(grounds.size, `${size}-bytes-is-no-bucket`, bytes.slice(0, size));
    }),
  ];
}

const multiplier = oneOf(10, 13, 16, 20);

export const padding: CategorySource = {
  category: 'padding',
  title: 'Padding of content',
  description:
    'Before sealing: length of the plaintext (u32, big-endian) ‖ plaintext ‖ zeros, so that together with ' +
    'the tag of 16 bytes it has a size of 512, 1024, … 65536 bytes, above that a multiple of 65536. ' +
    'An adaptive multiplier (in tenths) is applied to 4 + length + 16, rounded up, and then the next ' +
    'size up is taken.',
  functions: {
    bucket: {
      does: 'the size of ciphertext and tag for a plaintext of that length.',
      input: { plaintext_length: from(0), multiplier_tenths: multiplier },
      output: { ciphertext_length: from(512) },
    },
    pad: {
      does: 'what is sealed.',
      input: { plaintext: octets, multiplier_tenths: multiplier },
      output: { padded: octets },
    },
    unpad: {
      does: 'the plaintext; reject a size that is no bucket less 16, a length beyond the end, and fill that is not zero.',
      input: { padded: octets },
      output: { plaintext: octets },
    },
  },
  flags: {
    'wrong-bucket': {
      bug: 'The size is not the next bucket: smaller minimum, no tag, rounding down.',
      effect: 'Lengths tell what is said: short answers, typing, known files.',
    },
    'ambiguous-fill': {
      bug: 'Padding cannot be taken off unambiguously.',
      effect: 'Two plaintexts have one padded form, and one is shown for the other.',
    },
    'hidden-channel': {
      bug: 'The fill is not compared with zero.',
      effect:
        'A sender hides data from whoever looks at the plaintext; signatures cover more than is shown.',
    },
    'length-beyond': {
      bug: 'The length prefix is believed.',
      effect: 'Reads beyond the buffer: memory of the process is shown as a message.',
    },
    'odd-size': {
      bug: 'Sizes between the buckets are accepted.',
      effect: 'A sender that does not pad goes unnoticed, and its lengths leak.',
    },
  },
  drafts: () => [...buckets(), ...padded(), ...hostile()],
};
