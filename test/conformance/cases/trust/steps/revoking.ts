/** Revocations by servers of ours, and what the subject lets through before and after them (2.7). */

import { errorCode } from '../../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { TrustRevoke } from '../../../../../spec/messages/trust/trust-revoke.ts';
import type { Answer, Established, Link, Peer } from '../../../actors/peer.ts';
import type { Bend, Stage } from '../../../stage.ts';
import { checkRefused, told } from '../../federation/steps/answers.ts';
import {
  checkNothingCame,
  type Neighbours,
  relayFor,
  sendRelay,
} from '../../federation/steps/neighbours.ts';
import { checkUntrusted, freshLink } from './outcomes.ts';

const { federation } = errorCode;

/** Posts a revocation of ours on a link of its own; nothing of it is judged. */
export async function revoke(
  peer: Peer,
  established: Established,
  bend?: Bend<TrustRevoke>,
): Promise<Answer> {
  const message = peer.composeRevocation(established, bend);
  return (await freshLink(peer)).requestRaw({ ...message });
}

/** Ours, as the subject of the certificate that the subject under test has issued (L-R03). */
export const ofOwnCertificate = ({ certificate, decision }: Established): Established => ({
  certificate,
  decision,
  reverse: null,
});

export function checkAcknowledged(
  stage: Stage,
  id: RequirementId,
  answer: Answer,
  what: string,
): void {
  stage.check(id, answer.message?.type === 'revocation_acknowledgment', {
    what: `the answer to ${what}`,
    expected: 'revocation_acknowledgment',
    got: told(answer),
  });
}

/** No relay either way, on the old link and on a new one (T-REV-04). */
export async function checkCut(
  stage: Stage,
  id: RequirementId,
  people: Neighbours,
  what: string,
): Promise<void> {
  await checkRelayCut(stage, id, people, { on: people.link, what });
  await checkRelayCut(stage, id, people, { on: await freshLink(people.bravo), what });
  await checkNothingCame(stage, id, people.alice, what);
  await checkUntrusted(stage, id, people.bravo, what);
}

async function checkRelayCut(
  stage: Stage,
  id: RequirementId,
  people: Neighbours,
  { on, what }: { on: Link; what: string },
): Promise<void> {
  const answer = await sendRelay(on, relayFor(people));
  checkRefused(stage, id, answer, {
    // Revoked, or unknown again.
    codes: [federation.trustRevoked, federation.notTrusted],
    orBroken: true,
    what: `a relay after ${what}`,
  });
}

/** The user of the subject writes to ours: how many relays have come after it. */
export async function relaysAfterWriting(
  { alice, bravo }: Neighbours,
  withinMs: number,
): Promise<number> {
  const before = (await bravo.relayed({ withinMs: 0, count: 0 })).length;
  const { userId } = bravo.user;
  const conversationId = await alice.createConversation([userId]);
  await alice.sendMessage({ conversationId, to: [userId], text: 'to the other side' });
  return (await bravo.relayed({ withinMs, count: before + 1 })).length - before;
}
