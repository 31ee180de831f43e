/** Which vectors are meant, from the words of a command. */
import { existsSync } from 'node:fs';
import type { Asked } from '../../test/adapters/check.ts';
import { readVectorFiles, vectorFolder } from '../../test/adapters/vector-files.ts';
import { categories, type VectorFile } from '../../vectors/vector-file.ts';
import { UsageError } from '../usage-error.ts';

export interface SelectionFlags {
  readonly category?: readonly string[];
  readonly vector?: readonly string[];
  readonly skip?: readonly string[];
  readonly folder?: string;
}

/** Files of the chosen categories, each with the chosen vectors; those without any are left out. */
export function selectedFiles(
  flags: SelectionFlags,
  all = filesIn(flags.folder),
): readonly VectorFile[] {
  const wanted = flags.category ?? [];
  const stray = wanted.find((name) => !categories.some((category) => category === name));
  if (stray !== undefined) {
    throw new UsageError(`--category ${stray}: say one of ${categories.join(', ')}`);
  }
  const files = all.filter(({ category }) => wanted.length === 0 || wanted.includes(category));
  const chosen = flags.vector?.map((word) => patternOf('--vector', word, files));
  const skipped = (flags.skip ?? []).map((word) => patternOf('--skip', word, all));
  const isAsked = (id: string): boolean =>
    (chosen?.some((pattern) => pattern.test(id)) ?? true) &&
    !skipped.some((pattern) => pattern.test(id));
  return files
    .map((file) => ({ ...file, vectors: file.vectors.filter(({ id }) => isAsked(id)) }))
    .filter(({ vectors }) => vectors.length > 0);
}

export function questionsOf(files: readonly VectorFile[]): readonly Asked[] {
  return files.flatMap(({ category, vectors }) => vectors.map((vector) => ({ category, vector })));
}

export function filesIn(folder: string | undefined): readonly VectorFile[] {
  if (folder === undefined) return readVectorFiles(vectorFolder);
  if (!existsSync(folder)) throw new UsageError(`--folder ${folder}: there is no such folder`);
  try {
    return readVectorFiles(folder);
  } catch (thrown) {
    throw new UsageError(`--folder ${folder}: ${(thrown as Error).message}`);
  }
}

/** Throws where it means no vector at all: a word misspelt must not pass as nothing to do. */
function patternOf(flag: string, word: string, files: readonly VectorFile[]): RegExp {
  const text = word
    .toLowerCase()
    .replaceAll(/[^a-z0-9*./-]/g, '')
    .replaceAll('.', '\\.');
  const pattern = new RegExp(`^${text.replaceAll('*', '.*')}$`);
  const isMet = files.some(({ vectors }) => vectors.some(({ id }) => pattern.test(id)));
  if (isMet) return pattern;
  throw new UsageError(`${flag} ${word}: there is none; norc vectors list --category … names them`);
}
