/**
 * Capability lists of NORC-C (X-CAN-17, L-X06). What a device may use is in both lists (C-CONN-08);
 * what it must support, our own list always has (C-CONN-06).
 */
import type { ServerConfig } from '../../config.ts';
import { HYBRID_CAPABILITY, isHybrid, orderedSuites } from '../suite-choice.ts';

/** Without these there is nothing that a device could do here (X-CS-06). */
export const mustSupport = ['messaging', 'e2ee'] as const;

export function serverCapabilities({ capabilities, suites, policy }: ServerConfig): string[] {
  const hybrid = orderedSuites(suites, policy.onlySuites).some(isHybrid);
  const listed = [...capabilities.client, ...mustSupport, ...(hybrid ? [HYBRID_CAPABILITY] : [])];
  return [...new Set(listed)].sort();
}

export function sharedCapabilities(
  config: ServerConfig,
  offered: readonly string[],
): ReadonlySet<string> {
  const own = new Set(serverCapabilities(config));
  return new Set(offered.filter((capability) => own.has(capability)));
}
