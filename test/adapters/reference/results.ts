/** Answers, as the functions of this folder make them. */
import type { Result } from '../../../reference/wire/result.ts';
import type { VectorValue } from '../../../vectors/vector-file.ts';
import type { Answer } from '../protocol/answer.ts';

export const output = (value: VectorValue): Answer => ({ kind: 'output', output: value });
export const rejected = (reason: string): Answer => ({ kind: 'rejected', reason });

export function answered<T>(result: Result<T>, tell: (value: T) => VectorValue): Answer {
  if (result.ok) return output(tell(result.value));
  return rejected(`${result.error.requirement}: ${result.error.detail}`);
}
