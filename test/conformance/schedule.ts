/** Which cases share a subject, in which order they begin, and what each of several threads takes. */
import type { Case } from './case.ts';
import type { Ground } from './ground.ts';

/** What one thread of several does of a run. */
export interface Share {
  /** 0 to `of` − 1. */
  readonly place: number;
  readonly of: number;
  /** Of the groups that nobody has taken yet, the next: 0, 1, …; beyond the last when all are taken. */
  readonly next: () => number;
}

/** With what a subject is started. */
export type StartNeeds = Parameters<Ground['start']>[0];

export function startNeedsOf({ needs }: Case): StartNeeds {
  return { policy: needs.policy ?? {}, versions: needs.versions ?? null };
}

/** Those that one subject can serve together. Most need nothing special: they come first. */
export function groupByNeeds(cases: readonly Case[]): readonly (readonly Case[])[] {
  const nothing = JSON.stringify({ policy: {}, versions: null });
  const groups = new Map<string, Case[]>([[nothing, []]]);
  for (const theCase of cases) {
    const key = JSON.stringify(startNeedsOf(theCase));
    groups.set(key, [...(groups.get(key) ?? []), theCase]);
  }
  return [...groups.values()].filter((group) => group.length > 0);
}

/** A group as those that run beside each other, and those that must be alone. */
export function apart(group: readonly Case[]): readonly (readonly Case[])[] {
  const together = group.filter((theCase) => !isSolitary(theCase));
  return [together, group.filter(isSolitary)].filter((part) => part.length > 0);
}

export const isSolitary = ({ needs }: Case): boolean =>
  needs.alone === true || needs.restart === true;

/**
 * In steps of the golden section, which come near each other as late as can be: cases that mostly wait
 * stand together in the registry, and others shall work meanwhile.
 */
export function scattered<T>(items: readonly T[]): readonly T[] {
  const place = (at: number) => (at * GOLDEN) % 1;
  return items
    .map((item, at) => ({ item, place: place(at) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Roughly, in cases: those that must be alone take longer. What lasts long begins early. */
export const lengthOf = (group: readonly Case[]): number =>
  group.reduce((sum, theCase) => sum + (isSolitary(theCase) ? 4 : 1), 0);

export function wholeRun(): Share {
  let group = 0;
  return { place: 0, of: 1, next: () => group++ };
}

/** Those that fall to whoever asks, in their order, as long as there are any. */
export function* taken(groups: readonly (readonly Case[])[], next: () => number) {
  for (let group = groups[next()]; group; group = groups[next()]) yield group;
}
