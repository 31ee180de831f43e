/** A counterexample as people read it: what was done, what crossed, and which message matters. */

import { plainText } from '../../reports/characters.ts';
import type { Counterexample } from '../../test/fuzz/fuzz.ts';
import { describeMutation } from '../../test/fuzz/mutation.ts';
import { oracles } from '../../test/fuzz/oracle.ts';
import type { Crossing } from '../../test/fuzz/tampering.ts';
import type { Terminal } from '../terminal.ts';
import { cut, wrap } from '../text.ts';

type Shown = Pick<Counterexample, 'script' | 'plan' | 'finding' | 'crossings'>;

const INDENT = 14;

export function printCounterexample(terminal: Terminal, shown: Shown): void {
  const { paint, columns } = terminal;
  const { finding, plan, crossings } = shown;
  const put = (name: string, text: string): void => {
    const [first = '', ...rest] = wrap(plainText(text), columns - INDENT);
    terminal.print(`    ${name.padEnd(INDENT - 4)}${first}`);
    for (const line of rest) terminal.print(' '.repeat(INDENT) + line);
  };
  terminal.print(`  ${paint('red', finding.oracle)}: ${oracles[finding.oracle]}`);
  for (const mutation of plan) put('done', describeMutation(mutation));
  put('expected', finding.expected);
  put('got', finding.got);
  terminal.print();
  for (const [index, crossing] of crossings.entries()) {
    const isCulprit = index === finding.crossing;
    const line = cut(lineOf(index, crossing, isCulprit), columns);
    terminal.print(isCulprit ? paint('red', line) : line);
  }
}

const fates: Readonly<Record<Crossing['fate'], string>> = {
  honest: '',
  altered: '   altered',
  extra: '   sent besides',
  dropped: '   lost on the way',
};

function lineOf(
  index: number,
  { to, type, fate, standsFor }: Crossing,
  isCulprit: boolean,
): string {
  const arrow = to === 'subject' ? '→' : '←';
  const place = to === 'subject' && type !== standsFor ? ` (for ${standsFor})` : '';
  const note = to === 'subject' ? fates[fate] : '';
  const name = plainText(type) || '(no type)';
  const mark = isCulprit ? '>' : ' ';
  return `  ${mark} ${String(index + 1).padStart(3)} ${arrow} ${name}${place}${note}`;
}
