/**
 * The badge: what was judged and how it ended, as a small SVG of our own drawing. It is a picture
 * in other people's pages, so it brings its colours along and names nothing outside itself.
 */
import { plainText } from './characters.ts';
import { countsOf, judgedOf, type Tone, toneOf } from './counts.ts';
import { escapeText } from './html/markup.ts';
import type { Results } from './results.ts';

const colours: { readonly [tone in Tone]: string } = {
  pass: '#1f7a4d',
  warn: '#8a5a00',
  fail: '#b3261e',
  error: '#7b2d93',
  nothing: '#59636e',
};

const HEIGHT = 20;
const PADDING = 7;
const SIZE = 11;

export function renderBadge(results: Results): string {
  const label = plainText(`NORC ${results.run.at} conformance`);
  const message = messageOf(results);
  const [left, right] = [widthOf(label), widthOf(message)];
  const width = left + right;
  const colour = colours[toneOf(results)];
  const title = escapeText(`${label}: ${message}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img"` +
      ` aria-label="${title}">`,
    `  <title>${title}</title>`,
    `  <clipPath id="round"><rect width="${width}" height="${HEIGHT}" rx="4"/></clipPath>`,
    '  <g clip-path="url(#round)">',
    `    <rect width="${left}" height="${HEIGHT}" fill="#24292f"/>`,
    `    <rect x="${left}" width="${right}" height="${HEIGHT}" fill="${colour}"/>`,
    '  </g>',
    `  <g fill="#fff" font-family="Verdana, 'DejaVu Sans', sans-serif" font-size="${SIZE}">`,
    word(label, { x: PADDING, width: left - 2 * PADDING }),
    word(message, { x: left + PADDING, width: right - 2 * PADDING }),
    '  </g>',
    '</svg>',
    '',
  ].join('\n');
}

function messageOf(results: Results): string {
  const counts = countsOf(results.requirements);
  const judged = `${judgedOf(counts)} of ${results.requirements.length} judged`;
  switch (toneOf(results)) {
    case 'pass':
      return `${judged}, all kept`;
    case 'warn':
      return `${judged}, ${counts.warn} warned`;
    case 'fail':
      return counts.fail > 0 ? `${judged}, ${counts.fail} broken` : `${judged}, baseline stale`;
    case 'error':
      return 'the suite erred';
    case 'nothing':
      return 'nothing tested';
  }
}

/** The width is fixed by `textLength`, so a viewer's own font cannot spill over the edge. */
function word(text: string, { x, width }: { x: number; width: number }): string {
  return `    <text x="${x}" y="14" textLength="${width}">${escapeText(text)}</text>`;
}

/** Close to Verdana at 11 px, whose letters are of three kinds. */
function widthOf(text: string): number {
  const pixels = [...text].map((character) => {
    if (/[ .,:ijlIft]/.test(character)) return 4.2;
    return /[mwMWNOCQ%]/.test(character) ? 9.2 : 7;
  });
  return Math.round(pixels.reduce((sum, each) => sum + each, 2 * PADDING));
}
