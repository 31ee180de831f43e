/** What a person sees of a run: a line a verdict, a progress line, and the summary. */

import { type CaseResult, type Results, type Verdict, verdicts } from '../../reports/results.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Case } from '../../test/conformance/case.ts';
import type { Terminal } from '../terminal.ts';
import type { Lore } from './lore.ts';
import type { TestPlan } from './options.ts';

type Style = Parameters<Terminal['paint']>[0];

const marks: { readonly [verdict in Verdict]: { mark: string; style: Style } } = {
  pass: { mark: '✓', style: 'green' },
  fail: { mark: '✗', style: 'red' },
  warn: { mark: '!', style: 'yellow' },
  'not-applicable': { mark: '-', style: 'gray' },
  untestable: { mark: '○', style: 'gray' },
  error: { mark: '⚠', style: 'magenta' },
};

export function printCase(terminal: Terminal, result: CaseResult, lore: Lore): void {
  const { mark, style } = marks[result.verdict];
  const time = `${Math.round(result.durationMs)} ms`;
  const head = `  ${terminal.paint(style, mark)} ${result.id}`;
  terminal.print(`${head}  ${terminal.paint('gray', time)}`);
  if (result.verdict === 'pass') return;
  const say = (name: string, text: string) =>
    terminal.print(`      ${terminal.paint('gray', name.padEnd(9))} ${text}`);
  if (result.reason) say('because', result.reason);
  if (result.verdict === 'untestable' || result.verdict === 'not-applicable') return;
  for (const check of result.checks.filter((each) => !each.holds)) {
    say('rule', ruleText(check.requirement, lore));
    say('expected', check.expected);
    say('got', check.got);
  }
  for (const id of result.readings) say('reading', `${id}: ${lore.reading(id)?.take ?? ''}`);
  say('rerun', result.rerun);
}

function ruleText(id: RequirementId, lore: Lore): string {
  const row = lore.requirement(id);
  if (!row) return id;
  return `${id} (${row.level}${row.assigned ? '*' : ''}) ${row.statement}`;
}

export function progressText(
  terminal: Terminal,
  state: { done: number; total: number; failed: number; seconds: number; latest: string },
): string {
  const width = 16;
  const full = Math.round((state.done / Math.max(1, state.total)) * width);
  const bar = `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
  const failed = state.failed > 0 ? terminal.paint('red', `, ${state.failed} failed`) : '';
  return ` ${bar} ${state.done}/${state.total}${failed}  ${state.seconds} s  ${state.latest}`;
}

export function printSummary(terminal: Terminal, results: Results): void {
  const layers = ['wire', 'client', 'federation', 'trust'];
  terminal.print();
  const header = ['cases', ...verdicts].map((word, column) => pad(word, column)).join('');
  terminal.print(`  ${terminal.paint('bold', header)}`);
  for (const layer of [...layers, '']) {
    const chosen = results.cases.filter(({ id }) => id.startsWith(layer ? `${layer}/` : ''));
    const counts = verdicts.map((verdict) => chosen.filter((c) => c.verdict === verdict).length);
    const cells = counts.map((count, column) => {
      const text = pad(String(count), column + 1);
      const verdict = verdicts[column];
      return count === 0 || !verdict
        ? terminal.paint('gray', text)
        : terminal.paint(marks[verdict].style, text);
    });
    terminal.print(`  ${pad(layer || 'all', 0)}${cells.join('')}`);
  }
  terminal.print();
  terminal.print(`  ${requirementLine(results)}`);
}

function pad(text: string, column: number): string {
  if (column === 0) return text.padEnd(11);
  return text.padStart(Math.max(6, (verdicts[column - 1] ?? '').length + 2));
}

function requirementLine({ requirements }: Results): string {
  const count = (verdict: Verdict) => requirements.filter((r) => r.verdict === verdict).length;
  const judged = count('pass') + count('fail') + count('warn');
  const kept = `${judged} of ${requirements.length} requirements judged: ${count('pass')} kept`;
  const broken = `${count('fail')} broken, ${count('warn')} recommendations missed`;
  return `${kept}, ${broken}; the report says why the others are not`;
}

export function printList(terminal: Terminal, cases: readonly Case[], plan: TestPlan): void {
  if (plan.json) {
    const rows = cases.map(({ id, title, verifies, readings }) => ({
      id,
      title,
      verifies,
      readings,
    }));
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  for (const { id, title, verifies } of cases) {
    terminal.print(terminal.paint('bold', id));
    terminal.print(`  ${title}  ${terminal.paint('gray', verifies.join(' '))}`);
  }
  terminal.print();
  terminal.print(`${cases.length} cases`);
}
