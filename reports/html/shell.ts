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
  /** After them, as text. */
  readonly ownStyle?: string;
  /** A file beside this one, or the text of a module; null: the page does without. */
  readonly script: string | { readonly module: string } | null;
  readonly body: Content;
}

export function renderPage({ title, generator, body, ...parts }: Page): string {
  const sheets = parts.styleSheets.map((sheet) => part(`style/${sheet}.css`));
  const style = [...sheets, parts.ownStyle ?? ''].join('\n');
  const script = scriptOf(parts.script);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(style, script?.text ?? null)}">
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
${script === null ? null : html`${script.begin}${verbatim(script.text)}</script>`}
</body>
</html>
`;
  return page.markup;
}

function scriptOf(script: Page['script']) {
  if (script === null) return null;
  if (typeof script === 'string') return { begin: html`<script>`, text: part(script) };
  return { begin: html`<script type="module">`, text: script.module };
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
