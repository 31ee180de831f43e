/** Computes every pair and writes it; a stop keeps what is done. */
import { GraphFault } from '../fault.ts';
import type { Search } from '../field.ts';
import type { Graph } from '../graph.ts';
import { type Inquiry, sourcesOf } from '../question.ts';
import { bandNames, bandOf, type Rule } from '../rule.ts';
import { createSearch } from '../search.ts';
import { createCsvPairs } from './csv-pairs.ts';
import { type Kept, openPairsFile, type PairForm } from './pairs-file.ts';

export interface PairsRun {
  readonly inquiry: Inquiry;
  readonly file: string;
  /** What was asked: a file goes on only with the same. */
  readonly provenance: string;
  readonly stop: AbortSignal;
  /** At the start, and at every source. */
  onSource(done: number, sources: number, pairs: number): void;
  /** What a stop leaves was written. */
  onKept?(kept: Kept): void;
}

export interface PairsDone {
  readonly sources: number;
  readonly sourcesDone: number;
  readonly pairs: number;
}

export async function writePairs(run: PairsRun): Promise<PairsDone> {
  const { inquiry, file, provenance, stop } = run;
  checkName(file);
  const target = openPairsFile(file, provenance);
  const form = await formOf(file, provenance, target.kept);
  const search = createSearch(inquiry.graph, inquiry.rule);
  const sources = sourcesOf(inquiry);
  let { sources: done, pairs } = target.kept;
  const keep = () => {
    const piece = form.piece(stop.aborted);
    if (piece === null) return;
    target.write(piece, done, pairs, form.state());
    run.onKept?.(target.kept);
  };
  run.onSource(done, sources.length, pairs);
  while (done < sources.length && !stop.aborted) {
    pairs += addSource(form, search, inquiry, sources[done] as number);
    done += 1;
    keep();
    run.onSource(done, sources.length, pairs);
    // Lets ctrl-C in.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (done === sources.length) target.finish(form.end());
  else {
    keep();
    target.close();
    ({ sources: done, pairs } = target.kept);
  }
  return { sources: sources.length, sourcesDone: done, pairs };
}

function addSource(
  form: PairForm,
  search: Search,
  { graph, rule }: { readonly graph: Graph; readonly rule: Rule },
  source: number,
): number {
  search.run(source);
  const from = graph.labels[source] ?? '';
  for (const node of search.reached.subarray(1, search.reachedCount)) {
    const score = search.scores[node] as number;
    const level = bandNames[bandOf(score, rule.thresholds)] ?? '';
    form.add(from, graph.labels[node] ?? '', search.hops[node] as number, score, level);
  }
  return search.reachedCount - 1;
}

function checkName(file: string): void {
  if (/\.(csv|parquet)$/.test(file)) return;
  throw new GraphFault(`--pairs ${file}: a name that ends in .csv or .parquet`);
}

async function formOf(file: string, provenance: string, { bytes, state }: Kept): Promise<PairForm> {
  if (file.endsWith('.csv')) return createCsvPairs(bytes === 0);
  const { createParquetPairs } = await import('./parquet-pairs.ts');
  return createParquetPairs(provenance, bytes, state);
}
