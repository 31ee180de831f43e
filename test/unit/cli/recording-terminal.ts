/** A terminal that keeps what it is told, as a person would see it. */
import type { Terminal } from '../../../bin/terminal.ts';

export interface RecordingTerminal extends Terminal {
  /** What was printed, without the progress line. */
  text(): string;
  /** Every state of the progress line. */
  readonly progressed: readonly string[];
}

/** `columns`: as wide as this; Infinity: output is plain. */
export function recordingTerminal(columns: number): RecordingTerminal {
  const printed: string[] = [];
  const progressed: string[] = [];
  return {
    interactive: Number.isFinite(columns),
    columns,
    print: (line = '') => void printed.push(line),
    progress: (line) => void progressed.push(line),
    paint: (_, text) => text,
    text: () => printed.join('\n'),
    progressed,
  };
}
