/**
 * Bytes that nobody can foresee who does not know the seed, and that are the same in every run with
 * it.
 */
import type { Primitives } from '../../../reference/crypto/primitives.ts';

export type Entropy = (lengthBytes: number) => Uint8Array;

const BLOCK_BYTES = 32;

/** BLAKE3 of seed and counter, block after block. */
export function createEntropy({ blake3 }: Primitives, seed: string): Entropy {
  const key = blake3(new TextEncoder().encode(seed));
  const counter = new DataView(new ArrayBuffer(8));
  let blocks = 0n;
  return (lengthBytes) => {
    const bytes = new Uint8Array(Math.ceil(lengthBytes / BLOCK_BYTES) * BLOCK_BYTES);
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      counter.setBigUint64(0, blocks);
      blocks += 1n;
      bytes.set(blake3(key, new Uint8Array(counter.buffer)), at);
    }
    return bytes.slice(0, lengthBytes);
  };
}
