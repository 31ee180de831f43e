/**
 * An adapter that is a process: JSON lines on its standard input and output. Questions are asked
 * several at once and answers matched by id. Whatever it does wrong ends it, and every question
 * still open, with one account of what happened: which line, which question, what it had written to
 * standard error.
 */
import { once } from 'node:events';
import {
  endingText,
  type ProcessGroup,
  startGroup,
} from '../../conformance/targets/process-group.ts';
import { createSubjectOutput } from '../../conformance/targets/subject-output.ts';
import { type Adapter, AdapterFault, type Question } from '../adapter.ts';
import { type Answer, type Identity, readResponse, shownLine } from '../protocol/answer.ts';
import { listenForLines } from './lines.ts';

export interface ProcessOptions {
  /** A list is a program and its arguments; a text is a line for the shell. */
  readonly command: string | readonly string[];
  readonly directory?: string;
  /** Time for each answer, counted from the one before it. */
  readonly answerMs: number;
  /** Time until it says who it is: some languages take long to start. */
  readonly startMs: number;
}

/** Questions that wait at once: enough that neither side waits for the other's turn. */
const WIDTH = 32;
/** The largest message is 16 MiB (L-W05), and twice that as hex. No vector comes near. */
const LINE_BYTES = 64 * 1024 * 1024;
const STOP_MS = 2000;

interface Open {
  readonly label: string;
  settle(answer: Answer | { readonly kind: 'hello'; readonly identity: Identity }): void;
  fail(fault: AdapterFault): void;
}

export async function startAdapter(options: ProcessOptions): Promise<Adapter> {
  const { command, directory = process.cwd(), answerMs, startMs } = options;
  const group = startGroup({ command, directory, environment: process.env });
  const conversation = converse(group);
  try {
    const identity = await conversation.hello(startMs);
    return {
      identity,
      width: WIDTH,
      ask: (question) => conversation.ask(question, answerMs),
      output: conversation.output,
      close: () => closed(group),
    };
  } catch (fault) {
    await group.kill();
    throw fault;
  }
}

/** Its input ends, which is its sign to end as well. */
async function closed(group: ProcessGroup): Promise<void> {
  group.child.stdin.end();
  await group.stop(STOP_MS);
}

interface Conversation {
  hello(withinMs: number): Promise<Identity>;
  ask(question: Question, withinMs: number): Promise<Answer>;
  output(): string;
}

function converse(group: ProcessGroup): Conversation {
  const log = createSubjectOutput();
  const open = new Map<number, Open>();
  let lastId = 0;
  let broken: AdapterFault | null = null;
  let patience: NodeJS.Timeout | undefined;

  /** The first fault is the account; what follows from it is not told. */
  const end = (what: string): void => {
    if (broken) return;
    clearTimeout(patience);
    broken = new AdapterFault(`the adapter ${what}${inFlight(open)}`, log.text());
    for (const question of open.values()) question.fail(broken);
    open.clear();
    void group.kill();
  };
  const waitFor = (ms: number): void => {
    clearTimeout(patience);
    if (open.size === 0) return;
    patience = setTimeout(
      () => end(`gave no answer for ${ms / 1000} s (does it flush each line?)`),
      ms,
    );
  };
  const send = (request: object, label: string, withinMs: number): ReturnType<typeof sent> => {
    if (broken) return Promise.reject(broken);
    lastId += 1;
    const id = lastId;
    const answer = sent(open, id, label);
    if (open.size === 1) waitFor(withinMs);
    group.child.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    return answer.finally(() => waitFor(withinMs));
  };

  log.listen(group.child.stderr, null);
  listenForLines(group.child.stdout, LINE_BYTES, {
    onLine: (line) => {
      const fault = broken ? null : settled(open, line);
      if (fault !== null) end(fault);
    },
    onOverflow: (beginning) => end(`wrote a line without end: ${shownLine(beginning)}`),
    onRest: (rest) => end(`ended in the middle of a line: ${shownLine(rest)}`),
  });
  void group.ended.then(async (ending) => {
    await lastWords(group);
    end(endingText(ending));
  });

  return {
    async hello(withinMs) {
      const answer = await send({ verb: 'hello' }, 'hello', withinMs);
      if (answer.kind === 'hello') return answer.identity;
      throw new AdapterFault(`the adapter answered hello with ${answer.kind}`, log.text());
    },
    async ask({ category, input, label }, withinMs) {
      const answer = await send({ verb: 'run', category, input }, label, withinMs);
      if (answer.kind !== 'hello') return answer;
      end(`answered ${label} as if it had been hello`);
      throw broken ?? new AdapterFault('the adapter has ended');
    },
    output: log.text,
  };
}

/**
 * What it wrote before it died says more than that it did, and may still be on its way. All of its
 * group is dead by now; only who has left the group can keep us waiting.
 */
async function lastWords({ child }: ProcessGroup): Promise<void> {
  const streams = [child.stdout, child.stderr].filter((stream) => !stream.readableEnded);
  const signal = AbortSignal.timeout(STOP_MS);
  await Promise.allSettled(streams.map((stream) => once(stream, 'end', { signal })));
}

function sent(
  open: Map<number, Open>,
  id: number,
  label: string,
): Promise<Parameters<Open['settle']>[0]> {
  return new Promise((settle, fail) => open.set(id, { label, settle, fail }));
}

/** Gives the line to whoever waits for it; what is wrong with it, or null. */
function settled(open: Map<number, Open>, line: string): string | null {
  const { id, response } = readResponse(line);
  if (response.kind === 'bad-line') {
    return `wrote a line that keeps to no form (${response.fault}): ${shownLine(line)}`;
  }
  const question = open.get(id);
  if (!question) return `answered ${id}, which is not asked or has its answer: ${shownLine(line)}`;
  open.delete(id);
  question.settle(response);
  return null;
}

/** The oldest question is what it was most likely at: most adapters answer in order. */
function inFlight(open: ReadonlyMap<number, Open>): string {
  const [oldest] = open.values();
  if (!oldest) return '';
  const others = open.size - 1;
  return `; it was asked ${oldest.label}${others > 0 ? ` and ${others} after it` : ''}`;
}
