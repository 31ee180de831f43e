/** One letter a version, so that a square of all pairs stays small enough to be read. */
import { type Answer, agrees, type MatrixCell, type MatrixResults } from './matrix.ts';

export type Kind = 'exact' | 'compatible' | 'none' | 'differs';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

export const letterOf = (versions: readonly string[], version: string): string =>
  ALPHABET[versions.indexOf(version)] ?? '?';

/** `ab·d·`: which of all versions a set has. */
export function setMark({ versions }: MatrixResults, set: readonly string[]): string {
  return versions
    .map((version) => (set.includes(version) ? letterOf(versions, version) : '·'))
    .join('');
}

export function kindOf(cell: MatrixCell): Kind {
  const { got } = cell;
  if (!agrees(cell) || 'split' in got) return 'differs';
  if (got.version === null) return 'none';
  return got.compatibilityMode ? 'compatible' : 'exact';
}

/** A capital where the session is in compatibility mode. */
export function cellMark({ versions }: MatrixResults, cell: MatrixCell): string {
  const kind = kindOf(cell);
  if (kind === 'differs') return '!';
  const version = versionOf(cell.got);
  if (version === null) return '·';
  const letter = letterOf(versions, version);
  return kind === 'compatible' ? letter.toUpperCase() : letter;
}

const versionOf = (answer: Answer): string | null => ('split' in answer ? null : answer.version);
