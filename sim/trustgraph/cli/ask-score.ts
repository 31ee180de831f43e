/** `norc trust score`: the distribution, one node's view, or every pair in a file. */
import { resolve } from 'node:path';
import { GraphFault } from '../fault.ts';
import type { Inquiry } from '../question.ts';
import { scoresFrom } from '../questions/score.ts';
import { ask, openSubject, type Subject, stopOnInterrupt } from './ask.ts';
import { deliver } from './deliver.ts';
import type { Given } from './options.ts';
import { createProgressLine } from './progress-line.ts';
import { writePairs } from './write-pairs.ts';

export type ScoreOptions = Given & { readonly from?: string; readonly pairs?: string };

export async function askScore(
  path: string,
  given: ScoreOptions,
  options: Inquiry['options'],
): Promise<void> {
  if (given.from === undefined && given.pairs === undefined)
    return void (await ask({ path, question: 'score', options }, given));
  const subject = await openSubject(path, 'score', options, given);
  const { inquiry, provenance } = subject;
  if (given.pairs !== undefined && !(await pairsTo(given.pairs, subject))) return;
  if (given.emitOracle !== undefined)
    await writePairsOracle(subject, given.emitOracle, given.pairs);
  if (given.from !== undefined)
    await deliver(scoresFrom(inquiry, given.from), { ...provenance, from: given.from }, given);
}

/** The script reads our pairs and computes each again. */
async function writePairsOracle(subject: Subject, folder: string, pairs: string | undefined) {
  if (!pairs?.endsWith('.csv'))
    throw new GraphFault('--emit-oracle compares pairs in a CSV file: say --pairs <file>.csv');
  const { inquiry } = subject;
  const options = { ...inquiry.options, pairs: resolve(pairs) };
  const { emitOracle } = await import('./emit-oracle.ts');
  console.error(emitOracle({ ...subject, inquiry: { ...inquiry, options } }, 'pairs', folder));
}

async function pairsTo(file: string, { inquiry, provenance }: Subject): Promise<boolean> {
  const progress = createProgressLine();
  const stop = stopOnInterrupt();
  let begun = false;
  const { sources, sourcesDone, pairs } = await writePairs({
    inquiry,
    file,
    provenance: JSON.stringify(provenance),
    stop: stop.signal,
    onSource(done, all, found) {
      if (!begun && done > 0) console.error(`going on: ${done} of ${all} sources are done`);
      begun = true;
      progress.show(`${file}: ${done} of ${all} sources, ${found} pairs`);
    },
  }).finally(stop.close);
  progress.clear();
  if (sourcesDone === sources) {
    console.error(`${pairs} pairs written to ${file}`);
    return true;
  }
  console.error(
    `STOPPED after ${sourcesDone} of ${sources} sources, ${pairs} pairs. The same command goes on from here.`,
  );
  process.exitCode = 130;
  return false;
}
