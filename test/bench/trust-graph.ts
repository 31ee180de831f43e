/**
 * `npm run bench:trust`: three tasks that researchers of trust do all day, ours on one and two threads,
 * beside graphology, networkx and igraph in the same run, on the same graph.
 *
 *   S  all pairs within 4 hops with the best score of tied shortest paths
 *   H  histogram of all distances
 *   D  greatest product of any length
 *
 * Peers are compared by processor time of one thread: absolute figures of a busy machine say little,
 * their ratio much. Threads are compared by the clock, in turns of one and two, of which the fastest
 * counts; they mean something on a quiet machine only, so the load stands beside, and the processor
 * time. Sources are a sample where all of them would
 * take minutes; figures are scaled up to all. `--big` adds an R-MAT graph of half a million edges;
 * `--million` asks a graph of a million nodes instead.
 * NORC_PYTHON names a Python that has networkx and igraph.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { loadGraph } from '../../sim/trustgraph/cli/load.ts';
import { generate } from '../../sim/trustgraph/generate/generate.ts';
import { edgesOf, type Graph } from '../../sim/trustgraph/graph.ts';
import { measureMillion } from './trust-graph-million.ts';
import { measurePath } from './trust-graph-path.ts';
import { graphologyOf, rule, spread, type Task, tasks } from './trust-graph-tasks.ts';

interface ThreadStart {
  readonly graph: Graph;
  readonly task: string;
  /** The next batch that nobody has taken. */
  readonly next: Int32Array;
}

/** A few sources: Python needs long. */
const PYTHON_SOURCES = 12;
/** Of one thread and of two. */
const TURNS = 3;

if (process.argv.includes('--million')) measureMillion();
else if (isMainThread) await main();
else takePart(workerData as ThreadStart);

async function main(): Promise<void> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const folders = [process.env.NORC_GRAPHS, resolve(root, '../shared/data/graphs')];
  const folder = folders.find((each) => each !== undefined && existsSync(each));
  const load = async (file: string, topology: boolean) => {
    const take = topology ? 'topology' : 'weights';
    return (await loadGraph(resolve(folder ?? '.', file), { defaultWeight: 1, take })).graph;
  };
  const drawn = (nodes: number, degree: number, weights = [0.6, 0.8, 1]) =>
    generate({
      ...{ model: 'r-mat', nodes, degree, probability: 0, blocks: 1, seed: 1 },
      weights,
    });
  if (folder) {
    await measure('Advogato', await load('out.advogato', false));
    await measure('Bitcoin Alpha, topology', await load('soc-sign-bitcoinalpha.csv', true));
    for (const file of ['out.advogato', 'soc-sign-bitcoinalpha.csv'])
      await measurePath(resolve(folder, file));
  } else console.log('no published graphs at hand (NORC_GRAPHS): generated ones only');
  await measure('R-MAT', drawn(5881, 6));
  // Scores of many values are not counted at once: every source is searched from.
  const thousand = Array.from({ length: 1000 }, (_, at) => (at + 1) / 1000);
  await measure('R-MAT, a thousand weights', drawn(5881, 6, thousand));
  if (process.argv.includes('--big'))
    await measure('R-MAT, half a million edges', drawn(72_692, 7));
}

async function measure(name: string, graph: Graph): Promise<void> {
  console.log(
    `${name}: ${graph.nodeCount} nodes, ${graph.edgeCount} edges; ` +
      `load ${loadavg()
        .map((each) => each.toFixed(1))
        .join(' ')} on ${availableParallelism()} processors`,
  );
  const peer = graphologyOf(graph);
  const ours = new Map<string, number>();
  for (const task of tasks) {
    const seconds = ourSeconds(task, graph);
    ours.set(task.name, seconds);
    console.log(
      `  ${task.name} ${task.what.padEnd(16)} ours ${seconds.toFixed(3)} s of the processor; ` +
        `by the clock ${await onThreads(task, graph)}${targetOf(task, graph)}`,
    );
    const theirs = processorSeconds(graph.nodeCount, task.peerSources, (count) =>
      task.byGraphology(peer, Array.from(spread(graph.nodeCount, count), String)),
    );
    compare(task, 'graphology', theirs, seconds);
  }
  for (const answer of pythonPeers(graph)) {
    const task = tasks.find((each) => each.name === answer.task);
    if (task) compare(task, answer.library, answer.seconds ?? 0, ours.get(task.name) ?? 0);
    else console.log(`      ${answer.library}: not measured, ${answer.missing}`);
  }
}

function targetOf({ targetSeconds }: Task, { edgeCount }: Graph): string {
  const target = targetSeconds.find(({ edges }) => edgeCount <= edges);
  return target ? ` (target ${target.seconds.join(' and ')} s)` : '';
}

function compare(task: Task, library: string, theirs: number, ours: number): void {
  console.log(
    `      ${task.name} ${library.padEnd(11)} ${theirs.toFixed(2).padStart(9)} s, ` +
      `${(theirs / ours).toFixed(1).padStart(6)} times ours (target ${task.targetRatios[library]})`,
  );
}

function ourSeconds(task: Task, graph: Graph): number {
  const run = task.prepare(graph);
  return processorSeconds(graph.nodeCount, task.sources, (count) =>
    run(spread(graph.nodeCount, count)),
  );
}

/** Processor seconds for all nodes, from a run over some; the first, short run warms up. */
function processorSeconds(nodeCount: number, sources: number, run: (count: number) => void) {
  run(Math.max(1, sources >> 3));
  const before = process.cpuUsage();
  run(sources);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1e6) * (nodeCount / Math.min(sources, nodeCount));
}

interface Turn {
  readonly clock: number;
  readonly processor: number;
}

/** `0.412 s on one thread (0.409 of the processor), 0.220 s on two (0.431)`. */
async function onThreads(task: Task, graph: Graph): Promise<string> {
  const turns: [Turn[], Turn[]] = [[], []];
  for (let turn = 0; turn < TURNS; turn++)
    for (const threads of [1, 2] as const)
      turns[threads - 1]?.push(await timedTurn(task, graph, threads));
  const [one, two] = turns.map((all) => all.reduce((a, b) => (b.clock < a.clock ? b : a)));
  return (
    `${one?.clock.toFixed(3)} s on one thread (${one?.processor.toFixed(3)} of the processor), ` +
    `${two?.clock.toFixed(3)} s on two (${two?.processor.toFixed(3)})`
  );
}

/** From the moment that all threads are warm to the end of the last; scaled to all nodes. */
async function timedTurn(task: Task, graph: Graph, threads: number): Promise<Turn> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const start: ThreadStart = { graph: { ...graph, labels: [] }, task: task.name, next };
  const workers = Array.from(
    { length: threads },
    () =>
      new Worker(new URL('../../bin/launch/run.js', import.meta.url), {
        argv: ['test/bench/trust-graph.ts'],
        workerData: start,
      }),
  );
  const answers = () =>
    Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((done, fail) => {
            worker.once('message', () => done());
            worker.once('error', fail);
          }),
      ),
    );
  await answers();
  const [before, used] = [performance.now(), process.cpuUsage()];
  const finished = answers();
  for (const worker of workers) worker.postMessage('start');
  await finished;
  const clock = (performance.now() - before) / 1000;
  const { user, system } = process.cpuUsage(used);
  await Promise.all(workers.map((worker) => worker.terminate()));
  const scale = graph.nodeCount / Math.min(task.sources, graph.nodeCount);
  return { clock: clock * scale, processor: ((user + system) / 1e6) * scale };
}

function takePart({ graph, task: name, next }: ThreadStart): void {
  const task = tasks.find((each) => each.name === name);
  if (!task) throw new Error(`no task ${name}`);
  const run = task.prepare(graph);
  const sources = spread(graph.nodeCount, task.sources);
  run(sources.subarray(0, sources.length >> 3));
  parentPort?.once('message', () => {
    for (;;) {
      const from = Atomics.add(next, 0, task.batch);
      if (from >= sources.length) break;
      run(sources.subarray(from, from + task.batch));
    }
    parentPort?.postMessage('done');
  });
  parentPort?.postMessage('ready');
}

interface PythonAnswer {
  readonly library: string;
  readonly task?: string;
  readonly seconds?: number;
  readonly missing?: string;
}

function pythonPeers(graph: Graph): readonly PythonAnswer[] {
  const folder = mkdtempSync(join(tmpdir(), 'bench-trust-'));
  const file = join(folder, 'edges.csv');
  const { sources, targets, weights } = edgesOf(graph);
  const lines = Array.from(
    sources,
    (source, edge) => `${source},${targets[edge]},${weights[edge]}\n`,
  );
  writeFileSync(file, `source,target,weight\n${lines.join('')}`);
  const script = fileURLToPath(new URL('./trust-graph-peers.py', import.meta.url));
  const numbers = [rule.decay, rule.hops, PYTHON_SOURCES].map(String);
  const python = process.env.NORC_PYTHON ?? 'python3';
  const run = spawnSync(python, [script, file, ...numbers], { encoding: 'utf8' });
  rmSync(folder, { recursive: true, force: true });
  if (run.status !== 0)
    return [{ library: 'networkx and igraph', missing: run.stderr || `there is no ${python}` }];
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PythonAnswer);
}
