/**
 * Verdicts over vectors in the one form that all reports are made from: a vector is a case, its
 * category a suite, and what hangs on a requirement comes to its verdict.
 */
import type { CaseResult, ExchangeEntry, Results, Verdict } from '../../reports/results.ts';
import type { ReadingId } from '../../spec/emitted/reading-ids.ts';
import type { AdapterFault } from '../../test/adapters/adapter.ts';
import type { Judged } from '../../test/adapters/check.ts';
import type { Identity } from '../../test/adapters/protocol/answer.ts';
import { assembleResults } from '../../test/conformance/results.ts';
import { type LevelOf, severity } from '../../test/conformance/verdict.ts';
import type { Vector, VectorValue } from '../../vectors/vector-file.ts';
import { suiteVersion } from '../suite-version.ts';
import type { Lore } from '../test-run/lore.ts';
import { rerunLine } from './rerun-line.ts';

export interface Told {
  readonly judged: readonly Judged[];
  readonly baseline: NonNullable<Results['baseline']>;
  readonly identity: Identity;
  /** What ended the run before its time: in the reports a case of its own. */
  readonly fault: AdapterFault | null;
  /** What was started; absent: the reference. */
  readonly command: string | undefined;
  readonly lore: Lore;
  readonly startedMs: number;
  readonly interrupted: boolean;
}

/** Beyond, the file of vectors has the whole. */
const TEXT_CHARACTERS = 4096;

export function resultsOf(told: Told): Results {
  const { judged, fault, command, lore, startedMs, interrupted } = told;
  const startedAt = new Date(startedMs).toISOString();
  const { name, version } = told.identity;
  const run = {
    id: `${startedAt.replace(/[-:.Z]/g, '')}-vectors`,
    seed: 'none',
    startedAt,
    durationMs: Date.now() - startedMs,
    ground: 'adapter',
    at: '2.0',
    subject: { name, serverId: name, versions: [version], capabilities: [] },
    readings: [],
    interrupted,
    suiteVersion: suiteVersion(),
  } as const;
  const cases = [
    ...judged.map((each) => caseResult(each, command, lore.levelOf)),
    ...(fault ? [faultResult(fault, command)] : []),
  ];
  const results = assembleResults(run, cases, lore.register);
  return told.baseline.known.length > 0 ? { ...results, baseline: told.baseline } : results;
}

/** Severity comes from the register: the strongest of the requirements that a vector judges. */
export function verdictOf({ vector, judgement }: Judged, levelOf: LevelOf): Verdict {
  switch (judgement.outcome) {
    case 'pass':
    case 'accepted':
    case 'refused':
      return 'pass';
    case 'fail':
      return vector.requirements.every((id) => severity(levelOf(id)) === 'warn') ? 'warn' : 'fail';
    case 'unsupported':
      return 'not-applicable';
    case 'error':
      return 'error';
  }
}

function caseResult(judged: Judged, command: string | undefined, levelOf: LevelOf): CaseResult {
  const { vector, judgement } = judged;
  const verdict = verdictOf(judged, levelOf);
  return {
    id: vector.id,
    title: vector.comment ?? `${vector.id} is ${vector.result}`,
    verdict,
    verifies: vector.requirements,
    readings: vector.readings as readonly ReadingId[],
    reason: verdict === 'not-applicable' ? 'the adapter does not support it' : judgement.reason,
    durationMs: 0,
    checks: verdict === 'not-applicable' || verdict === 'error' ? [] : checksOf(judged),
    exchange: verdict === 'pass' || verdict === 'not-applicable' ? [] : exchangeOf(judged),
    rerun: rerunLine(command, vector.id),
  };
}

function faultResult({ message }: AdapterFault, command: string | undefined): CaseResult {
  return {
    ...{ id: 'adapter/can-be-judged', title: 'The adapter can be judged', verdict: 'error' },
    ...{ verifies: [], readings: [], checks: [], exchange: [], durationMs: 0, reason: message },
    rerun: rerunLine(command),
  };
}

/** One fault a vector: it judges all of its requirements at once, and so they share the verdict. */
function checksOf({ vector, answer, judgement }: Judged): CaseResult['checks'] {
  const got = answer?.kind === 'output' ? json(answer.output) : 'a rejection';
  return vector.requirements.map((requirement) => ({
    requirement,
    holds: judgement.outcome !== 'fail',
    what: vector.comment ?? vector.id,
    expected: expectedText(vector),
    got,
  }));
}

export function expectedText({ result, output }: Vector): string {
  const text = output === undefined ? 'any output' : json(output);
  if (result === 'valid') return text;
  return result === 'invalid' ? 'a rejection' : `a rejection, or ${text}`;
}

function exchangeOf({ category, vector, answer }: Judged): readonly ExchangeEntry[] {
  const asked = entry('suite', 'adapter', `run ${category}`, json(vector.input));
  if (!answer) return [asked];
  const text = answer.kind === 'output' ? json(answer.output) : JSON.stringify(answer);
  return [asked, entry('adapter', 'suite', answer.kind, text)];
}

function entry(from: string, to: string, type: string, text: string): ExchangeEntry {
  const sizeBytes = Buffer.byteLength(text);
  const shown = text.slice(0, TEXT_CHARACTERS);
  return {
    ...{ atMicros: 0, from, to, channel: 'adapter', type },
    ...{ text: shown, sizeBytes, invalidBecause: null },
  };
}

const json = (value: VectorValue): string => JSON.stringify(value);
