/** One line on standard error that is rewritten, where a person looks; nothing elsewhere. */

export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

/** Often enough to be alive, seldom enough to cost nothing. */
const INTERVAL_MS = 100;

export function createProgressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  const isWatched = stream.isTTY === true && process.env.TERM !== 'dumb';
  let shownAt = 0;
  return {
    show(text) {
      if (!isWatched || Date.now() - shownAt < INTERVAL_MS) return;
      shownAt = Date.now();
      stream.write(`\r\u001b[2K${text.slice(0, Math.max(20, (stream.columns || 80) - 1))}`);
    },
    clear() {
      if (isWatched && shownAt > 0) stream.write('\r\u001b[2K');
    },
  };
}
