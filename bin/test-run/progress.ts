/** The line at the bottom of a terminal while cases run: never longer than the terminal is wide. */

import type { Terminal } from '../terminal.ts';
import { shortPath } from '../text.ts';

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly durationMs: number;
  /** What runs now. */
  readonly latest: string;
}

const BAR = 16;
/** A shorter rest of a name says nothing. */
const LEAST_NAME = 12;

export function progressText({ columns, paint }: Terminal, progress: Progress): string {
  const { done, total, failed, latest } = progress;
  const full = Math.round((done / Math.max(1, total)) * BAR);
  const count = `${String(done).padStart(String(total).length)}/${total}`;
  const broken = failed > 0 ? `  ${failed} failed` : '';
  const time = `  ${Math.floor(progress.durationMs / 1000)} s`;
  const parts = [
    { text: `  ${'━'.repeat(full)}`, style: 'green' },
    { text: '━'.repeat(BAR - full), style: 'gray' },
    { text: ` ${count}`, style: 'bold' },
    { text: broken, style: 'red' },
    { text: time, style: 'gray' },
  ] as const;
  // The last column stays free: some terminals wrap as soon as it is filled.
  let room = columns - 1;
  let line = '';
  for (const { text, style } of parts) {
    if (text.length > room) return line;
    room -= text.length;
    if (text) line += paint(style, text);
  }
  return room - 2 < LEAST_NAME ? line : `${line}  ${paint('gray', shortPath(latest, room - 2))}`;
}
