/**
 * A line a verdict, and below what did not pass all that is needed to understand it: the rule, what
 * was expected, what came, the reading it hangs on, how to run it again.
 */
import type { CaseResult, ExchangeEntry } from '../../reports/results.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Terminal } from '../terminal.ts';
import { cut, durationText, shortPath, wrap } from '../text.ts';
import type { Lore } from './lore.ts';
import { marks } from './marks.ts';
import type { TestPlan } from './options.ts';
import { readingLines } from './reading-lines.ts';

export interface Teller {
  readonly terminal: Terminal;
  readonly lore: Lore;
  readonly plan: TestPlan;
}

/** Wider lines are harder to read, and the durations too far away. */
const MOST_COLUMNS = 110;
/** Beyond, the report has the whole. */
const EXCHANGE_LINES = 3;
const VALUE_CHARACTERS = 480;

export function printCase(teller: Teller, result: CaseResult): void {
  teller.terminal.print(headLine(teller, result));
  if (result.verdict === 'pass') return;
  if (result.reason) say(teller, 'because', result.reason);
  if (result.verdict === 'untestable' || result.verdict === 'not-applicable') return;
  for (const check of result.checks.filter((each) => !each.holds)) {
    say(teller, 'rule', ruleText(check.requirement, teller.lore));
    say(teller, 'expected', cut(check.expected, VALUE_CHARACTERS));
    say(teller, 'got', cut(check.got, VALUE_CHARACTERS));
  }
  if (result.verdict !== 'error') {
    for (const id of result.readings) {
      readingLines(id, teller.lore, teller.plan.readings).forEach((line, at) => {
        say(teller, at === 0 ? 'reading' : '', line);
      });
    }
  }
  if (teller.plan.verbose) printExchange(teller, result.exchange);
  sayWhole(teller, 'rerun', result.rerun);
}

/** Durations stand below each other at the right edge, and the name gets what is left. */
function headLine({ terminal, plan }: Teller, { id, verdict, durationMs }: CaseResult): string {
  const { mark, style } = marks[verdict];
  const time = durationText(durationMs).padStart(7);
  const known = plan.baseline.includes(id) ? ' known' : '';
  const width = widthOf(terminal);
  const room = width - 4 - known.length - time.length - 1;
  const name = terminal.interactive ? shortPath(id, room) : id;
  const [leaf = ''] = name.split('/').slice(-1);
  const folder = name.slice(0, name.length - leaf.length);
  const space = ' '.repeat(Math.max(1, room - name.length + 1));
  return (
    `  ${terminal.paint(style, mark)} ${terminal.paint('gray', folder)}${leaf}` +
    `${terminal.paint('yellow', known)}${space}${terminal.paint('gray', time)}`
  );
}

const INDENT = ' '.repeat(6);
const LABEL = 10;

/** Plain output is not wrapped, so that it can be searched. */
function say({ terminal }: Teller, name: string, text: string): void {
  const room = widthOf(terminal) - INDENT.length - LABEL;
  const lines = terminal.interactive ? text.split('\n').flatMap((t) => wrap(t, room)) : [text];
  lines.forEach((line, at) => {
    const label = (at === 0 ? name : '').padEnd(LABEL);
    terminal.print(`${INDENT}${terminal.paint('gray', label)}${line}`);
  });
}

/** One line whatever its length, to be copied. */
function sayWhole({ terminal }: Teller, name: string, text: string): void {
  terminal.print(`${INDENT}${terminal.paint('gray', name.padEnd(LABEL))}${text}`);
}

function ruleText(id: RequirementId, lore: Lore): string {
  const row = lore.requirement(id);
  if (!row) return id;
  return `${id} (${row.level}${row.assigned ? '*' : ''}) ${row.statement}`;
}

/** `--verbose`: what went over which channel, with its bytes as far as they fit. */
function printExchange({ terminal }: Teller, exchange: readonly ExchangeEntry[]): void {
  const { interactive, paint } = terminal;
  const room = widthOf(terminal) - INDENT.length - LABEL;
  const characters = interactive ? room * EXCHANGE_LINES : VALUE_CHARACTERS;
  const line = (label: string, text: string) =>
    terminal.print(`${INDENT}${paint('gray', label.padEnd(LABEL))}${text}`);
  exchange.forEach((entry, at) => {
    const time = durationText(entry.atMicros / 1000).padStart(7);
    const size = entry.text === null ? '' : `  ${entry.sizeBytes} bytes`;
    const way = entry.from === 'subject' ? '←' : '→';
    const event = `${time}  ${entry.channel} ${way} ${entry.type}${size}`;
    line(at === 0 ? 'exchange' : '', interactive ? cut(event, room) : event);
    if (entry.invalidBecause) line('', `         invalid: ${entry.invalidBecause}`);
    const text = entry.text === null ? '' : cut(entry.text, characters);
    const lines = interactive ? wrap(text, room - 9) : [text];
    for (const part of text ? lines : []) line('', paint('gray', `         ${part}`));
  });
}

function widthOf({ columns }: Terminal): number {
  return Math.min(columns, MOST_COLUMNS);
}
