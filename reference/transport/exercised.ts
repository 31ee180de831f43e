/** Tells a suite which requirements the guards of a stopped server have checked. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exercised } from '../assert.ts';

/** `exercised.json` in the data directory: ids in order, adding to those of earlier runs. */
export function writeExercised(directory: string, exercised: Exercised): void {
  const file = join(directory, 'exercised.json');
  const ids = new Set([...readExercised(file), ...exercised.keys()]);
  writeFileSync(file, `${JSON.stringify({ exercised: [...ids].sort() }, null, 2)}\n`);
}

/** Empty when there is no such file, or none of ours. */
function readExercised(file: string): string[] {
  try {
    const { exercised } = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(exercised) ? exercised.map(String) : [];
  } catch {
    return [];
  }
}
