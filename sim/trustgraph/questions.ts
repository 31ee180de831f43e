/** Every question, by the name under which a worker finds it. */
import type { Question } from './question.ts';
import { ambiguity } from './questions/ambiguity.ts';
import { reach } from './questions/reach.ts';
import { score } from './questions/score.ts';

export const questions = { ambiguity, reach, score } as const;

export type QuestionName = keyof typeof questions;

/** Parts of different questions have different shapes; whoever folds them is the same question. */
export const questionNamed = (name: QuestionName) => questions[name] as unknown as Question;
