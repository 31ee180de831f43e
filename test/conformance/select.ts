/** Which cases a run takes: by glob over ids, by layer, by level, by share of a split run. */
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Case } from './case.ts';
import type { Level, LevelOf } from './verdict.ts';

export interface Selection {
  /** Globs (`*` within a segment, `**` across) over case ids and requirement ids. Empty: all. */
  readonly only: readonly string[];
  /** First segments of case ids. Empty: all. */
  readonly layers: readonly CaseLayer[];
  /** Keeps cases that verify a requirement of this level or a stronger one. */
  readonly level: 'must' | 'should' | 'may';
  /** `{ index: 2, of: 5 }`: the second of five shares. */
  readonly shard: { readonly index: number; readonly of: number };
}

export const caseLayers = ['wire', 'client', 'federation', 'trust'] as const;
export type CaseLayer = (typeof caseLayers)[number];

export const everything: Selection = {
  only: [],
  layers: [],
  level: 'may',
  shard: { index: 1, of: 1 },
};

export function select(
  cases: readonly Case[],
  { only, layers, level, shard }: Selection,
  levelOf: LevelOf,
): readonly Case[] {
  const patterns = only.map(globToRegExp);
  const wanted = cases.filter(
    (theCase) =>
      matches(theCase, patterns) &&
      (layers.length === 0 || layers.includes(layerOf(theCase))) &&
      theCase.verifies.some((id) => strengthOf(levelOf(id)) >= strengths[level]),
  );
  return wanted.filter((_, position) => position % shard.of === shard.index - 1);
}

export function layerOf(theCase: Case): CaseLayer {
  const [first] = theCase.id.split('/');
  const layer = caseLayers.find((name) => name === first);
  if (!layer)
    throw new Error(`case ${theCase.id}: an id starts with one of ${caseLayers.join(', ')}`);
  return layer;
}

function matches(theCase: Case, patterns: readonly RegExp[]): boolean {
  if (patterns.length === 0) return true;
  const names: readonly (string | RequirementId)[] = [theCase.id, ...theCase.verifies];
  return patterns.some((pattern) => names.some((name) => pattern.test(name)));
}

const strengths = { may: 1, should: 2, must: 3 } as const;

function strengthOf(level: Level): number {
  if (level === 'MAY') return strengths.may;
  return level === 'SHOULD' ? strengths.should : strengths.must;
}

function globToRegExp(glob: string): RegExp {
  const source = glob
    .split(/(\*\*|\*|\?)/)
    .map((part) => globParts[part] ?? part.replace(/[.+^${}()|[\]\\]/g, '\\$&'))
    .join('');
  return new RegExp(`^${source}$`, 'i');
}

const globParts: { readonly [part: string]: string } = { '**': '.*', '*': '[^/]*', '?': '[^/]' };
