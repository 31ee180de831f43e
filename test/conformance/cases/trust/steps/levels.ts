/**
 * Levels and methods of the subject at work: a policy under which it offers all of both, requests
 * with the evidence that a level asks for, and the operator whom most of them wait for.
 */
import { levelNames, levels, methodNames } from '../../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { TrustDecision } from '../../../../../spec/messages/trust/trust-decision.ts';
import { governmentTerms } from '../../../actors/government.ts';
import type { Answer, Link, Peer, TrustRun } from '../../../actors/peer.ts';
import { registryOffice } from '../../../actors/registry-office.ts';
import { type PolicyChange, SubjectMisbehaved } from '../../../case.ts';
import type { Received, Stage } from '../../../stage.ts';
import { told } from '../../federation/steps/answers.ts';
import { freshLink } from './outcomes.ts';

const grantable = levelNames.filter((name) => levels[name].grantable);

/** As the suite's authorities call themselves. */
const roots = ['', 'government ', 'alliance '].map((kind) => `CN=NORC conformance ${kind}root`);

/** Everything is offered, and the parties of the suite are known. */
export const openTrust = {
  supportedMethods: [...methodNames],
  supportedLevels: grantable,
  requestsPerHour: 20,
  // Short, so that a whole history can be waited for on sockets too.
  historySeconds: 2,
  organization: {
    issuingAuthorities: { [registryOffice.authority]: registryOffice.publicKey },
    attestors: { [registryOffice.attestor]: registryOffice.publicKey },
    requiredDocuments: {
      classified: ['business_registration'],
      nato: ['business_registration'],
    },
  },
  government: { hierarchies: { [governmentTerms.hierarchy]: roots } },
} as const;

export const openPolicy: PolicyChange = { trust: openTrust };

/** No newcomer scores enough for anything. */
export const unreachable: PolicyChange = {
  trust: { thresholdTenths: { basic: 1000, verified: 1000 } },
};

/** What was spoken once is the least from then on, and there are requests enough to try. */
export const noDowngrade: PolicyChange = { trust: { allowDowngrade: false, requestsPerHour: 20 } };

/** From classified on a link is hybrid (L-H15). */
export const hybrid = { suites: ['0101', '0001'] } as const;

export function hybridLink(peer: Peer): Promise<Link> {
  return freshLink(peer, hybrid);
}

/** A chain that a government PKI can read its policy from. */
export const governed = { policyOids: [governmentTerms.policyOid] } as const;

/** Answered by a decision, or 202 and posted once the operator has spoken (T-CAP-07). */
export async function decided(
  stage: Stage,
  { peer, run, answer }: { peer: Peer; run: TrustRun; answer: Answer },
): Promise<TrustDecision> {
  if (answer.message?.type === 'trust_decision') return answer.message;
  const isHeld = answer.message === null && answer.status >= 200 && answer.status < 300;
  if (!isHeld) {
    throw new SubjectMisbehaved('the evidence was refused', 'a decision', told(answer));
  }
  await stage.command({ command: 'approve-trust', server: peer.serverId, decision: 'approve' });
  const inbound = await peer.inbound();
  const received = inbound?.received;
  if (received?.message.type !== 'trust_decision') {
    const got = received?.message ?? 'nothing';
    throw new SubjectMisbehaved('no decision came after the approval', 'trust_decision', got);
  }
  await inbound?.answer(null);
  run.take(received);
  return (received as Received<TrustDecision>).message;
}

/** The level that the decision grants is the one that was asked for, and it is there to stay. */
export function checkGranted(
  stage: Stage,
  id: RequirementId,
  decision: TrustDecision,
  level: string,
): void {
  const { decision: verdict, granted_trust_level: granted } = decision;
  const isGranted = verdict !== 'reject' && granted === level;
  stage.check(id, isGranted, {
    what: `the decision on a request for ${level} with all evidence`,
    expected: `${level} is granted`,
    got: { decision: verdict, granted_trust_level: granted },
  });
}
