/** What an answer to a vector comes to. Nothing is compared with the text of a rejection. */
import type { Vector } from '../../vectors/vector-file.ts';
import { type Difference, differences } from './difference.ts';
import type { Answer } from './protocol/answer.ts';

/**
 * `accepted` and `refused` are both right: of a vector that is acceptable, one of them was chosen.
 * `error` is a defect of ours.
 */
export const outcomes = [
  ...(['pass', 'accepted', 'refused', 'fail', 'unsupported', 'error'] as const),
];
export type Outcome = (typeof outcomes)[number];

export interface Judgement {
  readonly outcome: Outcome;
  /** A sentence where it fails. */
  readonly reason: string | null;
  /** Fields that differ, where an output was wrong. */
  readonly differences: readonly Difference[];
}

export function judge(vector: Vector, answer: Answer): Judgement {
  switch (answer.kind) {
    case 'unsupported':
      return right('unsupported');
    case 'rejected':
      if (vector.result === 'valid') return wrong('it is valid, and was rejected');
      return right(vector.result === 'invalid' ? 'pass' : 'refused');
    case 'output':
      return judgeOutput(vector, answer);
  }
}

function judgeOutput(vector: Vector, { output }: Answer & { kind: 'output' }): Judgement {
  if (vector.result === 'invalid') return wrong('it is invalid, and was taken');
  const found = vector.output === undefined ? [] : differences(vector.output, output);
  const [first] = found;
  if (!first) return right(vector.result === 'valid' ? 'pass' : 'accepted');
  const where = first.path === '' ? 'the output' : `the output at ${first.path}`;
  const others = found.length > 1 ? ` and at ${found.length - 1} other places` : '';
  return { outcome: 'fail', reason: `${where}${others} is wrong`, differences: found };
}

const right = (outcome: Outcome): Judgement => ({ outcome, reason: null, differences: [] });

const wrong = (reason: string): Judgement => ({ outcome: 'fail', reason, differences: [] });
