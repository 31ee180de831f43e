/** Whether the subject has chosen as the profile says (L-V01…L-V07, L-H09), for both handshakes. */
import { createMust } from '../../../reference/assert.ts';
import { chooseVersion, type VersionChoice } from '../../../reference/wire/version.ts';
import type { ActorEnvironment } from './environment.ts';

const must = createMust();

export function judgeVersion(
  { judge, subject }: ActorEnvironment,
  offered: readonly string[],
  { version, compatibilityMode }: VersionChoice,
): void {
  judge.demand('X-AMC-08', offered.includes(version), {
    what: 'the answer names a version that was not offered',
    expected: offered,
    got: version,
  });
  if (subject.facts.versions.length === 0) return;
  const best = chooseVersion(subject.facts.versions, offered, { must });
  if (!best.ok) {
    throw judge.broken(best.error.requirement, {
      what: 'the subject accepted lists that have no version in common',
      expected: 'a refusal',
      got: { offered, own: subject.facts.versions, version },
    });
  }
  judge.demand('X-AMC-02', best.value.version === version, {
    what: 'the version chosen is not the best that both speak',
    expected: best.value.version,
    got: version,
  });
  judge.demand('X-AMC-10', best.value.compatibilityMode === compatibilityMode, {
    what: 'compatibility_mode is true exactly when the major is below the top of a list',
    expected: best.value.compatibilityMode,
    got: compatibilityMode,
  });
}

export interface SuiteAnswer {
  readonly suite: string;
  /** Whether our offer held an encapsulation key. */
  readonly hasKem: boolean;
  readonly pqCiphertext: string | undefined;
  /** As the subject lists them in its answer. */
  readonly capabilities: readonly string[];
}

/** Descending (L-H09). */
const suiteOrder = ['0101', '0001', '0002'];

export function judgeSuite(
  { judge }: ActorEnvironment,
  offered: readonly string[],
  { suite, hasKem, pqCiphertext, capabilities }: SuiteAnswer,
): void {
  // 0001 is spoken by everybody (X-CS-03), 0101 by who says so.
  const isHybrid = hasKem && capabilities.includes('pq_kem.mlkem768.fips');
  const spoken = isHybrid ? ['0101', '0001'] : ['0001'];
  const best = suiteOrder.find((id) => offered.includes(id) && spoken.includes(id));
  const rank = (id: string): number => suiteOrder.indexOf(id);
  const isGoodEnough = best === undefined || rank(suite) <= rank(best);
  judge.demand('X-CS-02', offered.includes(suite) && rank(suite) >= 0 && isGoodEnough, {
    what: 'the suite chosen is not the best that both speak',
    expected: best ?? offered,
    got: suite,
  });
  const needed = suite === '0101';
  judge.demand(needed ? 'X-PQ-02' : 'X-PQ-01', needed === (pqCiphertext !== undefined), {
    what: 'pq_ciphertext is present exactly in a hybrid suite',
    expected: needed ? 'a ciphertext' : 'none',
    got: pqCiphertext ?? 'none',
  });
}

/** The texts of a list that a case may have bent. */
export const textsOf = (list: unknown): readonly string[] =>
  Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
