/** The kernel against a sorted list: the same events, in the same order, whatever is cancelled. */
import '../seed.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createKernel,
  type Handle,
  type Kernel,
  type TiePolicy,
} from '../../../sim/kernel/kernel.ts';

/** Near, at the edges of the wheel's horizon, and far. */
const delays = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 500 }),
  fc.integer({ min: 2 ** 17 - 3, max: 2 ** 17 + 3 }),
  fc.integer({ min: 0, max: 2 ** 34 }),
);
const steps = fc.oneof(
  { weight: 4, arbitrary: fc.record({ push: delays, entity: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ take: fc.oneof(delays, fc.constant(Infinity)) }) },
  { weight: 1, arbitrary: fc.record({ cancel: fc.nat(60) }) },
);
const policies = fc.oneof(
  fc.constant({ kind: 'fifo' } as const),
  fc.constant({ kind: 'random' } as const),
  fc.integer({ min: 1, max: 5 }).map((depth) => ({ kind: 'pct', depth }) as const),
);

interface Expected {
  readonly at: number;
  readonly sequence: number;
  readonly handle: Handle;
}

/** Every event that happens, as the kernel and as the list have it. */
function drive(script: readonly Step[], policy: TiePolicy, seed: number) {
  const kernel = createKernel({ seed, ties: policy });
  const waiting: Expected[] = [];
  const handles: Handle[] = [];
  const happened: { got: number; candidates: readonly number[] }[] = [];
  const takeOne = (until: number): boolean => {
    const due = waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    const tied = due.filter(({ at }) => at === due[0]?.at).map(({ sequence }) => sequence);
    const event = kernel.take(until);
    expect(event === null).toBe(tied.length === 0);
    if (event === null) return false;
    expect(event.at).toBe(due[0]?.at);
    expect(kernel.now).toBe(event.at);
    const { sequence } = event;
    happened.push({ got: sequence, candidates: tied.sort((a, b) => a - b) });
    waiting.splice(
      waiting.findIndex((one) => one.sequence === sequence),
      1,
    );
    return true;
  };
  for (const step of script) apply(step, { kernel, waiting, handles, takeOne });
  while (takeOne(Infinity));
  expect(kernel.pending).toBe(0);
  return happened;
}

type Step = { push: number; entity: number } | { take: number } | { cancel: number };
interface Drive {
  readonly kernel: Kernel;
  readonly waiting: Expected[];
  readonly handles: Handle[];
  takeOne(until: number): boolean;
}

function apply(step: Step, { kernel, waiting, handles, takeOne }: Drive): void {
  if ('push' in step) {
    const at = kernel.now + step.push;
    const handle = kernel.push(at, 1, step.entity, null);
    handles.push(handle);
    waiting.push({ at, sequence: handles.length, handle });
  } else if ('take' in step) takeOne(kernel.now + step.take);
  else {
    const handle = handles[step.cancel] ?? -1;
    const place = waiting.findIndex((one) => one.handle === handle);
    if (handle >= 0) expect(kernel.cancel(handle)).toBe(place >= 0);
    if (place >= 0) waiting.splice(place, 1);
  }
  expect(kernel.pending).toBe(waiting.length);
}

const scripts = fc.array(steps, { maxLength: 200 });
const seeds = fc.integer({ min: 0, max: 2 ** 40 });

describe('the kernel', () => {
  test('under fifo gives what a sorted list gives', () =>
    fc.assert(
      fc.property(scripts, (script) => {
        for (const { got, candidates } of drive(script, { kind: 'fifo' }, 0)) {
          expect(got).toBe(candidates[0]);
        }
      }),
    ));

  test('under any policy gives each event once, none early, and only ties change places', () =>
    fc.assert(
      fc.property(scripts, policies, seeds, (script, policy, seed) => {
        for (const { got, candidates } of drive(script, policy, seed)) {
          expect(candidates).toContain(got);
        }
      }),
    ));

  test('repeats a run of the same seed and policy', () =>
    fc.assert(
      fc.property(scripts, policies, seeds, (script, policy, seed) => {
        expect(drive(script, policy, seed)).toEqual(drive(script, policy, seed));
      }),
    ));
});

describe('ties', () => {
  const tied = (ties: TiePolicy, seed: number): number[] => {
    const kernel = createKernel({ seed, ties });
    for (let entity = 0; entity < 20; entity += 1) kernel.push(7, 1, entity % 4, null);
    const entities: number[] = [];
    for (let event = kernel.take(7); event; event = kernel.take(7)) entities.push(event.entity);
    return entities;
  };

  test('random orders differ between seeds', () => {
    expect(tied({ kind: 'random' }, 1)).not.toEqual(tied({ kind: 'random' }, 2));
  });

  test('pct of depth one runs each entity to its end before the next', () => {
    const entities = tied({ kind: 'pct', depth: 1 }, 3);
    const changes = entities.filter((entity, at) => entity !== entities[at - 1]);
    expect(changes).toHaveLength(4);
  });
});

test('an event knows what caused it', () => {
  const kernel = createKernel({ seed: 0 });
  kernel.push(1, 1, 0, 'first');
  const first = kernel.take(10);
  expect([first?.sequence, first?.cause]).toEqual([1, 0]);
  kernel.push(2, 1, 0, 'second');
  expect(kernel.take(10)?.cause).toBe(1);
  expect(kernel.take(10)).toBeNull();
  kernel.push(11, 1, 0, 'from outside');
  expect(kernel.take(20)?.cause).toBe(0);
});

test('timers of months that are set anew again and again leave nothing behind', () => {
  const kernel = createKernel({ seed: 0 });
  let handle = kernel.push(2 ** 36, 1, 0, null);
  for (let round = 0; round < 50_000; round += 1) {
    kernel.cancel(handle);
    handle = kernel.push(2 ** 36 + round, 1, 0, null);
  }
  expect(kernel.pending).toBe(1);
  // Slots are below 2^24 in a handle: those that were cancelled have been used again.
  expect(handle % 2 ** 24).toBeLessThan(4096);
});

test('nothing can be pushed into the past', () => {
  const kernel = createKernel({ seed: 0 });
  kernel.push(5, 1, 0, null);
  kernel.take(5);
  expect(() => kernel.push(4, 1, 0, null)).toThrow('tick 4 pushed at 5');
});
