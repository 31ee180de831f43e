/**
 * A tree over the hashes of one day's entries, so that one entry can be shown to lie under a root
 * without showing the others (L-T29 leaves the tree optional; its shape is that of RFC 6962, over
 * BLAKE3):
 *
 *   leaf    H(00 ‖ hash of the entry)
 *   node    H(01 ‖ left ‖ right), the left side being the largest full tree that is not the whole
 *
 * The prefixes keep a node from being shown as a leaf.
 */
import type { Crypto, Hash } from '../crypto/crypto.ts';
import { encodeBase64url } from '../wire/base64url.ts';

type Hasher = Pick<Crypto, 'hashBytes'>;

const LEAF = encodeBase64url(Uint8Array.of(0));
const NODE = encodeBase64url(Uint8Array.of(1));

/** Of no entry: the hash of nothing. */
export function merkleRoot(crypto: Hasher, leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (only === undefined) return crypto.hashBytes();
  if (leaves.length === 1) return crypto.hashBytes(LEAF, only);
  const half = leftSize(leaves.length);
  const sides = [leaves.slice(0, half), leaves.slice(half)].map((side) => merkleRoot(crypto, side));
  return crypto.hashBytes(NODE, ...sides);
}

/** The roots of the subtrees beside the way from leaf `index` to the root, from below. */
export function inclusionProof(crypto: Hasher, leaves: readonly Hash[], index: number): Hash[] {
  if (leaves.length <= 1) return [];
  const half = leftSize(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...inclusionProof(crypto, left, index), merkleRoot(crypto, right)]
    : [...inclusionProof(crypto, right, index - half), merkleRoot(crypto, left)];
}

/** Whether `leaf` is number `index` of the `count` leaves under `root`. */
export function isIncluded(
  crypto: Hasher,
  leaf: Hash,
  proof: { readonly index: number; readonly count: number; readonly siblings: readonly Hash[] },
  root: Hash,
): boolean {
  const { index, count, siblings } = proof;
  if (index < 0 || index >= count || siblings.length !== depthOf(index, count)) return false;
  return rootFrom(crypto, leaf, { index, count, siblings }) === root;
}

function rootFrom(
  crypto: Hasher,
  leaf: Hash,
  { index, count, siblings }: { index: number; count: number; siblings: readonly Hash[] },
): Hash {
  const top = siblings.at(-1);
  if (count <= 1 || top === undefined) return crypto.hashBytes(LEAF, leaf);
  const half = leftSize(count);
  const below = siblings.slice(0, -1);
  return index < half
    ? crypto.hashBytes(NODE, rootFrom(crypto, leaf, { index, count: half, siblings: below }), top)
    : crypto.hashBytes(
        NODE,
        top,
        rootFrom(crypto, leaf, { index: index - half, count: count - half, siblings: below }),
      );
}

function depthOf(index: number, count: number): number {
  if (count <= 1) return 0;
  const half = leftSize(count);
  return 1 + (index < half ? depthOf(index, half) : depthOf(index - half, count - half));
}

/** The largest power of two below `count`. */
function leftSize(count: number): number {
  let size = 1;
  while (size * 2 < count) size *= 2;
  return size;
}
