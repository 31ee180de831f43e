/** Where the reference enforces a requirement: every guard that names it, read from the source. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** `file:line` of each mention of the id as a string in reference/. */
export function enforcedAt(id: string): readonly string[] {
  return sourceFiles(join(root, 'reference')).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        line.includes(`'${id}'`) ? [`${relative(root, file)}:${index + 1}  ${line.trim()}`] : [],
      ),
  );
}

function sourceFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(folder, name));
}
