/**
 * What the cases claim, and the mutants that must bear it out. A case claims every requirement that it
 * verifies, in one of three ways:
 *
 * - it is *refused*, which is what a guard does: the same server without that guard must fail;
 * - it is *taken* (`accepts` of the case): a server whose guard refuses everything must fail;
 * - the subject *does* it (`behaviour` of the case, or no guard has the id): a tamper that breaks it
 *   must fail.
 */
import type { CaseResult } from '../../reports/results.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Case } from '../conformance/case.ts';
import { createInProcessGround } from '../conformance/grounds/in-process.ts';
import { type Laboratory, type Mutant, playAgainst, runOn, watched } from './mutant.ts';

export interface Claim {
  readonly case: Case;
  readonly requirement: RequirementId;
  /** Any of them may bear it out. None: nothing can. */
  readonly mutants: readonly Mutant[];
  /** Of behaviour, every tamper is to be found out; of a guard, the first that is suffices. */
  readonly tries: 'every' | 'first';
}

export interface ClaimResult extends Claim {
  /** Mutants that the case has found out, and the first of them. */
  readonly foundOut: readonly string[];
  readonly provenBy: string | null;
  /** How the case ended against it, or against the last of them. */
  readonly ending: string;
}

/** Runs the cases against the unchanged reference; says which passed and which guards ran. */
export async function healthyRun(
  lab: Laboratory,
  cases: readonly Case[],
): Promise<{ passed: readonly Case[]; guards: ReadonlySet<string> }> {
  const guards = new Set<string>();
  const ground = watched(createInProcessGround(lab.parts, { seed: lab.seed }), (subject) => {
    for (const id of subject.exercised() ?? []) guards.add(id);
  });
  const results = await runOn(lab, ground, cases);
  const verdicts = new Map(results.map((result) => [result.id, result.verdict]));
  return { passed: cases.filter((each) => verdicts.get(each.id) === 'pass'), guards };
}

export function claimsOf(
  cases: readonly Case[],
  guards: ReadonlySet<string>,
  tampers: readonly Mutant[],
): readonly Claim[] {
  return cases.flatMap((theCase) =>
    theCase.verifies.map((requirement) => {
      const tamperers = tampers.filter(({ breaks }) => breaks.includes(requirement));
      const guard = guardMutant(theCase, requirement, guards);
      const mutants = guard ? [guard, ...tamperers] : tamperers;
      return { case: theCase, requirement, mutants, tries: guard ? 'first' : 'every' };
    }),
  );
}

/** Null where the case is about what the subject does, or no guard has the id. */
function guardMutant(
  { accepts, behaviour }: Case,
  requirement: RequirementId,
  guards: ReadonlySet<string>,
): Mutant | null {
  if (behaviour?.includes(requirement) || !guards.has(requirement)) return null;
  return accepts?.includes(requirement) ? overStrict(requirement) : withoutGuards(requirement);
}

export function overStrict(id: RequirementId): Mutant {
  const title = `the guard of ${id} refuses everything`;
  return { name: `overdoes-${id}`, title, breaks: [id], stuck: [id] };
}

export async function judgeClaim(lab: Laboratory, claim: Claim): Promise<ClaimResult> {
  const foundOut: string[] = [];
  let ending = 'no mutant bears it out';
  for (const mutant of claim.mutants) {
    if (claim.tries === 'first' && foundOut.length > 0) break;
    const { result, refusals } = await playAgainst(lab, mutant, claim.case);
    if (foundOut.length === 0) ending = endingOf(result);
    if (isKill(result)) foundOut.push(mutant.name);
    else if (mutant.name === withoutGuards(claim.requirement).name) {
      const deeper = await withoutSecondLines(lab, claim, refusals);
      if (deeper) return { ...claim, ...deeper, foundOut: [mutant.name, deeper.provenBy] };
    }
  }
  return { ...claim, foundOut, provenBy: foundOut[0] ?? null, ending };
}

/** Tampers that no claim has found out meet every case that verifies what they break. */
export async function hunt(
  lab: Laboratory,
  tamper: Mutant,
  cases: readonly Case[],
): Promise<string | null> {
  const meant = cases.filter(({ verifies }) => verifies.some((id) => tamper.breaks.includes(id)));
  for (const theCase of meant) {
    const { result } = await playAgainst(lab, tamper, theCase);
    if (isKill(result)) return theCase.id;
  }
  return null;
}

/** Guards that may stand behind one another. */
const SECOND_LINES = 3;

/**
 * Where another guard refuses the same fault, both go: the case must fail then, and pass when the
 * other alone is off, or the claimed guard does nothing here.
 */
async function withoutSecondLines(
  lab: Laboratory,
  { case: theCase, requirement }: Claim,
  refusals: readonly RequirementId[],
): Promise<{ provenBy: string; ending: string } | null> {
  const others: RequirementId[] = [];
  let seen = refusals;
  while (others.length < SECOND_LINES) {
    const next = seen.filter((id) => id !== requirement && !others.includes(id)).at(-1);
    if (!next) return null;
    others.push(next);
    const { result, refusals: later } = await playAgainst(
      lab,
      withoutGuards(requirement, ...others),
      theCase,
    );
    if (isKill(result)) {
      const alone = await playAgainst(lab, withoutGuards(...others), theCase);
      const isDecisive = alone.result?.verdict === 'pass';
      const provenBy = withoutGuards(requirement, ...others).name;
      return isDecisive ? { provenBy, ending: endingOf(result) } : null;
    }
    seen = later;
  }
  return null;
}

function withoutGuards(...ids: RequirementId[]): Mutant {
  const names = ids.join('+');
  return { name: `without-${names}`, title: `the guards ${names} are off`, breaks: ids, off: ids };
}

/** An error of the suite, or a case that could not be played, finds out nothing. */
export const isKill = (result: CaseResult | null): boolean =>
  result?.verdict === 'fail' || result?.verdict === 'warn';

export function endingOf(result: CaseResult | null): string {
  if (!result) return 'nothing';
  return result.reason ? `${result.verdict}: ${result.reason}` : result.verdict;
}
