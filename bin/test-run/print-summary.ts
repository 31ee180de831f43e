/** What the run comes to: verdicts by layer, requirements, what is broken, and what to do next. */
import { type Results, type Verdict, verdicts } from '../../reports/results.ts';
import type { Terminal } from '../terminal.ts';
import { durationText, wrap } from '../text.ts';
import { marks } from './marks.ts';

export interface Ended {
  readonly results: Results;
  /** Where the reports are. */
  readonly folder: string;
  /** Ids of readings that were chosen and that no case has asked for. */
  readonly unasked: readonly string[];
  /** Whether it was the reference that was judged. */
  readonly isReference: boolean;
}

export function printSummary(terminal: Terminal, ended: Ended): void {
  const { results, folder } = ended;
  terminal.print();
  if (results.cases.length > 0) {
    printTable(terminal, results);
    terminal.print();
    sayAll(terminal, requirementText(results));
    printBroken(terminal, results);
  }
  for (const text of remarks(ended)) sayAll(terminal, text);
  terminal.print();
  const rows = [
    ['report', `${folder}/report.html`, durationText(results.run.durationMs)],
    ['next', ...nextCommand(ended)],
  ];
  for (const [name = '', text = '', note = ''] of rows) {
    const [label, remark] = [terminal.paint('gray', name.padEnd(8)), terminal.paint('gray', note)];
    terminal.print(`  ${label}${text}${note ? `  ${remark}` : ''}`);
  }
}

/** Layers that no case of the run belongs to are left out, and so is a total of one layer. */
function printTable(terminal: Terminal, { cases }: Results): void {
  const layers = [...new Set(cases.map(({ id }) => id.split('/')[0] ?? ''))];
  const header = ['cases', ...verdicts].map(pad).join('');
  terminal.print(`  ${terminal.paint('bold', header)}`);
  for (const layer of layers.length > 1 ? [...layers, 'all'] : layers) {
    const chosen = layer === 'all' ? cases : cases.filter(({ id }) => id.startsWith(`${layer}/`));
    const cells = verdicts.map((verdict, at) => {
      const count = chosen.filter((result) => result.verdict === verdict).length;
      const style = count === 0 ? 'gray' : marks[verdict].style;
      return terminal.paint(style, pad(count === 0 ? '·' : String(count), at + 1));
    });
    terminal.print(`  ${pad(layer, 0)}${cells.join('')}`);
  }
}

function pad(text: string, column: number): string {
  if (column === 0) return text.padEnd(11);
  return text.padStart(Math.max(6, (verdicts[column - 1] ?? '').length + 2));
}

function requirementText({ requirements }: Results): string {
  const count = (verdict: Verdict) => requirements.filter((r) => r.verdict === verdict).length;
  const judged = count('pass') + count('fail') + count('warn');
  const broken = `${count('fail')} broken, ${count('warn')} recommendations missed`;
  const others = requirements.length - judged - count('error');
  const rest = others > 0 ? `; the report says why ${others} others are not judged` : '';
  return `${judged} of ${requirements.length} requirements judged: ${count('pass')} kept, ${broken}${rest}.`;
}

/** They may have scrolled away. */
function printBroken(terminal: Terminal, { requirements }: Results): void {
  for (const verdict of ['fail', 'warn', 'error'] as const) {
    const ids = requirements.filter((row) => row.verdict === verdict).map(({ id }) => id);
    if (ids.length === 0) continue;
    const { mark, style } = marks[verdict];
    for (const line of wrap(ids.join(' '), widthOf(terminal) - 4)) {
      terminal.print(`  ${terminal.paint(style, mark)} ${line}`);
    }
  }
}

/** What somebody who reads the exit code only would not know. */
function remarks({ results, unasked }: Ended): readonly string[] {
  const { run, cases, baseline } = results;
  const judged = cases.some(({ verdict }) => ['pass', 'fail', 'warn'].includes(verdict));
  return [
    ...(run.interrupted ? ['Stopped before the end: the reports hold what was learnt.'] : []),
    ...(judged || cases.length === 0
      ? []
      : ['Nothing was judged: no case could be played, so nothing is passed.']),
    ...(baseline?.stale ?? []).map(
      (id) => `${id} is listed in the baseline and passes: take it out.`,
    ),
    ...unasked.map(
      (id) => `--reading ${id}: no case of this run asks for it, so it changed no verdict.`,
    ),
  ];
}

/** A command, and what it is for. */
function nextCommand({ results, isReference, folder }: Ended): readonly string[] {
  const { cases, requirements } = results;
  const broken = requirements.find(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  if (broken) return [`npx norc explain ${broken.id}`, 'the rule that was broken'];
  const erred = cases.find(({ verdict }) => verdict === 'error');
  if (erred) return [`npx norc test --only ${erred.id} --verbose`, 'a defect of the suite'];
  if (results.run.interrupted || cases.length === 0) {
    return ['npx norc test --dry-run', 'can the subject be reached?'];
  }
  if (isReference) return ['npx norc test --command "./your-server"', 'judge your own'];
  return [`npx norc report ${folder}/results.json`, 'render the reports again'];
}

function sayAll(terminal: Terminal, text: string): void {
  const lines = terminal.interactive ? wrap(text, widthOf(terminal) - 2) : [text];
  for (const line of lines) terminal.print(`  ${line}`);
}

function widthOf({ columns }: Terminal): number {
  return Math.min(columns, 100);
}
