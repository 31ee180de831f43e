/** The reference as a process that speaks the adapter protocol: what others can be held against. */
import { createInterface } from 'node:readline';
import type { VectorValue } from '../../../vectors/vector-file.ts';
import type { Answer } from '../protocol/answer.ts';
import { answerOf } from './answer.ts';
import { referenceIdentity } from './reference-adapter.ts';

interface Request {
  readonly id: number;
  readonly verb: 'hello' | 'run';
  readonly category: string;
  readonly input: VectorValue;
}

function wireForm(answer: Answer): object {
  switch (answer.kind) {
    case 'output':
      return { output: answer.output };
    case 'rejected':
      return { rejected: answer.reason };
    case 'unsupported':
      return { unsupported: true };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, verb, category, input } = JSON.parse(line) as Request;
  const said = verb === 'hello' ? referenceIdentity : wireForm(answerOf(category, input));
  process.stdout.write(`${JSON.stringify({ id, ...said })}\n`);
}
