/** `norc test`: the conformance run. */
import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { allCases } from '../../test/conformance/registry.ts';
import { select } from '../../test/conformance/select.ts';
import { createTerminal } from '../terminal.ts';
import { conduct } from '../test-run/conduct.ts';
import { loadLore } from '../test-run/lore.ts';
import { planOf, type TestFlags } from '../test-run/options.ts';
import { printList } from '../test-run/print.ts';

const collect = (word: string, earlier: string[] = []): string[] => [...earlier, word];

export function registerTest(program: Command): void {
  program
    .command('test')
    .description('judge a NORC server; without a target, the reference on this machine')
    .argument('[target]', 'target.yaml: a server that runs, or a command that starts one')
    .option(
      '--command <line>',
      'start the subject with this command (start contract: spec/choices.md)',
    )
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
    .option('--jobs <n>', 'cases beside each other on sockets', '4')
    .option('--out <folder>', 'where reports go', 'reports/out')
    .option('--list', 'print the cases that would run, and stop')
    .option('--dry-run', 'start and stop the subject, run no case')
    .option('--json', 'print the results document instead of lines')
    .option('--verbose', 'print the exchange of every case that does not pass')
    .addHelpText('after', helpAfter)
    .action(async (target: string | undefined, flags: TestFlags) => {
      const plan = planOf(flags, () => randomBytes(8).toString('hex'));
      const lore = loadLore();
      const cases = select(allCases, plan.selection, lore.levelOf);
      const terminal = createTerminal(plan.json ? process.stderr : process.stdout);
      if (plan.mode === 'list') return printList(createTerminal(), cases, plan);
      process.exitCode = await conduct({
        plan,
        target,
        command: flags.command,
        cases,
        lore,
        terminal,
      });
    });
}

const helpAfter = `
Exit codes: 0 all passed, 1 a requirement failed, 2 usage, 3 subject unreachable,
            4 the suite erred, 5 nothing was tested, 6 a baseline entry is stale

Examples:
  norc test                                    judge the reference over real sockets
  norc test --ground in-process                the same cases, on a virtual clock
  norc test --only "T-CHAL-*" --at 1.1         one family of requirements at 1.1
  norc test --command "./my-server" --layer c  your own server, client layer`;
