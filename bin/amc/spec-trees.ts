/** States of the specification: a folder, or a commit of a repository, read without a checkout. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpecTree } from '../../spec/change/tree.ts';
import { UsageError } from '../usage-error.ts';

const MOST_BYTES = 256 * 1024 * 1024;
const NAMED = /\.(?:json|yaml)$/;

/**
 * `place`: a folder that is the room spec/ or holds it, else anything that git takes for a commit of
 * `repository`. Throws UsageError, naming `flag`.
 */
export function specTree(place: string, flag: string, repository: string): SpecTree {
  const folder = [place, join(place, 'spec')].find((one) => existsSync(join(one, 'versions.yaml')));
  if (folder !== undefined) return folderTree(place === '.' ? 'the work tree' : place, folder);
  if (existsSync(place)) {
    throw new UsageError(`${flag} ${place}: holds no versions.yaml; name spec/ or what holds it`);
  }
  return commitTree(place, flag, repository);
}

function folderTree(name: string, folder: string): SpecTree {
  return {
    name,
    read(path) {
      const file = join(folder, path);
      return existsSync(file) ? readFileSync(file, 'utf8') : null;
    },
    list(inner) {
      const start = join(folder, inner);
      if (!existsSync(start)) return [];
      return readdirSync(start, { recursive: true, encoding: 'utf8' })
        .filter((path) => NAMED.test(path))
        .map((path) => `${inner}/${path.replaceAll('\\', '/')}`)
        .sort();
    },
  };
}

function commitTree(ref: string, flag: string, repository: string): SpecTree {
  const git = (words: readonly string[], input = ''): Buffer => {
    const options = { cwd: repository, input, maxBuffer: MOST_BYTES };
    const { status, stdout, stderr, error } = spawnSync('git', words, options);
    if (status === 0) return stdout;
    const [why] = (error?.message ?? stderr.toString()).trim().split('\n');
    throw new UsageError(`${flag} ${ref}: neither a folder nor a commit in ${repository} (${why})`);
  };
  const [commit = ''] = git(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`])
    .toString()
    .split('\n');
  const listed = git(['ls-tree', '-r', '-z', '--full-tree', commit, '--', 'spec/']).toString();
  const blobs = listed.split('\0').flatMap((line): (readonly [path: string, id: string])[] => {
    const [, id, path] = /^\d+ blob (\w+)\tspec\/(.*)$/.exec(line) ?? [];
    return id && path && NAMED.test(path) ? [[path, id]] : [];
  });
  const ids = blobs.map(([, id]) => id);
  const texts = blobsIn(git(['cat-file', '--batch'], `${ids.join('\n')}\n`));
  const files = new Map(blobs.map(([path], at) => [path, texts[at] ?? '']));
  return {
    name: ref,
    read: (path) => files.get(path) ?? null,
    list: (inner) => [...files.keys()].filter((path) => path.startsWith(`${inner}/`)).sort(),
  };
}

/** For each: `<id> blob <size>`, a line feed, so many bytes, a line feed. */
function blobsIn(batch: Buffer): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at < batch.length; ) {
    const end = batch.indexOf('\n', at);
    if (end === -1) break;
    const size = Number(batch.subarray(at, end).toString().split(' ')[2] ?? 0);
    texts.push(batch.subarray(end + 1, end + 1 + size).toString());
    at = end + 1 + size + 1;
  }
  return texts;
}
