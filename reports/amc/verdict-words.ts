/** A verdict on a change of the protocol in words, the same in every form. */
import type { Change, PeerVerdict, Verdict } from '../../spec/change/compare.ts';
import type { Breaks } from '../../spec/change/rules.ts';

export const breaksWords: { readonly [breaks in Breaks]: string } = {
  sender: 'as sender',
  receiver: 'as receiver',
  both: 'both ways',
  nobody: 'nobody',
};

const peerNames = { previous: 'previous major', same: 'same major', next: 'next major' } as const;

/** Worst first, and of one kind together. */
export function ordered(changes: readonly Change[]): readonly Change[] {
  const rank = { major: 0, minor: 1, none: 2 } as const;
  return [...changes].sort(
    (a, b) =>
      Number(a.covered) - Number(b.covered) ||
      rank[a.needs] - rank[b.needs] ||
      a.kind.localeCompare(b.kind) ||
      a.fact.localeCompare(b.fact),
  );
}

export function headline({ fits, needed, declared, changes }: Verdict): string {
  if (changes.length === 0) return 'nothing has changed';
  const bumps = `needs ${bumpWords[needed]}, declares ${bumpWords[declared]}`;
  return `${countOf(changes.length, 'change')}: ${bumps}${fits ? '' : ', which is not enough'}`;
}

const bumpWords = { none: 'no new version', minor: 'a new minor', major: 'a new major' } as const;

/** `64 → 32`, or the one of the two that there is. */
export function valuesOf({ before, after, movement }: Change): string {
  const isPlain = before === true || after === true || (before === null && after === null);
  if (isPlain || movement.startsWith('added ') || movement.startsWith('removed ')) return '';
  if (movement.includes(' to ')) return '';
  return `${shown(before)} → ${shown(after)}`;
}

const LONGEST = 60;

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Why a change is not covered, and how to mend it. */
export function mendingOf({ step, needs, at }: Change): string {
  const where = at.join(', ');
  if (step !== 'none') return `from ${where} on, which is a new minor only: make it a new major`;
  if (needs === 'minor') return 'declare a new minor in spec/versions.yaml';
  return `peers speak ${where} already: keep it there, and let a new major begin with it`;
}

export function peerLine({ peer, speaks, meetsAt, metBefore, breaks, by }: PeerVerdict): string {
  const name = peerNames[peer];
  if (speaks.length === 0) return `${name}: there is none`;
  if (meetsAt === null) return `${name}: ${metBefore ? 'meets no longer' : 'does not meet'}`;
  if (breaks === 'nobody') return `${name}: meets at ${meetsAt}, nothing breaks`;
  const count = countOf(by.length, 'change');
  return `${name}: meets at ${meetsAt} and breaks ${breaksWords[breaks]}, by ${count}`;
}

export const countOf = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;
