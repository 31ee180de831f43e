/**
 * The commands of the laboratory. Only declared here: what a command does is loaded when it is given.
 */
import { type Command, Option } from 'commander';
import type { Json } from '../question.ts';
import type { QuestionName } from '../questions.ts';
import {
  addGraphOptions,
  addRuleOptions,
  addRunOptions,
  type Given,
  listArgument,
  namesArgument,
  numberArgument,
  timeArgument,
  wholeArgument,
} from './options.ts';

type Options = Given & Readonly<Record<string, Json>>;

export function registerLaboratory(group: Command): void {
  registerDistances(group);
  registerPath(group);
  registerRevoke(group);
  registerRobustness(group);
  registerReadings(group);
  registerHistory(group);
  registerGen(group);
}

/** A question about one graph file, with all the common options. */
function question(group: Command, name: string, summary: string): Command {
  const command = group.command(name).description(summary);
  command.argument(
    '<graph>',
    'a file: SNAP, KONECT, CSV, METIS, GraphML, GEXF, DOT (.gz too); a folder of certificates',
  );
  return addRunOptions(addRuleOptions(addGraphOptions(command)));
}

/** Asks a question of units, with the options that are its own. */
function asks(command: Command, name: QuestionName, own: readonly string[]): void {
  command.action((path: string, given: Options) =>
    answering(command, async () => {
      const { ask } = await import('./ask.ts');
      await ask({ path, question: name, options: picked(given, own) }, given);
    }),
  );
}

const withSample = (command: Command) =>
  command.option('--sources <n>', 'from a sample of so many nodes', wholeArgument);

function registerDistances(group: Command): void {
  const reach = withSample(question(group, 'reach', 'who reaches whom at one, two, … hops'));
  reach.option('--bounded', 'only to the hops of the rule, not to the diameter');
  asks(reach, 'reach', ['bounded', 'sources']);

  const score = withSample(question(group, 'score', 'scores and levels of pairs, distributed'));
  score
    .option('--from <node>', 'list what this node computes of everybody')
    .option('--pairs <file>', 'also write every pair, as .csv or .parquet')
    .action((path: string, given: Options) =>
      answering(score, async () => {
        const { askScore } = await import('./ask-score.ts');
        await askScore(path, given, picked(given, ['sources']));
      }),
    );
}

function registerPath(group: Command): void {
  const command = question(group, 'path', 'why one node trusts another, and what would change it');
  command
    .argument('<from>')
    .argument('<to>')
    .action((path: string, from: string, to: string, given: Options) =>
      answering(command, async () => {
        const { askPath } = await import('./ask-others.ts');
        await askPath(path, { from, to }, given);
      }),
    );
}

function registerRevoke(group: Command): void {
  const command = question(group, 'revoke', 'what revocations take away, and give');
  withSample(command)
    .argument('[nodes...]', 'revoked together')
    .option('--each', 'every node alone')
    .option('--top <n>', 'each of the n nodes of highest degree alone', wholeArgument)
    .option(
      '--superseded <time>',
      'not compromised: what they said before this time stands',
      timeArgument,
    )
    .action((path: string, nodes: readonly string[], given: Options) =>
      answering(command, async () => {
        const { askRevoke } = await import('./ask-others.ts');
        await askRevoke(
          path,
          nodes,
          given,
          picked(given, ['each', 'top', 'sources', 'superseded']),
        );
      }),
    );
}

function registerRobustness(group: Command): void {
  const percolate = question(group, 'percolate', 'what is left when nodes are removed')
    .option('--percents <list>', 'of the nodes', listArgument, [1, 2, 5, 10, 20])
    .option('--trials <n>', 'of random removal', wholeArgument, 10)
    .option('--by <list>', 'random, degree, betweenness', namesArgument, [
      'random',
      'degree',
      'betweenness',
    ]);
  asks(percolate, 'percolate', ['percents', 'trials', 'by']);

  const attack = group.command('attack').description('what an attacker gains');
  const sybil = question(attack, 'sybil', 'sybils behind some attack edges, by rule')
    .option('--sybils <n>', 'that the attacker makes', wholeArgument, 100)
    .option('--edges <list>', 'honest nodes that were deceived', listArgument, [1, 2, 5, 10, 20])
    .option('--trials <n>', 'of each number of edges', wholeArgument, 20)
    .option('--observers <n>', 'honest nodes that are asked', wholeArgument, 100)
    .option('--attack-weight <w>', 'trust of the deceived', numberArgument, 1);
  asks(sybil, 'sybil', ['sybils', 'edges', 'trials', 'observers', 'attackWeight']);
}

function registerReadings(group: Command): void {
  const ambiguity = question(group, 'ambiguity', 'which reading matters on this graph');
  asks(withSample(ambiguity), 'ambiguity', ['sources']);

  const sweep = question(group, 'sweep', 'the same census under many settings')
    .option('--decay-list <list>', 'factors', listArgument)
    .option('--hops-list <list>', 'limits', listArgument)
    .option('--first-hop-list <list>', 'decayed, whole', namesArgument)
    .option('--tie-list <list>', 'best, worst, first', namesArgument)
    .option('--verified-list <list>', 'thresholds of verified', listArgument);
  withSample(sweep).action((path: string, given: Options) =>
    answering(sweep, async () => {
      const { askSweep } = await import('./ask-others.ts');
      await askSweep(path, given, picked(given, ['sources']));
    }),
  );

  const check = question(group, 'check', 'invariants of the rule, and a smallest counterexample');
  withSample(check).action((path: string, given: Options) =>
    answering(check, async () => {
      const { askCheck } = await import('./ask-others.ts');
      await askCheck(path, given, picked(given, ['sources']));
    }),
  );

  const compare = question(group, 'compare', 'the rule beside other metrics of trust');
  compare.option('--sources <n>', 'from a sample of so many nodes', wholeArgument, 30);
  asks(compare, 'compare', ['sources']);

  const predict = question(group, 'predict', 'how well scores predict held-out edges');
  predict.option('--leave-one-out', 'each edge in turn (the only way there is)');
  asks(predict, 'predict', []);
}

function registerHistory(group: Command): void {
  const command = question(group, 'timeline', 'how a graph with dates grew')
    .option('--steps <n>', 'moments, at even numbers of events', wholeArgument, 20)
    .option('--sources <n>', 'of scores, at each moment', wholeArgument, 200);
  asks(command, 'timeline', ['steps', 'sources']);
}

function registerGen(group: Command): void {
  const command = group
    .command('gen')
    .description('a random graph: the same bytes for a seed, everywhere')
    .argument('<model>', 'erdos-renyi, barabasi-albert, watts-strogatz, … (a wrong one lists all)')
    .option('--nodes <n>', 'how many', wholeArgument, 1000)
    .option('--degree <n>', 'edges of a node', wholeArgument, 5)
    .option(
      '--probability <p>',
      'of rewiring, of staying in the block, of a bridge',
      numberArgument,
      0.1,
    )
    .option('--blocks <n>', 'blocks, or nations', wholeArgument, 4)
    .option('--weights <list>', 'drawn from these', listArgument, [0.6, 0.8, 1])
    .option('--seed <n>', 'of everything drawn', wholeArgument, 1)
    .option('--attack-edges <n>', 'adds an attacker, trusted by so many', wholeArgument, 0)
    .option('--sybils <n>', 'of the attacker', wholeArgument, 10)
    .option('--attack-weight <w>', 'trust of the deceived', numberArgument, 1)
    .option('--output <file>', 'its ending is the format; .gz compresses')
    .addOption(new Option('--format <name>', 'csv, tsv, metis, graphml, gexf, dot'));
  command.action((model: string, given: Readonly<Record<string, Json>>) =>
    answering(command, async () => {
      const { makeGraph } = await import('./make-graph.ts');
      await makeGraph(model, given);
    }),
  );
}

/** The question's own options, as plain JSON. */
function picked(given: Options, names: readonly string[]): Record<string, Json> {
  return Object.fromEntries(
    names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
}

/** What the user's graph or question cannot be is a usage error; everything else is ours. */
async function answering(command: Command, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'GraphFault')
      command.error(`norc: ${thrown.message}`, { exitCode: 2 });
    throw thrown;
  }
}
