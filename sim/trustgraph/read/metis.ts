/**
 * METIS: a header `nodes edges [format]`, then a line a node with its neighbours, numbered from one.
 * Graphs are undirected: every edge stands on both lines and becomes trust in both directions. With
 * format 1 each neighbour is followed by a weight. Weights are whole; --scale says which is full trust.
 */
import { faultAt } from '../fault.ts';
import { createRowSink, type RowSink } from '../rows.ts';
import { createLineCutter } from './lines.ts';
import { quoted, readNumber } from './number.ts';
import type { GraphReader, ReadOptions } from './reader.ts';

/** A line holds all neighbours of a hub. */
const MOST_LINE_CHARACTERS = 64 * 1024 * 1024;

interface Header {
  readonly nodes: number;
  readonly edges: number;
  readonly isWeighted: boolean;
}

export function createMetisReader({ defaultWeight }: ReadOptions): GraphReader {
  const sink = createRowSink();
  let header: Header | undefined;
  let node = 0;
  let lastLine = 0;
  const cutter = createLineCutter(MOST_LINE_CHARACTERS, (line, number) => {
    lastLine = number;
    if (line.startsWith('%')) return;
    if (!header) {
      header = readHeader(line, number);
      return;
    }
    if (node === header.nodes && line.trim() === '') return;
    node += 1;
    if (node > header.nodes)
      throw faultAt(
        { line: number, column: 1 },
        `more than the ${header.nodes} nodes of the header`,
      );
    // With its line, not with the header: what a file promises costs nothing.
    sink.node(String(node));
    addNeighbours(sink, header, node, line, number, defaultWeight);
  });
  return {
    write: cutter.write,
    get rowCount() {
      return sink.count;
    },
    end() {
      cutter.end();
      const place = { line: lastLine + 1, column: 1 };
      if (!header) throw faultAt(place, 'the file ends before its header');
      if (node < header.nodes)
        throw faultAt(place, `the file ends after ${node} of ${header.nodes} nodes`);
      if (sink.count !== 2 * header.edges)
        throw faultAt(
          place,
          `${sink.count} neighbours where ${header.edges} edges have ${2 * header.edges}`,
        );
      return { rows: sink.finish(), understood: 'METIS: both directions of each edge' };
    },
  };
}

/** A header that promises more than this is a mistake, not a graph. */
const MOST_NODES = 100_000_000;

function readHeader(line: string, number: number): Header {
  const fields = line.trim().split(/\s+/);
  const [nodes = '', edges = '', format = '0'] = fields;
  const place = { line: number, column: 1 };
  if (fields.length < 2 || fields.length > 3 || !/^0*[01]$/.test(format))
    throw faultAt(place, `${quoted(line)} is no header that is read: nodes edges [0 or 1]`);
  const header = {
    nodes: readNumber(nodes, place, 'number of nodes'),
    edges: readNumber(edges, place, 'number of edges'),
    isWeighted: format.endsWith('1'),
  };
  const isWhole = [header.nodes, header.edges].every(
    (value) => Number.isInteger(value) && value >= 0,
  );
  if (!isWhole || header.nodes > MOST_NODES)
    throw faultAt(place, `${quoted(line)} has numbers that no graph has`);
  return header;
}

function addNeighbours(
  sink: RowSink,
  { nodes, isWeighted }: Header,
  node: number,
  line: string,
  number: number,
  defaultWeight: number,
): void {
  // One after the other: a line of a hub holds millions.
  const fields = line.matchAll(/\S+/g);
  for (const { 0: text, index } of fields) {
    const place = { line: number, column: index + 1 };
    const neighbour = readNumber(text, place, 'neighbour');
    if (!Number.isInteger(neighbour) || neighbour < 1 || neighbour > nodes)
      throw faultAt(place, `neighbour ${quoted(text)} is not one of the nodes 1 … ${nodes}`);
    const weight = isWeighted
      ? readNumber(fields.next().value?.[0] ?? '', place, 'weight of the neighbour')
      : defaultWeight;
    sink.add(node - 1, neighbour - 1, weight);
  }
}
