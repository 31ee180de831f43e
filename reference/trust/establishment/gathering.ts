/**
 * Between challenge and response (machine trust-requester, row 3): where the challenge asks for it,
 * our issuers are asked what they say of our chain, and their answers are shown. An issuer that is
 * silent leaves the judgement to the responder.
 */

import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { FetchOutcome } from '../../core.ts';
import { seconds } from '../../time.ts';
import { showCertificate } from '../evidence/certificate-evidence.ts';
import { readChain } from '../evidence/chain.ts';
import { askIssuers, noAnswers, takeIssuerAnswer } from '../evidence/issuer-answers.ts';
import { keepAsked } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { Gathering, RequesterRun } from '../state.ts';
import { asValue } from '../transcript.ts';
import { taskOf } from './challenge.ts';
import { setRequesterTimer } from './requester-run.ts';
import { composeResponse } from './response.ts';

const NOTHING_SHOWN = { ocspResponses: [], crls: [] };

export function gather(scope: Scope, run: RequesterRun, challenge: TrustChallenge): void {
  run.gathering = askedFor(scope, `trust/own/${run.peer}/${run.requestId}`, challenge);
  if (run.gathering.answers.outstanding.length === 0) respond(scope, run);
}

/** `stem`: begins the names of the fetches. */
export function askedFor(scope: Scope, stem: string, challenge: TrustChallenge): Gathering {
  const task = taskOf(challenge, 'certificate_validation');
  const own = task?.validation_requirements.check_revocation ? ownChain(scope) : undefined;
  return { challenge, answers: own ? askIssuers(scope, stem, own, NOTHING_SHOWN) : noAnswers };
}

const ownChain = (scope: Scope) =>
  readChain(scope, scope.config.certificateChain, scope.context.now);

/** Null when nobody waits for this fetch. */
export function gathered(
  scope: Scope,
  gathering: Gathering | null,
  fetch: string,
  outcome: FetchOutcome,
): Gathering | null {
  const own = ownChain(scope);
  if (!gathering || !own) return null;
  const answers = takeIssuerAnswer(scope, own, gathering.answers, fetch, outcome);
  return answers && { ...gathering, answers };
}

/** An answer to a fetch that was made for our exchange with this peer. */
export function ownAnswerFetched(
  scope: Scope,
  peer: string,
  fetch: string,
  outcome: FetchOutcome,
): void {
  const run = scope.state.asked.get(peer);
  const now = gathered(scope, run?.gathering ?? null, fetch, outcome);
  if (!run || !now) return;
  run.gathering = now;
  if (now.answers.outstanding.length === 0) respond(scope, run);
}

function respond(scope: Scope, run: RequesterRun): void {
  if (!run.gathering) return;
  const { challenge, answers } = run.gathering;
  run.gathering = null;
  const shown = showCertificate(scope, answers);
  run.transcript = [...run.transcript, asValue(challenge)];
  const response = composeResponse(scope, challenge, run.transcript, shown);
  run.transcript = [...run.transcript, asValue(response)];
  run.phase = 'responded';
  run.deadline = seconds(challenge.deadline);
  setRequesterTimer(scope, run);
  keepAsked(scope, run.peer, run);
  scope.link.post(run.peer, response, scope.context);
}
