/**
 * Which buckets hold anything: a bitmap with a bitmap of its words above it, and so on up to one
 * word. The next bucket is found in as many steps as there are levels, however empty the wheel is.
 */

export interface Occupancy {
  set(bucket: number): void;
  clear(bucket: number): void;
  /** The first occupied bucket at or after `from`; -1 when there is none. */
  firstFrom(from: number): number;
}

const WORD_BITS = 32;
const SHIFT = 5;
const MASK = WORD_BITS - 1;

export function createOccupancy(buckets: number): Occupancy {
  const levels: Uint32Array[] = [];
  for (let bits = buckets; levels.length === 0 || bits > 1; bits = Math.ceil(bits / WORD_BITS)) {
    levels.push(new Uint32Array(Math.ceil(bits / WORD_BITS)));
  }
  return {
    set(bucket) {
      let index = bucket;
      for (const words of levels) {
        const word = index >>> SHIFT;
        words[word] = (words[word] as number) | (1 << (index & MASK));
        index = word;
      }
    },
    clear(bucket) {
      let index = bucket;
      for (const words of levels) {
        const word = index >>> SHIFT;
        words[word] = (words[word] as number) & ~(1 << (index & MASK));
        if (words[word] !== 0) return;
        index = word;
      }
    },
    firstFrom: (from) => firstSet(levels, 0, from),
  };
}

function firstSet(levels: readonly Uint32Array[], level: number, from: number): number {
  const words = levels[level];
  const word = from >>> SHIFT;
  if (!words || word >= words.length) return -1;
  const rest = (words[word] as number) & (-1 << (from & MASK));
  if (rest !== 0) return word * WORD_BITS + lowestBit(rest);
  const later = firstSet(levels, level + 1, word + 1);
  return later < 0 ? -1 : later * WORD_BITS + lowestBit(words[later] as number);
}

const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);
