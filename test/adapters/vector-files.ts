/** The files of vectors, as they lie in a folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { categories, type VectorFile } from '../../vectors/vector-file.ts';

/** Ours. */
export const vectorFolder = fileURLToPath(new URL('../../vectors/', import.meta.url));

/** In the order of the plan. Throws with a sentence when a file is none of vectors. */
export function readVectorFiles(folder: string = vectorFolder): readonly VectorFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readVectorFile(join(folder, name)))
    .sort((a, b) => categories.indexOf(a.category) - categories.indexOf(b.category));
}

function readVectorFile(path: string): VectorFile {
  const file: Partial<VectorFile> | null = JSON.parse(readFileSync(path, 'utf8'));
  const isKnown = categories.some((category) => category === file?.category);
  if (!isKnown || !Array.isArray(file?.vectors)) {
    throw new Error(`${path} is no file of vectors: it has no known category and list of vectors`);
  }
  return file as VectorFile;
}
