/** Drives a run to its end, slice by slice, as long as the user wants it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { withoutAmbient } from '../../sim/ambient.ts';
import type { Run } from '../../sim/run.ts';
import { secondsText } from '../../sim/ticks.ts';
import type { Terminal } from '../terminal.ts';

/** Between two looks at what the user wants. */
const SLICE_EVENTS = 2000;

/** False when the user has had enough. */
export async function conduct(run: Run, terminal: Terminal): Promise<boolean> {
  let isWanted = true;
  const stop = (): void => {
    isWanted = false;
  };
  process.once('SIGINT', stop);
  try {
    while (isWanted && withoutAmbient(() => run.advance(SLICE_EVENTS))) {
      terminal.progress(`${secondsText(run.now)} of ${secondsText(run.until)}`);
      await nextTurn();
    }
  } finally {
    process.removeListener('SIGINT', stop);
    terminal.progress('');
  }
  return isWanted;
}
