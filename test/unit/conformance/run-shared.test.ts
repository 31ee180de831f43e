/** The threads and the servers are real here. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { prepareGround } from '../../../bin/test-run/ground.ts';
import type { Subject } from '../../../bin/test-run/subject.ts';
import { allCases } from '../../conformance/registry.ts';
import type { RunEvent, RunOutcome } from '../../conformance/run.ts';
import { runShared } from '../../conformance/run-shared.ts';
import { referenceCommand } from '../../conformance/targets/reference-command.ts';
import { isAlive } from '../cli/norc.ts';

const cases = allCases.filter(
  ({ id, needs }) => /^(client\/versions|trust\/approval)\//.test(id) && !needs.waitsSeconds,
);
const entry = 'bin/test-run/share-worker.ts';
const reference: Subject = { kind: 'reference' };

const folder = mkdtempSync(join(tmpdir(), 'run-shared-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly subject?: Subject;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

async function run({ subject = reference, ...given }: Run): Promise<RunOutcome> {
  const seed = 'shared';
  const { name: _, ...parts } = await prepareGround({ ground: 'sockets', subject, seed });
  const signal = new AbortController().signal;
  const rest = {
    at: '2.0',
    seed,
    jobs: 2,
    caseLimitMs: 60_000,
    onEvent: () => {},
    signal,
  } as const;
  const rerun = ({ id }: { id: string }) => `again ${id}`;
  const options = { ...parts, cases, levelOf: () => 'MUST' as const, rerun, ...rest, ...given };
  try {
    return await runShared(options, { entry, subject, threads: 2 });
  } finally {
    await parts.ground.close();
  }
}

test('two threads judge every case once, and tell of each', async () => {
  const ended: string[] = [];
  const onEvent = (event: RunEvent) =>
    void (event.type === 'case-ended' && ended.push(event.case.id));
  const outcome = await run({ onEvent });
  expect(outcome).toMatchObject({ interrupted: false, unreachable: null });
  expect(outcome.facts?.serverId).toBe('subject.conformance.test');
  const ids = cases.map(({ id }) => id);
  expect(outcome.cases.map(({ id }) => id)).toEqual(ids);
  expect(ended.toSorted()).toEqual(ids.toSorted());
  expect(outcome.cases.map(({ verdict }) => verdict)).toEqual(ids.map(() => 'pass'));
  expect(outcome.cases.every(({ id, rerun }) => rerun === `again ${id}`)).toBe(true);
});

test('stopped, it keeps what has ended and leaves nothing running', async () => {
  const stop = new AbortController();
  const pidFile = join(folder, 'pids');
  const command = (await referenceCommand()).join(' ');
  const outcome = await run({
    subject: { kind: 'command', line: `echo $$ >> ${pidFile}; exec ${command}` },
    signal: stop.signal,
    onEvent: (event) => void (event.type === 'case-ended' && stop.abort()),
  });
  expect(outcome).toMatchObject({ interrupted: true, unreachable: null });
  expect(outcome.cases.length).toBeGreaterThan(0);
  expect(outcome.cases.length).toBeLessThan(cases.length);
  const pids = readFileSync(pidFile, 'utf8').trim().split('\n').map(Number);
  // One that was only starting is killed with its thread, and is gone a moment later.
  await expect.poll(() => pids.filter(isAlive), { timeout: 30_000 }).toEqual([]);
});

test('a subject that cannot be started ends both threads, and it is said why', async () => {
  const subject: Subject = { kind: 'command', line: 'echo nothing here >&2; exit 7' };
  const { unreachable, cases: judged } = await run({ subject });
  expect(unreachable?.message).toContain('7');
  expect(unreachable?.output).toContain('nothing here');
  expect(judged).toEqual([]);
});
