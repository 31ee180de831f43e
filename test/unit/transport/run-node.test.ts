/** The order of deeds, and what becomes of defects. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Effect, Input, Row } from '../../../reference/core.ts';
import { type Fault, type Hands, runNode } from '../../../reference/node/run-node.ts';
import { createMemoryStore } from '../../../reference/store/memory.ts';
import { createSystemClock, createTimers } from '../../../reference/transport/clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const row = (key: string): Effect => ({ type: 'persist', table: 'user', key, value: 1 });
const close = (connection: string): Effect => ({
  type: 'close',
  connection,
  code: 1000,
  reason: '',
});
const frame = (connection: string): Input => ({
  type: 'frame-received',
  connection,
  frame: { kind: 'text', bytes: new Uint8Array() },
});

interface Oddities {
  readonly isDiskFull?: true;
  /** Called at each `close`, after it was noted. */
  readonly onClose?: (connection: string) => void;
}

/** A node that answers as `handle` says, and a record of all deeds. */
function run(handle: (input: Input, now: number) => Effect[], odd: Oddities = {}) {
  const deeds: string[] = [];
  const faults: Fault[] = [];
  const note = (effect: { type: string; connection?: string; code?: number; status?: number }) => {
    deeds.push([effect.type, effect.connection, effect.code ?? effect.status].join(' ').trim());
    if (effect.type === 'close') odd.onClose?.(effect.connection ?? '');
  };
  const memory = createMemoryStore();
  const running = runNode({
    node: { handle },
    store: {
      ...memory,
      write(rows: readonly Row[]) {
        if (odd.isDiskFull) throw new Error('disk full');
        deeds.push(`write ${rows.map(({ key }) => key).join('+')}`);
        memory.write(rows);
      },
    },
    clock: createSystemClock(),
    timers: createTimers,
    hands: new Proxy({}, { get: () => note }) as Hands,
    onFault: (fault) => faults.push(fault),
    onStoreFailed: () => deeds.push('store failed'),
  });
  return { ...running, deeds, faults, load: memory.load };
}

test('rows are written before what was emitted after them, neighbours in one go', () => {
  const { deliver, deeds } = run(() => [row('a'), row('b'), close('1'), row('c'), close('2')]);
  deliver({ type: 'started' });
  expect(deeds).toEqual(['write a+b', 'close 1 1000', 'write c', 'close 2 1000']);
});

test('rows at the end are written too, and hold nothing but the row', () => {
  const { deliver, load } = run(() => [close('1'), row('a')]);
  deliver({ type: 'started' });
  expect(load()).toEqual([{ table: 'user', key: 'a', value: 1 }]);
});

test('nothing leaves after rows that could not be written, then or later', () => {
  const { deliver, deeds } = run(() => [close('1'), row('a'), close('2')], {
    isDiskFull: true,
  });
  deliver({ type: 'started' });
  deliver({ type: 'started' });
  expect(deeds).toEqual(['close 1 1000', 'store failed']);
});

test('an input that a deed brings about waits until the present one is done', () => {
  const order: string[] = [];
  const { deliver } = run(
    (input) => {
      order.push(input.type);
      return input.type === 'started' ? [close('1'), close('2')] : [];
    },
    {
      onClose(connection) {
        order.push(`close ${connection}`);
        deliver({ type: 'connection-closed', connection });
      },
    },
  );
  deliver({ type: 'started' });
  const closed = 'connection-closed';
  expect(order).toEqual(['started', 'close 1', 'close 2', closed, closed]);
});

const link = 'l';
const bytes = new Uint8Array();
const amends: [Input, string[]][] = [
  [frame('7'), ['close 7 1011']],
  [
    {
      type: 'upgrade-requested',
      connection: '7',
      offer: { path: '/', subprotocols: [], headers: {}, queryVersion: undefined, tlsProtocol: '' },
    },
    ['refuse-upgrade 7 500'],
  ],
  [
    {
      type: 'request-received',
      link,
      exchange: 'x',
      path: '/',
      proof: null,
      body: { kind: 'text', bytes },
    },
    ['answer  500'],
  ],
  [{ type: 'answer-received', link, exchange: 'x', status: 200, body: null }, ['hang-up']],
  [{ type: 'timer-fired', timer: 't' }, []],
];

test.each(amends)(
  'a defect met in %o is reported, its peer let go, and the node lives',
  (input, done) => {
    let isBroken = true;
    const { deliver, deeds, faults } = run(() => {
      if (isBroken) throw new Error('a defect');
      return [close('later')];
    });
    deliver(input);
    expect(deeds).toEqual(done);
    expect(faults).toMatchObject([{ during: input.type, error: { message: 'a defect' } }]);
    isBroken = false;
    deliver({ type: 'started' });
    expect(deeds.at(-1)).toBe('close later 1000');
  },
);

test('a deed that throws is reported, and the next one is done', () => {
  const { deliver, deeds, faults } = run(() => [close('1'), row('a')], {
    onClose() {
      throw new RangeError('no such close code');
    },
  });
  deliver({ type: 'started' });
  expect(faults).toMatchObject([{ during: 'close', error: { name: 'RangeError' } }]);
  expect(deeds).toEqual(['close 1 1000', 'write a']);
});

test('a timer fires when the clock has reached it, however far away', () => {
  const fired: number[] = [];
  const days = (count: number) => count * 86_400_000;
  const start = Date.now() * 1000;
  const { deliver } = run((input, now) => {
    if (input.type === 'timer-fired') fired.push(Math.round((now - start) / 1000));
    if (input.type !== 'started') return [];
    return [{ type: 'set-timer', timer: 't', at: start + days(40) * 1000 }];
  });
  deliver({ type: 'started' });
  vi.advanceTimersByTime(days(40) - 1);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual([days(40)]);
});

test('a timer set again replaces the first, one cancelled does not fire', () => {
  const fired: string[] = [];
  const start = Date.now() * 1000;
  const at = (ms: number) => start + ms * 1000;
  const { deliver } = run((input) => {
    if (input.type === 'timer-fired') fired.push(`${input.timer} ${Date.now() * 1000 - start}`);
    if (input.type !== 'started') return [];
    return [
      { type: 'set-timer', timer: 'moved', at: at(10) },
      { type: 'set-timer', timer: 'moved', at: at(30) },
      { type: 'set-timer', timer: 'cancelled', at: at(10) },
      { type: 'cancel-timer', timer: 'cancelled' },
      { type: 'set-timer', timer: 'overdue', at: at(-5) },
    ];
  });
  deliver({ type: 'started' });
  vi.advanceTimersByTime(1000);
  expect(fired).toEqual(['overdue 0', 'moved 30000']);
});

test('no timer fires after closing', () => {
  const {
    deliver,
    close: stop,
    deeds,
  } = run((input) =>
    input.type === 'started' ? [{ type: 'set-timer', timer: 't', at: 0 }] : [close('1')],
  );
  deliver({ type: 'started' });
  stop();
  vi.advanceTimersByTime(1000);
  expect(deeds).toEqual([]);
});

test('the clock of a node never goes back', () => {
  const readings = [5, 3, 4, 6];
  const clock = createSystemClock(() => readings.shift() ?? 0);
  expect([clock(), clock(), clock(), clock()]).toEqual([5000, 5000, 5000, 6000]);
});
