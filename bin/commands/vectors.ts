/** `norc vectors …`: test vectors against the reference, or against a library behind an adapter. */
import type { Command } from 'commander';

const collect = (word: string, earlier: string[] = []): string[] => [
  ...earlier,
  ...word.split(','),
];

export function registerVectors(program: Command): void {
  const group = program
    .command('vectors')
    .description('test vectors: against the reference, or a library behind an adapter');
  group
    .command('check')
    .description('judge a library by the vectors; without --adapter, the reference')
    .option('--adapter <command>', 'what to start; it speaks JSON lines (test/adapters/README.md)')
    .option('--category <name>', 'only vectors of this category; repeatable', collect)
    .option('--vector <id>', 'only this one, or "canonical-json/utf8-*"; repeatable', collect)
    .option('--skip <id>', 'all but this one, or "primitives/ml-kem-*"; repeatable', collect)
    .option('--baseline <file>', 'YAML list of ids of vectors that are known to fail')
    .option('--write-baseline <file>', 'write that list, from what fails now')
    .option('--timeout <seconds>', 'time for an answer, counted from the one before it', '20')
    .option('--folder <path>', 'vectors of your own instead of ours')
    .option('--junit <file>', 'write the verdicts as JUnit XML')
    .option('--json', 'print one JSON document on standard output, lines on standard error')
    .option('--verbose', 'tell all failures in full, not only the first of a category')
    .addHelpText('after', helpAfter)
    .action(async (flags) => {
      const { checkCommand } = await import('../vectors/check-command.ts');
      process.exitCode = await checkCommand(flags);
    });
  group
    .command('list')
    .description('what there is: categories, or with --category its vectors')
    .option('--category <name>', 'list the vectors of this category; repeatable', collect)
    .option('--folder <path>', 'vectors of your own instead of ours')
    .option('--json', 'print one JSON document')
    .action(async (flags) => {
      const { listCommand } = await import('../vectors/list-command.ts');
      listCommand(flags);
    });
}

const helpAfter = `
Exit codes: 0 all passed, 1 a vector failed, 2 usage, 3 the adapter cannot be judged (does not
            start, hangs, dies, speaks nonsense, answers what it cannot know), 4 the suite erred,
            5 nothing was tested, 6 a vector of the baseline passes, 130 interrupted

Examples:
  norc vectors check                                    judge the reference
  norc vectors check --adapter "python3 my_adapter.py"  judge your library
  norc vectors check --category canonical-json          one category
  norc vectors check --vector canonical-json/depth-33   one vector
  norc vectors check --adapter "…" --write-baseline known.yaml
                                                        list what fails today …
  norc vectors check --adapter "…" --baseline known.yaml
                                                        … and fail when anything else does`;
