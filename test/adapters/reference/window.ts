/** The replay window (X-SEQ). */
import { invariant } from '../../../reference/assert.ts';
import {
  checkFresh,
  createWindow,
  type ReplayWindow,
  record,
  type WindowSize,
  windowFromJson,
  windowToJson,
} from '../../../reference/guard/replay-window.ts';
import { limits } from '../../../spec/limits.ts';
import type { Input } from './input.ts';
import { answered, byFunction, output } from './results.ts';
import { must } from './tools.ts';

const sizes: readonly WindowSize[] = [limits.deviceWindow, limits.federationWindow];

function windowOf(input: Input): ReplayWindow {
  const size = sizes.find((each) => each === input.number('window'));
  invariant(size !== undefined, 'a window of 1024 or 4096');
  return createWindow(size);
}

/** Ranges, both ends included, in order. */
function recordAll(window: ReplayWindow, input: Input): void {
  for (const range of input.list('accepted')) {
    const [first = 0, last = 0] = Array.isArray(range) ? range.map(Number) : [];
    // Of a long run only the end is still inside.
    const from = Math.max(first, last - window.size);
    for (let number = from; number <= last; number += 1) record(window, number);
  }
}

function taken(window: ReplayWindow, step: Input): string {
  const fresh = checkFresh(window, Number(step.text('number')), must);
  if (!fresh.ok || !step.flag('authentic')) return 'reject';
  record(window, fresh.value);
  return 'accept';
}

export const window = byFunction({
  'is-fresh': (input) => {
    const window = windowOf(input);
    recordAll(window, input);
    return answered(checkFresh(window, Number(input.text('number')), must), () => ({}));
  },
  trace: (input) => {
    const window = windowOf(input);
    return output({ outcomes: input.inputs('steps').map((step) => taken(window, step)) });
  },
  'trace-with-restart': (input) => {
    let window = windowOf(input);
    const outcomes = input.inputs('steps').map((step, at) => {
      if (at === input.number('restart_after')) window = windowFromJson(windowToJson(window));
      return taken(window, step);
    });
    return output({ outcomes });
  },
});
