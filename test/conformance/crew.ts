/**
 * Shares tasks among this thread and others. Whoever is free takes the next number; results come to
 * whoever asked in the order of the tasks, so that nobody can tell how many threads there were.
 */
import { once } from 'node:events';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { bundled } from '../../bin/launch/bundle.js';

export interface SharedWork<R> {
  /** Numbers 0 to `tasks` − 1. */
  readonly tasks: number;
  /** Beside this one. */
  readonly workers: number;
  /** What a worker runs: it calls `takeShared`, and does with `terms` what `work` does here. */
  readonly entry: string;
  /** Structured clone. */
  readonly terms: unknown;
  readonly work: (task: number) => Promise<R>;
  /** In the order of tasks. */
  readonly done: (task: number, result: R) => void;
  /** Ends the work; what has not ended by then is not done. */
  readonly signal: AbortSignal;
}

interface Shared {
  readonly terms: unknown;
  readonly tasks: number;
  /** The next task to take. */
  readonly counter: Int32Array;
}

export async function shareWork<R>(shared: SharedWork<R>): Promise<void> {
  const { tasks, workers, entry, terms, signal, work } = shared;
  const counter = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const { record, flush } = inOrder(shared.done);
  const stop = (): void => void Atomics.store(counter, 0, tasks);
  signal.addEventListener('abort', stop, { once: true });
  const file = workers > 0 ? await bundled(entry) : '';
  const crew = Array.from({ length: workers }, () => {
    const worker = new Worker(file, { workerData: { terms, tasks, counter } satisfies Shared });
    return { worker, ended: follow(worker, record, signal) };
  });
  try {
    await Promise.all([
      takeTasks({ tasks, counter }, async (task) => record(task, await work(task))),
      ...crew.map(({ ended }) => ended),
    ]);
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
    await Promise.all(crew.map(({ worker }) => worker.terminate()));
    flush();
  }
}

/** In a worker: takes tasks until there is none. */
export async function takeShared<T, R>(
  prepare: (terms: T) => Promise<(task: number) => Promise<R>>,
): Promise<void> {
  const { terms, tasks, counter } = workerData as Shared;
  const work = await prepare(terms as T);
  await takeTasks({ tasks, counter }, async (task) => {
    parentPort?.postMessage({ task, result: await work(task) });
  });
  parentPort?.close();
}

async function takeTasks(
  { tasks, counter }: Pick<Shared, 'tasks' | 'counter'>,
  take: (task: number) => Promise<void>,
): Promise<void> {
  for (let task = next(counter); task < tasks; task = next(counter)) await take(task);
}

const next = (counter: Int32Array): number => Atomics.add(counter, 0, 1);

/** Resolves when the worker has no more to do; what it throws is thrown here. */
async function follow<R>(
  worker: Worker,
  record: (task: number, result: R) => void,
  signal: AbortSignal,
): Promise<void> {
  worker.on('message', ({ task, result }: { task: number; result: R }) => record(task, result));
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  await Promise.race([once(worker, 'exit'), stopped]);
}

/** Keeps what comes early until its turn. */
function inOrder<R>(tell: (task: number, result: R) => void) {
  const early = new Map<number, R>();
  let turn = 0;
  return {
    record(task: number, result: R): void {
      early.set(task, result);
      for (let ready = early.get(turn); ready !== undefined; ready = early.get(turn)) {
        early.delete(turn);
        turn += 1;
        tell(turn - 1, ready);
      }
    },
    /** What was before them will never come. */
    flush(): void {
      for (const [task, result] of [...early].sort(([a], [b]) => a - b)) tell(task, result);
      early.clear();
    },
  };
}
