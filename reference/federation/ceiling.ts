/** Which labels and sizes a trust level admits (X-CLS-04, F-TRUST-04, L-T20, L-X02). */
import { ceilings, classifications, levels } from '../../spec/emitted/registries.ts';
import type { ServerConfig } from '../config.ts';

const ladders: { readonly [ladder: string]: readonly string[] } = classifications;

/**
 * A label is within the ceiling of its own ladder; two ladders have no order between them, and what is
 * unknown, label or level, is denied.
 */
export function isWithinCeiling(level: string, label: string): boolean {
  const [, ceiling] = Object.entries(ceilings).find(([name]) => name === level) ?? [];
  const tops: { readonly [ladder: string]: string | null } = {
    national: ceiling?.national ?? null,
    nato: ceiling?.nato ?? null,
  };
  return Object.entries(ladders).some(([ladder, labels]) => {
    const top = tops[ladder] ?? null;
    const place = labels.indexOf(label);
    return top !== null && place >= 0 && place <= labels.indexOf(top);
  });
}

/**
 * T-GOV-04: beyond the ceiling only where our policy lists a guard towards this server: from this
 * label, to one that is within its ceiling.
 */
export function mayCross(
  { policy }: Pick<ServerConfig, 'policy'>,
  { server, level, label }: { server: string; level: string; label: string },
): boolean {
  if (isWithinCeiling(level, label)) return true;
  return policy.trust.government.guards.some((guard) => {
    return guard.server === server && guard.from === label && isWithinCeiling(level, guard.to);
  });
}

/** The largest message of a level; 0 for an unknown one. */
export function maxBytesOf(level: string): number {
  return Object.values(levels).find((row) => row.level === level)?.maxMessageBytes ?? 0;
}
