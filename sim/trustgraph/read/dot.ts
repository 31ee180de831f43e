/**
 * The part of the DOT language that graphs of trust need: `digraph` or `graph`, node statements, edges
 * and chains of edges with attributes, comments. `--` is trust in both directions. Subgraphs are
 * refused: an edge between groups would be many edges that nobody wrote.
 */
import { faultAt, type Place } from '../fault.ts';
import { createRowSink, type RowSink } from '../rows.ts';
import { quoted, readNumber } from './number.ts';
import type { GraphReader, ReadOptions } from './reader.ts';

/** DOT files are made for drawing: one that is larger is another format's. */
const MOST_CHARACTERS = 256 * 1024 * 1024;

export function createDotReader(options: ReadOptions): GraphReader {
  const pieces: string[] = [];
  let size = 0;
  let rowCount = 0;
  return {
    write(text) {
      size += text.length;
      if (size > MOST_CHARACTERS)
        throw faultAt(
          { line: 1, column: 1 },
          `a DOT file of more than ${MOST_CHARACTERS} characters`,
        );
      pieces.push(text);
    },
    get rowCount() {
      return rowCount;
    },
    end() {
      const sink = createRowSink();
      readGraph(createTokens(pieces.join('')), sink, options);
      rowCount = sink.count;
      return { rows: sink.finish(), understood: 'DOT: edges as drawn, weight attribute' };
    },
  };
}

interface Token {
  readonly text: string;
  readonly isId: boolean;
  /** In quotes no word is a keyword. */
  readonly isQuoted: boolean;
  readonly place: Place;
}

interface Tokens {
  /** Where the next token stands. */
  readonly place: Place;
  /** Whether the next token is this mark or word, unquoted or not. */
  isMark(text: string): boolean;
  isId(): boolean;
  take(): Token;
  expect(text: string): void;
}

const PATTERN =
  /(?<space>\s+|\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)|(?<quoted>"(?:[^"\\]|\\[\s\S])*")|(?<id>-?(?:\.\d+|\d+(?:\.\d*)?)|[\p{L}_][\p{L}\p{N}_]*)|(?<mark>->|--|[{}[\];,=:])/uy;

function createTokens(text: string): Tokens {
  const scan = createScanner(text);
  let next = scan();
  const take = () => {
    const taken = next;
    next = scan();
    return taken;
  };
  return {
    get place() {
      return next.place;
    },
    isMark: (mark) => !next.isId && next.text === mark,
    isId: () => next.isId,
    take,
    expect(wanted) {
      const { text: found, isId, place } = take();
      if (isId || found !== wanted)
        throw faultAt(place, `${shown(found)} where ${wanted} is expected`);
    },
  };
}

const shown = (found: string) => (found === '' ? 'the end of the file' : quoted(found));

/** A token a call, then empty ones; blanks and comments are skipped. */
function createScanner(text: string): () => Token {
  const pattern = new RegExp(PATTERN);
  let line = 1;
  let lineStart = 0;
  const pass = (whole: string, at: number) => {
    const lines = whole.split('\n');
    if (lines.length === 1) return;
    line += lines.length - 1;
    lineStart = at + whole.lastIndexOf('\n') + 1;
  };
  return () => {
    for (;;) {
      const at = pattern.lastIndex;
      const place = { line, column: at - lineStart + 1 };
      if (at === text.length) return { text: '', isId: false, isQuoted: false, place };
      const match = pattern.exec(text);
      if (!match) throw faultAt(place, `unexpected ${quoted(text.slice(at, at + 20))}`);
      pass(match[0], at);
      if (match.groups?.space === undefined) return { ...tokenOf(match.groups ?? {}), place };
    }
  };
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>) {
  if (groups.mark !== undefined) return { text: groups.mark, isId: false, isQuoted: false };
  const { quoted: inQuotes, id = '' } = groups;
  if (inQuotes === undefined) return { text: id, isId: true, isQuoted: false };
  return { text: inQuotes.slice(1, -1).replace(/\\(["\\])/g, '$1'), isId: true, isQuoted: true };
}

function readGraph(tokens: Tokens, sink: RowSink, options: ReadOptions): void {
  let kind = tokens.take();
  if (isKeyword(kind, 'strict')) kind = tokens.take();
  if (!isKeyword(kind, 'digraph', 'graph'))
    throw faultAt(kind.place, `${shown(kind.text)} where digraph or graph is expected`);
  if (tokens.isId()) tokens.take();
  tokens.expect('{');
  while (!tokens.isMark('}')) readStatement(tokens, sink, options);
  tokens.expect('}');
  const { text, place } = tokens.take();
  if (text !== '') throw faultAt(place, `${quoted(text)} after the end of the graph`);
}

function readStatement(tokens: Tokens, sink: RowSink, options: ReadOptions): void {
  const first = takeId(tokens, 'a node');
  if (tokens.isMark('=')) {
    tokens.take();
    readId(tokens, 'a value');
  } else if (isKeyword(first, 'graph', 'node', 'edge')) readAttributes(tokens);
  else readChain(tokens, first.text, sink, options);
  if (tokens.isMark(';')) tokens.take();
}

/** Keywords are so in any case of their letters. */
const isKeyword = ({ text, isId, isQuoted }: Token, ...words: readonly string[]) =>
  isId && !isQuoted && words.includes(text.toLowerCase());

function takeId(tokens: Tokens, what: string): Token {
  const token = tokens.take();
  if (!token.isId || isKeyword(token, 'subgraph'))
    throw faultAt(token.place, `${shown(token.text)} where ${what} is expected`);
  return token;
}

function readId(tokens: Tokens, what: string): string {
  const token = takeId(tokens, what);
  if (isKeyword(token, 'graph', 'node', 'edge', 'digraph', 'strict'))
    throw faultAt(token.place, `${shown(token.text)} where ${what} is expected: put it in quotes`);
  return token.text;
}

function readChain(tokens: Tokens, first: string, sink: RowSink, options: ReadOptions): void {
  const nodes = [sink.node(first)];
  let isMutual = false;
  while (tokens.isMark('->') || tokens.isMark('--')) {
    isMutual = tokens.take().text === '--';
    nodes.push(sink.node(readId(tokens, 'a node')));
  }
  const { place } = tokens;
  const weight = readAttributes(tokens).get('weight');
  const worth = weight === undefined ? options.defaultWeight : readNumber(weight, place, 'weight');
  nodes.slice(1).forEach((node, at) => {
    const before = nodes[at] ?? 0;
    sink.add(before, node, worth);
    if (isMutual) sink.add(node, before, worth);
  });
}

function readAttributes(tokens: Tokens): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  while (tokens.isMark('[')) {
    tokens.take();
    while (!tokens.isMark(']')) {
      const name = readId(tokens, 'an attribute');
      tokens.expect('=');
      attributes.set(name, readId(tokens, 'a value'));
      if (tokens.isMark(',') || tokens.isMark(';')) tokens.take();
    }
    tokens.expect(']');
  }
  return attributes;
}
