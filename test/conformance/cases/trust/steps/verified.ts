/** Runs that ask for `verified`, where the evidence of the certificate counts (profile 5.4). */
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { Answer, Peer, TrustRunOptions } from '../../../actors/peer.ts';
import type { Stage } from '../../../stage.ts';
import type { WebHandler } from '../../../web.ts';
import { told } from '../../federation/steps/answers.ts';
import { set, setAnswer } from './changes.ts';

/** What a case shows for its chain; left out: what is honest. */
export interface Shown {
  readonly ocsp_responses?: readonly string[];
  readonly ct_log_proofs?: readonly string[];
}

/** With a certification, so that the score of an honest run is enough (L-T17). */
export function verified(
  stage: Stage,
  shown: Shown = {},
  more: TrustRunOptions = {},
): TrustRunOptions {
  const expires_at = Math.floor(stage.now() / 1_000_000) + 86_400;
  const standard = { standard: 'fips_140_2', certificate_id: 'A-1', issued_by: 'NIST', expires_at };
  return {
    level: 'verified',
    method: 'ca_validation',
    request: set({ compliance_attestations: [standard] }),
    response: setAnswer('certificate_validation', () => shown),
    ...more,
  };
}

export const nowMsOf = (stage: Stage): number => Math.floor(stage.now() / 1000);

/** Honest answers about the whole chain of a server of ours. */
export function honestAnswers(stage: Stage, { chain }: Peer): readonly string[] {
  return stage.evidence.ocsp(chain, { nowMs: nowMsOf(stage) });
}

/**
 * The evidence has passed: what follows is a decision, or the wait for an operator (choices.md:
 * 202).
 */
export function checkPassed(stage: Stage, id: RequirementId, answer: Answer, what: string): void {
  const { message, status } = answer;
  const isWaiting = message === null && status >= 200 && status < 300;
  const isAccepted = message?.type === 'trust_decision' && message.decision !== 'reject';
  stage.check(id, isWaiting || isAccepted, {
    what,
    expected: 'a decision that grants, or the wait for an operator',
    got: told(answer),
  });
}

/** Lets issuers answer otherwise as long as `act` lasts. Only for a case that is alone. */
export async function withPages<T>(
  stage: Stage,
  handler: WebHandler,
  act: () => Promise<T>,
): Promise<T> {
  stage.web.serve('/ocsp', handler);
  try {
    return await act();
  } finally {
    stage.evidence.servePages(stage.web, () => nowMsOf(stage));
  }
}
