/** The threads are real here: a helper loads the bundle and runs its share. */
import { beforeAll, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import { createAuthority } from '../../conformance/authority.ts';
import { createInProcessGround, prepareInProcess } from '../../conformance/grounds/in-process.ts';
import { allCases } from '../../conformance/registry.ts';
import type { RunEvent, RunOptions } from '../../conformance/run.ts';
import { runOnThreads } from '../../conformance/run-on-threads.ts';

let options: RunOptions;
const events: RunEvent[] = [];
const cases = allCases.filter(({ id }) => id.startsWith('client/registration/'));
// More than one share, whatever the number of its cases.
const enough = Array.from({ length: 40 }, (_, at) => cases.slice(at % cases.length).slice(0, 1));

beforeAll(async () => {
  const parts = await prepareInProcess(await createAuthority());
  options = {
    ...{ cases: enough.flat(), at: '2.0', seed: 'threads', jobs: 1, caseLimitMs: 300_000 },
    ground: createInProcessGround(parts, { seed: 'threads' }),
    authority: parts.authority,
    crypto: createCrypto(parts.primitives, createMust()),
    levelOf: () => 'MUST',
    rerun: ({ id }) => `again ${id}`,
    onEvent: (event) => events.push(event),
    signal: new AbortController().signal,
  };
});

const told = (): readonly string[] =>
  events.flatMap((event) => (event.type === 'case-ended' ? [event.case.id] : []));

test('verdicts, their order and what is judged are the same on one thread and on three', async () => {
  const alone = await runOnThreads(options, 1);
  const order = told();
  events.length = 0;
  const shared = await runOnThreads(options, 3);
  const essence = ({ cases: results }: typeof alone) =>
    results.map(({ id, verdict, rerun, checks }) => ({
      ...{ id, verdict, rerun },
      judged: checks.map(({ requirement, holds }) => ({ requirement, holds })),
    }));
  expect(essence(alone).every(({ verdict }) => verdict === 'pass')).toBe(true);
  expect(essence(shared)).toEqual(essence(alone));
  expect(told()).toEqual(order);
  expect(shared.facts?.serverId).toBe(alone.facts?.serverId);
});

test('a run that is interrupted before it begins judges nothing', async () => {
  const stopped = AbortSignal.abort();
  const outcome = await runOnThreads({ ...options, signal: stopped }, 3);
  expect(outcome).toMatchObject({ cases: [], interrupted: true });
});
