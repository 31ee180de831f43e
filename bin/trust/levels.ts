/** `norc trust levels`: what each level asks and gives, and which method reaches it (profile 5.4). */
import type { Command } from 'commander';

export function registerLevels(group: Command): void {
  group
    .command('levels')
    .description('what each trust level asks and gives, and which method reaches it')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: true }) => {
      const { levelTable, levelLines } = await import('./level-table.ts');
      const table = levelTable();
      console.log(json ? JSON.stringify(table) : levelLines(table).join('\n'));
    });
}
