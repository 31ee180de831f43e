/** `norc fuzz`: honest handshakes, attacked at random. */
import type { Command } from 'commander';
import { withSubjectOptions } from './subject-options.ts';

const collect = (word: string, earlier: string[] = []): string[] => [...earlier, word];

export function registerFuzz(program: Command): void {
  const command = program
    .command('fuzz')
    .description('attack honest handshakes at random; without a target, those of the reference')
    .argument('[target]', 'target.yaml: a server that runs, or a command that starts one');
  withSubjectOptions(command)
    .option('--layer <c|f|t>', 'handshakes of this layer alone; repeatable', collect)
    .option('--runs <n>', 'attempts of each handshake (default: 1000, or no limit with --time)')
    .option('--time <duration>', 'begin none after that time, for example 60s or 5m')
    .option('--seed <n>', 'repeat a run: its attempts follow from the seed')
    .option('--at <version>', 'the protocol version that our side negotiates', '2.0')
    .option('--ground <name>', 'in-process, or sockets (default with a target: sockets)')
    .option('--crypto <tier>', 'in process: real, memo (remembers answers) or symbolic (names)')
    .option('--replay <file>', 'make the one attempt of a counterexample again')
    .option('--out <folder>', 'where counterexamples go', 'reports/out')
    .option('--json', 'print one JSON document on standard output, lines on standard error')
    .addHelpText('after', helpAfter)
    .action(async (target: string | undefined, flags) => {
      const { fuzzCommand } = await import('../fuzz/fuzz-command.ts');
      process.exitCode = await fuzzCommand(flags, target);
    });
}

const helpAfter = `
Exit codes: 0 the subject stood everything, 1 it did not, 2 usage, 3 subject unreachable,
            4 the suite erred, 5 nothing was tried, 130 interrupted

Examples:
  norc fuzz                                     the reference, in process, all layers
  norc fuzz --layer t --time 60s                a minute of establishing and revoking trust
  norc fuzz --command "./my-server" --layer c   devices against your own server
  norc fuzz --replay reports/out/fuzz-trust-7.json`;
