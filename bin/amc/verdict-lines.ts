/** The verdict on a change as text. */
import {
  breaksWords,
  headline,
  mendingOf,
  ordered,
  peerLine,
  valuesOf,
} from '../../reports/amc/verdict-words.ts';
import { plainText } from '../../reports/characters.ts';
import type { Change, Verdict } from '../../spec/change/compare.ts';
import type { Terminal } from '../terminal.ts';
import { wrap } from '../text.ts';

const INDENT = '    ';

export function verdictLines(verdict: Verdict, terminal: Terminal): readonly string[] {
  const { from, to, changes, peers, unseen, fits } = verdict;
  const { paint } = terminal;
  const named = ({ name, versions }: Verdict['from']) => `${name} (${versions.join(', ')})`;
  return [
    `from  ${named(from)}`,
    `to    ${named(to)}`,
    '',
    ...ordered(changes).flatMap((change) => changeLines(change, terminal)),
    ...(changes.length > 0 ? [''] : []),
    ...unseen.map((path) => paint('yellow', `not compared: spec/${path} is missing on one side`)),
    ...peers.map(peerLine),
    ...(peers.length > 0 ? [''] : []),
    paint(fits ? 'green' : 'red', headline(verdict)),
  ];
}

function changeLines(change: Change, { paint, columns }: Terminal): readonly string[] {
  const { fact, movement, needs, breaks, why, at, covered } = change;
  const values = valuesOf(change);
  const what = plainText(`${fact}: ${movement}${values === '' ? '' : `, ${values}`}`);
  const harm = breaks === 'nobody' ? 'breaks nobody' : `breaks peers ${breaksWords[breaks]}`;
  const below = (text: string) =>
    wrap(text, columns - INDENT.length).map((line) => `${INDENT}${line}`);
  return [
    ...wrap(`${paint(styles[needs], needs.padEnd(5))} ${what}`, columns, INDENT),
    ...below(`at ${at.join(', ')}: ${harm}; ${why}`),
    ...(covered ? [] : below(paint('red', mendingOf(change)))),
  ];
}

const styles = { major: 'red', minor: 'yellow', none: 'dim' } as const;
