/** A graph to a file, compressed where its name says so, or to standard output. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { GraphFault } from '../fault.ts';
import type { Graph } from '../graph.ts';
import { writers } from '../write/graph-formats.ts';

const PIECE_CHARACTERS = 1 << 16;

export async function writeGraph(graph: Graph, file: string | undefined, format?: string) {
  const name = format ?? file?.replace(/\.gz$/, '').split('.').at(-1) ?? 'csv';
  const write = writers[name];
  if (!write) throw new GraphFault(`cannot write ${name}: ${Object.keys(writers).join(', ')}`);
  const text = Readable.from(inPieces(write(graph)));
  if (file === undefined) {
    for await (const piece of text) process.stdout.write(piece as string);
  } else if (file.endsWith('.gz')) await pipeline(text, createGzip(), createWriteStream(file));
  else await pipeline(text, createWriteStream(file));
}

function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
