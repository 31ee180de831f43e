/**
 * The cipher suites this room can run, best first (L-H09, X-CS-01 to X-CS-05). The order is fixed, so
 * the order of a peer's list decides nothing. Suite 0002 is in the registry and not built (L-H10).
 */
import { suiteNames, suites } from '../../spec/emitted/registries.ts';
import type { SuiteId } from '../crypto/crypto.ts';

/** Listed beside a hybrid suite, so that its absence from the answer shows (X-PQ-01, X-CS-02). */
export const HYBRID_CAPABILITY = 'pq_kem.mlkem768.fips';

export function isBuilt(suite: string): suite is SuiteId {
  return suite === '0001' || suite === '0101';
}

export function isHybrid(suite: SuiteId): boolean {
  return suites[suite].hybrid;
}

/** Best first. `only` restricts what `own` names, for a party under FIPS rules (X-CS-05). */
export function orderedSuites(own: readonly string[], only: readonly string[] = []): SuiteId[] {
  const allowed = own.filter((suite) => only.length === 0 || only.includes(suite));
  return suiteNames.filter((suite) => allowed.includes(suite)).filter(isBuilt);
}
