/** `norc report`: renders the reports of a finished run again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { renderHtml } from '../../reports/html.ts';
import { renderJunit } from '../../reports/junit.ts';
import type { Results } from '../../reports/results.ts';
import { resultsFault } from '../../reports/results-schema.ts';
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
