/** `norc explain <id>`: a requirement, ledger entry, error code, message or state machine, in full. */
import type { Command } from 'commander';
import { type Explanation, explain, nearestNames } from '../explain/explain.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('a requirement, ledger entry, error code, message or state machine, in full')
    .argument('<id>', 'T-CHAL-05, L-T04, 5804, trust_request, federation-link, …')
    .option('--json', 'print one JSON document')
    .action(async (id: string, { json }: { json?: true }) => {
      const explanation = await explain(id);
      if (!explanation) {
        const near = nearestNames(id);
        const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : 'see spec/README.md';
        throw new UsageError(`explain ${id}: nothing has that name; ${hint}`);
      }
      if (json) console.log(JSON.stringify(explanation, null, 2));
      else print(createTerminal(), explanation);
    });
}

function print(terminal: Terminal, { title, kind, facts }: Explanation): void {
  terminal.print(`${terminal.paint('bold', title)}  ${terminal.paint('gray', kind)}`);
  for (const { name, lines } of facts) {
    if (lines.length === 0) continue;
    terminal.print();
    terminal.print(terminal.paint('cyan', name));
    for (const line of lines) {
      for (const part of wrap(line, Math.min(terminal.columns, 100) - 2))
        terminal.print(`  ${part}`);
    }
  }
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
