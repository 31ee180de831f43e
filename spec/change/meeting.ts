/**
 * Where two builds meet, by the AMC rule alone and by brute force: every version that anybody lists
 * is tried against every clause (L-V01 to L-V05, L-V07, L-V11; X-AMC). Written apart from the
 * reference, which it judges and which may not import it.
 */

export interface Meeting {
  readonly version: string;
  /** L-V07: below the greatest major of either list. */
  readonly compatibilityMode: boolean;
}

interface Numbered {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
}

const FARTHEST = 1;

/** Null: they do not meet. `carrier`: the version of the link, for NORC-T (L-V11). */
export function meetingOf(
  ours: readonly string[],
  theirs: readonly string[],
  carrier: string | null = null,
): Meeting | null {
  const [own, other] = [ours.map(numbered), theirs.map(numbered)];
  const everybody = [...own, ...other];
  const fits = everybody.filter((candidate) => {
    const clauses = [
      isListed(candidate, own) && isListed(candidate, other),
      everybody.every((one) => !isTopOf(one, own) || reaches(one, candidate)),
      everybody.every((one) => !isTopOf(one, other) || reaches(one, candidate)),
      areTopsNear(own, other),
      carrier === null || reaches(numbered(carrier), candidate),
    ];
    return clauses.every(Boolean);
  });
  const best = fits.find((candidate) => fits.every((one) => !isAbove(one, candidate)));
  if (!best) return null;
  return { version: best.text, compatibilityMode: everybody.some((one) => one.major > best.major) };
}

/** −1 below, 0 the same, 1 above; by number, so 1.10 is above 1.9. */
export function orderOf(a: string, b: string): number {
  const [one, other] = [numbered(a), numbered(b)];
  return isAbove(one, other) ? 1 : isAbove(other, one) ? -1 : 0;
}

export const majorOf = (text: string): number => numbered(text).major;

function numbered(text: string): Numbered {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  return { text, major, minor };
}

const isListed = (one: Numbered, list: readonly Numbered[]): boolean =>
  list.some(({ text }) => text === one.text);

const isAbove = (one: Numbered, other: Numbered): boolean =>
  one.major > other.major || (one.major === other.major && one.minor > other.minor);

const isTopOf = (one: Numbered, list: readonly Numbered[]): boolean =>
  isListed(one, list) && list.every((other) => !isAbove(other, one));

const reaches = (one: Numbered, other: Numbered): boolean =>
  Math.abs(one.major - other.major) <= FARTHEST;

const areTopsNear = (own: readonly Numbered[], other: readonly Numbered[]): boolean =>
  own.every((one) =>
    other.every((two) => !isTopOf(one, own) || !isTopOf(two, other) || reaches(one, two)),
  );
