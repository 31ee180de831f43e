/**
 * `npm run determinism`: every scenario of the library has one hash, twice in one process, in another
 * one, without the optimiser and with another seed of hashes; all scenarios in one process a variant.
 * Each runs for its first events in the symbolic tier, `-- --whole` to its end in its own, where the
 * hash must be the one in git too.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { libraryNames, loadScenario } from '../../bin/sim/library.ts';
import { createTerminal } from '../../bin/terminal.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { withoutAmbient } from '../../sim/ambient.ts';
import { startRun } from '../../sim/run.ts';

/** Of each scenario: the hashes of its runs in one process. */
type Hashes = { readonly [name: string]: readonly string[] };

const FIRST_EVENTS = 120;
const variants = [
  { title: 'twice in one process', flags: [], times: 2 },
  { title: 'in another process', flags: [], times: 1 },
  { title: 'without the optimiser', flags: ['--no-opt'], times: 1 },
  { title: 'with another seed of hashes', flags: ['--hash-seed=20251129'], times: 1 },
] as const;

const [first = '', second = ''] = process.argv.slice(2);
if (first === 'times') await tellHashes(Number(second), process.argv.includes('--whole'));
else process.exitCode = await compareVariants(first === '--whole');

/** In a process of its own. */
async function tellHashes(times: number, isWhole: boolean): Promise<void> {
  const primitives = await createNodePrimitives();
  const hashOf = (name: string): string => {
    const scenario = loadScenario(name, isWhole ? {} : { crypto: 'symbolic' });
    return withoutAmbient(() => {
      const run = startRun(scenario, { primitives });
      run.advance(isWhole ? Number.POSITIVE_INFINITY : FIRST_EVENTS);
      return run.result().trace.hash;
    });
  };
  const rows = libraryNames().map((name) => [
    name,
    Array.from({ length: times }, () => hashOf(name)),
  ]);
  process.stdout.write(JSON.stringify(Object.fromEntries(rows)));
}

async function compareVariants(isWhole: boolean): Promise<number> {
  const terminal = createTerminal();
  const expected = new Map<string, string>(isWhole ? Object.entries(golden()) : []);
  let differing = 0;
  for (const { title, flags, times } of variants) {
    terminal.progress(`${title} …`);
    for (const [name, hashes] of Object.entries(await hashesOf(flags, times, isWhole))) {
      const wanted = expected.get(name) ?? (hashes[0] as string);
      expected.set(name, wanted);
      const other = hashes.find((hash) => hash !== wanted);
      if (other === undefined) continue;
      differing += 1;
      terminal.print(`${name}, ${title}: ${other}, not ${wanted}`);
    }
  }
  terminal.progress('');
  const what = isWhole ? 'to their ends' : `${FIRST_EVENTS} events each`;
  terminal.print(
    differing === 0
      ? `${expected.size} scenarios, ${what}: one hash each in ${variants.length + 1} ways of running them`
      : 'norc sim run <scenario> --check names the first event that is not the same',
  );
  return differing === 0 ? 0 : 1;
}

async function hashesOf(flags: readonly string[], times: number, isWhole: boolean) {
  const words = [process.argv[1] ?? '', 'test/scenario/determinism.ts', 'times', String(times)];
  const args = [...flags, ...words, ...(isWhole ? ['--whole'] : [])];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout) as Hashes;
}

function golden(): { readonly [name: string]: string } {
  const file = new URL('../../sim/scenarios/golden.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as { [name: string]: string };
}
