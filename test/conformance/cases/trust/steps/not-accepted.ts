/** Decisions of ours that the subject must not accept, and how that shows (2.3 requester, rows 6 and 7). */
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { AnswerBends, Peer } from '../../../actors/peer.ts';
import { type Case, defineCase } from '../../../case.ts';
import type { Stage } from '../../../stage.ts';
import { asking } from './asking.ts';
import { checkUntrusted } from './outcomes.ts';

export interface DecisionFault {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly readings?: Case['readings'];
  readonly at?: NonNullable<Case['at']>;
  readonly bends: (stage: Stage) => AnswerBends | Promise<AnswerBends>;
}

/** Families of decisions with one fault each. */
export function notAccepted(topic: string, faults: readonly DecisionFault[]): readonly Case[] {
  return faults.map(({ id, title, verifies, readings, at, bends }) =>
    defineCase({
      id: `trust/${topic}/${id}`,
      title,
      verifies: [verifies],
      ...(readings && { readings }),
      ...(at && { at }),
      async run(stage) {
        const { bravo } = await asking(stage, { bends: await bends(stage) });
        await bravo.heard('trust_response');
        await checkNotAccepted(stage, verifies, bravo, 'the decision');
      },
    }),
  );
}

/** How long an acceptance that must not come is given. */
const PATIENCE_MS = 1500;

/** No acknowledgment that accepts, no trust, and nothing relayed. */
export async function checkNotAccepted(
  stage: Stage,
  id: RequirementId,
  bravo: Peer,
  what: string,
): Promise<void> {
  const heard = await bravo.heard('trust_acknowledgment', { withinMs: PATIENCE_MS });
  const accepted = heard.filter(({ message }) => message.decision_accepted);
  stage.check(id, accepted.length === 0, {
    what: `acknowledgments of the subject that accept ${what}`,
    expected: 'none',
    got: accepted.map(({ message }) => message),
  });
  await checkUntrusted(stage, id, bravo, what);
  const relays = await bravo.relayed({ withinMs: 0 });
  stage.check(id, relays.length === 0, {
    what: 'relays of the subject without trust',
    expected: 0,
    got: relays.length,
  });
}
