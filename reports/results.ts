/**
 * The results file: what a conformance run found, in one JSON document. The runner writes it, every
 * report is made from it alone, and its JSON Schema (`results-schema.ts`) is what others may rely on.
 */
import type { ReadingId } from '../spec/emitted/reading-ids.ts';
import type { RequirementId } from '../spec/emitted/requirement-ids.ts';

/** Architecture §5. `untestable` names what was missing and never counts as passed. */
export const verdicts = ['pass', 'fail', 'warn', 'not-applicable', 'untestable', 'error'] as const;
export type Verdict = (typeof verdicts)[number];

export interface Results {
  readonly format: 'norc-conformance-results/1';
  readonly run: RunFacts;
  /** All requirements of the register, in its order. */
  readonly requirements: readonly RequirementResult[];
  readonly cases: readonly CaseResult[];
  /** Known failures that were listed and how they ended. */
  readonly baseline?: { readonly known: readonly string[]; readonly stale: readonly string[] };
  /** Only when the suite was judged as well. */
  readonly mutants?: MutantSummary;
}

export interface RunFacts {
  readonly id: string;
  /** Repeats the run's choices: `--seed`. */
  readonly seed: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** `adapter`: vectors, asked one by one. */
  readonly ground: 'sockets' | 'in-process' | 'adapter';
  /** Version that our actors negotiated. */
  readonly at: string;
  readonly subject: {
    readonly name: string;
    readonly serverId: string;
    readonly versions: readonly string[];
    readonly capabilities: readonly string[];
  };
  /** Readings chosen instead of ours: `L-V02=b`. */
  readonly readings: readonly string[];
  /** True when the run was stopped before its end. */
  readonly interrupted: boolean;
  readonly suiteVersion: string;
}

export interface RequirementResult {
  readonly id: RequirementId;
  readonly layer: 'cross-cutting' | 'client' | 'federation' | 'trust';
  readonly level: 'MUST' | 'MUST NOT' | 'SHOULD' | 'MAY';
  /** True when the level is ours, from a schema or narrative of the documents. */
  readonly assigned: boolean;
  readonly statement: string;
  readonly source: string;
  readonly observe: string;
  readonly readings: readonly ReadingId[];
  /** The worst of its cases. */
  readonly verdict: Verdict;
  /** Why, when it is not judged. */
  readonly reason: string | null;
  readonly cases: readonly string[];
}

export interface CaseResult {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly verifies: readonly RequirementId[];
  readonly readings: readonly ReadingId[];
  /** Why, in a sentence, when it did not pass. */
  readonly reason: string | null;
  readonly durationMs: number;
  /** Time that the case lets pass, where it says so: sockets wait two seconds at most. */
  readonly waitsSeconds?: number;
  readonly checks: readonly CheckResult[];
  readonly exchange: readonly ExchangeEntry[];
  /** One command that runs this case again. */
  readonly rerun: string;
}

export interface CheckResult {
  readonly requirement: RequirementId;
  readonly holds: boolean;
  readonly what: string;
  /** As JSON text. */
  readonly expected: string;
  readonly got: string;
}

/** One message, or one event of a channel (opened, closed, time passed), as it happened. */
export interface ExchangeEntry {
  /** Microseconds since the case began, by the suite's clock. */
  readonly atMicros: number;
  readonly from: string;
  readonly to: string;
  /** Which channel of the case: `device 1`, `link 2`. */
  readonly channel: string;
  /** Message type, or `(closed 1002)`, `(upgrade)`, `(dns TXT …)`. */
  readonly type: string;
  /** What was on the wire, cut to a sane length; null for events. */
  readonly text: string | null;
  readonly sizeBytes: number;
  readonly invalidBecause: string | null;
}

export interface MutantSummary {
  readonly killed: number;
  readonly survived: number;
  readonly survivors: readonly {
    readonly requirement: RequirementId;
    readonly case: string;
    readonly reason: string;
  }[];
}
