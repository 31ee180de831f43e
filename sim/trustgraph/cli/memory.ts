/** What a run will need, said before it starts; a run that cannot fit is refused. */
import { freemem } from 'node:os';
import { classCensusBytes } from '../class-census.ts';
import { GraphFault } from '../fault.ts';
import type { Graph } from '../graph.ts';
import type { Rule } from '../rule.ts';
import { scoreClassesOf } from '../score-classes.ts';

/** An offset, and per edge a neighbour and a weight, both ways. */
const graphBytes = ({ nodeCount, edgeCount }: Graph) => 2 * (4 * nodeCount + 12 * edgeCount);

/**
 * Of one search: order, hops and score of nodes, and the decayed weights of edges both ways. A question
 * holds a few of them; the largest (ambiguity) eight.
 */
const searchBytes = ({ nodeCount, edgeCount }: Graph) => 13 * nodeCount + 16 * edgeCount;
const SEARCHES: Readonly<Record<string, number>> = { ambiguity: 8, reach: 0 };
/** Renumbered, for each thread. */
const COPIES: Readonly<Record<string, number>> = { score: 1 };
/** Three bit fields of 256 sources. */
const REACH_BYTES_OF_NODE = 3 * 32;
/** Questions that count pairs of many sources at once where scores are few. */
const CENSUSES: ReadonlySet<string> = new Set(['score', 'sweep', 'percolate', 'timeline']);
/** An engine and its code. */
const THREAD_BYTES = 40 * 1024 * 1024;

export interface Need {
  readonly graph: Graph;
  readonly question: string;
  readonly rule: Rule;
  readonly threads: number;
  readonly limitBytes?: number;
}

/** `memory: graph 2 MiB, 2 threads of 43 MiB; 18,000 MiB are free`. */
export function checkMemory({
  graph,
  question,
  rule,
  threads,
  limitBytes = freemem(),
}: Need): string {
  const classes = CENSUSES.has(question) ? scoreClassesOf(graph, rule) : null;
  const ofThread =
    THREAD_BYTES +
    (SEARCHES[question] ?? 2) * searchBytes(graph) +
    (COPIES[question] ?? 0) * graphBytes(graph) +
    (question === 'reach' ? REACH_BYTES_OF_NODE * graph.nodeCount : 0) +
    (classes === null ? 0 : classCensusBytes(graph, classes));
  const total = graphBytes(graph) + threads * ofThread;
  const text =
    `memory: graph ${mebibytes(graphBytes(graph))}, ${threads} × ${mebibytes(ofThread)} for threads; ` +
    `${mebibytes(limitBytes)} may be used`;
  if (total > limitBytes)
    throw new GraphFault(`${text}: ask for fewer --threads, or allow more --memory`);
  return text;
}

const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
