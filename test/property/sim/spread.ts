/** How a word spreads over a graph, event by event on the simulator's kernel: pushed on, or fetched. */
import { createKernel } from '../../../sim/kernel/kernel.ts';
import type { Stream } from '../../../sim/philox.ts';

export type Neighbours = readonly (readonly number[])[];

export interface Spread {
  /** Messages that were sent. */
  readonly sent: number;
  /** By node: hops of the first word that reached it; Infinity: none has. */
  readonly hops: readonly number[];
}

interface Word {
  readonly to: number;
  readonly from: number;
  readonly hops: number;
}

/** Whoever hears it first passes it on to all but who told it, as long as hops are left. */
export function flood(
  neighbours: Neighbours,
  origin: number,
  { stream, mostHops = Number.POSITIVE_INFINITY }: { stream: Stream; mostHops?: number },
): Spread {
  const kernel = createKernel({ seed: 1 });
  const hops = neighbours.map(() => Number.POSITIVE_INFINITY);
  let sent = 0;
  const tell = (node: number, from: number, walked: number): void => {
    hops[node] = walked;
    if (walked >= mostHops) return;
    for (const to of neighbours[node] ?? []) {
      if (to === from) continue;
      sent += 1;
      const word: Word = { to, from: node, hops: walked + 1 };
      // With one latency for all, the first way is a shortest one.
      const latency = mostHops === Number.POSITIVE_INFINITY ? 1 + stream.below(500) : 100;
      kernel.push(kernel.now + latency, 1, to, word);
    }
  };
  tell(origin, -1, 0);
  for (let event = kernel.take(Number.MAX_SAFE_INTEGER); event; ) {
    const { to, from, hops: walked } = event.payload as Word;
    if (hops[to] === Number.POSITIVE_INFINITY) tell(to, from, walked);
    event = kernel.take(Number.MAX_SAFE_INTEGER);
  }
  return { sent, hops };
}

/**
 * Of so many chains, when the last of each knows, in which each asks the one before at a fixed pace of
 * its own. In ticks, earliest first.
 */
export function fetchAlong(
  { chains, hops }: { readonly chains: number; readonly hops: number },
  everyTicks: number,
  stream: Stream,
): readonly number[] {
  const kernel = createKernel({ seed: 1 });
  const knows = new Uint8Array(chains);
  const delays: number[] = [];
  for (let chain = 0; chain < chains; chain += 1) {
    for (let hop = 1; hop <= hops; hop += 1)
      kernel.push(stream.below(everyTicks), hop, chain, null);
  }
  for (let event = kernel.take(Number.MAX_SAFE_INTEGER); event; ) {
    const { at, kind: hop, entity: chain } = event;
    if (hop > (knows[chain] as number) + 1) kernel.push(at + everyTicks, hop, chain, null);
    else knows[chain] = hop;
    if (hop === hops && knows[chain] === hops) delays.push(at);
    event = kernel.take(Number.MAX_SAFE_INTEGER);
  }
  return delays;
}
