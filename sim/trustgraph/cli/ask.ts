/** From a graph file and a question to its answer: load, say what was understood, run, deliver. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from '../answer.ts';
import type { Inquiry, Json } from '../question.ts';
import { type QuestionName, questionNamed } from '../questions.ts';
import { ruleText } from '../rule.ts';
import { type Checkpoint, noCheckpoint, openCheckpoint } from './checkpoint.ts';
import { deliver, type Provenance, suiteName } from './deliver.ts';
import { type Loaded, loadGraph } from './load.ts';
import { checkMemory } from './memory.ts';
import { type Given, loadOptionsOf, ruleOf } from './options.ts';
import { runUnits } from './pool.ts';
import { createProgressLine } from './progress-line.ts';

export interface Asked {
  readonly path: string;
  readonly question: QuestionName;
  readonly options: Inquiry['options'];
}

/** A graph with the rule it is asked under, and what both were made of. */
export interface Subject {
  readonly loaded: Loaded;
  readonly inquiry: Inquiry;
  readonly provenance: Provenance;
}

export async function ask({ path, question, options }: Asked, given: Given): Promise<Answer> {
  if (given.emitOracle) await checkOracle(question);
  return askOf(await openSubject(path, question, options, given), question, given);
}

export async function askOf(
  subject: Subject,
  question: QuestionName,
  given: Given,
): Promise<Answer> {
  const { inquiry, provenance } = subject;
  const limit = given.memory === undefined ? {} : { limitBytes: given.memory * 2 ** 20 };
  const threads = Math.max(1, given.threads);
  say(checkMemory({ graph: inquiry.graph, question, rule: inquiry.rule, threads, ...limit }));
  const { parts, done } = await runToEnd(question, inquiry, provenance, given, threads);
  const whole = questionNamed(question).answer(inquiry, parts);
  const units = parts.length;
  const answer = done < units ? partial(whole, done, units, given) : whole;
  const completeness = { complete: done === units, unitsDone: done, units };
  await deliver(answer, { ...provenance, ...completeness }, given);
  if (given.emitOracle) await writeOracle(subject, question, given.emitOracle);
  if (done < units) process.exitCode = 130;
  return answer;
}

/** Before an hour is spent on the question. */
async function checkOracle(question: string): Promise<void> {
  const { oracleOf } = await import('./emit-oracle.ts');
  oracleOf(question);
}

export async function writeOracle(
  subject: Subject,
  question: string,
  folder: string,
): Promise<void> {
  const { emitOracle } = await import('./emit-oracle.ts');
  console.error(emitOracle(subject, question, folder));
}

export async function openSubject(
  path: string,
  question: string,
  options: Inquiry['options'],
  given: Given,
): Promise<Subject> {
  const rule = ruleOf(given);
  const progress = createProgressLine();
  const loaded = await loadGraph(path, loadOptionsOf(given, progress.show));
  progress.clear();
  say(`${loaded.name}: ${loaded.understood}`);
  say(tallyText(loaded));
  say(`rule: ${ruleText(rule)}`);
  const { graph, name, sha256, understood, tally } = loaded;
  return {
    loaded,
    inquiry: {
      graph,
      rule,
      seed: given.seed,
      options,
      ...(question === 'timeline'
        ? { history: { rows: loaded.rows, build: loadOptionsOf(given) } }
        : {}),
    },
    provenance: {
      by: suiteName(),
      question,
      file: name,
      sha256,
      understood,
      scale: given.scale,
      take: given.topology ? 'topology' : 'weights',
      tally: { ...tally },
      nodes: graph.nodeCount,
      edges: graph.edgeCount,
      rule: { ...rule },
      seed: given.seed,
      options: { ...options },
    },
  };
}

/** What people need and programs must not have to skip. */
const say = (line: string) => console.error(line);

function tallyText({ graph, tally }: Loaded): string {
  const { rows, loops, duplicates, notTrust, labelsWithoutEdge } = tally;
  return (
    `${rows} rows: ${graph.edgeCount} edges between ${graph.nodeCount} nodes; no edge from ${loops} loops, ` +
    `${duplicates} older duplicates, ${notTrust} ratings of zero or below (${labelsWithoutEdge} nodes only there)`
  );
}

async function runToEnd(
  question: QuestionName,
  inquiry: Inquiry,
  provenance: Provenance,
  given: Given,
  threads: number,
) {
  const { unit, units } = questionNamed(question);
  const total = units(inquiry);
  const checkpoint = checkpointOf(question, { ...provenance, units: total }, given);
  const progress = createProgressLine();
  const stop = stopOnInterrupt();
  let done = checkpoint.known.size;
  if (done > 0) say(`going on: ${done} of ${total} ${unit} are done`);
  const parts = await runUnits({
    question,
    inquiry,
    threads,
    known: checkpoint.known,
    stop: stop.signal,
    onPart(index, part) {
      done += 1;
      checkpoint.keep(index, part);
      progress.show(`${question}: ${done} of ${total} ${unit}`);
    },
  }).finally(stop.close);
  progress.clear();
  if (done === total) checkpoint.remove();
  return { parts, done };
}

function checkpointOf(question: string, provenance: Provenance, { out }: Given): Checkpoint {
  if (out === undefined) return noCheckpoint;
  mkdirSync(out, { recursive: true });
  return openCheckpoint(join(out, `${question}.parts.jsonl`), provenance as Json);
}

/** The first ctrl-C ends the run after the units at hand; a second one ends the process. */
export function stopOnInterrupt() {
  const controller = new AbortController();
  const onInterrupt = () => {
    say('stopping after what is at hand; again to stop at once');
    controller.abort();
  };
  process.once('SIGINT', onInterrupt);
  return {
    signal: controller.signal,
    close: () => {
      process.off('SIGINT', onInterrupt);
    },
  };
}

function partial(answer: Answer, done: number, total: number, given: Given): Answer {
  const goOn = given.out ? ' The same command goes on from here.' : ' With --out it could go on.';
  const line = `STOPPED after ${done} of ${total} units: the figures are of these alone.${goOn}`;
  return { ...answer, lines: [line, ...answer.lines] };
}
