/** `norc trust score`: the distribution, one node's view, or every pair in a file. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { GraphFault } from '../fault.ts';
import { type Inquiry, sourcesOf } from '../question.ts';
import { scoresFrom } from '../questions/score.ts';
import { bandNames, bandOf } from '../rule.ts';
import { createSearch } from '../search.ts';
import { ask, openSubject, type Subject } from './ask.ts';
import { deliver } from './deliver.ts';
import type { Given } from './options.ts';
import { createProgressLine } from './progress-line.ts';

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
  if (given.pairs !== undefined) await writePairs(inquiry, given.pairs, JSON.stringify(provenance));
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

/** Pairs of one source at a time: no more of them are in memory than a few sources give. */
export interface PairSink {
  add(source: string, target: string, hops: number, score: number, level: string): void;
  close(): void;
}

async function writePairs(inquiry: Inquiry, file: string, provenance: string): Promise<void> {
  const { graph, rule } = inquiry;
  const sink = await pairSink(file, provenance);
  const search = createSearch(graph, rule);
  const progress = createProgressLine();
  const sources = sourcesOf(inquiry);
  let pairs = 0;
  for (const [index, source] of sources.entries()) {
    search.run(source);
    for (const node of search.reached.subarray(1, search.reachedCount)) {
      const score = search.scores[node] as number;
      const level = bandNames[bandOf(score, rule.thresholds)] ?? '';
      const target = graph.labels[node] ?? '';
      sink.add(graph.labels[source] ?? '', target, search.hops[node] as number, score, level);
      pairs += 1;
    }
    progress.show(`${file}: ${index + 1} of ${sources.length} sources, ${pairs} pairs`);
  }
  sink.close();
  progress.clear();
  console.error(`${pairs} pairs written to ${file}`);
}

async function pairSink(file: string, provenance: string): Promise<PairSink> {
  if (file.endsWith('.parquet')) {
    const { createParquetPairs } = await import('./parquet-pairs.ts');
    return createParquetPairs(file, provenance);
  }
  if (file.endsWith('.csv')) return createCsvPairs(file);
  throw new GraphFault(`--pairs ${file}: a name that ends in .csv or .parquet`);
}

const CSV_PIECE_CHARACTERS = 1 << 20;

function createCsvPairs(file: string): PairSink {
  const descriptor = openSync(file, 'w');
  let piece = 'source,target,hops,score,level\n';
  const flush = () => {
    writeSync(descriptor, piece);
    piece = '';
  };
  return {
    add(source, target, hops, score, level) {
      piece += `${quote(source)},${quote(target)},${hops},${score},${level}\n`;
      if (piece.length > CSV_PIECE_CHARACTERS) flush();
    },
    close() {
      flush();
      closeSync(descriptor);
    },
  };
}

const quote = (label: string) =>
  /[",\r\n]/.test(label) ? `"${label.replaceAll('"', '""')}"` : label;
