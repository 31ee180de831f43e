/** What the parts of the page look things up in: the results by id, and the register they quote. */

import type { Reading, Requirement } from '../../spec/register-schema.ts';
import { familyRows, readingRows } from '../../spec/rows.ts';
import type { CaseResult, RequirementResult, Results } from '../results.ts';

export interface Ledger {
  readonly readings: readonly Reading[];
  readonly families: readonly { readonly family: string; readonly title: string }[];
}

export interface PageContext {
  readonly results: Results;
  readonly requirement: ReadonlyMap<string, RequirementResult>;
  readonly register: ReadonlyMap<string, Requirement>;
  readonly case: ReadonlyMap<string, CaseResult>;
  /** Position of a case in the results: a short name for its messages. */
  readonly position: ReadonlyMap<string, number>;
  readonly reading: ReadonlyMap<string, Reading>;
  /** Title of a family of requirements, by its prefix. */
  readonly family: ReadonlyMap<string, string>;
  readonly known: ReadonlySet<string>;
  /** Cases to be mended, worst first. */
  readonly findings: readonly CaseResult[];
}

export function loadLedger(): Ledger {
  return { readings: readingRows(), families: familyRows() };
}

export function createContext(
  results: Results,
  register: readonly Requirement[],
  { readings, families }: Ledger,
): PageContext {
  return {
    results,
    requirement: byId(results.requirements),
    register: byId(register),
    case: byId(results.cases),
    position: new Map(results.cases.map(({ id }, at) => [id, at])),
    reading: byId(readings),
    family: new Map(families.map(({ family, title }) => [family, title])),
    known: new Set(results.baseline?.known ?? []),
    findings: worstFirst.flatMap((verdict) => results.cases.filter((c) => c.verdict === verdict)),
  };
}

const worstFirst = ['error', 'fail', 'warn'] as const;

function byId<T extends { readonly id: string }>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
