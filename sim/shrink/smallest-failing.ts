/**
 * The smallest part of a list with which something still fails: faults of a plan, items of a workload,
 * servers of a federation.
 *
 * QuickXplain (Junker 2004) by halves: where k of n items matter and more items never help it to pass,
 * about 2k·log2(n/k) + 2k trials. Where that does not hold, what it returns is still a part that
 * fails, and one from which no single item can be left out, as long as the budget lasts.
 */

export interface Shrunk<T> {
  /** In the order of the list. With these it has failed. */
  readonly items: readonly T[];
  /** How often it was tried. */
  readonly trials: number;
  /** Whether each of the items was seen to be needed. False: the budget was spent before. */
  readonly isMinimal: boolean;
}

/** Tries one part. It must answer the same for the same part. */
export type Fails<T> = (items: readonly T[]) => boolean | Promise<boolean>;

interface Search<T> {
  readonly items: readonly T[];
  readonly tried: Map<string, boolean>;
  readonly fails: Fails<T>;
  readonly budget: number;
  /** Places of the fewest items that have failed. */
  best: readonly number[];
  isSpent: boolean;
}

/**
 * `budget`: trials at most. Throws RangeError when the whole list does not fail: there is nothing to
 * make smaller.
 */
export async function smallestFailing<T>(
  items: readonly T[],
  fails: Fails<T>,
  budget = Number.POSITIVE_INFINITY,
): Promise<Shrunk<T>> {
  const all = [...items.keys()];
  const search: Search<T> = {
    ...{ items, fails, budget, tried: new Map(), best: all, isSpent: false },
  };
  if (!(await attempt(search, all))) throw new RangeError('the whole does not fail');
  if (!(await attempt(search, []))) {
    await attempt(search, await needed(search, [], false, all));
    await leaveOutSingles(search);
  }
  return {
    items: partOf(search, search.best),
    trials: search.tried.size,
    isMinimal: !search.isSpent,
  };
}

/** Which of `candidates` it takes to fail, given `background`. `isNew`: background has grown. */
async function needed<T>(
  search: Search<T>,
  background: readonly number[],
  isNew: boolean,
  candidates: readonly number[],
): Promise<readonly number[]> {
  if (isNew && (await attempt(search, background))) return [];
  if (candidates.length <= 1) return candidates;
  const middle = candidates.length >> 1;
  const [first, second] = [candidates.slice(0, middle), candidates.slice(middle)];
  const ofSecond = await needed(search, [...background, ...first], true, second);
  const ofFirst = await needed(search, [...background, ...ofSecond], ofSecond.length > 0, first);
  return [...ofFirst, ...ofSecond];
}

/**
 * One at a time, from the last: what comes late is most often a consequence. Again when one could go,
 * as another may have been there for its sake.
 */
async function leaveOutSingles<T>(search: Search<T>): Promise<void> {
  for (let before = search.items.length + 1; search.best.length < before; ) {
    before = search.best.length;
    for (const place of [...search.best].reverse()) {
      await attempt(
        search,
        search.best.filter((other) => other !== place),
      );
    }
  }
}

/** Once the budget is spent nothing fails any more, and the search comes to its end. */
async function attempt<T>(search: Search<T>, places: readonly number[]): Promise<boolean> {
  const sorted = [...places].sort((a, b) => a - b);
  const key = sorted.join();
  const known = search.tried.get(key);
  if (known !== undefined) return known;
  if (search.tried.size >= search.budget) {
    search.isSpent = true;
    return false;
  }
  const failed = await search.fails(partOf(search, sorted));
  search.tried.set(key, failed);
  if (failed && sorted.length < search.best.length) search.best = sorted;
  return failed;
}

function partOf<T>({ items }: Search<T>, places: readonly number[]): readonly T[] {
  return places.flatMap((place) => items.slice(place, place + 1));
}
