/** The formats that are read, and how a file's name tells them. */
import { GraphFault } from '../fault.ts';
import { createCertificateReader } from './certificates.ts';
import { createDotReader } from './dot.ts';
import { createEdgeListReader } from './edge-list.ts';
import { createMetisReader } from './metis.ts';
import type { GraphReader, ReadOptions } from './reader.ts';
import { createGexfReader, createGraphmlReader } from './xml.ts';

const readers: Readonly<Record<string, (options: ReadOptions) => GraphReader>> = {
  'edge-list': createEdgeListReader,
  metis: createMetisReader,
  graphml: createGraphmlReader,
  gexf: createGexfReader,
  dot: createDotReader,
  certificates: createCertificateReader,
};

const byExtension: Readonly<Record<string, string>> = {
  metis: 'metis',
  graph: 'metis',
  graphml: 'graphml',
  gexf: 'gexf',
  dot: 'dot',
  gv: 'dot',
  json: 'certificates',
};

/** Of `wiki.gexf.gz`: gexf. What has no known ending is an edge list. */
export function formatOfName(fileName: string): string {
  const extension = fileName.replace(/\.gz$/, '').split('.').at(-1) ?? '';
  return byExtension[extension.toLowerCase()] ?? 'edge-list';
}

export function createReader(format: string, options: ReadOptions): GraphReader {
  const create = readers[format];
  if (create) return create(options);
  throw new GraphFault(`no format ${format}: there are ${Object.keys(readers).join(', ')}`);
}
