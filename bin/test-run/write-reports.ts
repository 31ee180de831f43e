/** Writes what a run found into a folder of its own: the results, the page, and JUnit. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderHtml } from '../../reports/html.ts';
import { renderJunit } from '../../reports/junit.ts';
import type { Results } from '../../reports/results.ts';
import { resultsFault } from '../../reports/results-schema.ts';
import type { Requirement } from '../../spec/register-schema.ts';

/** Returns the folder. */
export function writeReports(
  out: string,
  results: Results,
  register: readonly Requirement[],
): string {
  const fault = resultsFault(results);
  if (fault) throw new Error(`the results do not keep to their own schema: ${fault}`);
  const folder = join(out, results.run.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(join(folder, 'report.html'), renderHtml(results, register));
  writeFileSync(join(folder, 'junit.xml'), renderJunit(results));
  return folder;
}
