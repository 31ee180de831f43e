/**
 * Version choice (L-V01 to L-V07), by trying every version there is: slow, and nothing to get wrong.
 */
export interface Choice {
  readonly version: string;
  readonly compatibility_mode: boolean;
}

type Parsed = readonly [major: number, minor: number];

const GRAMMAR = /^(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})$/;

function parsed(text: string): Parsed | null {
  const [, major, minor] = GRAMMAR.exec(text) ?? [];
  return major === undefined ? null : [Number(major), Number(minor)];
}

const listed = (texts: readonly string[]): readonly Parsed[] =>
  texts.flatMap((text) => {
    const version = parsed(text);
    return version ? [version] : [];
  });

const topMajor = (list: readonly Parsed[]): number => Math.max(...list.map(([major]) => major));

/** Null when there is no version that both may speak. */
export function choose(
  offered: readonly string[],
  supported: readonly string[],
  admits: (major: number) => boolean = () => true,
): Choice | null {
  const theirs = listed(offered);
  const ours = listed(supported);
  if (theirs.length === 0 || ours.length === 0) return null;
  const tops = [topMajor(theirs), topMajor(ours)] as const;
  if (Math.abs(tops[0] - tops[1]) > 1) return null;
  let best: Parsed | null = null;
  for (const one of theirs) {
    const isMutual = ours.some((other) => other[0] === one[0] && other[1] === one[1]);
    const isNear = tops.every((top) => top - one[0] <= 1);
    if (!isMutual || !isNear || !admits(one[0])) continue;
    if (!best || one[0] > best[0] || (one[0] === best[0] && one[1] > best[1])) best = one;
  }
  if (!best) return null;
  return { version: best.join('.'), compatibility_mode: best[0] < Math.max(...tops) };
}
