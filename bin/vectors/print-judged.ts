/**
 * What did not pass, with all that is needed to understand it: what the vector is, the rule, the
 * first fields that differ, what was given in, the reading it hangs on, what an attacker gains where
 * it is wrong, and how to ask it again.
 */
import { plainText } from '../../reports/characters.ts';
import type { Judged } from '../../test/adapters/check.ts';
import type { Flag, VectorFile, VectorValue } from '../../vectors/vector-file.ts';
import type { Terminal } from '../terminal.ts';
import type { Lore } from '../test-run/lore.ts';
import { cut, wrap } from '../text.ts';
import { rerunLine } from './rerun-line.ts';
import { expectedText } from './results-of.ts';

export interface Teller {
  readonly terminal: Terminal;
  readonly lore: Lore;
  /** The adapter's; absent: the reference. */
  readonly command: string | undefined;
  readonly files: readonly VectorFile[];
}

const MOST_COLUMNS = 110;
const INDENT = ' '.repeat(6);
const LABEL = 10;
const VALUE_CHARACTERS = 480;
/** Of one output. */
const FIELDS = 5;
/** Of a category, when not all are told. */
const NAMED = 8;

export function printJudged(
  teller: Teller,
  judged: readonly Judged[],
  { all }: { readonly all: boolean },
): void {
  const broken = judged.filter(({ judgement: { outcome } }) => isBroken(outcome));
  for (const category of new Set(broken.map((each) => each.category))) {
    const own = broken.filter((each) => each.category === category);
    const told = all ? own : own.slice(0, 1);
    for (const each of told) printOne(teller, each);
    printRest(teller, own.slice(told.length));
  }
}

const isBroken = (outcome: Judged['judgement']['outcome']): boolean =>
  outcome === 'fail' || outcome === 'error';

function printOne(teller: Teller, judged: Judged): void {
  const { terminal, lore, command } = teller;
  const { vector, judgement } = judged;
  const say = (name: string, text: string): void => sayText(terminal, name, text);
  terminal.print(`  ${terminal.paint('red', '✗')} ${terminal.paint('bold', vector.id)}`);
  say('because', judgement.reason ?? judgement.outcome);
  if (vector.comment) say('which is', vector.comment);
  for (const id of vector.requirements) say('rule', ruleText(id, lore));
  sayWrong(say, judged);
  say('input', valueText(vector.input));
  for (const id of vector.readings) say('reading', `${id}: ${lore.reading(id)?.take ?? ''}`);
  for (const { bug, effect } of flagsOf(teller, judged)) say('at stake', `${bug} ${effect}`);
  terminal.print(label(terminal, 'rerun') + rerunLine(command, vector.id));
  terminal.print();
}

/** Field by field where both are outputs, else the whole of both. */
function sayWrong(
  say: (name: string, text: string) => void,
  { vector, answer, judgement }: Judged,
): void {
  if (judgement.outcome === 'error') return;
  const { differences } = judgement;
  for (const { path, expected, got } of differences.slice(0, FIELDS)) {
    say('at', path === '' ? 'the whole output' : path);
    say('expected', valueText(expected));
    say('got', valueText(got));
  }
  if (differences.length > FIELDS) say('', `and ${differences.length - FIELDS} fields more`);
  if (differences.length > 0 || !answer) return;
  say('expected', cut(expectedText(vector), VALUE_CHARACTERS));
  if (answer.kind === 'output') say('got', valueText(answer.output));
  if (answer.kind === 'rejected')
    say('got', `a rejection: ${cut(answer.reason, VALUE_CHARACTERS)}`);
}

function printRest({ terminal, command }: Teller, rest: readonly Judged[]): void {
  const [first] = rest;
  if (!first) return;
  const names = rest.slice(0, NAMED).map(({ vector }) => vector.id);
  const more = rest.length > NAMED ? `, and ${rest.length - NAMED} more` : '';
  sayText(terminal, 'as well', `${names.join(', ')}${more}`);
  const { vector } = first;
  terminal.print(label(terminal, 'rerun') + rerunLine(command, vector.id));
  terminal.print();
}

function ruleText(id: Parameters<Lore['requirement']>[0], lore: Lore): string {
  const row = lore.requirement(id);
  return row ? `${id} (${row.level}${row.assigned ? '*' : ''}) ${row.statement}` : id;
}

function flagsOf({ files }: Teller, { category, vector }: Judged): readonly Flag[] {
  const file = files.find((each) => each.category === category);
  return vector.flags.flatMap((name) => file?.flags[name] ?? []);
}

function valueText(value: VectorValue | undefined): string {
  return value === undefined ? 'nothing' : cut(JSON.stringify(value), VALUE_CHARACTERS);
}

/** What an adapter says draws nothing. */
function sayText(terminal: Terminal, name: string, text: string): void {
  const { interactive, columns } = terminal;
  const room = interactive ? Math.min(columns, MOST_COLUMNS) - INDENT.length - LABEL : columns;
  wrap(plainText(text), room).forEach((line, at) => {
    terminal.print(label(terminal, at === 0 ? name : '') + line);
  });
}

function label({ paint }: Terminal, name: string): string {
  return `${INDENT}${paint('gray', name.padEnd(LABEL))}`;
}
