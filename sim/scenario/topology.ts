/** The links of a scenario: which servers know each other, and how far apart they are. */
import type { PathShape } from '../network/path.ts';
import { createDraw } from '../topologies/draw.ts';
import { models } from '../topologies/models.ts';
import { GraphFault } from '../trustgraph/fault.ts';
import { createEdgeListReader } from '../trustgraph/read/edge-list.ts';
import type { Reading } from './reading.ts';
import { bytesIn, ticksIn } from './units.ts';

/** Two server ids. The first acts first. */
export type Edge = readonly [string, string];

export interface LinksText {
  readonly shape: string;
  readonly degree?: number;
  readonly probability?: number;
  readonly blocks?: number;
  readonly between?: readonly (readonly [string, string])[];
  readonly file?: string;
  readonly latency?: string | RegionLatency | PairLatency;
  readonly jitter?: string;
  readonly bandwidth?: string;
}

interface RegionLatency {
  readonly regions: { readonly [pair: string]: string };
}

interface PairLatency {
  readonly pairs: readonly { readonly between: readonly [string, string]; readonly is: string }[];
  readonly otherwise: string;
}

export interface TopologySource {
  readonly seed: number;
  readonly readFile: ((path: string) => string) | undefined;
}

const DEFAULTS = { degree: 2, probability: 0.1, blocks: 4 };

export function drawEdges(
  links: LinksText,
  reading: Reading,
  { seed, readFile }: TopologySource,
): readonly Edge[] {
  switch (links.shape) {
    case 'explicit':
      return explicit(links.between ?? [], reading);
    case 'edge-list':
      return fromFile(links.file, reading, readFile);
    default:
      return fromModel(links, reading, seed);
  }
}

function explicit(between: readonly (readonly [string, string])[], reading: Reading): Edge[] {
  return between.flatMap(([one, other], place) => {
    const ends = [one, other].map((end, side) =>
      reading.servers(end, ['links', 'between', place, side]),
    );
    return each(ends[0] ?? [], ends[1] ?? []);
  });
}

function each(ones: readonly string[], others: readonly string[]): Edge[] {
  return ones.flatMap((one) =>
    others.filter((other) => other !== one).map((other): Edge => [one, other]),
  );
}

/** The nodes of a model are all servers, in the order of the file. */
function fromModel(links: LinksText, reading: Reading, seed: number): readonly Edge[] {
  const model = models[links.shape];
  if (!model) {
    const shapes = ['explicit', 'edge-list', ...Object.keys(models)].join(', ');
    reading.fault(['links', 'shape'], `no shape ${links.shape}: there are ${shapes}`);
    return [];
  }
  const servers = [...reading.groups.values()].flat();
  const draw = createDraw(servers.length, seed);
  try {
    model.draw({ ...DEFAULTS, ...links, nodes: servers.length }, draw);
  } catch (thrown) {
    if (!(thrown instanceof GraphFault)) throw thrown;
    reading.fault(['links'], thrown.message);
    return [];
  }
  const { sources, targets } = draw.edges.finish([1]);
  return undirected(Array.from(sources), Array.from(targets), servers);
}

/** Each pair once, as it came first: trust is established from one side, for both. */
function undirected(
  sources: readonly number[],
  targets: readonly number[],
  servers: readonly string[],
): readonly Edge[] {
  const seen = new Set<string>();
  return sources.flatMap((source, place) => {
    const target = targets[place] as number;
    const key = `${Math.min(source, target)} ${Math.max(source, target)}`;
    if (source === target || seen.has(key)) return [];
    seen.add(key);
    return [[servers[source] as string, servers[target] as string] as const];
  });
}

/** Labels of the file are selectors of one server, or places in the order of the scenario. */
function fromFile(
  file: string | undefined,
  reading: Reading,
  readFile: TopologySource['readFile'],
): readonly Edge[] {
  if (file === undefined || !readFile) {
    reading.fault(['links'], 'an edge list needs a file');
    return [];
  }
  const servers = [...reading.groups.values()].flat();
  try {
    const reader = createEdgeListReader({ defaultWeight: 1 });
    reader.write(readFile(file));
    const { rows } = reader.end();
    const ends = rows.labels.map((label) => {
      if (/^\d+$/.test(label)) return Number(label);
      const [id = ''] = reading.servers(label, ['links', 'file']);
      return servers.indexOf(id);
    });
    const beyond = ends.find((end) => end >= servers.length);
    if (beyond !== undefined) {
      reading.fault(['links', 'file'], `${file} names server ${beyond} of ${servers.length}`);
      return [];
    }
    const number = (label: number) => ends[label] as number;
    const [sources, targets] = [rows.sources, rows.targets].map((list) =>
      Array.from(list.subarray(0, rows.count), number),
    );
    return undirected(sources ?? [], targets ?? [], servers);
  } catch (thrown) {
    reading.fault(['links', 'file'], `${file}: ${whyOf(thrown)}`);
    return [];
  }
}

function whyOf(thrown: unknown): string {
  const { code, message } = thrown as { readonly code?: unknown; readonly message: string };
  const isOfFiles = typeof code === 'string' && /^E[A-Z]+$/.test(code);
  return isOfFiles ? `cannot be read (${code}); its way begins where the scenario is` : message;
}

// --- distances ----------------------------------------------------------------------------------------

const DEFAULT_LATENCY = '20ms';

export function pathShape(
  links: LinksText,
  reading: Reading,
  regions: ReadonlyMap<string, string>,
): PathShape {
  return {
    latencyTicks: latencyOf(links.latency ?? DEFAULT_LATENCY, reading, regions),
    jitterTicks: links.jitter === undefined ? 0 : ticksIn(links.jitter),
    bytesPerSecond: links.bandwidth === undefined ? null : bytesIn(links.bandwidth),
  };
}

function latencyOf(
  latency: NonNullable<LinksText['latency']>,
  reading: Reading,
  regions: ReadonlyMap<string, string>,
): PathShape['latencyTicks'] {
  if (typeof latency === 'string') {
    const ticks = ticksIn(latency);
    return () => ticks;
  }
  return 'regions' in latency ? byRegion(latency, reading, regions) : byPair(latency, reading);
}

/** `eu-us: 45ms` in either order; `eu-eu` inside. */
function byRegion(
  { regions: matrix }: RegionLatency,
  reading: Reading,
  regions: ReadonlyMap<string, string>,
): PathShape['latencyTicks'] {
  const between = (one: string, other: string) =>
    matrix[`${one}-${other}`] ?? matrix[`${other}-${one}`];
  const names = [...new Set(regions.values())];
  for (const [place, one] of names.entries()) {
    for (const other of names.slice(place)) {
      if (between(one, other) !== undefined) continue;
      reading.fault(['links', 'latency', 'regions'], `how far is ${one}-${other}?`);
    }
  }
  return (from, to) => {
    const [one, other] = [regions.get(from) ?? '', regions.get(to) ?? ''];
    return ticksIn(between(one, other) ?? '0s');
  };
}

function byPair({ pairs, otherwise }: PairLatency, reading: Reading): PathShape['latencyTicks'] {
  const table = new Map<string, number>();
  for (const [place, { between, is }] of pairs.entries()) {
    const path = ['links', 'latency', 'pairs', place, 'between'];
    const [ones, others] = between.map((end, side) => reading.servers(end, [...path, side]));
    for (const [one, other] of each(ones ?? [], others ?? [])) {
      table.set(`${one}>${other}`, ticksIn(is));
      table.set(`${other}>${one}`, ticksIn(is));
    }
  }
  const rest = ticksIn(otherwise);
  return (from, to) => table.get(`${from}>${to}`) ?? rest;
}
