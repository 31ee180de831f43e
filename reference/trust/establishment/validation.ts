/**
 * The first steps of validation (T 10.3, T-PIPE-01): format and chain, at once or after a question
 * to the issuers; then the domain, and what follows in verdict.ts. Each step ends the run with its
 * own reason. Runs know nothing of each other, so none waits for another's answers (T-PIPE-03).
 */
import type { FetchOutcome } from '../../core.ts';
import { firstBroken } from '../check.ts';
import {
  certificateChecks,
  revocationEvidenceOf,
  revocationStatus,
} from '../evidence/certificate-evidence.ts';
import type { ReadChain } from '../evidence/chain.ts';
import { forgetChains } from '../evidence/chain-cache.ts';
import { askDomain } from '../evidence/domain-proof.ts';
import { askIssuers, takeIssuerAnswer } from '../evidence/issuer-answers.ts';
import { keepJudged } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { ResponderRun } from '../state.ts';
import { taskOf } from './challenge.ts';
import { chainChecks, readRequestChain } from './request.ts';
import { fail } from './verdict.ts';

/** `run` has its response, which is well-formed. */
export function validate(scope: Scope, run: ResponderRun): void {
  const broken = firstBroken(scope.context.must, chainChecks(scope, run.request));
  if (broken) return fail(scope, run, broken);
  const read = readRequestChain(scope, run.request);
  if (read && mustAsk(scope, run, read)) {
    const stem = `trust/evidence/${run.peer}/${run.challenge.challenge_id}`;
    run.answers = askIssuers(scope, stem, read, revocationEvidenceOf(run));
  }
  keepJudged(scope, run.peer, run);
  if (run.answers.outstanding.length === 0) judgeCertificates(scope, run);
}

/** Only where the challenge asks for it, policy lets us, and the requester has not shown it. */
function mustAsk(scope: Scope, run: ResponderRun, read: ReadChain): boolean {
  const task = taskOf(run.challenge, 'certificate_validation');
  if (!task?.validation_requirements.check_revocation) return false;
  return (
    scope.config.policy.evidence.fetchRevocation && revocationStatus(scope, run, read) === 'unknown'
  );
}

/** An answer to a fetch that was made for this peer's run. */
export function evidenceFetched(
  scope: Scope,
  peer: string,
  fetch: string,
  outcome: FetchOutcome,
): void {
  const run = scope.state.judged.get(peer);
  if (run?.phase !== 'validating') return;
  const read = readRequestChain(scope, run.request);
  const answers = read && takeIssuerAnswer(scope, read, run.answers, fetch, outcome);
  if (!answers) return;
  run.answers = answers;
  if (answers.outstanding.length === 0) judgeCertificates(scope, run);
}

function judgeCertificates(scope: Scope, run: ResponderRun): void {
  const broken = firstBroken(scope.context.must, certificateChecks(scope, run));
  if (!broken) return askDomain(scope, run);
  forgetChains(scope.state, run.peer);
  fail(scope, run, broken);
}
