/** Points, coordinates and signatures that no honest party makes (X-SIG-03, X-KDF-07). */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, fromHex, utf8 } from './bytes.ts';

const { Point } = ed25519;
const FIELD = 2n ** 255n - 19n;
const SIGN = 2n ** 255n;
export const ORDER = Point.Fn.ORDER;

export function littleEndian(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, '0')).reverse();
}

const numberOf = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** One of order eight (known from the first papers on small subgroups), and its multiples. */
const TORSION = Point.fromBytes(
  fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
  true,
);
const multiples = [1n, 2n, 3n, 4n, 5n, 6n, 7n].map(
  (times) => [`${times}-times-one-of-order-8`, TORSION.multiplyUnsafe(times)] as const,
);

/** By what they are called. */
type Encodings = Readonly<Record<string, Uint8Array>>;

/** The eight points of small order, and the two that give the sign of a zero. */
export const smallOrderKeys: Encodings = {
  neutral: Point.ZERO.toBytes(),
  ...Object.fromEntries(multiples.map(([name, point]) => [name, point.toBytes()])),
  'neutral-with-sign': littleEndian(1n | SIGN),
  'of-order-2-with-sign': littleEndian((FIELD - 1n) | SIGN),
};

/** Second spellings: y of p and above, with either sign. */
export const nonCanonicalKeys: Encodings = Object.fromEntries(
  [0n, 1n, 2n, 3n, 18n].flatMap((above) => [
    [`p-plus-${above}`, littleEndian(FIELD + above)],
    [`p-plus-${above}-with-sign`, littleEndian((FIELD + above) | SIGN)],
  ]),
);

const challengeOf = (r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint =>
  numberOf(sha512(concat(r, key, message))) % ORDER;

/** S = r + k·a for chosen points R and A: what a forger with control over both can do. */
export function forgedSignature(
  message: Uint8Array,
  forger: {
    readonly a: bigint;
    readonly r: bigint;
    readonly key: Uint8Array;
    readonly commitment: Uint8Array;
  },
): Uint8Array {
  const { a, r, key, commitment } = forger;
  const s = (r + challengeOf(commitment, key, message) * a) % ORDER;
  return concat(commitment, littleEndian(s));
}

/** A message for which k is a multiple of eight, so that a key of small order falls out of the equation. */
export function forgettingMessage(key: Uint8Array, commitment: Uint8Array): Uint8Array {
  for (let attempt = 0; ; attempt += 1) {
    const message = utf8(`{"attempt":${attempt}}`);
    if (challengeOf(commitment, key, message) % 8n === 0n) return message;
  }
}

export const pointOf = (scalar: bigint): Uint8Array => Point.BASE.multiply(scalar).toBytes();

/** S + L, S + 2L …: the same signature for whoever does not compare S with L. */
export function withOrderAdded(signature: Uint8Array, times: bigint): Uint8Array {
  const s = numberOf(signature.subarray(32)) + times * ORDER;
  return concat(signature.subarray(0, 32), littleEndian(s));
}

/** X25519 coordinates all of whose multiples are zero, with and without the ignored bit. */
export const lowOrderCoordinates: Encodings = Object.fromEntries(
  Object.entries({
    zero: 0n,
    one: 1n,
    'one-of-order-8': 325606250916557431795983626356110631294008115727848805560023387167927233504n,
    'another-of-order-8':
      39382357235489614581723060781553021112529911719440698176882885853963445705823n,
    'p-minus-one': FIELD - 1n,
    p: FIELD,
    'p-plus-one': FIELD + 1n,
  }).flatMap(([name, u]) => [
    [name, littleEndian(u)],
    [`${name}-with-top-bit`, littleEndian(u | SIGN)],
  ]),
);
