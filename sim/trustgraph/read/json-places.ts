/** Where the elements of a JSON list begin: the parser keeps no places. */
import type { Place } from '../fault.ts';

/** A text, a mark, or anything else. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},:]|[^\s[\]{},:"]+/g;
const STEPS: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };

/** For text that is JSON. Of a document that is no list: its own beginning. */
export function elementPlaces(text: string): readonly Place[] {
  const starts: number[] = [];
  let depth = 0;
  let before = '';
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (depth === 0 && token !== '[') return placesAt(text, [index]);
    const isFirst = depth === 1 && (before === ',' || starts.length === 0);
    if (isFirst && token !== ',' && token !== ']') starts.push(index);
    depth += STEPS[token] ?? 0;
    if (depth === 0) break;
    before = depth === 1 ? token : '';
  }
  return placesAt(text, starts);
}

function placesAt(text: string, indices: readonly number[]): readonly Place[] {
  let line = 1;
  let lineStart = 0;
  return indices.map((index) => {
    for (let at = text.indexOf('\n', lineStart); at >= 0 && at < index; ) {
      line += 1;
      lineStart = at + 1;
      at = text.indexOf('\n', lineStart);
    }
    return { line, column: index - lineStart + 1 };
  });
}
