/**
 * The second half of validation and the verdict (T 10.3; machine trust-responder, rows 6 and 7):
 * domain, organisation, then the score, then an operator where policy asks for one.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { TrustRenewal } from '../../../spec/messages/trust/trust-renewal.ts';
import type { LookupOutcome } from '../../core.ts';
import type { OperatorVerdict, TrustOrigin } from '../../ports.ts';
import { seconds } from '../../time.ts';
import { denied, write } from '../audit.ts';
import { issueCertificate, newcomersStart, termsAt } from '../certificate/certificate.ts';
import { conditionsFor } from '../certificate/conditions.ts';
import { check, firstBroken, type Refusal } from '../check.ts';
import { certificateChecks } from '../evidence/certificate-evidence.ts';
import { takeAnswer } from '../evidence/domain-proof.ts';
import { performedChecks, scoreOf, securityChecks } from '../evidence/evidence.ts';
import { organizationChecks } from '../evidence/organisation.ts';
import { isAutomatic, isLevel, thresholdTenths } from '../policy.ts';
import { errorMessage, logRefusal, statusOf } from '../refusal.ts';
import { grantRenewal } from '../renewal/granting.ts';
import { keepJudged } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { paceOf, type ResponderRun } from '../state.ts';
import { asValue } from '../transcript.ts';
import { composeAcceptance, composeRejection, type Findings } from './decision.ts';
import { chainChecks } from './request.ts';
import { endResponder, setResponderTimer } from './responder-run.ts';

export function domainLookedUp(
  scope: Scope,
  peer: string,
  lookup: string,
  outcome: LookupOutcome,
): void {
  const run = scope.state.judged.get(peer);
  const { now } = scope.context;
  if (run?.phase !== 'validating' || !takeAnswer(run, lookup, outcome, now)) return;
  const { domainProof, expired } = errorCode.trust;
  const broken = firstBroken(scope.context.must, [
    check('T-CHAL-06', expired, 'the answer of DNS came too late', () => {
      return now < seconds(run.challenge.deadline);
    }),
    check('T-RESP-04', domainProof, 'DNS does not show the value', () => run.lookups.proven),
    ...organizationChecks(scope, run),
    ...securityChecks(scope, run),
  ]);
  if (broken) return fail(scope, run, broken);
  assess(scope, run);
}

/** All gates are passed; what remains is the score and, where policy asks, an operator. */
function assess(scope: Scope, run: ResponderRun): void {
  const { requested_trust_level: level, trust_method: method } = run.request;
  if (!isEnough(scope, run)) return;
  const asked = { peer: run.peer, level, method };
  const isAlone = isAutomatic(scope.config.policy.trust, asked);
  if (scope.context.must('T-CAP-07', isAlone)) return accept(scope, run);
  run.awaitsApproval = true;
  const { exchange } = run;
  run.exchange = null;
  keepJudged(scope, run.peer, run);
  const detail = `request ${run.request.request_id} for ${level} by ${method} waits for an operator`;
  scope.context.emit({ type: 'log', entry: { event: 'noted', detail, peer: run.peer } });
  if (exchange !== null) scope.link.answer(exchange, 202, null, scope.context);
}

/**
 * The score is that of the level which was asked for, or the run is rejected: no lower level is
 * granted in its place (L-T17).
 */
function isEnough(scope: Scope, run: ResponderRun): boolean {
  const scoreTenths = scoreOf(scope, run);
  const least = thresholdTenths(scope.config.policy.trust, run.request.requested_trust_level);
  if (scope.context.must('T-SCORE-04', scoreTenths >= least)) return true;
  rejectRun(scope, run, rejected('T-SCORE-04', `score ${scoreTenths / 10}`), scoreTenths);
  return false;
}

/**
 * An operator has decided (T-CAP-07). Hours may have gone by: what is granted now must hold now, so
 * every gate and the score are judged again, on what was shown and seen then.
 */
export function approve(
  scope: Scope,
  { server, decision, request, reason }: OperatorVerdict,
): void {
  const run = scope.state.judged.get(server);
  if (!run?.awaitsApproval || run.phase !== 'validating') return;
  // What was looked at and what stands here now may be two requests.
  if (request !== undefined && request !== run.request.request_id) return;
  run.awaitsApproval = false;
  if (decision === 'refuse') {
    if (reason !== undefined) keepReason(scope, run, reason);
    return rejectRun(scope, run, rejected('T-CAP-07', 'an operator refused'), scoreOf(scope, run));
  }
  const broken = firstBroken(scope.context.must, [
    ...chainChecks(scope, run.request),
    ...certificateChecks(scope, run),
    ...organizationChecks(scope, run),
    ...securityChecks(scope, run),
  ]);
  if (broken) return fail(scope, run, broken);
  if (isEnough(scope, run)) accept(scope, run);
}

/** About ourselves: what is about the peer, it may see as soon as it is trusted (X-AUD-06). */
function keepReason(scope: Scope, { peer, request }: ResponderRun, reason: string): void {
  const event = { event: 'compliance_check', result: 'success', risk: 'low' } as const;
  const about = { peer, request_id: request.request_id, reason };
  write(scope, scope.config.serverId, { ...event, action: 'an operator gave a reason' }, about);
}

/** Row 6. */
function accept(scope: Scope, run: ResponderRun): void {
  const found = { scoreTenths: scoreOf(scope, run), performed: performedChecks(scope, run) };
  // More scope or a new key of a renewal: what is granted is its successor (L-R11).
  if (run.renewal) return grantWidened(scope, run, run.renewal, found);
  const { requested_trust_level: level, server_public_key: subjectKey } = run.request;
  if (!isLevel(level)) return;
  const { now } = scope.context;
  const policy = scope.config.policy.trust;
  const certificate = issueCertificate(scope, {
    subject: run.peer,
    subjectKey,
    level,
    notBeforeSeconds: newcomersStart(now),
    ageSeconds: Math.min(policy.certificateSeconds, run.maxAgeSeconds),
    ...termsAt(level, paceOf(scope.state, run.peer).withheld),
    conditions: conditionsFor(policy, { level, scoreTenths: found.scoreTenths, now }),
    pqFingerprint: run.pqFingerprint,
  });
  const { request_id: requestId } = run.request;
  const decision = composeAcceptance(scope, { ...run, requestId }, certificate, found);
  run.phase = 'decision_sent';
  run.certificate = certificate;
  run.decision = decision;
  run.transcript = [...run.transcript, asValue(decision)];
  setResponderTimer(scope, run.peer, now + seconds(limits.trustAcknowledgmentSeconds));
  // Durable before it leaves: an acknowledgment may come back to a process that has been restarted.
  keepJudged(scope, run.peer, run);
  deliver(scope, run, decision);
}

/** The responder's run ends; what it was asked for is answered as a renewal (L-R10). */
function grantWidened(
  scope: Scope,
  run: ResponderRun,
  renewal: TrustRenewal,
  found: Findings,
): void {
  const { exchange, peer, transcript, request } = run;
  endResponder(scope, run);
  const outcome = grantRenewal(scope, peer, renewal, {
    ...found,
    transcript,
    subjectKey: request.server_public_key,
  });
  if (exchange === null) scope.link.post(peer, outcome, scope.context);
  else scope.link.answer(exchange, 200, outcome, scope.context);
}

/** Row 7, where a check has failed: the requester is told which kind. */
export function fail(scope: Scope, run: ResponderRun, refusal: Refusal): void {
  logRefusal(scope, run.peer, refusal);
  denied(scope, run.peer, refusal);
  const error = errorMessage(scope, refusal, run.request.request_id);
  const { exchange, peer } = run;
  endResponder(scope, run);
  if (exchange === null) scope.link.post(peer, error, scope.context);
  else scope.link.answer(exchange, statusOf(refusal.code), error, scope.context);
}

export function rejected(requirement: Refusal['requirement'], detail: string): Refusal {
  return { requirement, detail, code: errorCode.trust.trustError };
}

function rejectRun(scope: Scope, run: ResponderRun, refusal: Refusal, scoreTenths: number): void {
  const { exchange, peer, transcript } = run;
  endResponder(scope, run);
  const about = { requestId: run.request.request_id, scoreTenths };
  reject(scope, { peer, exchange }, refusal, about, transcript);
}

export function reject(
  scope: Scope,
  to: Pick<TrustOrigin, 'peer' | 'exchange'>,
  refusal: Refusal,
  about: { readonly requestId: string; readonly scoreTenths: number },
  transcript: ResponderRun['transcript'],
): void {
  logRefusal(scope, to.peer, refusal);
  denied(scope, to.peer, refusal);
  const decision = composeRejection(scope, { peer: to.peer, ...about }, transcript);
  if (to.exchange === null) scope.link.post(to.peer, decision, scope.context);
  else scope.link.answer(to.exchange, 200, decision, scope.context);
}

/** As the answer that the requester waits for, or on a link of ours. */
function deliver(scope: Scope, run: ResponderRun, decision: TrustDecision): void {
  const { exchange, peer } = run;
  run.exchange = null;
  if (exchange === null) scope.link.post(peer, decision, scope.context);
  else scope.link.answer(exchange, 200, decision, scope.context);
}
