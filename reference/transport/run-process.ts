/** The process of a subject: one server, told by lines, until it is asked to stop. */
import { createInterface } from 'node:readline';
import { readCommand } from './commands.ts';
import { type RunningServer, type ServeOptions, serve } from './serve.ts';
import { BadEnvironment } from './settings.ts';
import { surviveFaults } from './survive.ts';

const FAILED = 1;
const MISCONFIGURED = 2;
/** After everything is closed, the process ends by itself; if not, it is ended. */
const EXIT_MS = 2000;

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

// Whoever started us may go first; then nobody reads.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

/** What tests change about the server. */
export type Changes = Pick<ServeOptions, 'off' | 'configure' | 'around'>;

/** Resolves when the server has stopped, or could not start; the exit code says which. */
export async function runProcess(changes: Changes = {}): Promise<void> {
  // From the first moment on: whoever has read the ready line may ask us to stop at once.
  const stopAsked = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  try {
    const server = await serve({
      ...changes,
      environment: process.env,
      report: print,
      log: (entry) => complain(JSON.stringify(entry)),
      onFailure: (error) => {
        complain(`the store failed: ${describe(error)}`);
        process.exit(FAILED);
      },
    });
    surviveFaults(server);
    await Promise.race([stopAsked, obeyLines(server)]);
    await server.stop();
    process.stdin.destroy();
    setTimeout(() => process.exit(), EXIT_MS).unref();
  } catch (error) {
    if (error instanceof BadEnvironment) error.faults.forEach(complain);
    else complain(`cannot start: ${describe(error)}`);
    process.exitCode = error instanceof BadEnvironment ? MISCONFIGURED : FAILED;
  }
}

/**
 * Resolves when told to stop. The end of standard input ends nothing: it may never have been open.
 */
function obeyLines(server: RunningServer): Promise<void> {
  process.stdin.on('error', () => {});
  const lines = createInterface({ input: process.stdin });
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      if (line.trim() === '') return;
      const reading = readCommand(line);
      if ('fault' in reading) {
        complain(`standard input: ${reading.fault}`);
        return;
      }
      server.command(reading.command);
      if (reading.command.command === 'stop') resolve();
    });
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
