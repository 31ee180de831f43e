/** Bodies of requests, and whether they are taken apart (L-W04, L-W05). */
import { acceptable, type Draft, type Grounds, invalid, valid } from '../../category.ts';
import { concat, flip, hex, seeded } from '../../primitives/bytes.ts';
import { gzip, gzipLength, type Zipped } from '../../primitives/gzip.ts';
import { blake3 } from '../../primitives/hash.ts';

const grounds = {
  plain: { requirements: ['X-FMT-03'], readings: ['L-W05'], flags: ['unbounded-frame'] },
  unasked: {
    requirements: ['X-FMT-04', 'F-CONN-07'],
    readings: ['L-W04'],
    flags: ['unasked-compression'],
  },
  bomb: { requirements: ['X-FMT-04', 'F-CONN-07'], readings: ['L-W04'], flags: ['bomb'] },
  broken: { requirements: ['X-FMT-04'], readings: ['L-W04'], flags: ['broken-compression'] },
} satisfies Record<string, Grounds>;

const MAXIMUM = 131_072;
const RATIO = 20;
/** Below, a sender must not compress; a receiver need not mind. */
const THRESHOLD = 65_536;

interface Question {
  readonly body: Uint8Array;
  readonly content_encoding?: string;
  readonly negotiated?: boolean;
  readonly max_bytes?: number;
}

const asked = ({ body, negotiated = false, max_bytes = MAXIMUM, ...rest }: Question) => ({
  function: 'read-body',
  ...rest,
  negotiated,
  max_bytes,
  body: hex(body),
});
const told = (text: Uint8Array) => ({ length: text.length, blake3: hex(blake3(text)) });

const reads = (about: Grounds, name: string, question: Question): Draft =>
  valid(about, `body-${name}`, asked(question), told(question.body));
const refuse = (about: Grounds, name: string, question: Question): Draft =>
  invalid(about, `body-${name}`, asked(question));

/** Nobody need negotiate it, so whoever has it not refuses these too. */
const unzips = (name: string, { bytes, text }: Zipped, max_bytes = MAXIMUM): Draft =>
  acceptable(
    grounds.bomb,
    `body-${name}`,
    asked({ body: bytes, content_encoding: 'gzip', negotiated: true, max_bytes }),
    told(text),
  );
const refuseZip = (about: Grounds, name: string, body: Uint8Array, max_bytes = MAXIMUM): Draft =>
  refuse(about, name, { body, content_encoding: 'gzip', negotiated: true, max_bytes });

/** Zeros behind so many stored bytes, as many as keep within the ratio. */
function zerosWithin(stored: number): number {
  let zeros = THRESHOLD;
  while (stored + zeros + 1 <= RATIO * gzipLength(stored, zeros + 1)) zeros += 1;
  return zeros;
}

function plain(): Draft[] {
  const body = seeded('plain body', 200);
  return [
    reads(grounds.plain, 'without-an-encoding', { body }),
    reads(grounds.plain, 'of-identity', { body, content_encoding: 'identity' }),
    reads(grounds.plain, 'of-nothing', { body: new Uint8Array() }),
    reads(grounds.plain, 'as-large-as-allowed', { body, max_bytes: 200 }),
    refuse(grounds.plain, 'one-byte-too-large', { body, max_bytes: 199 }),
    reads(grounds.unasked, 'that-is-gzip-and-says-nothing', {
      body: gzip(body, 300).bytes,
    }),
  ];
}

function unasked(): Draft[] {
  const small = gzip(seeded('zipped body', 200), 300).bytes;
  const large = gzip(seeded('zipped body', 4096), THRESHOLD).bytes;
  const encodings = ['deflate', 'br', 'zstd', 'compress', 'x-gzip', 'gzip-gzip', 'aes128gcm'];
  return [
    refuse(grounds.unasked, 'in-gzip-that-nobody-asked-for', {
      body: large,
      content_encoding: 'gzip',
    }),
    refuse(grounds.unasked, 'small-in-gzip-that-nobody-asked-for', {
      body: small,
      content_encoding: 'gzip',
    }),
    refuse(grounds.unasked, 'plain-that-says-gzip', {
      body: seeded('plain body', 200),
      content_encoding: 'gzip',
    }),
    ...encodings.map((content_encoding) =>
      refuse(grounds.unasked, `in-${content_encoding}`, { body: small, content_encoding }),
    ),
    refuse(grounds.unasked, 'in-deflate-where-gzip-is-negotiated', {
      ...{ body: large, content_encoding: 'deflate', negotiated: true },
    }),
    refuse(grounds.unasked, 'in-gzip-twice-where-it-is-negotiated', {
      ...{ body: large, content_encoding: 'gzip, gzip', negotiated: true },
    }),
  ];
}

function bombs(): Draft[] {
  const stored = seeded('zipped body', 4096);
  const most = zerosWithin(stored.length);
  const incompressible = seeded('large body', THRESHOLD + 1);
  const whole = gzip(stored, most);
  return [
    unzips('of-gzip-that-was-negotiated', gzip(stored, THRESHOLD)),
    unzips('of-gzip-that-gained-nothing', gzip(incompressible, 0)),
    unzips('of-the-largest-ratio', whole),
    refuseZip(grounds.bomb, 'of-a-byte-above-the-largest-ratio', gzip(stored, most + 1).bytes),
    refuseZip(grounds.bomb, 'of-twice-the-largest-ratio', gzip(stored.slice(0, 2048), most).bytes),
    refuseZip(grounds.bomb, 'that-is-a-bomb', gzip(new Uint8Array(), 100_000).bytes),
    refuseZip(grounds.bomb, 'that-is-a-bomb-of-ten-megabytes', gzip(stored, 10_000_000).bytes),
    unzips('of-gzip-as-large-as-allowed', whole, whole.text.length),
    refuseZip(grounds.bomb, 'of-gzip-a-byte-too-large', whole.bytes, whole.text.length - 1),
  ];
}

function broken(): Draft[] {
  const { bytes } = gzip(seeded('zipped body', 4096), THRESHOLD);
  const { length } = bytes;
  const refuseOne = (name: string, body: Uint8Array): Draft =>
    refuseZip(grounds.broken, `of-gzip-${name}`, body);
  return [
    refuseOne('cut-after-its-header', bytes.slice(0, 10)),
    refuseOne('cut-in-the-middle', bytes.slice(0, length >> 1)),
    refuseOne('without-its-last-byte', bytes.slice(0, -1)),
    refuseOne('with-a-byte-behind', concat(bytes, Uint8Array.of(0))),
    refuseOne('with-another-checksum', flip(bytes, 8 * (length - 8))),
    refuseOne('that-lies-about-its-size', flip(bytes, 8 * (length - 4))),
    refuseOne('with-a-changed-byte', flip(bytes, 8 * 2000)),
    refuseOne('without-its-magic', flip(bytes, 0)),
    refuseOne('by-another-method', flip(bytes, 8 * 2)),
    refuseOne('with-a-reserved-flag', flip(bytes, 8 * 3 + 7)),
    refuseOne('that-is-bare-deflate', bytes.slice(10, -8)),
    refuseOne('of-no-bytes', new Uint8Array()),
    refuseOne('that-is-json', seeded('plain body', 200)),
  ];
}

export const bodyDrafts = (): Draft[] => [...plain(), ...unasked(), ...bombs(), ...broken()];
