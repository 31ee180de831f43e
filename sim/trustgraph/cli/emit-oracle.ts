/**
 * A short Python script that recomputes a question's figures with networkx: another language, another
 * library, written apart from the engine. It comes with the edges as they were understood.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphFault } from '../fault.ts';
import { edgesOf, type Graph } from '../graph.ts';
import { type Inquiry, type Json, sourcesOf } from '../question.ts';
import { type QuestionName, questionNamed, questions } from '../questions.ts';
import type { Rows } from '../rows.ts';
import { csvLine } from '../write/csv.ts';
import type { Subject } from './ask.ts';

const folderOfOracles = new URL('../oracles/', import.meta.url);

/** Returns how to run what was written. */
export function emitOracle(subject: Subject, question: string, folder: string): string {
  const body = oracleOf(question);
  const prelude = new URL('prelude.py', folderOfOracles);
  const { rule, options, graph } = subject.inquiry;
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string) => writeFileSync(join(folder, name), content);
  write('oracle.py', `${readFileSync(prelude, 'utf8')}\n\n${readFileSync(body, 'utf8')}`);
  const labelOf = (node: number) => graph.labels[node] ?? '';
  const asked = {
    ...subject.provenance,
    rule,
    options,
    nodes: graph.labels,
    // What was drawn at random, by name: no other language draws the same.
    sources: Array.from(sourcesOf(subject.inquiry), labelOf),
    drawn: drawnIn(question, subject.inquiry),
  };
  write('question.json', JSON.stringify(asked, null, 1));
  write('edges.csv', edgesCsv(graph));
  if (subject.inquiry.history) write('rows.csv', rowsCsv(subject.inquiry.history.rows));
  return `to recompute: python3 ${join(folder, 'oracle.py')}`;
}

function drawnIn(question: string, inquiry: Inquiry): Json {
  const asked = question in questions ? questionNamed(question as QuestionName) : null;
  return asked?.drawn?.(inquiry) ?? null;
}

export function oracleOf(question: string): URL {
  const body = new URL(`${question}.py`, folderOfOracles);
  if (!existsSync(body)) throw new GraphFault(`there is no oracle for ${question}`);
  return body;
}

function rowsCsv({ count, labels, sources, targets, weights, times }: Rows): string {
  const lines = Array.from({ length: count }, (_, row) =>
    csvLine([
      labels[sources[row] ?? -1] ?? '',
      labels[targets[row] ?? -1] ?? '',
      weights[row] ?? 0,
      times?.[row] ?? 0,
    ]),
  );
  return `source,target,weight,time\n${lines.join('')}`;
}

function edgesCsv(graph: Graph): string {
  const { sources, targets, weights } = edgesOf(graph);
  const label = (node: number | undefined) => graph.labels[node ?? -1] ?? '';
  const lines = Array.from(sources, (source, edge) =>
    csvLine([label(source), label(targets[edge]), weights[edge] ?? 0]),
  );
  return `source,target,weight\n${lines.join('')}`;
}
