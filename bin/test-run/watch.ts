/** Tells of the run while it goes on: a line for every case that ends, and the progress below. */
import type { RunEvent } from '../../test/conformance/run.ts';
import type { Conduct } from './conduct.ts';
import { printCase } from './print-case.ts';
import { progressText } from './progress.ts';

/** Time is seen to pass even while a case waits. */
const TICK_MS = 1000;

export function watch(run: Conduct): { onEvent(event: RunEvent): void; close(): void } {
  const { cases, terminal, startedMs } = run;
  const counts = { done: 0, total: cases.length, failed: 0 };
  let latest = 'starting the subject';
  const show = () => {
    const progress = { ...counts, durationMs: Date.now() - startedMs, latest };
    terminal.progress(progressText(terminal, progress));
  };
  show();
  const ticking = setInterval(show, TICK_MS);
  return {
    onEvent(event) {
      if (event.type === 'case-started') latest = event.case.id;
      if (event.type === 'case-ended') {
        const { verdict } = event.result;
        counts.done += 1;
        counts.failed += verdict === 'fail' || verdict === 'error' ? 1 : 0;
        printCase(run, event.result);
      }
      show();
    },
    close() {
      clearInterval(ticking);
      terminal.progress('');
    },
  };
}
