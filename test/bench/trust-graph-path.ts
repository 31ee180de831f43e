/**
 * `norc trust path`, from the shell to the answer: processor time of the whole process beside that of
 * Node with nothing to do, and of the command line with nothing to ask, below which no command gets.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const norc = fileURLToPath(new URL('../../bin/norc.js', import.meta.url));
const STARTS = 9;
const TARGET_MS = 50;
const tellTime =
  'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();' +
  'console.error("processor",user+system)})';

export async function measurePath(file: string): Promise<void> {
  const [from = '', to = ''] = await firstRow(file);
  const path = median([norc, 'trust', 'path', file, from, to, '--scale', '10']);
  const bare = median(['-e', '0']);
  const version = median([norc, '--version']);
  console.log(
    `${basename(file)}: path ${path} ms of the processor; Node alone ${bare}, norc --version ` +
      `${version}; load and search ${path - version} (target ${TARGET_MS})`,
  );
}

async function firstRow(file: string): Promise<readonly string[]> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const fields = line.split(/[,\s]+/);
    if (/^\d+$/.test(fields[0] ?? '') && fields[0] !== fields[1]) return fields;
  }
  throw new Error(`${file} has no row`);
}

/** Of the process as it ends, in whole milliseconds. */
function median(command: readonly string[]): number {
  const times = Array.from({ length: STARTS }, () => {
    const run = spawnSync(process.execPath, ['--import', tellTime, ...command], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    const [, microseconds] = /^processor (\d+)$/m.exec(run.stderr) ?? [];
    if (run.status !== 0 || microseconds === undefined) throw new Error(run.stderr);
    return Math.round(Number(microseconds) / 1000);
  });
  return times.sort((a, b) => a - b)[STARTS >> 1] ?? Number.NaN;
}
