/**
 * How a path becomes a score and a score a level. The literal rule is what the documents say: fewest
 * hops first, then the best product, each hop lowered by the decay (T-PATH-01 … 04, L-T22, L-T23). The
 * other settings are the readings that a researcher wants to compare it with.
 */

import { type Level, levelNames, levels } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import { GraphFault } from './fault.ts';

export interface Rule {
  /** `shortest`: fewest hops, then score. `within-hops`: the best score of at most `hops` hops. */
  readonly path: 'shortest' | 'within-hops';
  /** Which of several shortest paths speaks (T-PATH-04); `first` is the first one found. */
  readonly tie: 'best' | 'worst' | 'first';
  /**
   * What a path is worth. `minimum`: its weakest edge, and paths are chosen by that; `weakest`: its
   * weakest edge too, but the path is the one that the product chooses. Neither decays.
   */
  readonly strength: 'product' | 'minimum' | 'weakest';
  /** Whether a direct edge decays too (L-T22: it does). */
  readonly firstHop: 'decayed' | 'whole';
  readonly decay: number;
  readonly hops: number;
  /** Least unrounded score of each level above untrusted, on 0…1, ascending. */
  readonly thresholds: readonly number[];
}

export const bandNames: readonly Level[] = levelNames;

/** trust_score / 100 (T-PATH-02). */
export const specThresholds: readonly number[] = levelNames
  .map((level) => levels[level].threshold)
  .filter((threshold) => threshold !== null)
  .map((threshold) => threshold / 100);

export const literalRule: Rule = {
  path: 'shortest',
  tie: 'best',
  strength: 'product',
  firstHop: 'decayed',
  decay: limits.pathDecay,
  hops: limits.pathHops,
  thresholds: specThresholds,
};

/** Hops are kept in a byte, of which the two highest values mark nodes out of the search. */
const MOST_HOPS = 253;

export function checkRule(rule: Rule): Rule {
  const { hops, decay, thresholds } = rule;
  if (!Number.isInteger(hops) || hops < 1 || hops > MOST_HOPS)
    throw new GraphFault(`hops must be 1 … ${MOST_HOPS}, not ${hops}`);
  if (!(decay > 0 && decay <= 1)) throw new GraphFault(`decay must be in (0, 1], not ${decay}`);
  if (rule.strength === 'weakest' && (rule.path !== 'shortest' || rule.tie !== 'best'))
    throw new GraphFault('the weakest edge is taken of the best of shortest paths only');
  if (thresholds.length !== specThresholds.length || !isAscending(thresholds))
    throw new GraphFault(`thresholds must be four ascending scores, not ${thresholds.join(', ')}`);
  return rule;
}

const isAscending = (values: readonly number[]) =>
  values.every((value, index) => value >= 0 && (index === 0 || value >= (values[index - 1] ?? 0)));

/** 0 untrusted … 4 nato. Thresholds apply to the unrounded score. */
export function bandOf(score: number, thresholds: readonly number[]): number {
  let band = 0;
  while (band < thresholds.length && score >= (thresholds[band] as number)) band += 1;
  return band;
}

/** The band from which a server counts as verified. */
export const verifiedBand = levelNames.indexOf('verified');
export const classifiedBand = levelNames.indexOf('classified');

/** `shortest, best tie, product, decay 0.95 from the first hop, 3 hops`. */
export function ruleText(rule: Rule): string {
  const path =
    rule.path === 'shortest' ? `shortest path, ${rule.tie} of ties` : 'best path within the hops';
  return `${path}, ${strengthText(rule)}, at most ${rule.hops} hops`;
}

function strengthText({ strength, decay, firstHop }: Rule): string {
  if (strength === 'minimum') return 'weakest edge';
  const product = `product, decay ${decay}${firstHop === 'whole' ? ' from the second hop' : ''}`;
  return strength === 'weakest' ? `weakest edge of the path chosen by ${product}` : product;
}
