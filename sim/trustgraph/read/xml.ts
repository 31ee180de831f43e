/** GraphML and GEXF, by a streaming XML parser: no more of the file is kept than its edges. */
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { faultAt, GraphFault } from '../fault.ts';
import { createRowSink, type RowSink } from '../rows.ts';
import { readNumber } from './number.ts';
import type { GraphReader, ReadOptions } from './reader.ts';

/** What differs between the formats. */
interface Dialect {
  readonly name: string;
  readonly root: string;
  /** Attribute of `graph` that says whether edges have a direction. */
  readonly direction: string;
  /** Whether the weight is an attribute of the edge, or a `data` element inside it. */
  readonly weight: 'attribute' | 'data';
}

export const createGraphmlReader = (options: ReadOptions) =>
  createXmlReader(
    { name: 'GraphML', root: 'graphml', direction: 'edgedefault', weight: 'data' },
    options,
  );

export const createGexfReader = (options: ReadOptions) =>
  createXmlReader(
    { name: 'GEXF', root: 'gexf', direction: 'defaultedgetype', weight: 'attribute' },
    options,
  );

interface Edge {
  readonly source: string;
  readonly target: string;
  readonly isMutual: boolean;
  weight: number;
}

interface State {
  readonly sink: RowSink;
  readonly dialect: Dialect;
  readonly options: ReadOptions;
  isMutual: boolean;
  root: string | undefined;
  /** The `key` of GraphML whose name is weight. */
  weightKey: string | undefined;
  edge: Edge | undefined;
  /** Text of the `data` element that holds the weight, while inside it. */
  text: string | undefined;
  charactersSinceTag: number;
}

const MOST_CHARACTERS_BETWEEN_TAGS = 16 * 1024 * 1024;

function createXmlReader(dialect: Dialect, options: ReadOptions): GraphReader {
  const parser = new SaxesParser();
  const sink = createRowSink();
  const state: State = {
    sink,
    dialect,
    options,
    isMutual: dialect.weight === 'attribute',
    root: undefined,
    weightKey: undefined,
    edge: undefined,
    text: undefined,
    charactersSinceTag: 0,
  };
  const place = () => ({ line: parser.line, column: parser.column + 1 });
  parser.on('error', (error) => {
    // saxes begins its messages with line:column.
    throw faultAt(place(), `not well-formed XML: ${error.message.replace(/^\d+:\d+: /, '')}`);
  });
  parser.on('opentag', (tag) => openTag(state, tag as SaxesTagPlain, place()));
  parser.on('text', (text) => {
    if (state.text !== undefined) state.text += text;
  });
  parser.on('closetag', ({ name }) => closeTag(state, name, place()));
  return {
    write(text) {
      // The parser keeps what stands between two tags.
      state.charactersSinceTag += text.length;
      if (state.charactersSinceTag > MOST_CHARACTERS_BETWEEN_TAGS)
        throw faultAt(
          place(),
          `more than ${MOST_CHARACTERS_BETWEEN_TAGS} characters without a tag`,
        );
      parser.write(text);
    },
    get rowCount() {
      return sink.count;
    },
    end() {
      parser.close();
      if (state.root === undefined)
        throw new GraphFault(`the file holds no ${dialect.root} element`);
      return { rows: sink.finish(), understood: `${dialect.name}: edges from source to target` };
    },
  };
}

type At = { readonly line: number; readonly column: number };

function openTag(state: State, { name, attributes }: SaxesTagPlain, place: At): void {
  const { dialect } = state;
  state.charactersSinceTag = 0;
  if (state.root === undefined) {
    state.root = name;
    if (name !== dialect.root)
      throw faultAt(place, `<${name}> where <${dialect.root}> is expected`);
  }
  if (name === 'graph') state.isMutual = attributes[dialect.direction] !== 'directed';
  if (name === 'key' && attributes['attr.name'] === 'weight' && attributes.for !== 'node')
    state.weightKey = attributes.id;
  if (name === 'node') nodeOf(state, attributes.id, 'id of a node', place);
  if (name === 'edge') state.edge = edgeOf(state, attributes, place);
  if (name === 'data' && state.edge && attributes.key === state.weightKey && state.weightKey)
    state.text = '';
}

function nodeOf(state: State, label: string | undefined, what: string, place: At): string {
  if (!label) throw faultAt(place, `no ${what}`);
  state.sink.node(label);
  return label;
}

function edgeOf(state: State, attributes: Readonly<Record<string, string>>, place: At): Edge {
  const own = attributes.type ?? attributes.directed;
  const isMutual =
    own === undefined ? state.isMutual : !['directed', 'true'].includes(own.toLowerCase());
  const weight =
    state.dialect.weight === 'attribute' && attributes.weight !== undefined
      ? readNumber(attributes.weight, place, 'weight')
      : state.options.defaultWeight;
  return {
    source: nodeOf(state, attributes.source, 'source of an edge', place),
    target: nodeOf(state, attributes.target, 'target of an edge', place),
    isMutual,
    weight,
  };
}

function closeTag(state: State, name: string, place: At): void {
  const { edge, sink } = state;
  if (name === 'data' && state.text !== undefined && edge) {
    edge.weight = readNumber(state.text.trim(), place, 'weight');
    state.text = undefined;
  }
  if (name !== 'edge' || !edge) return;
  const [source, target] = [sink.node(edge.source), sink.node(edge.target)];
  sink.add(source, target, edge.weight);
  if (edge.isMutual) sink.add(target, source, edge.weight);
  state.edge = undefined;
}
