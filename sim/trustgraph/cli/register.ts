/**
 * The commands of the laboratory. Only declared here: what a command does is loaded when it is given.
 */
import type { Command } from 'commander';
import {
  addGraphOptions,
  addRuleOptions,
  addRunOptions,
  type Given,
  wholeArgument,
} from './options.ts';

type Options = Given & Readonly<Record<string, unknown>>;

export function registerLaboratory(group: Command): void {
  for (const register of [registerReach, registerScore, registerAmbiguity]) register(group);
}

/** A question about one graph file, with all the common options. */
function question(group: Command, name: string, summary: string): Command {
  const command = group.command(name).description(summary);
  command.argument('<graph>', 'a file: SNAP, KONECT, CSV, METIS, GraphML, GEXF, DOT; .gz too');
  return addRunOptions(addRuleOptions(addGraphOptions(command)));
}

function registerReach(group: Command): void {
  question(group, 'reach', 'who reaches whom at one, two, … hops')
    .option('--bounded', 'only to the hops of the rule, not to the diameter')
    .option('--sources <n>', 'from a sample of so many nodes', wholeArgument)
    .action((path: string, options: Options, command: Command) =>
      answering(command, async () => {
        const { ask } = await import('./ask.ts');
        await ask(
          { path, question: 'reach', options: picked(options, ['bounded', 'sources']) },
          options,
        );
      }),
    );
}

function registerScore(group: Command): void {
  question(group, 'score', 'scores and levels of pairs, and how they are distributed')
    .option('--from <node>', 'list what this node computes of everybody')
    .option('--pairs <file>', 'also write every pair, as .csv or .parquet')
    .option('--sources <n>', 'from a sample of so many nodes', wholeArgument)
    .action((path: string, options: Options, command: Command) =>
      answering(command, async () => {
        const { askScore } = await import('./ask-score.ts');
        await askScore(path, options, picked(options, ['sources']));
      }),
    );
}

function registerAmbiguity(group: Command): void {
  question(group, 'ambiguity', 'which reading of the documents matters on this graph')
    .option('--sources <n>', 'from a sample of so many nodes', wholeArgument)
    .action((path: string, options: Options, command: Command) =>
      answering(command, async () => {
        const { ask } = await import('./ask.ts');
        await ask({ path, question: 'ambiguity', options: picked(options, ['sources']) }, options);
      }),
    );
}

/** The question's own options, as plain JSON. */
function picked(options: Options, names: readonly string[]): Record<string, never> {
  const given = names.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, options[name]])) as Record<string, never>;
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
