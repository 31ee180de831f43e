/** Graphs as files that others read: CSV, SNAP, METIS, GraphML, GEXF, DOT. */
import { GraphFault } from '../fault.ts';
import { edgesOf, type Graph } from '../graph.ts';
import { csvLine } from './csv.ts';
import { dotId } from './dot-text.ts';
import { escapeXml } from './xml.ts';

type GraphWriter = (graph: Graph) => Generator<string>;

/** In pieces, so that a large graph is never one string. */
export const writers: Readonly<Record<string, GraphWriter>> = {
  csv: function* csv(graph) {
    yield 'source,target,weight\n';
    for (const { source, target, weight } of edgesIn(graph))
      yield csvLine([source, target, weight]);
  },
  tsv: function* tsv(graph) {
    yield '# source\ttarget\tweight\n';
    for (const { source, target, weight } of edgesIn(graph)) {
      if (/[\t\r\n]/.test(source + target))
        throw new GraphFault('a label holds a tab or a newline');
      yield `${source}\t${target}\t${weight}\n`;
    }
  },
  graphml: writeGraphml,
  gexf: writeGexf,
  dot: function* dot(graph) {
    yield 'digraph trust {\n';
    for (const { source, target, weight } of edgesIn(graph))
      yield `  ${dotId(source)} -> ${dotId(target)} [weight=${weight}];\n`;
    yield '}\n';
  },
  metis: writeMetis,
};

function* edgesIn(graph: Graph) {
  const { sources, targets, weights } = edgesOf(graph);
  for (let edge = 0; edge < sources.length; edge++)
    yield {
      source: graph.labels[sources[edge] as number] ?? '',
      target: graph.labels[targets[edge] as number] ?? '',
      weight: weights[edge] as number,
    };
}

function* writeGraphml(graph: Graph): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n';
  yield '<key id="weight" for="edge" attr.name="weight" attr.type="double"/>\n<graph edgedefault="directed">\n';
  for (const label of graph.labels) yield `<node id="${escapeXml(label)}"/>\n`;
  for (const { source, target, weight } of edgesIn(graph))
    yield `<edge source="${escapeXml(source)}" target="${escapeXml(target)}"><data key="weight">${weight}</data></edge>\n`;
  yield '</graph>\n</graphml>\n';
}

function* writeGexf(graph: Graph): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n';
  yield '<graph defaultedgetype="directed">\n<nodes>\n';
  for (const label of graph.labels)
    yield `<node id="${escapeXml(label)}" label="${escapeXml(label)}"/>\n`;
  yield '</nodes>\n<edges>\n';
  let id = 0;
  for (const { source, target, weight } of edgesIn(graph))
    yield `<edge id="${id++}" source="${escapeXml(source)}" target="${escapeXml(target)}" weight="${weight}"/>\n`;
  yield '</edges>\n</graph>\n</gexf>\n';
}

/**
 * METIS holds undirected graphs with whole weights and no labels: a graph that is not mutual is refused,
 * weights are written in millionths, nodes by number in their order.
 */
function* writeMetis(graph: Graph): Generator<string> {
  const { out, nodeCount, edgeCount } = graph;
  const weightOf = (from: number, to: number) => {
    const at = out.nodes.subarray(out.offsets[from], out.offsets[from + 1]).indexOf(to);
    return at < 0 ? null : out.weights[(out.offsets[from] as number) + at];
  };
  yield `${nodeCount} ${edgeCount / 2} 1\n`;
  for (let node = 0; node < nodeCount; node++) {
    const cells: string[] = [];
    for (let edge = out.offsets[node] as number; edge < (out.offsets[node + 1] as number); edge++) {
      const [target, weight] = [out.nodes[edge] as number, out.weights[edge] as number];
      if (weightOf(target, node) !== weight)
        throw new GraphFault(
          'METIS holds mutual graphs only: each edge both ways, with one weight',
        );
      cells.push(`${target + 1} ${Math.round(weight * 1e6)}`);
    }
    yield `${cells.join(' ')}\n`;
  }
}
