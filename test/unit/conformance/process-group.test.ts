import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type ProcessGroup, startGroup } from '../../conformance/targets/process-group.ts';

const groups: ProcessGroup[] = [];
afterEach(async () => {
  await Promise.all(groups.splice(0).map((group) => group.kill()));
});

function start(command: string | readonly string[]): ProcessGroup {
  const group = startGroup({ command, directory: process.cwd(), environment: process.env });
  groups.push(group);
  return group;
}

const script = (text: string): readonly string[] => [process.execPath, '-e', text];
const gone = (pid: number) => expect.poll(() => isThere(pid), { timeout: 10_000 }).toBe(false);

/**
 * A zombie that nobody has waited for yet still has its number, so this is asked until it holds.
 */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function firstLine({ child }: Pick<ProcessGroup, 'child'>): Promise<string> {
  const [bytes] = await once(child.stdout, 'data');
  return String(bytes).trim();
}

describe('a group of processes', () => {
  test('tells how its process ended', async () => {
    expect(await start(script('process.exit(7)')).ended).toEqual({ kind: 'exit', code: 7 });
    const killed = start(script('process.kill(process.pid, "SIGKILL")'));
    expect(await killed.ended).toEqual({ kind: 'signal', signal: 'SIGKILL' });
    const missing = start(['/nothing/here']);
    expect(await missing.ended).toMatchObject({ kind: 'unstarted' });
  });

  test('is asked to stop before it is made to', async () => {
    const polite = start(
      script(
        `process.on('SIGTERM', () => process.exit(5)); console.log('up'); setInterval(() => {}, 9)`,
      ),
    );
    await firstLine(polite);
    await polite.stop(10_000);
    expect(await polite.ended).toEqual({ kind: 'exit', code: 5 });
  });

  test('is killed when it does not stop', async () => {
    const stubborn = start(
      script(`process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 9)`),
    );
    await firstLine(stubborn);
    await stubborn.stop(50);
    expect(await stubborn.ended).toEqual({ kind: 'signal', signal: 'SIGKILL' });
  });

  test('takes with it what it has started', async () => {
    const group = start('sleep 600 & echo $!; wait');
    const descendant = Number(await firstLine(group));
    expect(isThere(descendant)).toBe(true);
    await group.kill();
    await gone(descendant);
  });

  test('leaves nothing behind when its process goes first', async () => {
    const group = start('sleep 600 & echo $!');
    const descendant = Number(await firstLine(group));
    await group.ended;
    await gone(descendant);
  });
});

describe('nothing outlives whoever started it', () => {
  const module = fileURLToPath(
    new URL('../../conformance/targets/process-group.ts', import.meta.url),
  );
  /** A process that starts a group, tells its number, and then does something. */
  const starter = (then: string) =>
    spawn(process.execPath, [
      ...['--import', 'tsx', '--input-type=module', '-e'],
      `import { startGroup } from ${JSON.stringify(module)};
       const { child } = startGroup({ command: ['sleep', '600'], directory: '.', environment: process.env });
       console.log(child.pid);
       ${then}`,
    ]);

  test.each([
    ['ends', 'process.exit(0)'],
    ['crashes', 'throw new Error("a defect of the suite")'],
    ['is interrupted', 'process.kill(process.pid, "SIGINT")'],
    ['is killed', 'setTimeout(() => process.kill(process.pid, "SIGKILL"), 200)'],
  ])('when it %s', async (_, then) => {
    const child = starter(then);
    const pid = Number(await firstLine({ child }));
    expect(pid).toBeGreaterThan(0);
    await gone(pid);
  });
});
