/** The replay window as a plain set (X-SEQ-03 to 08): what a bitmap must be equal to. */
export interface Window {
  readonly size: number;
  head: bigint;
  readonly seen: Set<bigint>;
}

const JUMP = 2n ** 20n;
const LARGEST = 2n ** 53n - 1n;
const LARGEST_START = 2n ** 24n - 1n;

export const emptyWindow = (size: number): Window => ({ size, head: 0n, seen: new Set() });

export function isFresh({ size, head, seen }: Window, number: bigint): boolean {
  if (number < 1n || number > LARGEST) return false;
  // The first may be any start, and what is lost before it is no more than a jump.
  if (number > (head === 0n ? LARGEST_START : head) + JUMP) return false;
  return number > head - BigInt(size) && !seen.has(number);
}

export function record(window: Window, number: bigint): void {
  window.seen.add(number);
  if (number > window.head) window.head = number;
}
