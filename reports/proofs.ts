/**
 * What the tests of this repository prove. A test whose title begins with requirement ids
 * (`T-PATH-03: …`, `T-PATH-03, T-PATH-04: …`) proves them when it passes. Read from the test runner's
 * own report of a run, never from the source: a test that was not run proves nothing.
 */
import type { RequirementId } from '../spec/emitted/requirement-ids.ts';

/** By the folder of the test. */
export const proofKinds = ['property', 'vector', 'scenario', 'unit'] as const;
export type ProofKind = (typeof proofKinds)[number];

export interface Proof {
  readonly requirement: RequirementId;
  readonly kind: ProofKind;
  /** Of the test, without the ids. */
  readonly title: string;
}

/** The part of the runner's JSON report that is read here. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly fullName: string;
      readonly status: string;
    }[];
  }[];
}

export interface ReadProofs {
  readonly proofs: readonly Proof[];
  /** Ids that titles claim and the register does not have. */
  readonly unknown: readonly string[];
  /** Test files of the run, from `test/` on. */
  readonly files: readonly string[];
}

const id = '[XCFT]-[A-Z0-9]+-[0-9]{2}';
const claim = new RegExp(`^(${id}(?:, ${id})*): (.+)$`, 's');

export function readProofs(report: TestReport, known: ReadonlySet<string>): ReadProofs {
  // Which file ended first differs from run to run.
  const inOrder = report.testResults.toSorted((one, two) => (one.name < two.name ? -1 : 1));
  const claims = inOrder.flatMap(({ name, assertionResults }) => {
    const passed = assertionResults.filter(({ status }) => status === 'passed');
    return passed.flatMap((test) => claimsOf(kindOf(name), test.title));
  });
  const isKnown = (proof: Proof): boolean => known.has(proof.requirement);
  return {
    proofs: claims.filter(isKnown),
    unknown: claims.filter((proof) => !isKnown(proof)).map(({ requirement }) => requirement),
    files: report.testResults.map(({ name }) => name.slice(name.lastIndexOf('/test/') + 1)).sort(),
  };
}

function claimsOf(kind: ProofKind, title: string): readonly Proof[] {
  const [, ids, rest] = claim.exec(title) ?? [];
  if (!ids || !rest) return [];
  return ids
    .split(', ')
    .map((requirement) => ({ requirement: requirement as RequirementId, kind, title: rest }));
}

function kindOf(file: string): ProofKind {
  return proofKinds.find((kind) => file.includes(`/test/${kind}/`)) ?? 'unit';
}
