/**
 * Draws faults before a run. The n-th fault has a stream of its own, so that asking for one fewer,
 * or taking one out of the plan, leaves all others as they were.
 */
import type { Tick } from '../kernel/kernel.ts';
import { createStream, type Stream } from '../philox.ts';
import { purposes } from '../purposes.ts';
import type { PlanItem } from './plan.ts';

export interface FaultRange {
  readonly count: number;
  readonly kinds: readonly DrawnKind[];
  readonly from: Tick;
  readonly to: Tick;
  readonly longest: Tick;
}

export type DrawnKind = 'partition' | 'crash' | 'slow' | 'reset';

const MOST_SLOWDOWN: Tick = 5_000;

export function generateFaults(
  range: FaultRange,
  servers: readonly string[],
  seed: number,
): readonly PlanItem[] {
  return Array.from({ length: range.count }, (_, place) => {
    const stream = createStream({ seed, entity: place, purpose: purposes.faults });
    return drawOne(range, servers, { place, stream });
  });
}

function drawOne(
  { kinds, from, to, longest }: FaultRange,
  servers: readonly string[],
  { place, stream }: { place: number; stream: Stream },
): PlanItem {
  const kind = kinds[stream.below(kinds.length)] as DrawnKind;
  const at = from + stream.below(Math.max(1, to - from));
  const until = at + 1 + stream.below(longest);
  const one = stream.below(servers.length);
  // Another one, as likely as any.
  const other = (one + 1 + stream.below(Math.max(1, servers.length - 1))) % servers.length;
  const [here, there] = [servers[one] as string, servers[other] as string];
  const item = { id: `fault-${place}`, at, until, kind, params: {} };
  switch (kind) {
    case 'crash':
      return { ...item, target: [[here]], params: { keep: 'all' } };
    case 'partition':
      return { ...item, target: [[here], servers.filter((server) => server !== here)] };
    case 'slow': {
      const by = 1 + stream.below(MOST_SLOWDOWN);
      return { ...item, target: [[here], [there]], params: { by } };
    }
    case 'reset':
      return { ...item, until: null, target: [[here], [there]] };
  }
}
