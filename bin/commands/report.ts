/** `norc report`: renders the reports of a finished run again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { renderHtml } from '../../reports/html.ts';
import { renderJunit } from '../../reports/junit.ts';
import type { Results } from '../../reports/results.ts';
import { loadRequirements } from '../../spec/register.ts';
import { UsageError } from '../usage-error.ts';

export function registerReport(program: Command): void {
  program
    .command('report')
    .description('render the reports of a finished run again, from its results.json')
    .argument('<results>', 'reports/out/<run>/results.json')
    .option('--json', 'print what was written as JSON')
    .action((file: string, { json }: { json?: true }) => {
      const results = read(file);
      const folder = dirname(file);
      const written = [join(folder, 'report.html'), join(folder, 'junit.xml')] as const;
      writeFileSync(written[0], renderHtml(results, loadRequirements()));
      writeFileSync(written[1], renderJunit(results));
      console.log(json ? JSON.stringify({ written }) : `wrote ${written.join(' and ')}`);
    });
}

function read(file: string): Results {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
    if (results.format === 'norc-conformance-results/1') return results;
  } catch (thrown) {
    throw new UsageError(`report ${file}: ${(thrown as Error).message}`);
  }
  throw new UsageError(`report ${file}: this is no results file of norc test`);
}
