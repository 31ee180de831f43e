/**
 * Post-quantum key exchange as NORC-T sees it (T App A.2, L-H14, L-H15). Both sides sign what they
 * can in their capabilities, inside the transcript; the link below must then show it, or somebody
 * has stripped it (T-PQ-01).
 */
import { errorCode, suites } from '../../../spec/emitted/registries.ts';
import type { TrustCapabilities } from '../../../spec/messages/trust/trust-capabilities.ts';
import type { ServerConfig } from '../../config.ts';
import type { TrustOrigin } from '../../ports.ts';
import { type Check, check } from '../check.ts';
import { needsHybrid } from '../policy.ts';
import type { Scope } from '../scope.ts';

/** L-H11: the atom of ML-KEM-768 by FIPS 203; drafts have others. */
const KEM = 'pq_kem.mlkem768.fips';

/** T-CAP-10: what our suites can. */
export function ownKems(config: ServerConfig): Pick<TrustCapabilities, 'pq_kem_support'> {
  return hasHybrid(config) ? { pq_kem_support: [KEM] } : {};
}

function hasHybrid({ suites: spoken, policy }: ServerConfig): boolean {
  const { onlySuites } = policy;
  return spoken.some((suite) => {
    return isHybrid(suite) && (onlySuites.length === 0 || onlySuites.includes(suite));
  });
}

/** T-PQ-01: of two that can, none may be heard on a classical link (D-4). */
export function hybridChecks(
  { config }: Scope,
  theirs: TrustCapabilities,
  origin: TrustOrigin,
): readonly Check[] {
  return [
    check(
      'T-PQ-01',
      errorCode.common.cryptoError,
      'both sides can post-quantum and the link is classical',
      () => {
        const both = hasHybrid(config) && theirs.pq_kem_support?.includes(KEM) === true;
        return !both || isHybrid(origin.suite);
      },
      'hybrid_required',
    ),
  ];
}

/** T-LVL-04, L-H15: what is classified is not asked for over a classical link. */
export function isProtectedFor(level: string, { suite }: TrustOrigin): boolean {
  return !needsHybrid(level) || isHybrid(suite);
}

function isHybrid(suite: string): boolean {
  return Object.entries(suites).some(([name, row]) => name === suite && row.hybrid);
}
