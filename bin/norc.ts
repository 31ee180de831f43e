/** The command line: one binary, one file a subcommand in commands/. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { registerExplain } from './commands/explain.ts';
import { registerReport } from './commands/report.ts';
import { registerServe } from './commands/serve.ts';
import { registerTest } from './commands/test.ts';
import { exitCodes, UsageError } from './usage-error.ts';

const packageFile = new URL('../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };

const program = new Command('norc')
  .description('Judge, run and explain implementations of the NORC protocol.')
  .version(version, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .showHelpAfterError('(add --help for what can be said here)')
  .exitOverride()
  .addHelpText('after', '\nStart with:  norc test     judge the reference on this machine');

for (const register of [registerTest, registerServe, registerExplain, registerReport]) {
  register(program);
}

try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode = exitCodeOf(thrown);
}

function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : exitCodes.usage;
  if (thrown instanceof UsageError) {
    console.error(`norc: ${thrown.message}`);
    return exitCodes.usage;
  }
  console.error(thrown instanceof Error ? thrown.stack : thrown);
  return exitCodes.suiteError;
}
