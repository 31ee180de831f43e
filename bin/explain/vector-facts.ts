/** A test vector: what it asks, what is right, the rules and readings it hangs on, what is at stake. */
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import { readVectorFiles } from '../../test/adapters/vector-files.ts';
import { categories, type Vector, type VectorFile } from '../../vectors/vector-file.ts';
import type { Explanation } from './explain.ts';

export interface Linking {
  requirement(id: RequirementId): string;
  reading(id: string): string;
}

const CHARACTERS = 2000;

/** Undefined where no vector has that id, in any case of letters. */
export function vectorFacts(
  name: string,
  { requirement, reading }: Linking,
): Explanation | undefined {
  const found = vectorNamed(name);
  if (!found) return undefined;
  const { file, vector } = found;
  const flags = vector.flags.flatMap((flag) => file.flags[flag] ?? []);
  return {
    title: vector.id,
    kind: 'test vector',
    facts: [
      { name: 'Category', lines: [`${file.category}: ${file.title}`] },
      { name: 'What the category asks', lines: file.description.split('\n') },
      { name: 'What it is', lines: vector.comment ? [vector.comment] : [] },
      { name: 'Input', lines: [text(vector.input)] },
      { name: 'What is right', lines: [rightAnswer(vector)] },
      { name: 'Requirements that it judges', lines: vector.requirements.map(requirement) },
      { name: 'Readings it hangs on', lines: vector.readings.map(reading) },
      { name: 'Bug that it finds', lines: flags.map(({ bug }) => bug) },
      { name: 'What an attacker gains', lines: flags.map(({ effect }) => effect) },
      { name: 'Ask it', lines: [`npx norc vectors check --vector ${vector.id}`] },
    ],
  };
}

function vectorNamed(name: string): { file: VectorFile; vector: Vector } | undefined {
  const wanted = name.toLowerCase();
  if (!categories.some((category) => wanted.startsWith(`${category}/`))) return undefined;
  for (const file of readVectorFiles()) {
    const vector = file.vectors.find(({ id }) => id === wanted);
    if (vector) return { file, vector };
  }
  return undefined;
}

function rightAnswer({ result, output }: Vector): string {
  const whole = output === undefined ? '' : text(output);
  if (result === 'invalid') return 'a rejection';
  return result === 'valid' ? whole : `a rejection, or ${whole}`;
}

function text(value: Vector['input']): string {
  const whole = JSON.stringify(value);
  return whole.length <= CHARACTERS ? whole : `${whole.slice(0, CHARACTERS)}…`;
}
