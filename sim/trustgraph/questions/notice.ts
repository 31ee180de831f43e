/**
 * How long a notice of revocation needs to everybody: it spreads along relationships, in whichever
 * direction they run, from those who had one with the revoked. By push, a hop takes the target of one
 * hop; by polling alone, each hop is a uniform delay of up to the poll interval, so h hops take half of
 * it each on average and all of it at worst.
 */
import { limits } from '../../../spec/limits.ts';
import { count, number, type Table } from '../answer.ts';
import type { Adjacency, Graph } from '../graph.ts';

export function noticeTable(graph: Graph, revoked: readonly number[]): Table {
  const counts = floodCounts(graph, revoked);
  let told = 0;
  return {
    name: 'notice',
    title: 'Servers told of the revocation, by hops of the notice',
    columns: [
      count('hops'),
      count('servers'),
      count('told'),
      number('push_seconds'),
      number('poll_mean_seconds'),
      number('poll_worst_seconds'),
    ],
    rows: counts.map((servers, hops) => {
      told += servers;
      const poll = hops * limits.revocationPollSeconds;
      return [hops, servers, told, (hops * limits.targetHopMs) / 1000, poll / 2, poll];
    }),
  };
}

/** Breadth first over both directions; hop 0 are the neighbours of the revoked. */
export function floodCounts({ nodeCount, out, into }: Graph, revoked: readonly number[]): number[] {
  const told = new Uint8Array(nodeCount);
  for (const node of revoked) told[node] = 1;
  let front: number[] = [];
  const tell = (side: Adjacency, node: number, next: number[]) => {
    const end = side.offsets[node + 1] as number;
    for (let edge = side.offsets[node] as number; edge < end; edge++) {
      const neighbour = side.nodes[edge] as number;
      if (told[neighbour]) continue;
      told[neighbour] = 1;
      next.push(neighbour);
    }
  };
  const spreadFrom = (nodes: readonly number[]) => {
    const next: number[] = [];
    for (const node of nodes) {
      tell(out, node, next);
      tell(into, node, next);
    }
    return next;
  };
  const counts: number[] = [];
  for (front = spreadFrom(revoked); front.length > 0; front = spreadFrom(front))
    counts.push(front.length);
  return counts;
}
