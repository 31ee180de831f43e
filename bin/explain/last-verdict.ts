/** The verdict of a requirement in the newest run whose results lie in reports/out. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../reports/results.ts';

export function lastVerdict(id: string, folder = 'reports/out'): readonly string[] {
  const file = newestResults(folder);
  if (!file) return [];
  const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
  const row = results.requirements.find((requirement) => requirement.id === id);
  if (!row) return [];
  const why = row.reason ? `: ${row.reason}` : '';
  return [`${row.verdict}${why}  (${results.run.startedAt}, ${results.run.ground}, ${file})`];
}

function newestResults(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .map((run) => join(folder, run, 'results.json'))
    .filter((file) => existsSync(file))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}
