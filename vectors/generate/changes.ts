/** What a new state of the files does to whoever keeps ids of vectors: which come, go, or ask another thing. */
import type { Vector, VectorFile } from '../vector-file.ts';

/** `before` and `after`: the files as text. One line a vector: `+ id`, `- id`, or `~ id`. */
export function changesOf(before: readonly string[], after: readonly string[]): readonly string[] {
  const [old, now] = [vectorsIn(before), vectorsIn(after)];
  const come = [...now.keys()].filter((id) => !old.has(id));
  const gone = [...old.keys()].filter((id) => !now.has(id));
  const changed = [...now].filter(([id, vector]) => {
    const earlier = old.get(id);
    return earlier !== undefined && meaningOf(earlier) !== meaningOf(vector);
  });
  return [
    ...come.map((id) => `+ ${id}`),
    ...gone.map((id) => `- ${id}`),
    ...changed.map(([id]) => `~ ${id}`),
  ];
}

/** What an id promises: the question and the right answer. */
const meaningOf = ({ input, result, output }: Vector): string =>
  JSON.stringify([input, result, output ?? null]);

function vectorsIn(texts: readonly string[]): ReadonlyMap<string, Vector> {
  const files = texts.map((text): VectorFile => JSON.parse(text));
  return new Map(files.flatMap(({ vectors }) => vectors.map((vector) => [vector.id, vector])));
}
