/** The reference as an adapter, without a process between. */
import { type Adapter, ReferenceErred } from '../adapter.ts';
import type { Answer, Identity } from '../protocol/answer.ts';
import { answerOf } from './answer.ts';

export const referenceIdentity: Identity = {
  name: 'the reference',
  version: '2.0',
  language: 'TypeScript',
};

/** Answers that are made before others get their turn, a signal of the user's among them. */
const WITHOUT_PAUSE = 16;

export function createReferenceAdapter(): Adapter {
  let asked = 0;
  return {
    identity: referenceIdentity,
    width: 1,
    async ask({ category, input, label }): Promise<Answer> {
      asked += 1;
      if (asked % WITHOUT_PAUSE === 0) await new Promise(setImmediate);
      try {
        return answerOf(category, input);
      } catch (thrown) {
        const what = thrown instanceof Error ? thrown.stack : String(thrown);
        throw new ReferenceErred(`the reference threw at ${label}: ${what}`);
      }
    },
    output: () => '',
    async close() {},
  };
}
