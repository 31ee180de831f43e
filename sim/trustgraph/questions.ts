/** Every question, by the name under which a worker finds it. */
import type { Question } from './question.ts';
import { ambiguity } from './questions/ambiguity.ts';
import { check } from './questions/check.ts';
import { compare } from './questions/compare.ts';
import { percolate } from './questions/percolate.ts';
import { predict } from './questions/predict.ts';
import { reach } from './questions/reach.ts';
import { revoke } from './questions/revoke.ts';
import { score } from './questions/score.ts';
import { sweep } from './questions/sweep.ts';
import { sybil } from './questions/sybil.ts';
import { timeline } from './questions/timeline.ts';

export const questions = {
  ambiguity,
  check,
  compare,
  percolate,
  predict,
  reach,
  revoke,
  score,
  sweep,
  sybil,
  timeline,
} as const;

export type QuestionName = keyof typeof questions;

/** Parts of different questions have different shapes; whoever folds them is the same question. */
export const questionNamed = (name: QuestionName) => questions[name] as unknown as Question;
