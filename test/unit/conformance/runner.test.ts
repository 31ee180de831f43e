/** Which cases share a subject, in what order they run, and what is left when a run ends early. */
import { describe, expect, test } from 'vitest';
import type { Case } from '../../conformance/case.ts';
import type { RunEvent } from '../../conformance/run.ts';
import { aCase, fakeGround, gone, keep, must, play } from './fake-ground.ts';

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

/** Says when it begins and ends. */
function loud(id: string, log: string[], needs: Case['needs'] = {}): Case {
  return aCase(id, {
    needs,
    async run(stage) {
      log.push(`${id} begins`);
      await soon();
      keep(stage, must);
      log.push(`${id} ends`);
    },
  });
}

describe('cases', () => {
  test('that need the same of a subject share it; those that need nothing come first', async () => {
    const ground = fakeGround();
    const strict = { policy: { sessionSeconds: 1 } };
    const cases = [
      aCase('wire/strict-1', { needs: strict }),
      aCase('wire/plain-1'),
      aCase('wire/old', { needs: { versions: ['1.0'] } }),
      aCase('wire/strict-2', { needs: strict }),
      aCase('wire/plain-2', { needs: { alone: true } }),
    ];
    const { cases: results } = await play(cases, { ground });
    expect(ground.started.map((text) => JSON.parse(text))).toEqual([
      { policy: {}, versions: null },
      { ...strict, versions: null },
      { policy: {}, versions: ['1.0'] },
    ]);
    expect(ground.running()).toBe(0);
    // Told in the order that they were given in.
    expect(idsOf(results)).toEqual(idsOf(cases));
  });

  test('that cannot be asked anything here are judged without one', async () => {
    const ground = fakeGround();
    const slow = { policy: { sessionSeconds: 9 }, waitsSeconds: 9 };
    const cases = [
      aCase('wire/slow', { needs: slow }),
      aCase('wire/old', { at: ['1.0'], needs: slow }),
      aCase('wire/plain'),
    ];
    const { cases: results } = await play(cases, { ground });
    expect(results.map(({ verdict }) => verdict)).toEqual(['untestable', 'not-applicable', 'pass']);
    expect(ground.started).toEqual([JSON.stringify({ policy: {}, versions: null })]);
  });

  test('each have a subject of their own where time is virtual', async () => {
    const ground = fakeGround({ virtualTime: true });
    await play([aCase('wire/one'), aCase('wire/two')], { ground });
    expect(ground.started).toHaveLength(2);
    expect(ground.running()).toBe(0);
  });

  test('run beside each other, as many as there are jobs', async () => {
    const log: string[] = [];
    const cases = ['a', 'b', 'c'].map((name) => loud(`wire/${name}`, log));
    await play(cases, { jobs: 2 });
    expect(log.slice(0, 2)).toEqual(['wire/a begins', 'wire/b begins']);
    expect(log.indexOf('wire/c begins')).toBeGreaterThan(log.indexOf('wire/a ends'));
  });

  test('that must be alone, or restart the subject, run last and one by one', async () => {
    const log: string[] = [];
    const cases = [
      loud('wire/alone', log, { alone: true }),
      loud('wire/restarts', log, { restart: true }),
      loud('wire/together', log),
    ];
    await play(cases, { jobs: 3, ground: fakeGround({ can: { restart: true } }) });
    expect(log).toEqual(
      ['together', 'alone', 'restarts'].flatMap((id) => [`wire/${id} begins`, `wire/${id} ends`]),
    );
  });

  test('are told of as they begin and end, after their subject', async () => {
    const events: string[] = [];
    const onEvent = (event: RunEvent) =>
      void events.push(`${event.type} ${'case' in event ? event.case.id : event.facts.serverId}`);
    await play([aCase('wire/a'), aCase('wire/b')], { jobs: 1, onEvent });
    expect(events).toEqual([
      'subject-started subject.test',
      ...['wire/a', 'wire/b'].flatMap((id) => [`case-started ${id}`, `case-ended ${id}`]),
    ]);
  });

  test('have entropy of their own that the seed repeats', async () => {
    const drawn: string[] = [];
    const drawing = (id: string) =>
      aCase(id, {
        async run(stage) {
          drawn.push(`${stage.uuid()} ${stage.domain('peer')}`);
          keep(stage, must);
        },
      });
    const cases = [drawing('wire/a'), drawing('wire/b')];
    for (const seed of ['one', 'one', 'two']) await play(cases, { seed, jobs: 1 });
    expect(drawn.slice(2, 4)).toEqual(drawn.slice(0, 2));
    expect(new Set(drawn).size).toBe(4);
  });
});

describe('a run that is stopped', () => {
  test('keeps what was learnt and forgets what had not ended', async () => {
    const interruption = new AbortController();
    const ground = fakeGround();
    const stuck = aCase('wire/stuck', {
      run: () => {
        interruption.abort();
        return new Promise(() => undefined);
      },
    });
    const outcome = await play([aCase('wire/done'), stuck, aCase('wire/never')], {
      ground,
      jobs: 1,
      signal: interruption.signal,
    });
    expect(idsOf(outcome.cases)).toEqual(['wire/done']);
    expect(outcome).toMatchObject({ interrupted: true, unreachable: null });
    expect(outcome.facts?.serverId).toBe('subject.test');
    expect(ground.running()).toBe(0);
  });

  test('does not wait for a subject that starts, and puts it down when it comes', async () => {
    const interruption = new AbortController();
    let comes = () => {};
    const starting = () =>
      new Promise<void>((resolve) => {
        comes = resolve;
      });
    const ground = fakeGround({ starting });
    const running = play([aCase('wire/one')], { ground, signal: interruption.signal });
    interruption.abort();
    expect(await running).toMatchObject({ cases: [], facts: null, interrupted: true });
    comes();
    await soon();
    expect(ground.running()).toBe(0);
  });

  test('before it began starts nothing', async () => {
    const ground = fakeGround();
    const outcome = await play([aCase('wire/one')], { ground, signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ cases: [], interrupted: true });
    expect(ground.started).toEqual([]);
  });
});

describe('a subject that cannot be reached', () => {
  test('ends the run without a verdict when it does not start', async () => {
    const ground = fakeGround({ starting: () => Promise.reject(gone()) });
    const outcome = await play([aCase('wire/one')], { ground });
    expect(outcome).toMatchObject({ cases: [], facts: null, interrupted: false });
    expect(outcome.unreachable?.output).toBe('last words');
  });

  test('ends the run with what was learnt when it dies', async () => {
    const dying = aCase('wire/dies', { run: () => Promise.reject(gone()) });
    const ground = fakeGround();
    const outcome = await play([aCase('wire/done'), dying, aCase('wire/never')], {
      jobs: 1,
      ground,
    });
    expect(idsOf(outcome.cases)).toEqual(['wire/done']);
    expect(outcome.unreachable?.message).toBe('it has died');
    expect(ground.running()).toBe(0);
  });

  test('is not what a defect of the ground is taken for', async () => {
    const ground = fakeGround({ starting: () => Promise.reject(new TypeError('ours')) });
    await expect(play([aCase('wire/one')], { ground })).rejects.toThrow(TypeError);
  });
});

test('the runner asks about readings only what cases ask', async () => {
  const asks = aCase('wire/asks', {
    readings: ['L-V01'],
    async run(stage) {
      stage.takes('L-V01', 'a');
      keep(stage, must);
    },
  });
  const { consulted } = await play([asks, aCase('wire/does-not')]);
  expect([...consulted]).toEqual(['L-V01']);
});
