/** `norc sim …`: federations in virtual time, from scenario files. */
import type { Command } from 'commander';

const collect = (word: string, earlier: string[] = []): string[] => [...earlier, word];

export function registerSim(program: Command): void {
  const group = program
    .command('sim')
    .description('simulate federations of the reference’s servers, bit for bit the same each time');
  group
    .command('run')
    .description('run a scenario and judge what happens')
    .argument('<scenario>', 'a YAML file, or the name of one of the library (norc sim list)')
    .option('--seed <n>', 'instead of the scenario’s own')
    .option('--crypto <tier>', 'real, memo or symbolic, instead of the scenario’s own')
    .option('--check', 'run again in a fresh process and compare, event by event')
    .option('--trace <file>', 'write the trace of the run into this file')
    .option('--without <id>', 'switch the guard of a requirement off; repeatable', collect)
    .option('--json', 'print one JSON document on standard output, lines on standard error')
    .addHelpText('after', helpAfter)
    .action(async (scenario: string, flags) => {
      const { simRun } = await import('../sim/sim-run.ts');
      process.exitCode = await simRun(scenario, flags);
    });
  group
    .command('shrink')
    .description('find the smallest scenario that fails as this one does, and write it as a file')
    .argument('<scenario>', 'a YAML file, or the name of one of the library')
    .option('--seed <n>', 'instead of the scenario’s own')
    .option('--without <id>', 'switch the guard of a requirement off; repeatable', collect)
    .option('--out <file>', 'where to; default: <scenario>-shrunk.yaml here, if there is none yet')
    .option('--budget <n>', 'runs at most', '300')
    .option('--json', 'print one JSON document on standard output, lines on standard error')
    .action(async (scenario: string, flags) => {
      const { simShrink } = await import('../sim/sim-shrink.ts');
      process.exitCode = await simShrink(scenario, flags);
    });
  group
    .command('swarm')
    .description('run scenarios drawn from seeds; the first that fails is made small and written')
    .requiredOption('--seeds <range>', 'a seed, or a range such as 1..1000')
    .option('--without <id>', 'switch the guard of a requirement off; repeatable', collect)
    .option('--out <folder>', 'where failing scenarios go', 'reports/out/swarm')
    .option('--budget <n>', 'runs at most to make a failing one smaller', '300')
    .option('--json', 'print one JSON document on standard output, lines on standard error')
    .action(async (flags) => {
      const { simSwarm } = await import('../sim/sim-swarm.ts');
      process.exitCode = await simSwarm(flags);
    });
  group
    .command('diff')
    .description('where two runs part: the first record that differs, in what, and what led to it')
    .argument('<first>', 'a trace, or a scenario (star-basic, my.yaml, my.yaml@7 for seed 7)')
    .argument('<second>', 'likewise')
    .option('--crypto <tier>', 'real, memo or symbolic, instead of the scenarios’ own')
    .option('--without <id>', 'switch the guard of a requirement off; repeatable', collect)
    .option('--json', 'print one JSON document on standard output, lines on standard error')
    .addHelpText('after', '\nExit codes: 0 every record is the same, 1 they part, 2 usage')
    .action(async (first: string, second: string, flags) => {
      const { simDiff } = await import('../sim/sim-diff.ts');
      process.exitCode = await simDiff([first, second], flags);
    });
  group
    .command('replay')
    .description('run again what a trace is of, and compare; or run a scenario file')
    .argument('<file>', 'a trace that norc sim run --trace has written, or a scenario')
    .option('--json', 'print one JSON document on standard output, lines on standard error')
    .addHelpText('after', '\nExit codes: 0 the same again, 1 not the same, 2 usage')
    .action(async (file: string, flags) => {
      const { simReplay } = await import('../sim/sim-diff.ts');
      process.exitCode = await simReplay(file, flags);
    });
  group
    .command('view')
    .description('write a page that shows a run step by step, or two side by side where they part')
    .argument(
      '<run...>',
      'a scenario (star-basic, my.yaml, my.yaml@7 for seed 7) or a trace; or two',
    )
    .option('--output <file>', 'where to; default: named after what it shows, here')
    .option('--seed <n>', 'instead of the scenario’s own')
    .option('--crypto <tier>', 'real, memo or symbolic, instead of the scenario’s own')
    .option('--without <id>', 'switch the guard of a requirement off; repeatable', collect)
    .addHelpText('after', viewHelpAfter)
    .action(async (given: string[], flags) => {
      const { simView } = await import('../sim/sim-view.ts');
      process.exitCode = await simView(given, flags);
    });
  group
    .command('schema')
    .description('print the JSON Schema of scenario files, for editors')
    .addHelpText('after', schemaHelpAfter)
    .action(async () => {
      const { editorSchema } = await import('../../sim/scenario/editor-schema.ts');
      process.stdout.write(`${JSON.stringify(editorSchema(), null, 2)}\n`);
    });
  group
    .command('list')
    .description('the scenarios of the library')
    .option('--json', 'as JSON')
    .action(async (flags) => {
      const { simList } = await import('../sim/sim-list.ts');
      simList(flags);
    });
}

const helpAfter = `
Exit codes: 0 everything expected held, 1 something did not, 2 usage or a scenario that cannot be
            run, 4 a server has thrown, or a run did not repeat itself, 130 interrupted

Examples:
  norc sim run star-basic                       a scenario of the library
  norc sim run my.yaml --seed 7 --check         another seed, and is it deterministic?
  norc sim run relay-loop --without F-RELAY-06  does the monitor notice the missing guard?`;

const viewHelpAfter = `
Examples:
  norc sim view clock-skew                      every server a lane, every message an arrow
  norc sim view star-basic star-basic@2         two seeds, aligned where they part
  norc sim run my.yaml --trace my.trace && norc sim view my.trace`;

const schemaHelpAfter = `
In an editor that knows the YAML language server, a scenario of yours is completed and checked as you
write when its first line is
  # yaml-language-server: $schema=./scenario.schema.json
and norc sim schema > scenario.schema.json stands beside it.`;
