/**
 * Parts of a run on disk, one JSON line a unit, so that a stopped run goes on where it stopped. The
 * first line says what was asked; a file of another question is not continued but refused.
 */
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { GraphFault } from '../fault.ts';
import type { Json } from '../question.ts';

export interface Checkpoint {
  readonly known: ReadonlyMap<number, Json>;
  keep(unit: number, part: Json): void;
  /** All is done: nothing is left to continue. */
  remove(): void;
}

/** A run without a folder keeps nothing. */
export const noCheckpoint: Checkpoint = { known: new Map(), keep: () => {}, remove: () => {} };

export function openCheckpoint(path: string, asked: Json): Checkpoint {
  const identity = JSON.stringify(asked);
  const known = existsSync(path) ? readParts(path, identity) : new Map<number, Json>();
  // Also drops a last line that was cut off in the middle.
  writeFileSync(path, [identity, ...[...known].map((part) => JSON.stringify(part)), ''].join('\n'));
  return {
    known,
    keep: (unit, part) => appendFileSync(path, `${JSON.stringify([unit, part])}\n`),
    remove: () => rmSync(path, { force: true }),
  };
}

function readParts(path: string, identity: string): Map<number, Json> {
  const [first, ...lines] = readFileSync(path, 'utf8').split('\n');
  if (first !== identity)
    throw new GraphFault(
      `${path} keeps parts of another question: remove it, or choose another --out`,
    );
  // What follows the last newline was not written to its end.
  return new Map(lines.slice(0, -1).map((line) => JSON.parse(line) as [number, Json]));
}
