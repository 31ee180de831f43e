/**
 * The requester of an establishment (machine trust-requester): asks, proves, judges the decision
 * and acknowledges it. Row numbers are those of the machine. How a run ends is in requester-run.ts.
 */

import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustCapabilities } from '../../../spec/messages/trust/trust-capabilities.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { PublicKey } from '../../crypto/crypto.ts';
import type { TrustOrigin } from '../../ports.ts';
import { seconds } from '../../time.ts';
import { denied, write } from '../audit.ts';
import { activate, refreshStanding } from '../certificate/activation.ts';
import { issueCertificate, newcomersStart, termsAt } from '../certificate/certificate.ts';
import { conditionsFor } from '../certificate/conditions.ts';
import { createGrant } from '../certificate/grant.ts';
import { type Check, check, firstBroken, type Refusal } from '../check.ts';
import { fingerprintOf } from '../evidence/post-quantum.ts';
import { keepQuiet } from '../pace.ts';
import { peerKeyOf } from '../peer-key.ts';
import { isLevel, permittedBy } from '../policy.ts';
import { logRefusal, refuse } from '../refusal.ts';
import { keepAsked } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { paceOf, type RequesterRun, type Wish } from '../state.ts';
import { addedSignatureChecks, asValue, noteTolerance, placeChecks } from '../transcript.ts';
import { rememberVersion } from '../versions.ts';
import { composeAcknowledgment, composeRefusal } from './acknowledgment.ts';
import { composeCapabilities, judgeCapabilities } from './capabilities.ts';
import { challengeChecks, taskOf } from './challenge.ts';
import {
  decisionSignatureCheck,
  type GrantOutcome,
  isAwaited,
  isEmptyRejection,
  judgeGrant,
} from './decision.ts';
import { gather } from './gathering.ts';
import { composeRequest } from './request.ts';
import { abandon, endRequester, failRequester, setRequesterTimer } from './requester-run.ts';

/** Row 1. At most one run for each peer; one that a restart has left hanging makes room. */
export function begin(scope: Scope, peer: string, wish: Wish): void {
  const { state, link, context } = scope;
  const known = state.asked.get(peer);
  if (known && !known.stale && known.phase !== 'established') {
    const entry = { event: 'noted', detail: 'an exchange is under way', peer } as const;
    return context.emit({ type: 'log', entry });
  }
  if (known) abandon(scope, known);
  const capabilities = composeCapabilities(scope, []);
  const run: RequesterRun = {
    peer,
    wish,
    phase: 'capabilities',
    version: '1.0',
    transcript: [asValue(capabilities)],
    requestId: '',
    deadline: context.now + seconds(limits.trustStepSeconds),
    published: null,
    gathering: null,
    acknowledgment: null,
    certificateId: '',
    repeats: 0,
    unsettled: false,
    pqFingerprint: null,
    stale: false,
  };
  state.asked.set(peer, run);
  setRequesterTimer(scope, run);
  link.post(peer, capabilities, context);
}

/** Row 2. */
export function receiveCapabilitiesAnswer(
  scope: Scope,
  theirs: TrustCapabilities,
  origin: TrustOrigin,
): void {
  const run = scope.state.asked.get(origin.peer);
  if (run?.phase !== 'capabilities') return ignore(scope, origin, 'capabilities');
  const outcome = judgeCapabilities(scope, theirs, origin, run.transcript);
  if (!outcome.ok) return failRequester(scope, run, outcome.refusal);
  const lacking = firstBroken(scope.context.must, [offerCheck(theirs, run.wish)]);
  if (lacking) return failRequester(scope, run, lacking);
  noteTolerance(scope, origin.peer, theirs);

  run.version = outcome.version;
  run.pqFingerprint = fingerprintOf(scope, origin);
  run.transcript = [...run.transcript, asValue(theirs)];
  const request = composeRequest(scope, run.peer, run.wish, run.transcript);
  run.transcript = [...run.transcript, asValue(request)];
  run.requestId = request.request_id;
  run.phase = 'requested';
  run.deadline = scope.context.now + seconds(limits.trustStepSeconds);
  setRequesterTimer(scope, run);
  keepAsked(scope, run.peer, run);
  scope.link.post(run.peer, request, scope.context);
}

/** T-CAP-03: what the peer has not offered is not asked for. */
function offerCheck(theirs: TrustCapabilities, { level, method }: Wish): Check {
  const methods: readonly string[] = theirs.supported_methods;
  const levels: readonly string[] = theirs.supported_trust_levels;
  const code = methods.includes(method) ? errorCode.trust.level : errorCode.trust.method;
  return check('T-CAP-03', code, 'the peer does not offer what we want', () => {
    const speaksOurs = theirs.key_algorithms.includes('ed25519');
    return methods.includes(method) && levels.includes(level) && speaksOurs;
  });
}

/** Rows 3 and 4: nothing is published or signed before every check has passed. */
export function receiveChallenge(
  scope: Scope,
  challenge: TrustChallenge,
  origin: TrustOrigin,
): void {
  const { must } = scope.context;
  const run = scope.state.asked.get(origin.peer);
  const isOutstanding =
    run?.phase === 'requested' && run.gathering === null && run.requestId === challenge.request_id;
  if (!must('T-CHAL-09', isOutstanding) || !run) return ignore(scope, origin, 'challenge');
  const key = peerKeyOf(scope.state, origin);
  const broken = firstBroken(must, [
    ...addedSignatureChecks(scope, challenge, key, run.version),
    ...placeChecks(scope, challenge, run.transcript, run.version),
    ...challengeChecks(scope, challenge, origin, run),
  ]);
  if (broken) {
    acceptDelivery(scope, origin);
    return failRequester(scope, run, broken);
  }
  noteTolerance(scope, origin.peer, challenge);
  // Posted on a link of the peer's it says nothing of the one that carried our request.
  if (origin.exchange === null) run.pqFingerprint = fingerprintOf(scope, origin);
  publish(scope, run, challenge);
  keepAsked(scope, run.peer, run);
  acceptDelivery(scope, origin);
  gather(scope, run, challenge);
}

/** Before the response leaves, so that the responder finds it (choices.md, NORC-T). */
function publish(scope: Scope, run: RequesterRun, challenge: TrustChallenge): void {
  const task = taskOf(challenge, 'domain_ownership');
  if (!task) return;
  run.published = { name: task.txt_record_name, value: task.expected_value };
  scope.context.emit({ type: 'publish-txt', ...run.published });
}

/** Rows 5 to 7. */
export function receiveDecision(scope: Scope, decision: TrustDecision, origin: TrustOrigin): void {
  const { must } = scope.context;
  const run = scope.state.asked.get(origin.peer);
  if (run && isRepeat(scope, run, decision)) {
    acceptDelivery(scope, origin);
    if (run.acknowledgment) scope.link.post(run.peer, run.acknowledgment, scope.context);
    return;
  }
  const key = peerKeyOf(scope.state, origin);
  const forged = firstBroken(must, decisionSignatureCheck(scope, decision, origin, key));
  if (forged) {
    refuse(scope, origin, forged, decision.request_id);
    // An answer on our own link that is not what it should be ends the exchange (row 7).
    if (run && origin.exchange === null && isWaiting(run)) endRequester(scope, run);
    return;
  }
  if (!must('T-DEC-10', isAwaited(scope, decision, run)) || !run || key === null) {
    return ignore(scope, origin, 'decision');
  }
  const misplaced = firstBroken(must, placeChecks(scope, decision, run.transcript, run.version));
  acceptDelivery(scope, origin);
  if (misplaced) return failRequester(scope, run, misplaced);
  noteTolerance(scope, origin.peer, decision);
  run.transcript = [...run.transcript, asValue(decision)];
  if (decision.decision === 'reject') return rejectedBy(scope, run, decision);
  const outcome = judged(scope, decision, run, key);
  if (!outcome.ok) return decline(scope, run, outcome.refusal);
  acknowledge(scope, run, decision, outcome.certificate, key);
}

function judged(
  scope: Scope,
  decision: TrustDecision,
  run: RequesterRun,
  key: PublicKey,
): GrantOutcome {
  const early = firstBroken(scope.context.must, [
    check(
      'X-ERR-07',
      errorCode.trust.unexpected,
      'granted before the challenge was answered',
      () => {
        return run.phase === 'responded';
      },
    ),
  ]);
  if (early) return { ok: false, refusal: early };
  const maxAgeSeconds = maxAgeOf(scope, run);
  const { peer, pqFingerprint } = run;
  const asked = { peer, level: run.wish.level, maxAgeSeconds, follows: null, pqFingerprint };
  return judgeGrant(scope, decision, asked, key);
}

/** L-T30: the smaller of both sides'. */
function maxAgeOf({ config }: Scope, { transcript }: RequesterRun): number {
  const own = config.policy.trust.maxTrustAgeSeconds;
  const theirs = transcript[1] as unknown as TrustCapabilities | undefined;
  return Math.min(own, theirs?.trust_policies.max_trust_age ?? own);
}

function isWaiting(run: RequesterRun): boolean {
  return run.phase === 'requested' || run.phase === 'responded';
}

/** A posted decision comes again when our answer to it was lost. */
function isRepeat(scope: Scope, run: RequesterRun, decision: TrustDecision): boolean {
  if (run.phase !== 'established' || decision.request_id !== run.requestId) return false;
  const { crypto } = scope.context;
  const known = run.transcript.find((message) => message.type === 'trust_decision');
  return known !== undefined && crypto.hash(known) === crypto.hash(asValue(decision));
}

/** Row 5. */
function rejectedBy(scope: Scope, run: RequesterRun, decision: TrustDecision): void {
  if (!scope.context.must('T-DEC-01', isEmptyRejection(decision))) {
    const detail = 'a rejection that grants something';
    const code = errorCode.trust.certificate;
    logRefusal(scope, run.peer, { requirement: 'T-DEC-01', code, detail });
  }
  const event = { event: 'access_denied', action: 'was refused trust', risk: 'low' } as const;
  write(scope, run.peer, { ...event, result: 'failure' }, { request_id: run.requestId });
  keepQuiet(scope, run.peer, limits.trustCooldownSeconds);
  endRequester(scope, run);
}

/** Row 7: authentic, but not what can be accepted. The responder takes its certificate back. */
function decline(scope: Scope, run: RequesterRun, refusal: Refusal): void {
  logRefusal(scope, run.peer, refusal);
  denied(scope, run.peer, refusal);
  const acknowledgment = composeRefusal(scope, run);
  endRequester(scope, run);
  scope.link.post(run.peer, acknowledgment, scope.context);
}

const notStored: Refusal = {
  requirement: 'T-CERT-10',
  code: errorCode.trust.certificate,
  detail: 'the certificate was not stored',
};

/** Row 6. */
function acknowledge(
  scope: Scope,
  run: RequesterRun,
  decision: TrustDecision,
  certificate: NorcTrustCertificate,
  peerKey: PublicKey,
): void {
  // T-REQ-10, L-T11: either side can make it mutual, and then neither direction is alone in force.
  const mutual = run.wish.mutual || decision.mutual_trust_required;
  const reverse = mutual ? issueReverse(scope, run, certificate, peerKey) : null;
  const acknowledgment = composeAcknowledgment(scope, run, certificate, reverse);
  const terms = {
    activeFromSeconds: acknowledgment.effective_date,
    mutual,
    maxAgeSeconds: maxAgeOf(scope, run),
    method: run.wish.method,
  };
  const mapped = permittedBy(decision.federation_permissions);
  const isStored = activate(scope, run.peer, {
    peerKey,
    inbound: reverse && createGrant(reverse, reverse.permissions, terms),
    outbound: createGrant(certificate, mapped, terms, decision.trust_conditions),
  });
  if (!isStored) return decline(scope, run, notStored);
  run.phase = 'established';
  run.acknowledgment = acknowledgment;
  run.certificateId = certificate.certificate_id;
  run.deadline = scope.context.now + seconds(limits.trustAcknowledgmentSeconds);
  setRequesterTimer(scope, run);
  keepAsked(scope, run.peer, run);
  withdrawOf(scope, run);
  rememberVersion(scope, 'trust', run.peer, run.version);
  // All is written down; the acknowledgment leaves before anything that builds on it.
  scope.link.post(run.peer, acknowledgment, scope.context);
  refreshStanding(scope, run.peer);
}

/** What we permit in return: as much, for as long (L-T11). */
function issueReverse(
  scope: Scope,
  run: RequesterRun,
  certificate: NorcTrustCertificate,
  subjectKey: PublicKey,
): NorcTrustCertificate | null {
  const { trust_level: level, not_before, not_after } = certificate;
  if (!isLevel(level)) return null;
  const policy = scope.config.policy.trust;
  const { now } = scope.context;
  return issueCertificate(scope, {
    subject: run.peer,
    subjectKey,
    level,
    notBeforeSeconds: newcomersStart(now),
    ageSeconds: Math.min(policy.certificateSeconds, not_after - not_before),
    ...termsAt(level, paceOf(scope.state, run.peer).withheld),
    // Nothing has been scored in this direction, so no score was narrow.
    conditions: conditionsFor(policy, { level, scoreTenths: 1000, now }),
    pqFingerprint: run.pqFingerprint,
  });
}

function withdrawOf(scope: Scope, run: RequesterRun): void {
  if (!run.published) return;
  scope.context.emit({ type: 'withdraw-txt', ...run.published });
  run.published = null;
}

/** T-CHAL-09, T-DEC-10: without effect. A request must still be answered. */
function ignore(scope: Scope, origin: TrustOrigin, what: string): void {
  refuse(scope, origin, {
    requirement: what === 'decision' ? 'T-DEC-10' : 'T-CHAL-09',
    code: what === 'decision' ? errorCode.trust.unknownExchange : errorCode.trust.unexpected,
    detail: `a ${what} that nobody waits for`,
  });
}

/** Posted instead of answered: our reply goes out on a link of ours. */
function acceptDelivery(scope: Scope, { exchange }: TrustOrigin): void {
  if (exchange !== null) scope.link.answer(exchange, 204, null, scope.context);
}
