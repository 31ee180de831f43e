/**
 * What a conformance case is. A case sees bytes: it speaks with the subject through the actors of the
 * stage (devices and peer servers of ours, honest or hostile) and never touches the subject's inside.
 * It runs unchanged on every ground. Severity comes from the register, never from the case.
 */
import type { ReadingId } from '../../spec/emitted/reading-ids.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Stage } from './stage.ts';

export type ProtocolVersion = '1.0' | '1.1' | '2.0';

export interface Case {
  /** A path: `trust/challenge/late-response-is-refused`. The first segment is the layer. */
  readonly id: string;
  /** A sentence in the present tense: what a conforming subject does. */
  readonly title: string;
  /** Every one is checked at least once in each run that ends well, or the case is an `error`. */
  readonly verifies: readonly RequirementId[];
  /**
   * Those of `verifies` that the case judges by what the subject sends of itself, not by what it
   * refuses: no guard stands behind them, so tampers (test/mutant/tampers.ts) prove them instead.
   */
  readonly behaviour?: readonly RequirementId[];
  /**
   * Those of `verifies` that the case judges by what the subject must take rather than refuse: a
   * server whose guard refuses everything must fail it.
   */
  readonly accepts?: readonly RequirementId[];
  /** Ledger entries that the verdict hangs on. */
  readonly readings: readonly ReadingId[];
  /** Versions at which the case makes sense; absent: all. */
  readonly at?: readonly ProtocolVersion[];
  readonly needs: Needs;
  readonly run: (stage: Stage) => Promise<void>;
}

/** What a case must have from the subject or the ground; what is missing makes it `untestable`. */
export interface Needs {
  /** The subject can be stopped and started again with its data directory kept. */
  readonly restart?: true;
  /** The subject takes operator commands. */
  readonly commands?: true;
  /** Time that passes while the case runs. More than 2 s is done in process only. */
  readonly waitsSeconds?: number;
  /** Optional capability: not declared by the subject makes the case `not-applicable`. */
  readonly capability?: string;
  /** The subject starts with this policy instead of the suite's own (members of `Policy`). */
  readonly policy?: PolicyChange;
  /** The subject starts speaking exactly these versions, which need not exist (AMC). */
  readonly versions?: readonly string[];
  /** The subject is a device of ours under test rather than a server. */
  readonly subjectIsDevice?: true;
  /** Not beside other cases on the same subject: it would disturb them. */
  readonly alone?: true;
}

/** Members of reference/config.ts `Policy` to change, as JSON. */
export type PolicyChange = { readonly [member: string]: unknown };

type CaseParts = Omit<Case, 'readings' | 'needs'> & Partial<Pick<Case, 'readings' | 'needs'>>;

export function defineCase(parts: CaseParts): Case {
  return { readings: [], needs: {}, ...parts };
}

/** A `check` that did not hold: the subject broke a requirement. Ends the case as `fail`. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
  readonly requirement: RequirementId;
  readonly expected: unknown;
  readonly got: unknown;
  constructor(requirement: RequirementId, what: string, expected: unknown, got: unknown) {
    super(what);
    this.requirement = requirement;
    this.expected = expected;
    this.got = got;
  }
}

/** Something the case needs is not there. Ends the case as `untestable`, naming what. */
export class Untestable extends Error {
  override readonly name = 'Untestable';
}

/** The subject did not do what every step before the judged one relies on. Ends as `fail` of `requirement`. */
export class SubjectMisbehaved extends Error {
  override readonly name = 'SubjectMisbehaved';
  readonly expected: unknown;
  readonly got: unknown;
  constructor(what: string, expected: unknown, got: unknown) {
    super(what);
    this.expected = expected;
    this.got = got;
  }
}

/** A defect of the suite: a message of ours that our own schema refuses, a step out of order. */
export class SuiteError extends Error {
  override readonly name = 'SuiteError';
}
