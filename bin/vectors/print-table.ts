/** Verdicts by category. */
import type { Results } from '../../reports/results.ts';
import type { Judged } from '../../test/adapters/check.ts';
import { type Outcome, outcomes } from '../../test/adapters/judge.ts';
import type { Terminal } from '../terminal.ts';

type Style = Parameters<Terminal['paint']>[0];

const styles: { readonly [outcome in Outcome]: Style } = {
  pass: 'green',
  accepted: 'green',
  refused: 'green',
  fail: 'red',
  unsupported: 'gray',
  error: 'magenta',
};
const NAME = 18;

/** `accepted` and `refused` are of vectors that are acceptable: both are right. */
export function printTable(terminal: Terminal, judged: readonly Judged[]): void {
  const names = [...new Set(judged.map(({ category }) => category))];
  if (names.length === 0) return;
  const header = ['vectors', ...outcomes].map((word) => cell(word, word)).join('');
  terminal.print(`  ${''.padEnd(NAME)}${terminal.paint('bold', header)}`);
  for (const name of names) {
    const own = judged.filter(({ category }) => category === name);
    terminal.print(`  ${name.padEnd(NAME)}${rowOf(terminal, own)}`);
  }
  if (names.length > 1) terminal.print(`  ${'all'.padEnd(NAME)}${rowOf(terminal, judged)}`);
  terminal.print();
}

function rowOf({ paint }: Terminal, judged: readonly Judged[]): string {
  const cells = outcomes.map((outcome) => {
    const count = judged.filter(({ judgement }) => judgement.outcome === outcome).length;
    const text = cell(count === 0 ? '·' : String(count), outcome);
    return paint(count === 0 ? 'gray' : styles[outcome], text);
  });
  return cell(String(judged.length), 'vectors') + cells.join('');
}

const cell = (text: string, heading: string): string => text.padStart(heading.length + 2);

/** What the list of known failures has excused, and what must come out of it. */
export function printBaseline(
  terminal: Terminal,
  { known, stale }: NonNullable<Results['baseline']>,
  judged: readonly Judged[],
): void {
  const excused = judged.filter(({ vector, judgement }) => {
    return judgement.outcome === 'fail' && known.includes(vector.id);
  });
  const { length } = excused;
  if (length > 0) terminal.print(`  Known to fail, and told nowhere above: ${length}.`);
  for (const id of stale) {
    terminal.print(`  ${id} is listed in the baseline and passes: take it out.`);
  }
  if (length + stale.length > 0) terminal.print();
}
