/** Makes the page and the JUnit file beside a results file anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderHtml } from '../../reports/html.ts';
import { renderJunit } from '../../reports/junit.ts';
import type { Results } from '../../reports/results.ts';
import { resultsFault } from '../../reports/results-schema.ts';
import { requirementRows } from '../../spec/rows.ts';
import { UsageError } from '../usage-error.ts';

/** Returns the files written. Throws UsageError where `file` is no results file. */
export function renderAgain(file: string): readonly string[] {
  const results = read(file);
  const page = join(dirname(file), 'report.html');
  const junit = join(dirname(file), 'junit.xml');
  const texts: readonly [string, string][] = [
    [page, renderHtml(results, requirementRows())],
    [junit, renderJunit(results)],
  ];
  for (const [path, text] of texts) write(path, text);
  return [page, junit];
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (thrown) {
    throw new UsageError(`report ${path}: ${(thrown as Error).message}`);
  }
}

function read(file: string): Results {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    throw new UsageError(`report ${file}: ${(thrown as Error).message}`);
  }
  const fault = resultsFault(content);
  if (fault) throw new UsageError(`report ${file}: no results file of norc test: ${fault}`);
  return content as Results;
}
