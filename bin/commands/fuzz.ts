/** `norc fuzz`: honest handshakes, attacked at random. */
import type { Command } from 'commander';

const collect = (word: string, earlier: string[] = []): string[] => [...earlier, word];

export function registerFuzz(program: Command): void {
  program
    .command('fuzz')
    .description('attack honest handshakes at random; without a target, those of the reference')
    .argument('[target]', 'target.yaml: a server that runs, or a command that starts one')
    .option('--layer <c|f|t>', 'handshakes of this layer alone; repeatable', collect)
    .option('--runs <n>', 'attempts of each handshake (default: 1000, or no limit with --time)')
    .option('--time <duration>', 'begin none after that time, for example 60s or 5m')
    .option('--seed <n>', 'repeat a run: its attempts follow from the seed')
    .option('--at <version>', 'the protocol version that our side negotiates', '2.0')
    .option('--ground <name>', 'in-process, or sockets (default with a target: sockets)')
    .option('--command <line>', 'start the subject with this command')
    .option('--ready-within <seconds>', 'time that it has to say it is ready (default: 20)')
    .option('--url <wss-url>', 'a server that runs already; goes with the next five')
    .option('--server-id <domain>', 'its domain name')
    .option('--token <text>', 'its enrolment token (default: $NORC_ENROLMENT_TOKEN)')
    .option('--certificate <file>', 'PEM with its Ed25519 key')
    .option('--public-key <base64url>', 'that key itself, instead')
    .option('--ca <file>', 'PEM of the root that it is certified by (default: the system’s)')
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
