/** How a fact has changed, in the words that the rules are listed under. */
import type { Json } from '../schema.ts';
import type { Kind } from './facts.ts';

/** Null: not at all, as far as a peer is concerned. Undefined is a fact that is not there. */
export function movementOf(
  kind: Kind,
  before: Json | undefined,
  after: Json | undefined,
): string | null {
  if (JSON.stringify(before) === JSON.stringify(after)) return null;
  return (wordings[wordingOf[kind] ?? 'plain'] ?? plain)(before, after);
}

type Wording = (before: Json | undefined, after: Json | undefined) => string | null;

const wordingOf: { readonly [kind in Kind]?: string } = {
  field: 'state',
  'closed-field': 'state',
  requirement: 'state',
  type: 'state',
  duty: 'state',
  hint: 'plain',
  'upper-bound': 'number',
  'lower-bound': 'number',
  'limit-maximum': 'number',
  'limit-minimum': 'number',
  statement: 'prose',
  order: 'order',
};

const plain: Wording = (before, after) =>
  before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';

const wordings: { readonly [name: string]: Wording } = {
  plain,
  state: (before, after) => {
    if (before === undefined) return `added ${after}`;
    return after === undefined ? `removed ${before}` : `${before} to ${after}`;
  },
  number: (before, after) => {
    if (typeof before !== 'number' || typeof after !== 'number') return plain(before, after);
    return after > before ? 'raised' : 'lowered';
  },
  // What two people may word differently is not what a machine reads: numbers, names, negations.
  prose: (before, after) => {
    if (before === undefined || after === undefined) return plain(before, after);
    return termsOf(before) === termsOf(after) ? 'reworded' : 'changed';
  },
  // Rows that came or went are facts of their own; the others may not change places.
  order: (before, after) => {
    const [old, now] = [listOf(before), listOf(after)];
    const kept = old.filter((name) => now.includes(name));
    return kept.join() === now.filter((name) => old.includes(name)).join() ? null : 'changed';
  },
};

const TERMS = /`[^`]*`|[\w.-]*\d[\w.-]*|\b(?:not|no|never|none|only|all|any|every|must|may|or)\b/gi;

function termsOf(text: Json): string {
  const found: readonly string[] = String(text).match(TERMS) ?? [];
  return found
    .map((term) => term.toLowerCase())
    .sort()
    .join(' ');
}

const listOf = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [];
