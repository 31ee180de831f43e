// Search by words: every word must stand in a record's line, or be its number.
import { eventAt, labelAt, nameAt } from './load.js';

/** Places in `shown`, in order. */
export function search(run, shown, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const matches = createMatcher(run, words);
  const found = [];
  for (let place = 0; place < shown.length; place += 1) {
    if (matches(shown[place])) found.push(shown[place]);
  }
  return found;
}

/** There are few different lines: what a pair of words says is looked at once. */
function createMatcher(run, words) {
  const { columns } = run;
  const known = new Map();
  const number = words.length === 1 && /^\d+$/.test(words[0]) ? Number(words[0]) : -1;
  return (row) => {
    if (row === number) return true;
    const [kind, label] = [columns.kind[row], columns.label[row]];
    const [server, peer] = [columns.server[row], columns.peer[row]];
    const key = `${kind} ${label} ${server} ${peer}`;
    if (!known.has(key)) known.set(key, hasAll(run, row, words));
    return known.get(key);
  };
}

function hasAll(run, row, words) {
  const { server, peer } = run.columns;
  const line = [
    ...[eventAt(run, row), labelAt(run, row)],
    ...[nameAt(run, server[row]), peer[row] ? nameAt(run, peer[row]) : ''],
  ];
  const hay = line.join(' ').toLowerCase();
  return words.every((word) => hay.includes(word));
}
