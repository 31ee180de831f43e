/**
 * Whether an entry lies under the root of a day (choices.md, NORC-T: audit root), computed here
 * from the definition: leaf H(00 ‖ entry hash), node H(01 ‖ left ‖ right), the left side being the
 * largest power of two below the size.
 */
import { encodeBase64url } from '../../../../../reference/wire/base64url.ts';
import type { Stage } from '../../../stage.ts';

const LEAF = encodeBase64url(Uint8Array.of(0));
const NODE = encodeBase64url(Uint8Array.of(1));

export interface Inclusion {
  readonly index: number;
  readonly count: number;
  readonly siblings: readonly string[];
}

/** The root that leaf and siblings lead to; null when the way has the wrong length. */
export function rootOf(
  { crypto }: Stage,
  leaf: string,
  { index, count, siblings }: Inclusion,
): string | null {
  const turns: ('left' | 'right')[] = [];
  let [place, size] = [index, count];
  while (size > 1) {
    const half = 2 ** Math.ceil(Math.log2(size) - 1);
    const isLeft = place < half;
    turns.push(isLeft ? 'left' : 'right');
    [place, size] = isLeft ? [place, half] : [place - half, size - half];
  }
  if (turns.length !== siblings.length || index >= count) return null;
  // Siblings come from below, turns were taken from above.
  return turns.reverse().reduce(
    (below, side, at) => {
      const beside = siblings[at] ?? '';
      return side === 'left'
        ? crypto.hashBytes(NODE, below, beside)
        : crypto.hashBytes(NODE, beside, below);
    },
    crypto.hashBytes(LEAF, leaf),
  );
}
