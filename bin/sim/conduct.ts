/** Drives a run to its end, slice by slice, as long as the user wants it. */
import { withoutAmbient } from '../../sim/ambient.ts';
import type { Run } from '../../sim/run.ts';
import { secondsText } from '../../sim/ticks.ts';
import type { Terminal } from '../terminal.ts';
import type { Wish } from './wish.ts';

/** Between two looks at what the user wants. */
const SLICE_EVENTS = 2000;

/** False when the user has had enough. */
export async function conduct(run: Run, terminal: Terminal, wish: Wish): Promise<boolean> {
  let isWanted = true;
  try {
    while (isWanted && withoutAmbient(() => run.advance(SLICE_EVENTS))) {
      terminal.progress(`${secondsText(run.now)} of ${secondsText(run.until)}`);
      isWanted = await wish.isWanted();
    }
  } finally {
    wish.close();
    terminal.progress('');
  }
  return isWanted;
}
