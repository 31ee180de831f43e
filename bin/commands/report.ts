/** `norc report`: renders the reports of a finished run again. */
import type { Command } from 'commander';

export function registerReport(program: Command): void {
  program
    .command('report')
    .description('render the reports of a finished run again, from its results.json')
    .argument('<results>', 'reports/out/<run>/results.json')
    .option('--json', 'print what was written as JSON')
    .action(async (file: string, { json }: { json?: true }) => {
      const { renderAgain } = await import('../report/render-again.ts');
      const written = renderAgain(file);
      console.log(json ? JSON.stringify({ written }) : `wrote ${written.join(' and ')}`);
    });
}
