/**
 * The command line: one binary, one file a subcommand in commands/. Those files only declare; what a
 * command does is loaded when it is given, so that none waits for what it does not need.
 */
import { Command, CommanderError } from 'commander';
import { registerAmc } from './commands/amc.ts';
import { registerExplain } from './commands/explain.ts';
import { registerFuzz } from './commands/fuzz.ts';
import { registerReport } from './commands/report.ts';
import { registerServe } from './commands/serve.ts';
import { registerSim } from './commands/sim.ts';
import { registerTest } from './commands/test.ts';
import { registerTrust } from './commands/trust.ts';
import { registerVectors } from './commands/vectors.ts';
import { suiteVersion } from './suite-version.ts';
import { exitCodes, SubjectSilent, UsageError } from './usage-error.ts';

const program = new Command('norc')
  .description('Judge, run and explain implementations of the NORC protocol.')
  .version(suiteVersion(), '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .showHelpAfterError('(add --help for what can be said here)')
  .exitOverride()
  .addHelpText('after', '\nStart with:  norc test     judge the reference on this machine');

const registrars = [
  registerTest,
  registerVectors,
  registerFuzz,
  registerServe,
  registerExplain,
  registerReport,
  registerTrust,
  registerAmc,
  registerSim,
];
for (const register of registrars) register(program);

// Whoever reads may have seen enough (`norc test --list | head`). Shells report SIGPIPE so.
process.stdout.on('error', () => process.exit(141));

try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode = exitCodeOf(thrown);
}

function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : exitCodes.usage;
  if (thrown instanceof UsageError || thrown instanceof SubjectSilent) {
    console.error(`norc: ${thrown.message}`);
    return thrown instanceof UsageError ? exitCodes.usage : exitCodes.unreachable;
  }
  console.error(thrown instanceof Error ? thrown.stack : thrown);
  return exitCodes.suiteError;
}
