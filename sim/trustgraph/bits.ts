/** One bit a source, 32 in a word. */

export function populationCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The lowest `count` bits of 32; none below zero. */
export const lowBits = (count: number) => (count >= 32 ? -1 : count <= 0 ? 0 : (1 << count) - 1);
