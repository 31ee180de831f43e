/** From the claims that were tried to the figures and the matrix that are published. */
import type { Mutant } from './mutant.ts';
import type { ClaimResult } from './trials.ts';

export interface Share {
  readonly found: number;
  readonly of: number;
  readonly share: number;
}

export interface Score {
  /** Every guard that a case claims, off or overdone, and every tamper. */
  readonly mutants: Share;
  /** Every requirement that a case says it verifies. */
  readonly claims: Share;
  /** Names of mutants that no case has found out. */
  readonly notFoundOut: readonly string[];
}

/** A requirement, a case that claims it, and the mutant that bears it out. */
export interface MatrixRow {
  readonly requirement: string;
  readonly case: string;
  readonly provenBy: string | null;
  readonly ending: string;
}

/** `hunted`: tampers that were found out beside all claims. */
export function scoreOf(
  results: readonly ClaimResult[],
  tampers: readonly Mutant[],
  hunted: readonly string[] = [],
): Score {
  const tried = results.flatMap(({ mutants }) => mutants.slice(0, 1).map(({ name }) => name));
  const found = new Set([...results.flatMap(({ foundOut }) => foundOut), ...hunted]);
  const names = new Set([...tried, ...tampers.map(({ name }) => name), ...found]);
  const proven = results.filter(({ provenBy }) => provenBy !== null);
  return {
    mutants: share(found.size, names.size),
    claims: share(proven.length, results.length),
    notFoundOut: [...names].filter((name) => !found.has(name)),
  };
}

function share(found: number, of: number): Share {
  return { found, of, share: of === 0 ? 0 : found / of };
}

export function matrixOf(results: readonly ClaimResult[]): readonly MatrixRow[] {
  const rows = results.map(({ case: { id }, requirement, provenBy, ending }) => ({
    requirement,
    case: id,
    provenBy,
    ending,
  }));
  return rows.sort((a, b) => (a.requirement < b.requirement ? -1 : 1));
}

/** Reasons for what did not survive: to be taken out. Cases that were not run say nothing. */
export function staleReasons(
  results: readonly ClaimResult[],
  reasons: { readonly [claim: string]: string },
): readonly string[] {
  const proven = results.filter(({ provenBy }) => provenBy !== null);
  return proven
    .map(({ case: { id }, requirement }) => `${id} ${requirement}`)
    .filter((claim) => claim in reasons);
}
