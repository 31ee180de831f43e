/** Shows what is known of one name, or which names are like it. */
import { createTerminal, type Terminal } from '../terminal.ts';
import { wrap } from '../text.ts';
import { UsageError } from '../usage-error.ts';
import { type Explanation, explain, nearestNames } from './explain.ts';

/** Throws UsageError where nothing has that name. */
export async function printExplanation(
  name: string,
  form: 'text' | 'json',
  terminal: Terminal = createTerminal(),
): Promise<void> {
  const explanation = await explain(name);
  if (!explanation) {
    const near = await nearestNames(name);
    const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : 'see spec/README.md';
    throw new UsageError(`explain ${name}: nothing has that name; ${hint}`);
  }
  if (form === 'json') terminal.print(JSON.stringify(explanation, null, 2));
  else print(terminal, explanation);
}

/** A document, so it has the width of one also where nobody looks. */
const MOST_COLUMNS = 100;

function print(terminal: Terminal, { title, kind, facts }: Explanation): void {
  const width = Math.min(terminal.columns, MOST_COLUMNS);
  const [first = '', ...rest] = wrap(title, width - kind.length - 2);
  terminal.print(`${terminal.paint('bold', first)}  ${terminal.paint('gray', kind)}`);
  for (const line of rest) terminal.print(terminal.paint('bold', line));
  for (const { name, lines } of facts) {
    if (lines.length === 0) continue;
    terminal.print();
    terminal.print(terminal.paint('cyan', name));
    for (const line of lines) {
      for (const part of wrap(line, width - 3, '  ')) terminal.print(`  ${part}`);
    }
  }
}
