/** The verdict on a change as a comment of a pull request. */
import type { Change, Verdict } from '../../spec/change/compare.ts';
import { plainText } from '../characters.ts';
import { breaksWords, headline, mendingOf, ordered, peerLine, valuesOf } from './verdict-words.ts';

/** More would not be read, and a comment holds 65,536 characters. */
const MOST_ROWS = 100;

export function verdictMarkdown(verdict: Verdict): string {
  const { from, to, fits, peers, unseen, changes } = verdict;
  const shown = ordered(changes);
  return [
    `### ${fits ? '✅' : '❌'} Protocol: ${escaped(headline(verdict))}`,
    '',
    `From ${nameOf(from)} to ${nameOf(to)}.`,
    ...(peers.length > 0 ? ['', ...peers.map((peer) => `- ${escaped(peerLine(peer))}`)] : []),
    ...unseen.map((path) => `- not compared: \`spec/${path}\` is missing on one side`),
    ...(shown.length > 0 ? ['', ...table(shown.slice(0, MOST_ROWS))] : []),
    ...(shown.length > MOST_ROWS ? ['', `… and ${shown.length - MOST_ROWS} more.`] : []),
    '',
  ].join('\n');
}

function table(changes: readonly Change[]): readonly string[] {
  return [
    '| | what | change | at | needs | breaks peers | why |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...changes.map(row),
  ];
}

function row(change: Change): string {
  const { fact, movement, at, needs, breaks, why, covered } = change;
  const values = valuesOf(change);
  const cells = [
    covered ? '' : '❌',
    escaped(fact),
    escaped(values === '' ? movement : `${movement}: ${values}`),
    at.join(', '),
    needs,
    breaksWords[breaks],
    escaped(covered ? why : `${why}; ${mendingOf(change)}`),
  ];
  return `| ${cells.join(' | ')} |`;
}

const nameOf = ({ name, versions }: Verdict['from']): string =>
  `**${escaped(name)}** (${versions.join(', ')})`;

/** What a change of the spec says is foreign: no markup, no mention, no link comes of it. */
function escaped(text: string): string {
  return plainText(text.replace(/\s+/g, ' '))
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('@', '&#64;')
    .replaceAll('://', ':&#47;/');
}
