/** A scenario run by a process that knows nothing of this one. */
import { spawn } from 'node:child_process';
import { exitCodes } from '../usage-error.ts';

/** Codes of a run that came to its end, whatever it thinks of it. */
const ranThrough: ReadonlySet<number | null> = new Set([
  exitCodes.passed,
  exitCodes.failed,
  exitCodes.suiteError,
]);

/**
 * `args`: of `norc sim run`. Gives its JSON document as text. Throws when it did not come to its end,
 * with what it said.
 */
export async function runFresh(args: readonly string[]): Promise<string> {
  const words = [process.argv[1] ?? '', 'sim', 'run', ...args, '--json'];
  const child = spawn(process.execPath, [...process.execArgv, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { document: '', complaint: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.document += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.complaint += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (ranThrough.has(code)) return said.document;
  throw new Error(`the run in a fresh process ended with ${code}: ${said.complaint}`);
}
