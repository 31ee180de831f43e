/** Inclusion proofs: every entry can be proven, and nothing else can. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inclusionProof, isIncluded, merkleRoot } from '../../../reference/audit/merkle.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { nodeCrypto } from '../../unit/crypto/providers.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(encodeBase64url);
const leavesOf = fc.array(hash, { minLength: 1, maxLength: 40 });
const place = fc.nat(1_000_000);

describe('a tree over the entries of a day', () => {
  test('T-AUD-02: every leaf has a proof, and it is no longer than the tree is high', () =>
    fc.assert(
      fc.property(leavesOf, place, (leaves, at) => {
        const index = at % leaves.length;
        const siblings = inclusionProof(nodeCrypto, leaves, index);
        const root = merkleRoot(nodeCrypto, leaves);
        const proof = { index, count: leaves.length, siblings };
        expect(isIncluded(nodeCrypto, leaves[index] ?? '', proof, root)).toBe(true);
        expect(siblings.length).toBeLessThanOrEqual(Math.ceil(Math.log2(leaves.length)));
      }),
    ));

  test('T-AUD-02: no other leaf, place, size or sibling passes under the same root', () =>
    fc.assert(
      fc.property(leavesOf, place, place, hash, (leaves, at, other, foreign) => {
        const index = at % leaves.length;
        const count = leaves.length;
        const leaf = leaves[index] ?? '';
        const siblings = inclusionProof(nodeCrypto, leaves, index);
        const root = merkleRoot(nodeCrypto, leaves);
        const holds = (changed: object, shown = leaf) =>
          isIncluded(nodeCrypto, shown, { index, count, siblings, ...changed }, root);
        fc.pre(!leaves.includes(foreign));
        expect(holds({}, foreign)).toBe(false);
        const elsewhere = other % count;
        if (leaves[elsewhere] !== leaf) expect(holds({ index: elsewhere })).toBe(false);
        expect(holds({ siblings: [...siblings, foreign] })).toBe(false);
        if (siblings.length > 0) {
          const bent = siblings.map((one, level) =>
            level === other % siblings.length ? foreign : one,
          );
          expect(holds({ siblings: bent })).toBe(false);
          expect(holds({ siblings: siblings.slice(1) })).toBe(false);
        }
        expect(holds({ index: count })).toBe(false);
        expect(holds({ index: -1 })).toBe(false);
      }),
    ));

  test('another order of entries is another root', () =>
    fc.assert(
      fc.property(fc.uniqueArray(hash, { minLength: 2, maxLength: 20 }), (leaves) => {
        expect(merkleRoot(nodeCrypto, [...leaves].reverse())).not.toBe(
          merkleRoot(nodeCrypto, leaves),
        );
      }),
    ));
});
