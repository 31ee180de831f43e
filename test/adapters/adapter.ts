/** Who answers questions about the protocol's functions: a process, or code of ours in this one. */
import type { VectorValue } from '../../vectors/vector-file.ts';
import type { Answer, Identity } from './protocol/answer.ts';

export interface Question {
  /** One of the plan's categories, or one that nobody has, to see whether it is told. */
  readonly category: string;
  readonly input: VectorValue;
  /** What the asker calls it, for a report of what was asked when the adapter failed. */
  readonly label: string;
}

export interface Adapter {
  readonly identity: Identity;
  /** Questions that may wait for their answers at once. */
  readonly width: number;
  /** Rejects with AdapterFault when no answer is to be had, now or ever again. */
  ask(question: Question): Promise<Answer>;
  /** The end of what it wrote to standard error. */
  output(): string;
  close(): Promise<void>;
}

/** The adapter cannot be judged: it does not start, speaks nonsense, hangs, dies or cheats. */
export class AdapterFault extends Error {
  override readonly name = 'AdapterFault';
  /** The end of what it wrote to standard error. */
  readonly output: string;

  constructor(message: string, output = '') {
    super(message);
    this.output = output;
  }
}

/** Our own code threw: a defect of ours, told with the question that showed it. */
export class ReferenceErred extends Error {
  override readonly name = 'ReferenceErred';
}
