/** One thread of a run: receives the numbers of units, answers with their parts. */
import { parentPort, workerData } from 'node:worker_threads';
import { questionNamed } from '../questions.ts';
import type { WorkerAnswer, WorkerStart } from './pool.ts';

const { question, inquiry } = workerData as WorkerStart;
const work = questionNamed(question).prepare(inquiry);
const say = (answer: WorkerAnswer) => parentPort?.postMessage(answer);

parentPort?.on('message', (unit: number) => say({ unit, part: work(unit) }));
say({ ready: true });
