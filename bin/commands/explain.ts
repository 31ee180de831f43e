/** `norc explain <id>`: a requirement, ledger entry, error code, message, machine or vector, in full. */
import type { Command } from 'commander';

export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('a requirement, ledger entry, error code, message, machine or vector, in full')
    .argument(
      '<id>',
      'T-CHAL-05, L-T04, 5804, trust_request, federation-link, canonical-json/depth-33, …',
    )
    .option('--json', 'print one JSON document')
    .action(async (id: string, { json }: { json?: true }) => {
      const { printExplanation } = await import('../explain/print-explanation.ts');
      await printExplanation(id, json ? 'json' : 'text');
    });
}
