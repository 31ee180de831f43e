/**
 * Mutants of the reference that cost nothing: for every requirement that a case claims to verify and a
 * guard of the reference enforces, the same server with that one guard switched off. The case must
 * fail against it, or it judges nothing.
 */
import type { Crypto } from '../../reference/crypto/crypto.ts';
import type { CaseResult } from '../../reports/results.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Case, ProtocolVersion } from '../conformance/case.ts';
import {
  createInProcessGround,
  type InProcessGround,
  type InProcessParts,
} from '../conformance/grounds/in-process.ts';
import { type RunOptions, runCases } from '../conformance/run.ts';
import type { LevelOf } from '../conformance/verdict.ts';

export interface MutantTrial {
  readonly case: Case;
  readonly requirement: RequirementId;
}

export interface TrialResult extends MutantTrial {
  readonly killed: boolean;
  /** How the case ended against the mutant. */
  readonly ending: string;
}

export interface Laboratory {
  readonly parts: InProcessParts;
  readonly crypto: Crypto;
  readonly levelOf: LevelOf;
  readonly at: ProtocolVersion;
  readonly seed: string;
}

/** Runs the cases against the unchanged reference; says which passed and which guards ran. */
export async function healthyRun(
  lab: Laboratory,
  cases: readonly Case[],
): Promise<{ passed: readonly Case[]; guards: ReadonlySet<string> }> {
  const guards = new Set<string>();
  const ground = createInProcessGround(lab.parts, { seed: lab.seed });
  const watching: InProcessGround = {
    ...ground,
    async start(options) {
      const subject = await ground.start(options);
      const close = subject.close;
      return {
        ...subject,
        async close() {
          for (const id of subject.exercised() ?? []) guards.add(id);
          await close();
        },
      };
    },
  };
  const results = await runOn(lab, watching, cases);
  const verdicts = new Map(results.map((result) => [result.id, result.verdict]));
  return { passed: cases.filter((each) => verdicts.get(each.id) === 'pass'), guards };
}

export function trialsOf(
  cases: readonly Case[],
  guards: ReadonlySet<string>,
): readonly MutantTrial[] {
  return cases.flatMap((theCase) =>
    theCase.verifies
      .filter((requirement) => guards.has(requirement))
      .filter((requirement) => !theCase.behaviour?.includes(requirement))
      .map((requirement) => ({ case: theCase, requirement })),
  );
}

export async function tryMutant(lab: Laboratory, trial: MutantTrial): Promise<TrialResult> {
  const off = new Set([trial.requirement]);
  const ground = createInProcessGround(lab.parts, { seed: lab.seed, off });
  const [result] = await runOn(lab, ground, [trial.case]);
  const ending = result
    ? `${result.verdict}${result.reason ? `: ${result.reason}` : ''}`
    : 'nothing';
  return { ...trial, killed: result?.verdict !== 'pass', ending };
}

export async function runOn(
  lab: Laboratory,
  ground: InProcessGround,
  cases: readonly Case[],
): Promise<readonly CaseResult[]> {
  const options: RunOptions = {
    ground,
    cases,
    at: lab.at,
    seed: lab.seed,
    jobs: 1,
    caseLimitMs: 20_000,
    authority: lab.parts.authority,
    crypto: lab.crypto,
    levelOf: lab.levelOf,
    rerun: () => '',
    onEvent: () => {},
    signal: new AbortController().signal,
  };
  const outcome = await runCases(options);
  await ground.close();
  return outcome.cases;
}
