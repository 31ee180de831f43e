/** `norc test`: the conformance run. */
import type { Command } from 'commander';
import { withSubjectOptions } from './subject-options.ts';

const collect = (word: string, earlier: string[] = []): string[] => [...earlier, word];

/** Time that whatever is left, such as a subject that was not needed, may take to end by itself. */
const EXIT_MS = 1000;

export function registerTest(program: Command): void {
  const command = program
    .command('test')
    .description('judge a NORC server; without a target, the reference on this machine')
    .argument('[target]', 'target.yaml: a server that runs, or a command or image that starts one');
  withSubjectOptions(command)
    .option('--adapter <command>', 'a library without a server: see norc vectors check')
    .option(
      '--ground <name>',
      'sockets, or in-process: the reference on a virtual clock',
      'sockets',
    )
    .option('--only <glob>', 'case or requirement ids, for example "T-CHAL-*"; repeatable', collect)
    .option('--layer <x|c|f|t>', 'cases of the wire, client, federation or trust layer', collect)
    .option('--level <must|should|may>', 'requirements of at least this level', 'may')
    .option('--at <version>', 'the protocol version that our side negotiates', '2.0')
    .option('--shard <i/n>', 'the i-th of n shares of the cases')
    .option('--baseline <file>', 'YAML list of case ids that are known to fail')
    .option('--reading <id=key>', 'judge under another reading of the ledger; repeatable', collect)
    .option('--seed <text>', 'repeat a run: its choices follow from the seed')
    .option('--jobs <n>', 'cases beside each other on one subject, and threads at most', '4')
    .option('--out <folder>', 'where reports go', 'reports/out')
    .option('--list', 'print the cases that would run, and stop')
    .option('--dry-run', 'start and stop the subject, run no case')
    .option('--json', 'print one JSON document on standard output, lines on standard error')
    .option('--verbose', 'print the exchange of every case that does not pass')
    .addHelpText('after', helpAfter)
    .action(async (target: string | undefined, flags) => {
      const { testRun } = await import('../test-run/test-run.ts');
      try {
        process.exitCode = await testRun(flags, target);
      } finally {
        setTimeout(leave, EXIT_MS).unref();
      }
    });
}

/** Not before a slow reader has all of the results. */
function leave(): void {
  if (process.stdout.writableLength > 0) setTimeout(leave, EXIT_MS);
  else process.exit();
}

const helpAfter = `
Exit codes: 0 all passed, 1 a requirement failed, 2 usage, 3 subject unreachable,
            4 the suite erred, 5 nothing was tested, 6 a baseline entry is stale,
            130 interrupted

Examples:
  norc test                                    judge the reference over real sockets
  norc test --ground in-process                the same cases, on a virtual clock
  norc test --only "T-CHAL-*" --at 1.1         one family of requirements at 1.1
  norc test --command "./my-server" --layer c  your own server, client layer
  norc test --image example/norc-server:1.0    one that runs in a container
  norc test target.yaml                        a server described in a file`;
