/**
 * X-SIG-03: which keys and signatures are refused before any provider sees them. Verifiers disagree
 * on degenerate input, so the decision is made here, on bytes, and is the same for all of them.
 *
 * Bytes suffice. A point is encoded as y with the sign of x in the top bit. Canonical means y < p;
 * of the encodings with y ≥ p there are only 2·19, all refused by that one comparison. The eight
 * points of small order have just five values of y (1; −1; 0 twice; two values twice each), so
 * comparing y without its sign bit refuses all eight, and with them the two encodings of x = 0 with
 * a sign. No point is decompressed for R; for A it is done once a key, and remembered.
 */
import { createBoundedCache } from './bounded-cache.ts';
import { isEd25519Point } from './noble-ed25519.ts';

/** Keys whose point has been looked at. */
const REMEMBERED_KEYS = 4096;

// Big-endian here, because that is how they are read; the wire is little-endian.
const FIELD = littleEndian('7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed');
const ORDER = littleEndian('1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed');

const SMALL_ORDER_Y = [
  '0000000000000000000000000000000000000000000000000000000000000001', // order 1
  '7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec', // order 2
  '0000000000000000000000000000000000000000000000000000000000000000', // order 4
  '05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826', // order 8
  '7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7', // order 8
].map(littleEndian);

export interface StrictEd25519 {
  /** A canonical encoding of a point whose order is not small (X-SIG-03, C-REG-02). */
  isKey(publicKey: Uint8Array): boolean;
  /** 64 bytes R ‖ S with R acceptable and S < L. */
  isSignature(signature: Uint8Array): boolean;
}

export function createStrictEd25519(): StrictEd25519 {
  const judged = createBoundedCache<boolean>(REMEMBERED_KEYS);
  return {
    isKey: (publicKey) =>
      publicKey.length === 32 &&
      judged.get(
        String.fromCharCode(...publicKey),
        () => isAcceptableEncoding(publicKey) && isEd25519Point(publicKey),
      ),
    isSignature: (signature) =>
      signature.length === 64 &&
      isAcceptableEncoding(signature.subarray(0, 32)) &&
      isLess(signature.subarray(32), ORDER),
  };
}

function isAcceptableEncoding(encoded: Uint8Array): boolean {
  const y = Uint8Array.from(encoded);
  y[31] = (y[31] ?? 0) & 0x7f;
  return isLess(y, FIELD) && !SMALL_ORDER_Y.some((small) => isSame(y, small));
}

/** Nothing here is secret: the first difference ends the comparison. */
function isLess(a: Uint8Array, b: Uint8Array): boolean {
  for (let index = 31; index >= 0; index -= 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.every((byte, index) => byte === b[index]);

function littleEndian(hex: string): Uint8Array {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return bytes.reverse();
}
