/**
 * Entry point of the subject process: `node --import tsx reference/transport/main.ts`, told by its
 * environment and standard input what to do (spec/choices.md, start contract). Exit codes: 0 stopped
 * as asked, 1 failed, 2 configuration.
 */
import { createInterface } from 'node:readline';
import { readCommand } from './commands.ts';
import { type RunningServer, serve } from './serve.ts';
import { BadEnvironment } from './settings.ts';

const FAILED = 1;
const MISCONFIGURED = 2;
/** After everything is closed, the process ends by itself; if not, it is ended. */
const EXIT_MS = 2000;

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

// Whoever started us may go first; then nobody reads.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

try {
  const server = await serve({
    environment: process.env,
    report: print,
    log: (entry) => complain(JSON.stringify(entry)),
    onFailure: (error) => {
      complain(`the store failed: ${describe(error)}`);
      process.exit(FAILED);
    },
  });
  surviveFaults(server);
  obeySignals(server);
  obeyLines(server);
} catch (error) {
  if (error instanceof BadEnvironment) error.faults.forEach(complain);
  else complain(`cannot start: ${describe(error)}`);
  process.exitCode = error instanceof BadEnvironment ? MISCONFIGURED : FAILED;
}

/** A defect in an edge concerns one connection; the node behind it is whole (run-node.ts). */
function surviveFaults(server: RunningServer): void {
  process.on('unhandledRejection', (error) => server.fault({ during: 'rejection', error }));
  process.on('uncaughtException', (error) => server.fault({ during: 'exception', error }));
}

function obeySignals(server: RunningServer): void {
  process.once('SIGTERM', () => void stop(server));
  process.once('SIGINT', () => void stop(server));
}

/** The end of standard input ends nothing: it may never have been open. */
function obeyLines(server: RunningServer): void {
  const lines = createInterface({ input: process.stdin });
  process.stdin.on('error', () => {});
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    const reading = readCommand(line);
    if ('fault' in reading) return complain(`standard input: ${reading.fault}`);
    server.command(reading.command);
    if (reading.command.command === 'stop') void stop(server);
  });
}

async function stop(server: RunningServer): Promise<void> {
  await server.stop();
  process.stdin.destroy();
  process.exitCode = 0;
  setTimeout(() => process.exit(), EXIT_MS).unref();
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
