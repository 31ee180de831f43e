/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw (2011). A draw is a
 * function of (key, counter): removing one draw leaves every other as it was. Integers only, so that
 * every engine gives the same bits. Shared by the simulator and the trust-graph laboratory.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
/** The golden ratio and the square root of 3, as fractions of 2^32: added to the key each round. */
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

export type Block = readonly [number, number, number, number];

/** Four unsigned words of 32 bits for a counter of four words and a key of two. */
export function philox(counter: Block, key: readonly [number, number]): Block {
  let [a, b, c, d] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = highProduct(MULTIPLIER_0, a);
    const high1 = highProduct(MULTIPLIER_1, c);
    const low0 = Math.imul(MULTIPLIER_0, a);
    const low1 = Math.imul(MULTIPLIER_1, c);
    a = (high1 ^ b ^ k0) >>> 0;
    b = low1 >>> 0;
    c = (high0 ^ d ^ k1) >>> 0;
    d = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  return [a, b, c, d];
}

/** The upper 32 bits of a product of two unsigned words, by halves of 16 bits. */
function highProduct(left: number, right: number): number {
  const leftLow = left & 0xffff;
  const leftHigh = left >>> 16;
  const rightLow = right & 0xffff;
  const rightHigh = right >>> 16;
  const lowHigh = leftLow * rightHigh;
  const middle = leftHigh * rightLow + ((leftLow * rightLow) >>> 16) + (lowHigh & 0xffff);
  return leftHigh * rightHigh + (lowHigh >>> 16) + Math.floor(middle / 0x10000);
}

/** Draws in a row from one stream: `(entity, purpose)` names it, the counter walks along it. */
export interface Stream {
  /** An unsigned word of 32 bits. */
  word(): number;
  /** Uniform in 0 … bound − 1, without bias; bound ≤ 2^32. */
  below(bound: number): number;
  /** True with probability threshold / 2^32. */
  chance(threshold: number): boolean;
  /** Uniform in [0, 1), 53 bits: an integer divided by a power of two, exact everywhere. */
  fraction(): number;
}

export interface StreamName {
  readonly seed: number;
  readonly entity: number;
  readonly incarnation?: number;
  readonly purpose: number;
}

export function createStream({ seed, entity, incarnation = 0, purpose }: StreamName): Stream {
  const key = [seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0] as const;
  let block: Block = [0, 0, 0, 0];
  let drawn = 0;
  const word = () => {
    const lane = drawn & 3;
    if (lane === 0) block = philox([entity >>> 0, incarnation, purpose, drawn >>> 2], key);
    drawn += 1;
    return block[lane] as number;
  };
  return {
    word,
    below(bound) {
      // Words above the last whole multiple of the bound are drawn again.
      const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
      let drawnWord = word();
      while (drawnWord >= limit) drawnWord = word();
      return drawnWord % bound;
    },
    chance: (threshold) => word() < threshold,
    fraction: () => ((word() >>> 5) * 0x400_0000 + (word() >>> 6)) / 0x20_0000_0000_0000,
  };
}
