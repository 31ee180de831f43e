/** A server that asks for trust by the word of others, and those others (T 6; L-T19, L-T24). */
import { errorCode } from '../../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { TrustRecommendationResponse } from '../../../../../spec/messages/trust/trust-recommendation-response.ts';
import type { Answer, Peer, PeerOptions } from '../../../actors/peer.ts';
import { SubjectMisbehaved } from '../../../case.ts';
import type { Stage } from '../../../stage.ts';
import { told } from '../../federation/steps/answers.ts';
import { set } from './changes.ts';
import { checkUntrusted, freshLink, upTo } from './outcomes.ts';

/** The subject takes requests by the web of trust, and orders of its operator. */
export const byWebOfTrust = {
  commands: true,
  policy: { trust: { supportedMethods: ['direct_exchange', 'web_of_trust'] } },
} as const;

export const saying = (change: Partial<TrustRecommendationResponse>): PeerOptions => ({
  bends: { recommendation: set(change) },
});

/** A server that the subject trusts and has asked about `target`. */
export async function recommender(
  stage: Stage,
  target: Peer,
  options: PeerOptions = {},
): Promise<Peer> {
  const peer = await stage.peer(options);
  await peer.establish();
  await askAbout(stage, peer, target);
  return peer;
}

export async function askAbout(stage: Stage, peer: Peer, target: Peer): Promise<void> {
  const { serverId: server } = peer;
  await stage.command({ command: 'ask-recommendation', server, about: target.serverId });
  // It may have been asked about others before.
  for (let count = 1; ; count += 1) {
    const heard = await peer.heard('trust_recommendation', { count });
    if (heard.some(({ message }) => message.target_server === target.serverId)) return;
    if (heard.length >= count) continue;
    const what = 'no recommendation was asked for';
    throw new SubjectMisbehaved(what, 'trust_recommendation', 'nothing');
  }
}

/** The answer to a whole request by the web of trust, as far as the decision. */
async function requested(target: Peer): Promise<Answer> {
  const run = target.trustRun(await freshLink(target), { method: 'web_of_trust' });
  return upTo(run, 'respond');
}

/** Nobody whose word counts has recommended it. */
export async function checkUnrecommended(
  stage: Stage,
  id: RequirementId,
  target: Peer,
  what: string,
): Promise<void> {
  const answer = await requested(target);
  const { message } = answer;
  const isRejected = message?.type === 'trust_decision' && message.decision === 'reject';
  const isRefused =
    message?.type === 'federation_error' && message.error_code === errorCode.trust.noTrustPath;
  stage.check(id, isRejected || isRefused, {
    what: `a request by the web of trust after ${what}`,
    expected: { code: [errorCode.trust.noTrustPath], or: 'a decision that rejects' },
    got: told(answer),
  });
  await checkUntrusted(stage, id, target, what);
}

/** Score of an accepting decision. */
export async function acceptedScore(
  stage: Stage,
  id: RequirementId,
  target: Peer,
  what: string,
): Promise<number> {
  const answer = await requested(target);
  const { message } = answer;
  const isAccepted = message?.type === 'trust_decision' && message.decision === 'accept';
  stage.check(id, isAccepted, { what, expected: 'trust_decision: accept', got: told(answer) });
  return message?.type === 'trust_decision' ? message.trust_metadata.trust_score : 0;
}
