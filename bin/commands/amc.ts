/** `norc amc …`: adjacent-major compatibility. */
import type { Command } from 'commander';

const collect = (word: string, earlier: string[] = []): string[] => [...earlier, word];

export function registerAmc(program: Command): void {
  const group = program
    .command('amc')
    .description(
      'adjacent-major compatibility: which versions meet, and what a change of the spec breaks',
    );
  registerMatrix(group);
  registerCheck(group);
}

function registerMatrix(group: Command): void {
  group
    .command('matrix')
    .description(
      'every pair of version sets, negotiated by the reference and held against the rule',
    )
    .option('--layer <c|f|t>', 'this layer alone; repeatable', collect)
    .option('--ground <name>', 'in-process, or sockets: a sample with real processes', 'in-process')
    .option('--majors <n>', 'majors up to this one; those that do not exist are made up', '4')
    .option('--versions <list>', 'these versions instead, for example 1.9,1.10,2.0')
    .option('--html <file>', 'write the matrix as a page too')
    .option('--json', 'print one JSON document on standard output')
    .addHelpText('after', matrixHelp)
    .action(async (flags) => {
      const { matrix } = await import('../amc/matrix.ts');
      process.exitCode = await matrix(flags);
    });
}

const matrixHelp = `
Exit codes: 0 the reference is right everywhere, 1 it is not, 2 usage

Examples:
  norc amc matrix                              all layers, majors 1 to 4
  norc amc matrix --layer t --html matrix.html NORC-T on links of every version of NORC-F
  norc amc matrix --versions 1.9,1.10,2.0      numbers, not letters, decide
  norc amc matrix --ground sockets             a sample between real processes`;

function registerCheck(group: Command): void {
  group
    .command('check')
    .description('what a change of the spec breaks, for whom, and which new version it needs')
    .option('--from <ref|folder>', 'the state before: a commit, or a folder', 'HEAD')
    .option('--to <ref|folder>', 'the state after', '.')
    .option('--repository <folder>', 'where commits are looked for', '.')
    .option('--versions <a..b>', 'two versions of the state after, instead of two states')
    .option('--json', 'print one JSON document')
    .option('--markdown', 'print a comment for a pull request')
    .addHelpText('after', checkHelp)
    .action(async (flags) => {
      const { check } = await import('../amc/check.ts');
      process.exitCode = check(flags);
    });
}

const checkHelp = `
Exit codes: 0 the declared versions are enough, 1 they are not, 2 usage

Examples:
  norc amc check                               what is not committed yet
  norc amc check --from main --to my-branch --markdown
  norc amc check --from ../old/spec --to spec  two folders
  norc amc check --versions 1.0..1.1           two versions of one state`;
