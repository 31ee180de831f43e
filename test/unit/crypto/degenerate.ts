/** Curve points and signatures that no honest party makes, built from the curve itself. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { littleEndian } from './octets.ts';

const { Point } = ed25519;
type CurvePoint = InstanceType<typeof Point>;

const FIELD = 2n ** 255n - 19n;
export const ORDER = Point.Fn.ORDER;
const SIGN = 2n ** 255n;

const numberOf = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** The eight points of small order: the multiples of one of order eight. */
const smallOrderPoints: readonly CurvePoint[] = (() => {
  // L times any point outside the prime-order subgroup is of small order; y = 3 … finds one of
  // order 8.
  for (let y = 3n; ; y += 1n) {
    const generator = decoded(littleEndian(y))?.multiplyUnsafe(ORDER - 1n);
    const torsion = generator?.add(decoded(littleEndian(y)) ?? Point.ZERO);
    if (torsion && !torsion.double().double().is0()) return multiplesOf(torsion);
  }
})();

function multiplesOf(torsion: CurvePoint): CurvePoint[] {
  const points = [Point.ZERO];
  while (points.length < 8) points.push((points.at(-1) ?? Point.ZERO).add(torsion));
  return points;
}

function decoded(bytes: Uint8Array): CurvePoint | undefined {
  try {
    return Point.fromBytes(bytes, true);
  } catch {
    return undefined;
  }
}

/** Canonical encodings, and for x = 0 the one that sets the sign of a zero. */
export const smallOrderEncodings: readonly Uint8Array[] = [
  ...smallOrderPoints.map((point) => point.toBytes()),
  littleEndian(1n | SIGN),
  littleEndian((FIELD - 1n) | SIGN),
];

/** Every encoding with y ≥ p: y = p … 2^255 − 1, with either sign. */
export const nonCanonicalEncodings: readonly Uint8Array[] = Array.from({ length: 19 }, (_, k) => [
  littleEndian(FIELD + BigInt(k)),
  littleEndian((FIELD + BigInt(k)) | SIGN),
]).flat();

/** k = H(R ‖ A ‖ M) mod L. */
const challengeOf = (r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint =>
  numberOf(sha512.create().update(r).update(key).update(message).digest()) % ORDER;

/**
 * A signature made with chosen torsion: key A = [a]B + T_a, commitment R = [r]B + T_r. Whether the
 * cofactorless equation holds depends on k·T_a + T_r; cofactored verifiers accept all of them.
 */
export function mixedSignature(
  message: Uint8Array,
  { a, r, keyTorsion, commitmentTorsion }: MixedChoice,
): { publicKey: Uint8Array; signature: Uint8Array } {
  const pointOf = (scalar: bigint, torsion: number): Uint8Array =>
    Point.BASE.multiplyUnsafe(scalar % ORDER)
      .add(smallOrderPoints[torsion & 7] ?? Point.ZERO)
      .toBytes();
  const publicKey = pointOf(a, keyTorsion);
  const commitment = pointOf(r, commitmentTorsion);
  const s = (r + challengeOf(commitment, publicKey, message) * a) % ORDER;
  return { publicKey, signature: Uint8Array.from([...commitment, ...littleEndian(s)]) };
}

export interface MixedChoice {
  readonly a: bigint;
  readonly r: bigint;
  /** Index of the torsion point added. 0 adds none. */
  readonly keyTorsion: number;
  readonly commitmentTorsion: number;
}

/** The same signature with S + L, where that still fits 32 bytes: it always does. */
export function withOrderAdded(signature: Uint8Array): Uint8Array {
  const s = numberOf(signature.subarray(32)) + ORDER;
  return Uint8Array.from([...signature.subarray(0, 32), ...littleEndian(s)]);
}

/**
 * The X25519 coordinates whose multiples are all zero: 0, 1, p − 1, the two of order eight, and the
 * second spellings p and p + 1; each with and without the bit that RFC 7748 ignores.
 */
export const lowOrderCoordinates: readonly Uint8Array[] = [
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  FIELD - 1n,
  FIELD,
  FIELD + 1n,
].flatMap((u) => [littleEndian(u), littleEndian(u | SIGN)]);
