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
import {
  askIssuers,
  type IssuerAnswers,
  noAnswers,
  rememberedOf,
  takeIssuerAnswer,
} from '../evidence/issuer-answers.ts';
import { keepAsked } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { RequesterRun } from '../state.ts';
import { asValue } from '../transcript.ts';
import { taskOf } from './challenge.ts';
import { setRequesterTimer } from './requester-run.ts';
import { composeResponse } from './response.ts';

const NOTHING_SHOWN = { ocspResponses: [], crls: [] };

export function gather(scope: Scope, run: RequesterRun, challenge: TrustChallenge): void {
  run.gathering = { challenge, answers: askedOf(scope, run, challenge) };
  if (run.gathering.answers.outstanding.length === 0) respond(scope, run);
}

function askedOf(scope: Scope, run: RequesterRun, challenge: TrustChallenge) {
  const task = taskOf(challenge, 'certificate_validation');
  if (!task?.validation_requirements.check_revocation) return noAnswers;
  const own = ownChain(scope);
  if (!own) return noAnswers;
  return askIssuers(scope, `trust/own/${run.peer}/${run.requestId}`, own, NOTHING_SHOWN);
}

/** What is known already, where there is no time to ask. */
export function rememberedAnswers(scope: Scope): IssuerAnswers {
  const own = ownChain(scope);
  return own ? rememberedOf(scope, own) : noAnswers;
}

const ownChain = (scope: Scope) =>
  readChain(scope, scope.config.certificateChain, scope.context.now);

/** An answer to a fetch that was made for our exchange with this peer. */
export function ownAnswerFetched(
  scope: Scope,
  peer: string,
  fetch: string,
  outcome: FetchOutcome,
): void {
  const run = scope.state.asked.get(peer);
  const own = ownChain(scope);
  if (!run?.gathering || !own) return;
  const answers = takeIssuerAnswer(scope, own, run.gathering.answers, fetch, outcome);
  if (!answers) return;
  run.gathering.answers = answers;
  if (answers.outstanding.length === 0) respond(scope, run);
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
