/**
 * Revocation of a server that was superseded, not compromised: what it said before stands, so it still
 * lies inside paths; what it said later does not. Nobody trusts it itself any more.
 */
import { type BuildOptions, buildGraph, edgesOf, fromEdges, type Graph } from '../graph.ts';
import { type Rows, selectRows } from '../rows.ts';

/** What a superseded server said before its revocation: source, target, weight. */
export type Standing = readonly [source: number, target: number, weight: number];

/** The graph in which the revoked say only what stands. */
export function superseded(
  graph: Graph,
  nodes: readonly number[],
  standing: readonly Standing[],
): Graph {
  const revoked = new Set(nodes);
  const { sources, targets, weights } = edgesOf(graph);
  const kept = [...sources.keys()].filter((edge) => !revoked.has(sources[edge] as number));
  const of = (list: Int32Array | Float64Array, at: 0 | 1 | 2) => [
    ...kept.map((edge) => list[edge] as number),
    ...standing.map((edge) => edge[at]),
  ];
  const edges = {
    sources: Int32Array.from(of(sources, 0)),
    targets: Int32Array.from(of(targets, 1)),
    weights: Float64Array.from(of(weights, 2)),
  };
  return fromEdges([], edges, graph.nodeCount);
}

/**
 * Of these nodes what they said before a time: of the rows until then the newest, as if the file had
 * ended there. Whom they trusted then and nobody is in the graph of today, is left out.
 */
export function standingBefore(
  graph: Graph,
  rows: Rows,
  build: BuildOptions,
  revoked: readonly number[],
  time: number,
): readonly Standing[] {
  const numbers = new Map(graph.labels.map((label, node) => [label, node]));
  const numberOf = (label: number | undefined) => numbers.get(rows.labels[label ?? -1] ?? '') ?? -1;
  const isTheirs = (row: number) => revoked.includes(numberOf(rows.sources[row]));
  const earlier = Int32Array.from({ length: rows.count }, (_, row) => row).filter(
    (row) => (rows.times?.[row] ?? Number.NaN) < time && isTheirs(row),
  );
  const { graph: then } = buildGraph(selectRows(rows, earlier), build);
  const { sources, targets, weights } = edgesOf(then);
  const numberThen = (node: number | undefined) => numbers.get(then.labels[node ?? -1] ?? '') ?? -1;
  return Array.from(
    sources,
    (source, edge): Standing => [numberThen(source), numberThen(targets[edge]), weights[edge] ?? 0],
  ).filter(([, target]) => target >= 0);
}
