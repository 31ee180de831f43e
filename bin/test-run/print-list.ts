/** `--list`: the cases that would run. */
import type { Case } from '../../test/conformance/case.ts';
import type { Terminal } from '../terminal.ts';
import { wrap } from '../text.ts';

export function printList(terminal: Terminal, cases: readonly Case[], form: 'text' | 'json'): void {
  if (form === 'json') {
    const rows = cases.map(({ id, title, verifies, readings, needs }) => {
      return { id, title, verifies, readings, needs };
    });
    terminal.print(JSON.stringify(rows, null, 2));
    return;
  }
  for (const { id, title, verifies } of cases) {
    terminal.print(terminal.paint('bold', id));
    const lines = terminal.interactive ? wrap(title, terminal.columns - 3) : [title];
    for (const line of lines) terminal.print(`  ${line}`);
    terminal.print(`  ${terminal.paint('gray', verifies.join(' '))}`);
  }
  terminal.print();
  terminal.print(`${cases.length} cases`);
}
