/** What a page shows of a run beside its records. Plain values: it crosses into the page as JSON. */
import type { Verdict } from '../monitors/monitor.ts';
import type { PlanItem } from '../plan/plan.ts';
import type { Scenario } from '../scenario/compile.ts';
import { eventNames } from '../trace/label.ts';
import type { TraceIndex } from '../trace/trace.ts';
import { type ClockPiece, clockPieces } from './local-clock.ts';

export interface Picture {
  /** What the run is called where there are two. */
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  readonly hash: string;
  readonly rows: number;
  readonly labels: readonly string[];
  readonly names: readonly string[];
  readonly eventNames: readonly string[];
  /** Lanes, in the order of the scenario. */
  readonly servers: readonly PictureServer[];
  readonly plan: readonly PicturePlan[];
  readonly verdicts: readonly Verdict[];
}

interface PictureServer {
  readonly id: string;
  readonly clock: readonly ClockPiece[];
}

interface PicturePlan extends Pick<PlanItem, 'id' | 'kind' | 'at' | 'until'> {
  readonly about: string;
}

export interface PictureParts {
  readonly name: string;
  readonly index: TraceIndex;
  /** Null: the trace does not say what it is of. */
  readonly scenario: Scenario | null;
  readonly verdicts: readonly Verdict[];
}

export function pictureOf({ name, index, scenario, verdicts }: PictureParts): Picture {
  const { rows, labels, names, hash, identity } = index;
  return {
    ...{ name, rows, labels, names, hash, eventNames, verdicts, seed: identity.seed },
    title: scenario?.title ?? name,
    servers: scenario
      ? scenario.world.servers.map((server) => ({
          id: server.id,
          clock: clockPieces(server, scenario.plan),
        }))
      : names.map((id) => ({ id, clock: [] })),
    plan: (scenario?.plan ?? []).map(({ id, kind, at, until, target, params }) => ({
      ...{ id, kind, at, until },
      about: [targetText(target), JSON.stringify(params)].join(' '),
    })),
  };
}

const MOST_NAMED = 6;

const targetText = (target: PlanItem['target']): string =>
  target
    .map((side) =>
      side.length > MOST_NAMED
        ? `${side.slice(0, MOST_NAMED).join(', ')} and ${side.length - MOST_NAMED} more`
        : side.join(', '),
    )
    .join(' | ');
