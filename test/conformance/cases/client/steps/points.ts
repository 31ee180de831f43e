/**
 * Curve points that no honest party sends, built from the curves' numbers (X-KDF-07, C-REG-02,
 * S-26).
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesOf, encodeBase64url } from '../../../../../reference/wire/base64url.ts';

const FIELD = 2n ** 255n - 19n;
/** The top bit: ignored by X25519, the sign of x in Ed25519. */
const TOP_BIT = 2n ** 255n;

/** Of order eight on Curve25519. */
const ORDER_EIGHT = [
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
] as const;

/** X25519 coordinates whose every multiple is zero, with their second spellings (RFC 7748). */
export const lowOrderExchangeKeys: readonly string[] = [
  0n,
  1n,
  ...ORDER_EIGHT,
  FIELD - 1n,
  FIELD,
  FIELD + 1n,
].flatMap((u) => [encoded(u), encoded(u | TOP_BIT)]);

/** Values of y of the points of order 1, 2 and 4, and of one of the two of order 8. */
const SMALL_ORDER_Y = [
  1n,
  FIELD - 1n,
  0n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
] as const;

/** Ed25519 encodings of small order, with either sign. */
export const smallOrderSigningKeys: readonly string[] = SMALL_ORDER_Y.flatMap((y) => [
  encoded(y),
  encoded(y | TOP_BIT),
]);

/** The point that every multiple of itself is. */
export const neutralKey = encoded(1n);

/** Ed25519 encodings with y at or above the field, and one that is on no curve (y = 2). */
export const unusableSigningKeys: readonly string[] = [
  encoded(FIELD + 3n),
  encoded((FIELD + 3n) | TOP_BIT),
  encoded(TOP_BIT - 1n),
  encoded(2n),
];

/** 32 bytes, least significant first. */
function encoded(value: bigint): string {
  const bytes = Uint8Array.from({ length: 32 }, (_, at) =>
    Number((value >> BigInt(8 * at)) & 0xffn),
  );
  return encodeBase64url(bytes);
}

const ORDER = ed25519.Point.Fn.ORDER;

/** S + L: the same equation holds, so a verifier that does not look takes it (S-26). */
export function malleable(signature: string): string {
  const bytes = bytesOf(signature);
  const high = bytes.subarray(32);
  const s = high.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) + ORDER;
  const raised = Uint8Array.from({ length: 32 }, (_, at) => Number((s >> BigInt(8 * at)) & 0xffn));
  return encodeBase64url(Uint8Array.from([...bytes.subarray(0, 32), ...raised]));
}

/** R the neutral point, S zero: under the neutral key it signs whatever there is (S-26). */
export const universalSignature = encodeBase64url(
  Uint8Array.from([1, ...new Array<number>(63).fill(0)]),
);
