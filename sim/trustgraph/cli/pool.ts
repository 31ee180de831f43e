/** Runs the units of a question on one thread or several, until all are done or the user stops it. */
import { Worker } from 'node:worker_threads';
import type { Inquiry, Json } from '../question.ts';
import { type QuestionName, questionNamed } from '../questions.ts';

export interface Run {
  readonly question: QuestionName;
  readonly inquiry: Inquiry;
  readonly threads: number;
  /** Parts of an earlier run, by unit: these units are not run again. */
  readonly known: ReadonlyMap<number, Json>;
  readonly stop: AbortSignal;
  onPart(unit: number, part: Json): void;
}

/** Parts by unit; holes where the run was stopped. */
export async function runUnits(run: Run): Promise<(Json | undefined)[]> {
  const total = questionNamed(run.question).units(run.inquiry);
  const parts: (Json | undefined)[] = Array.from({ length: total }, (_, unit) =>
    run.known.get(unit),
  );
  const waiting = [...parts.keys()].filter((unit) => parts[unit] === undefined);
  const take = (unit: number, part: Json) => {
    parts[unit] = part;
    run.onPart(unit, part);
  };
  const threads = Math.min(run.threads, waiting.length);
  if (threads > 1) await runOnWorkers(run, waiting, threads, take);
  else if (threads === 1) await runHere(run, waiting, take);
  return parts;
}

type Take = (unit: number, part: Json) => void;

async function runHere({ question, inquiry, stop }: Run, waiting: number[], take: Take) {
  const work = questionNamed(question).prepare(inquiry);
  for (const unit of waiting) {
    take(unit, work(unit));
    // Lets ctrl-C in.
    await new Promise((resolve) => setImmediate(resolve));
    if (stop.aborted) return;
  }
}

/** What a worker is started with: the graph's arrays are shared, not copied; labels stay here. */
export interface WorkerStart {
  readonly question: QuestionName;
  readonly inquiry: Inquiry;
}

export type WorkerAnswer =
  | { readonly unit: number; readonly part: Json }
  | { readonly ready: true };

async function runOnWorkers(run: Run, waiting: number[], threads: number, take: Take) {
  const { question, inquiry } = run;
  const start: WorkerStart = {
    question,
    inquiry: { ...inquiry, graph: { ...inquiry.graph, labels: [] } },
  };
  const next = waiting.values();
  await Promise.all(Array.from({ length: threads }, () => runWorker(start, next, run.stop, take)));
}

function runWorker(
  start: WorkerStart,
  next: IterableIterator<number>,
  stop: AbortSignal,
  take: Take,
): Promise<void> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: start });
  return new Promise<void>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => resolve());
    worker.on('message', (answer: WorkerAnswer) => {
      if ('unit' in answer) take(answer.unit, answer.part);
      const following = stop.aborted ? undefined : next.next();
      if (following && !following.done) worker.postMessage(following.value);
      else void worker.terminate();
    });
  });
}
