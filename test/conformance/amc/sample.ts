/**
 * The same over real sockets, for a sample: a few version sets, a process each. A server has one
 * list for all layers there, so that NORC-T is judged on whatever link the two have agreed on.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, MatrixCell, MatrixResults } from '../../../reports/amc/matrix.ts';
import { type Authority, createAuthority } from '../authority.ts';
import { agreedWith, type Belief, commonBelief, trustAgreedWith } from './beliefs.ts';
import { connectOverSockets } from './device-on-sockets.ts';
import { expectedIn, type MatrixLayer, type MatrixPlan } from './matrix.ts';
import { type ServerProcess, startServers } from './processes.ts';
import { setsOf } from './version-sets.ts';

type Progress = (done: number, all: number) => void;

const SETS = 6;
/** Steps through the sets that meet all of them, whatever their number 2^n − 1. */
const STRIDES = [7, 5];
/** For what must come; whoever should not meet is given a moment after that. */
const PATIENCE_MS = 20_000;
const MOMENT_MS = 1500;
const LOOK_MS = 200;

interface Pair {
  readonly asking: number;
  readonly answering: number;
}

export async function runSample(plan: MatrixPlan, progress: Progress): Promise<MatrixResults> {
  const sets = sampleOf(setsOf(plan.versions));
  const authority = await createAuthority();
  const { servers, close } = await startServers(authority, sets);
  try {
    const client = plan.layers.includes('client')
      ? await clientCells(servers, sets, authority, progress)
      : [];
    const isLinked = plan.layers.some((layer) => layer !== 'client');
    if (isLinked) await link(servers, progress);
    const between = isLinked ? linkCells(servers) : [];
    const tables = [
      { layer: 'client' as const, carrier: null, cells: client },
      { layer: 'federation' as const, carrier: null, cells: between.map(({ link: cell }) => cell) },
      ...plan.versions.map((carrier) => ({
        ...{ layer: 'trust' as const, carrier },
        cells: between.flatMap((one) => (one.trust?.carrier === carrier ? [one.trust.cell] : [])),
      })),
    ].filter(({ layer, cells }) => plan.layers.includes(layer) && cells.length > 0);
    return {
      format: 'norc-amc-matrix/1',
      ground: 'sockets',
      versions: plan.versions,
      sets,
      tables,
    };
  } finally {
    await close();
  }
}

function sampleOf(sets: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const stride = STRIDES.find((step) => sets.length % step !== 0) ?? 1;
  return sets.slice(0, SETS).map((_, at) => sets[(at * stride) % sets.length] ?? []);
}

async function clientCells(
  servers: readonly ServerProcess[],
  sets: readonly (readonly string[])[],
  authority: Authority,
  progress: Progress,
): Promise<readonly MatrixCell[]> {
  const cells: MatrixCell[] = [];
  for (const [asking, versions] of sets.entries()) {
    for (const [answering, server] of servers.entries()) {
      const { got, refusal } = await connectOverSockets(server, versions, authority);
      const expected = expectedIn(sheet('client'), [versions, server.versions]);
      cells.push({ asking, answering, got, refusal, expected });
      progress(cells.length, servers.length * sets.length);
    }
  }
  return cells;
}

/** Each server asks all that follow it for trust. Ends when all that should agree have. */
async function link(servers: readonly ServerProcess[], progress: Progress): Promise<void> {
  const wish = { level: 'basic', method: 'ca_validation' };
  const pairs = pairsOf(servers);
  for (const { asking, answering } of pairs) {
    const server = serverAt(servers, answering).serverId;
    serverAt(servers, asking).tell({ command: 'establish-trust', server, ...wish });
  }
  const due = pairs.filter((pair) => isDue(servers, pair));
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const settled = due.filter((pair) => hasSettled(servers, pair)).length;
    progress(settled, due.length + 1);
    if (settled === due.length || Date.now() > end) break;
    await pause(LOOK_MS);
  }
  await pause(MOMENT_MS);
}

function isDue(servers: readonly ServerProcess[], { asking, answering }: Pair): boolean {
  const lists = [
    serverAt(servers, asking).versions,
    serverAt(servers, answering).versions,
  ] as const;
  return versionIn(expectedIn(sheet('federation'), lists)) !== null;
}

function hasSettled(servers: readonly ServerProcess[], pair: Pair): boolean {
  return beliefsOf(servers, pair, agreedWith).every(({ version }) => version !== null);
}

interface LinkCell {
  readonly link: MatrixCell;
  /** Null where there is no link to speak of trust on. */
  readonly trust: { readonly carrier: string; readonly cell: MatrixCell } | null;
}

function linkCells(servers: readonly ServerProcess[]): readonly LinkCell[] {
  return pairsOf(servers).map((pair) => {
    const lists = [
      serverAt(servers, pair.asking).versions,
      serverAt(servers, pair.answering).versions,
    ] as const;
    const cellOf = (layer: MatrixLayer, carrier: string | null, believe: Believe): MatrixCell => ({
      ...{ ...pair, refusal: null },
      got: commonBelief(beliefsOf(servers, pair, believe)),
      expected: expectedIn({ layer, carrier }, lists),
    });
    const made = cellOf('federation', null, agreedWith);
    const carrier = versionIn(made.got);
    if (carrier === null) return { link: made, trust: null };
    return { link: made, trust: { carrier, cell: cellOf('trust', carrier, trustAgreedWith) } };
  });
}

type Believe = (rows: ReturnType<ServerProcess['rows']>, peer: string) => Belief;

function beliefsOf(
  servers: readonly ServerProcess[],
  { asking, answering }: Pair,
  believe: Believe,
): readonly Belief[] {
  const [own, other] = [serverAt(servers, asking), serverAt(servers, answering)];
  return [believe(own.rows(), other.serverId), believe(other.rows(), own.serverId)];
}

function pairsOf(servers: readonly ServerProcess[]): readonly Pair[] {
  return servers.flatMap((_, asking) =>
    servers.flatMap((__, answering) => (answering > asking ? [{ asking, answering }] : [])),
  );
}

function serverAt(servers: readonly ServerProcess[], at: number): ServerProcess {
  const server = servers[at];
  if (!server) throw new Error(`there is no server ${at}`);
  return server;
}

const sheet = (layer: MatrixLayer) => ({ layer, carrier: null }) as const;
const versionIn = (answer: Answer): string | null => ('split' in answer ? null : answer.version);
