/** Fits text into the columns of a terminal: wrapped, or shortened where it says least. */

/** Lines of at most `width` characters; all but the first begin with `indent`. */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => pieces(each, width - indent.length))) {
    const isFirst = line.trim() === '';
    if (isFirst || line.length + 1 + word.length <= width) line += isFirst ? word : ` ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line];
}

/** A word without spaces, such as JSON, is broken where the line ends. */
function pieces(word: string, width: number): readonly string[] {
  if (!Number.isFinite(width)) return [word];
  const size = Math.max(8, width);
  return word.length <= size ? [word] : (word.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? [word]);
}

/** The middle of the path goes first, then the end of its last segment. */
export function shortPath(path: string, width: number): string {
  if (path.length <= width) return path;
  const segments = path.split('/');
  const short = [segments[0], '…', segments.at(-1)].join('/');
  return segments.length > 2 && short.length <= width ? short : cut(short, width);
}

export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** `154 ms`, `1.2 s`, `72 s`: at most seven characters. */
export function durationText(durationMs: number): string {
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`;
  const seconds = durationMs / 1000;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}
