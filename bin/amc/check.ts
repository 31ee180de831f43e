/** `norc amc check`: what a change of the spec breaks, and which version it needs. */
import { verdictMarkdown } from '../../reports/amc/verdict-markdown.ts';
import { compareTrees, compareVersions, type Verdict } from '../../spec/change/compare.ts';
import { versionsIn } from '../../spec/change/protocol.ts';
import { type SpecTree, SpecUnreadable } from '../../spec/change/tree.ts';
import { createTerminal } from '../terminal.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import { specTree } from './spec-trees.ts';
import { verdictLines } from './verdict-lines.ts';

export interface CheckFlags {
  readonly from: string;
  readonly to: string;
  readonly repository: string;
  readonly versions?: string;
  readonly json?: true;
  readonly markdown?: true;
}

/** Returns the exit code. */
export function check(flags: CheckFlags): number {
  if (flags.json && flags.markdown) {
    throw new UsageError('--json and --markdown: one document at a time; give one of them');
  }
  const verdict = verdictOf(flags);
  if (flags.json) console.log(JSON.stringify(verdict));
  else if (flags.markdown) process.stdout.write(verdictMarkdown(verdict));
  else print(verdict);
  return verdict.fits ? exitCodes.passed : exitCodes.failed;
}

function verdictOf({ from, to, repository, versions }: CheckFlags): Verdict {
  const after = specTree(to, '--to', repository);
  try {
    if (versions !== undefined) return between(after, versions);
    return compareTrees(specTree(from, '--from', repository), after);
  } catch (thrown) {
    if (thrown instanceof SpecUnreadable) throw new UsageError(thrown.message);
    throw thrown;
  }
}

function between(tree: SpecTree, versions: string): Verdict {
  const [earlier = '', later = '', ...rest] = versions.split('..');
  const known = versionsIn(tree);
  const wrong = [earlier, later].find((version) => !known.includes(version));
  if (wrong === undefined && rest.length === 0) return compareVersions(tree, earlier, later);
  const example = `${known[0]}..${known.at(-1)}`;
  throw new UsageError(
    `--versions ${versions}: give two of ${known.join(', ')}, for example ${example}`,
  );
}

function print(verdict: Verdict): void {
  const terminal = createTerminal();
  for (const line of verdictLines(verdict, terminal)) terminal.print(line);
}
