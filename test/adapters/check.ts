/**
 * Asks an adapter every vector and judges the answers. An invented category comes first: whoever
 * answers that would answer anything, and nothing that it says proves a thing.
 */
import type { Category, Vector } from '../../vectors/vector-file.ts';
import { type Adapter, AdapterFault, ReferenceErred } from './adapter.ts';
import { type Judgement, judge } from './judge.ts';
import type { Answer } from './protocol/answer.ts';

export interface Asked {
  readonly category: Category;
  readonly vector: Vector;
}

export interface Judged extends Asked {
  /** Null where our own code had none (the outcome is `error`). */
  readonly answer: Answer | null;
  readonly judgement: Judgement;
}

export interface Checked {
  /** In the order of the questions; fewer than they are when the run was stopped or broke. */
  readonly judged: readonly Judged[];
  /** What ended the run before its time. */
  readonly fault: AdapterFault | null;
}

export interface CheckOptions {
  readonly adapter: Adapter;
  readonly questions: readonly Asked[];
  readonly signal: AbortSignal;
  onJudged(judged: Judged, done: number): void;
}

/** No category of any version. An adapter cannot know it by having seen it here: it has no answer. */
const INVENTED = 'no-such-category';

export async function checkVectors(options: CheckOptions): Promise<Checked> {
  const judged: (Judged | undefined)[] = [];
  let fault: AdapterFault | null = null;
  try {
    await askInvented(options.adapter);
    await Promise.race([askAll(options, judged), aborted(options.signal)]);
  } catch (thrown) {
    if (!(thrown instanceof AdapterFault)) throw thrown;
    fault = thrown;
  }
  return { judged: judged.filter((each) => each !== undefined), fault };
}

/** As many at once as the adapter bears; each finds its place in `judged`. */
async function askAll(options: CheckOptions, judged: (Judged | undefined)[]): Promise<void> {
  const { adapter, questions, signal } = options;
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let at = next; at < questions.length && !signal.aborted; at = next) {
      next += 1;
      const asked = questions[at];
      if (!asked) return;
      const found = await judgeOne(adapter, asked);
      judged[at] = found;
      done += 1;
      options.onJudged(found, done);
    }
  };
  await Promise.all(Array.from({ length: adapter.width }, work));
}

async function judgeOne(adapter: Adapter, { category, vector }: Asked): Promise<Judged> {
  const label = vector.id;
  try {
    const answer = await adapter.ask({ category, input: vector.input, label });
    return { category, vector, answer, judgement: judge(vector, answer) };
  } catch (thrown) {
    if (!(thrown instanceof ReferenceErred)) throw thrown;
    const judgement = { outcome: 'error', reason: thrown.message, differences: [] } as const;
    return { category, vector, answer: null, judgement };
  }
}

async function askInvented(adapter: Adapter): Promise<void> {
  const label = `the invented category ${INVENTED}`;
  const answer = await adapter.ask({ category: INVENTED, input: {}, label });
  if (answer.kind === 'unsupported') return;
  const said = answer.kind === 'output' ? 'an output' : 'a rejection';
  throw new AdapterFault(
    `the adapter has ${said} for ${label}: what it says proves nothing. It must answer ` +
      '{"id":…,"unsupported":true} to every category that it does not know',
    adapter.output(),
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
