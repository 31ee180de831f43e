/**
 * A line a verdict, and below what did not pass all that is needed to understand it: the rule, what
 * was expected, what came, the reading it hangs on, how to run it again.
 */
import { plainText } from '../../reports/characters.ts';
import type { CaseResult } from '../../reports/results.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Terminal } from '../terminal.ts';
import { cut, durationText, shortPath, wrap } from '../text.ts';
import { exchangeLines } from './exchange-lines.ts';
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
      for (const line of readingLines(id, teller.lore, teller.plan.readings)) {
        say(teller, 'reading', line);
      }
    }
  }
  if (teller.plan.verbose) {
    for (const line of exchangeLines(result.exchange, roomOf(teller.terminal))) {
      sayWhole(teller, 'exchange', line);
    }
  }
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

/** Plain output is not wrapped, so that it can be searched. What a subject says draws nothing. */
function say(teller: Teller, name: string, text: string): void {
  const room = roomOf(teller.terminal);
  wrap(plainText(text), room).forEach((line, at) => {
    sayWhole(teller, at === 0 ? name : '', line);
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

/** For texts beside their label. */
function roomOf({ interactive, columns }: Terminal): number {
  return interactive ? Math.min(columns, MOST_COLUMNS) - INDENT.length - LABEL : columns;
}

function widthOf({ columns }: Terminal): number {
  return Math.min(columns, MOST_COLUMNS);
}
