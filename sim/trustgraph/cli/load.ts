/** A graph file from disk: decompressed, read in pieces, hashed on the way. */
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GraphFault } from '../fault.ts';
import { type BuildOptions, buildGraph, type Graph, type RowTally } from '../graph.ts';
import { createCertificateCollector } from '../read/certificates.ts';
import { createReader, formatOfName } from '../read/formats.ts';
import type { ReadFile, ReadOptions } from '../read/reader.ts';

export interface LoadOptions extends ReadOptions, BuildOptions {
  readonly format?: string;
  readonly progress?: (text: string) => void;
}

export interface LoadedFile extends ReadFile {
  readonly name: string;
  readonly sha256: string;
}

export interface Loaded extends LoadedFile {
  readonly graph: Graph;
  readonly tally: RowTally;
}

export async function loadGraph(path: string, options: LoadOptions): Promise<Loaded> {
  const file = await loadRows(path, options);
  return { ...file, ...inFile(path, () => buildGraph(file.rows, options)) };
}

export async function loadRows(path: string, given: LoadOptions): Promise<LoadedFile> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const format = isFolder ? 'certificates' : (given.format ?? formatOfName(path));
  const options = format === 'certificates' ? { ...given, verify: await verifier() } : given;
  return isFolder ? loadFolder(path, options) : loadFile(path, format, options);
}

async function verifier() {
  const { createVerifier } = await import('./verify.ts');
  return createVerifier();
}

async function loadFile(path: string, format: string, options: LoadOptions): Promise<LoadedFile> {
  const size = sizeOf(path);
  const reader = createReader(format, options);
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let readBytes = 0;
  for await (const piece of piecesOf(path, (bytes) => {
    readBytes += bytes.length;
    hash.update(bytes);
  })) {
    inFile(path, () => reader.write(decoder.decode(piece, { stream: true })));
    options.progress?.(
      `reading ${basename(path)}: ${Math.round((100 * readBytes) / size)} %, ${reader.rowCount} rows`,
    );
  }
  const file = inFile(path, () => {
    reader.write(decoder.decode());
    return reader.end();
  });
  return { ...file, name: basename(path), sha256: hash.digest('hex') };
}

/** A folder of certificates: every file of JSON, in the order of their names. */
function loadFolder(path: string, options: LoadOptions): LoadedFile {
  const names = readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort();
  if (names.length === 0) throw new GraphFault(`${path}: a folder without files of JSON`);
  const collector = inFile(path, () => createCertificateCollector(options));
  const hash = createHash('sha256');
  for (const name of names) {
    const bytes = readFileSync(join(path, name));
    hash.update(`${name} ${bytes.length}\n`).update(bytes);
    inFile(join(path, name), () =>
      collector.add(new TextDecoder('utf-8', { fatal: true }).decode(bytes), name),
    );
    options.progress?.(`reading ${name}: ${collector.count} certificates`);
  }
  return { ...inFile(path, collector.finish), name: basename(path), sha256: hash.digest('hex') };
}

function sizeOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw new GraphFault(`there is no file ${path}`);
  return Math.max(1, stat.size);
}

/** Errors of the disk and of the compression come out of the loop. */
async function* piecesOf(
  path: string,
  onBytes: (bytes: Buffer) => void,
): AsyncGenerator<Uint8Array> {
  const raw = createReadStream(path, { highWaterMark: 1 << 20 });
  const watched = Readable.from(
    (async function* watch() {
      for await (const bytes of raw) {
        onBytes(bytes);
        yield bytes;
      }
    })(),
  );
  if (!path.endsWith('.gz')) {
    yield* watched;
    return;
  }
  // The failure surfaces in the loop below; the callback only keeps it from being unhandled.
  yield* inflated(
    pipeline(watched, createGunzip(), () => {}),
    path,
  );
}

async function* inflated(stream: AsyncIterable<Uint8Array>, path: string) {
  try {
    yield* stream;
  } catch (thrown) {
    throw new GraphFault(`${path}: not a whole gzip file (${(thrown as Error).message})`);
  }
}

/** Names the file in what is wrong with it. */
function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof GraphFault) throw new GraphFault(`${path}: ${thrown.message}`);
    if (thrown instanceof TypeError && 'code' in thrown)
      throw new GraphFault(`${path}: the file is not UTF-8 text`);
    throw thrown;
  }
}
