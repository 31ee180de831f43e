/**
 * Who comes first of what happens at one tick. The policy is part of a run's identity. `fifo`: in
 * the order of the pushes. `random`: any, drawn from the seed. `pct`: every entity has a drawn
 * priority and the highest goes first; at depth − 1 drawn moments the one that is first falls to the
 * bottom (Burckhardt et al., 2010), which finds a bug that needs `depth` ordered events with a
 * probability that has a lower bound.
 */
import { createStream, type Stream } from '../philox.ts';
import { purposes } from '../purposes.ts';
import { type EventPool, NONE } from './event-pool.ts';

export type TiePolicy =
  | { readonly kind: 'fifo' }
  | { readonly kind: 'random' }
  | { readonly kind: 'pct'; readonly depth: number };

/** Chooses among the slots of a list that begins at `head`: all of one tick. */
export type ChooseTie = (head: number) => number;

/** Among how many choices the moments of `pct` are drawn. */
const PCT_CHOICES = 2 ** 16;

export function createTies(pool: EventPool, policy: TiePolicy, seed: number): ChooseTie {
  const stream = createStream({ seed, entity: 0, purpose: purposes.ties });
  switch (policy.kind) {
    case 'fifo':
      return (head) => head;
    case 'random':
      return (head) => nth(pool, head, stream.below(lengthOf(pool, head)));
    case 'pct':
      return byPriority(pool, { seed, depth: policy.depth, stream });
  }
}

function byPriority(
  pool: EventPool,
  { seed, depth, stream }: { seed: number; depth: number; stream: Stream },
): ChooseTie {
  const falls = new Set(Array.from({ length: depth - 1 }, () => stream.below(PCT_CHOICES)));
  const priorities = new Map<number, number>();
  const priority = (slot: number): number => {
    const entity = pool.entity[slot] as number;
    const known = priorities.get(entity);
    if (known !== undefined) return known;
    const drawn = createStream({ seed, entity, purpose: purposes.ties, incarnation: 1 }).word();
    priorities.set(entity, drawn);
    return drawn;
  };
  let choices = 0;
  return (head) => {
    const first = highest(pool, head, priority);
    choices += 1;
    if (!falls.has(choices)) return first;
    // Below all that are drawn, and below those that fell before.
    priorities.set(pool.entity[first] as number, -choices);
    return highest(pool, head, priority);
  };
}

function highest(pool: EventPool, head: number, priority: (slot: number) => number): number {
  let best = head;
  for (let slot = pool.next[head] as number; slot !== NONE; slot = pool.next[slot] as number) {
    if (priority(slot) > priority(best)) best = slot;
  }
  return best;
}

function lengthOf(pool: EventPool, head: number): number {
  let length = 0;
  for (let slot = head; slot !== NONE; slot = pool.next[slot] as number) length += 1;
  return length;
}

function nth(pool: EventPool, head: number, place: number): number {
  let slot = head;
  for (let left = place; left > 0; left -= 1) slot = pool.next[slot] as number;
  return slot;
}
