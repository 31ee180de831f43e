/**
 * A million nodes and four million edges, through the command line that everybody has: drawn, loaded,
 * reach of 1,000 sources, a revocation as they see it and its notice to everybody. Peak memory is of
 * the whole process with its threads; the limit is 2 GB.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const norc = fileURLToPath(new URL('../../bin/norc.js', import.meta.url));
const LIMIT_KIB = 2e9 / 1024;
const tellPeak =
  'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';

export function measureMillion(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-million-'));
  const file = join(folder, 'million.csv');
  const model = ['barabasi-albert', '--nodes', '1000000', '--degree', '2'];
  console.log('Barabási–Albert, 1,000,000 nodes');
  run('drawn and written', ['gen', ...model, '--output', file]);
  run('loaded, reach of 1,000 sources', ['reach', file, '--sources', '1000']);
  run('loaded, revocation and its notice', ['revoke', file, 's0', '--sources', '1000']);
  rmSync(folder, { recursive: true, force: true });
}

function run(what: string, command: readonly string[]): void {
  const before = performance.now();
  const child = spawnSync(process.execPath, ['--import', tellPeak, norc, 'trust', ...command], {
    encoding: 'utf8',
  });
  const seconds = (performance.now() - before) / 1000;
  if (child.status !== 0) throw new Error(child.stderr);
  const peaks = [...child.stderr.matchAll(/^peak (\d+)$/gm)].map(([, kib]) => Number(kib));
  const peak = Math.max(...peaks);
  const verdict = peak <= LIMIT_KIB ? 'under 2 GB' : 'MORE THAN 2 GB';
  const size = child.stderr.split('\n').find((line) => line.includes(' edges')) ?? '';
  console.log(
    `  ${what.padEnd(36)} ${seconds.toFixed(1).padStart(6)} s, peak ${Math.round(peak / 1024)} MiB, ${verdict}; ${size}`,
  );
}
