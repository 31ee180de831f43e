/**
 * Cipher suites of a link (X-CS-02, X-CS-05, L-H09, L-H10): one fixed order, so that no list can steer
 * the choice. Suite 0002 is in the registry and not built; the handshake runs without it.
 */
import { levels, suiteNames, suites } from '../../spec/emitted/registries.ts';
import type { ServerConfig } from '../config.ts';
import type { SuiteId } from '../crypto/crypto.ts';
import { reaches } from './standing.ts';

/** Advertised beside a hybrid suite, so that a handshake that ends without it shows (X-CS-02). */
export const HYBRID_CAPABILITY = 'pq_kem.mlkem768.fips';

/** What we offer and accept, best first. */
export function ownSuites({ suites: spoken, policy }: ServerConfig): SuiteId[] {
  const { onlySuites } = policy;
  return suiteNames
    .filter((suite) => suite !== '0002')
    .filter((suite) => spoken.includes(suite))
    .filter((suite) => onlySuites.length === 0 || onlySuites.includes(suite));
}

/** Our capabilities, with the one that follows from our suites. */
export function ownCapabilities(config: ServerConfig): string[] {
  const own = new Set(config.capabilities.federation);
  if (ownSuites(config).some(isHybrid)) own.add(HYBRID_CAPABILITY);
  return [...own];
}

export function isHybrid(suite: SuiteId | null): boolean {
  return suite !== null && suites[suite].hybrid;
}

/**
 * X-PQ-05, L-H15: what was hybrid at verified or above stays so, and classified and nato are never
 * anything else.
 */
export function keepsHybrid(
  suite: SuiteId | null,
  history: { readonly level: string; readonly wasHybrid: boolean },
): boolean {
  if (isHybrid(suite)) return true;
  const { level, wasHybrid } = history;
  const row = Object.values(levels).find((known) => known.level === level);
  return !(wasHybrid && reaches(level, 'verified')) && row?.hybridPq !== 'required';
}
