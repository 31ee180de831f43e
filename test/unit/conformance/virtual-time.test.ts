import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTimerQueue } from '../../conformance/grounds/timer-queue.ts';
import { createVirtualTime } from '../../conformance/grounds/virtual-time.ts';

const names = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const operations = fc.array(
  fc.oneof(
    fc.record({ act: fc.constant('set' as const), name: names, at: fc.nat(20) }),
    fc.record({ act: fc.constant('cancel' as const), name: names }),
  ),
  { maxLength: 40 },
);

test('timers fire by when they are due, those of one instant as they were set, cancelled ones never', () =>
  fc.assert(
    fc.property(operations, fc.nat(25), (script, end) => {
      const queue = createTimerQueue();
      const fired: string[] = [];
      const timers = queue.timersFor((timer) => fired.push(timer));
      // The model: what is set, in the order in which it was set last.
      const model = new Map<string, number>();
      for (const step of script) {
        model.delete(step.name);
        if (step.act === 'cancel') timers.cancel(step.name);
        else {
          model.set(step.name, step.at);
          timers.set(step.name, step.at);
        }
      }
      for (let due = queue.takeDue(end); due; due = queue.takeDue(end)) due.fire();
      const expected = [...model].filter(([, at]) => at <= end).sort(([, a], [, b]) => a - b);
      expect(fired).toEqual(expected.map(([name]) => name));
    }),
  ));

test('timers of two owners do not disturb each other', () => {
  const queue = createTimerQueue();
  const fired: string[] = [];
  const first = queue.timersFor((timer) => fired.push(`first ${timer}`));
  const second = queue.timersFor((timer) => fired.push(`second ${timer}`));
  first.set('a', 1);
  second.set('a', 2);
  first.close();
  for (let due = queue.takeDue(9); due; due = queue.takeDue(9)) due.fire();
  expect(fired).toEqual(['second a']);
});

describe('virtual time', () => {
  test('each wait ends at its own limit, and the clock never goes back', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5000), { minLength: 1, maxLength: 8 }), async (waits) => {
        const time = createVirtualTime(0);
        const ends = await Promise.all(
          waits.map(async (waitMs) => {
            await time.pass(waitMs);
            return time.now();
          }),
        );
        expect(ends).toEqual(waits.map((waitMs) => waitMs * 1000));
      }),
      { numRuns: 30 },
    ));

  test('a wait ends when a timer brings what it waits for', async () => {
    const time = createVirtualTime(0);
    let hasCome = false;
    const timers = time.timers(time.now, () => {
      hasCome = true;
    });
    timers.set('soon', 3_000_000);
    expect(await time.until(() => hasCome || undefined, 10_000)).toBe(true);
    expect(time.now()).toBe(3_000_000);
  });

  test('what is there already costs no time', async () => {
    const time = createVirtualTime(7);
    expect(await time.until(() => 'there', 0)).toBe('there');
    expect(time.now()).toBe(7);
  });

  test('an answer that takes several turns of promises is in time for the shortest wait', async () => {
    const time = createVirtualTime(0);
    let answer: string | undefined;
    const compose = async (): Promise<void> => {
      for (let turn = 0; turn < 50; turn += 1) await null;
      answer = 'composed';
      time.stir();
    };
    void compose();
    expect(await time.until(() => answer, 0.001)).toBe('composed');
    expect(time.now()).toBe(0);
  });

  test('whoever waits when it closes has nothing', async () => {
    const time = createVirtualTime(0);
    const wait = time.until(() => undefined, 1_000_000);
    time.close();
    expect(await wait).toBeUndefined();
  });

  test('the end of the subject ends every wait, until it is started again', async () => {
    const time = createVirtualTime(0);
    const wait = time.until(() => undefined, 1000);
    time.end(new Error('dead'));
    await expect(wait).rejects.toThrow('dead');
    await expect(time.pass(1)).rejects.toThrow('dead');
    time.resume();
    await time.pass(1);
    expect(time.now()).toBe(1000);
  });

  test('what is there is found even after the end', async () => {
    const time = createVirtualTime(0);
    time.end(new Error('dead'));
    expect(await time.until(() => 'last word', 1000)).toBe('last word');
  });
});
