/**
 * What every page of ours stands in: one self-contained document that fetches nothing, works without
 * its script, and whose own policy lets nothing run or load but what stands in it.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Content, html, verbatim } from './markup.ts';

export interface Page {
  readonly title: string;
  readonly generator: string;
  /** Names below style/, in the order of the cascade. */
  readonly styleSheets: readonly string[];
  /** A file beside this one; null: the page does without. */
  readonly script: string | null;
  readonly body: Content;
}

export function renderPage({ title, generator, styleSheets, script: name, body }: Page): string {
  const style = styleSheets.map((sheet) => part(`style/${sheet}.css`)).join('\n');
  const script = name === null ? null : part(name);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${generator}">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${verbatim(style)}</style>
</head>
<body>
${body}
${script === null ? null : html`<script>${verbatim(script)}</script>`}
</body>
</html>
`;
  return page.markup;
}

function part(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}

/** Even if a foreign text broke out of its element, it could load and run nothing. */
function policy(style: string, script: string | null): string {
  return [
    "default-src 'none'",
    'img-src data:',
    `style-src '${hashOf(style)}'`,
    ...(script === null ? [] : [`script-src '${hashOf(script)}'`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

const hashOf = (text: string): string =>
  `sha256-${createHash('sha256').update(text).digest('base64')}`;
