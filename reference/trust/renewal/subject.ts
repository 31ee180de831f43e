/**
 * The subject's side of a renewal (machine trust-requester rows 9 and 9a, machine renewal): asks in
 * time, answers a challenge where the issuer sets one, and acknowledges. Whatever goes wrong, the
 * certificate that it holds runs on.
 */

import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { FetchOutcome } from '../../core.ts';
import type { TrustOrigin } from '../../ports.ts';
import { seconds } from '../../time.ts';
import { denied } from '../audit.ts';
import { refreshStanding, succeed } from '../certificate/activation.ts';
import { createGrant } from '../certificate/grant.ts';
import { grantOf, phaseOf } from '../certificate/relationship.ts';
import { scheduledFrom } from '../certificate/renewal-window.ts';
import { succeeding } from '../certificate/succession.ts';
import { firstBroken, type Refusal } from '../check.ts';
import { composeAcknowledgment, composeRefusal } from '../establishment/acknowledgment.ts';
import { challengeChecks, taskOf } from '../establishment/challenge.ts';
import { decisionSignatureCheck, judgeGrant } from '../establishment/decision.ts';
import { askedFor, gathered } from '../establishment/gathering.ts';
import { composeResponse } from '../establishment/response.ts';
import { showCertificate } from '../evidence/certificate-evidence.ts';
import { statedFingerprint } from '../evidence/post-quantum.ts';
import { peerKeyOf } from '../peer-key.ts';
import { permittedBy } from '../policy.ts';
import { logRefusal, refuse } from '../refusal.ts';
import { keepRenewing } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { Gathering, Grant, Renewing } from '../state.ts';
import { addedSignatureChecks, asValue, noteTolerance, placeChecks } from '../transcript.ts';
import { versionWith } from '../versions.ts';
import { composeRenewal, type RenewalWish } from './renewal.ts';
import { leaveForNow, setRenewingTimer } from './renewing.ts';

// --- asking --------------------------------------------------------------------------------------

/** Row 9: the window has opened. */
export function renewalDue(scope: Scope, peer: string): void {
  const grant = grantOf(scope.state, peer, 'outbound', scope.context.now);
  if (!grant || scope.state.renewing.has(peer)) return;
  const isScheduled = scope.context.now >= scheduledFrom(grant);
  const reason = isScheduled ? 'scheduled' : 'early';
  askForRenewal(scope, peer, { reason, level: grant.level, changes: [] });
}

/** False: there is nothing that could be renewed, or a renewal is under way. */
export function askForRenewal(scope: Scope, peer: string, wish: RenewalWish): boolean {
  const { state, context, link } = scope;
  const grant = grantOf(state, peer, 'outbound', context.now);
  if (!grant?.certificate.renewable || state.renewing.has(peer)) return false;
  const phase = phaseOf(state, grant, 'outbound', context.now);
  if (phase === 'revoked' || phase === 'revoking' || phase === 'expired') return false;
  const renewal = composeRenewal(scope, peer, grant, wish);
  const run: Renewing = {
    peer,
    renewal,
    phase: 'sent',
    transcript: [asValue(renewal)],
    attempts: 1,
    published: null,
    gathering: null,
    acknowledgment: null,
  };
  state.renewing.set(peer, run);
  keepRenewing(scope, peer, run);
  setRenewingTimer(scope, run, seconds(limits.renewalRetrySeconds));
  link.post(peer, renewal, context);
  return true;
}

// --- challenge (L-R11) ---------------------------------------------------------------------------

/** Whether something names a renewal of ours that is under way. */
export function isOfOurRenewal(scope: Scope, peer: string, requestId: string | undefined): boolean {
  const run = scope.state.renewing.get(peer);
  return run !== undefined && run.renewal.renewal_id === requestId;
}

export function receiveRenewalChallenge(
  scope: Scope,
  challenge: TrustChallenge,
  origin: TrustOrigin,
): void {
  const { state, context } = scope;
  const run = state.renewing.get(origin.peer);
  const held = grantOf(state, origin.peer, 'outbound', context.now);
  const isOutstanding = run?.phase === 'sent' && run.gathering === null && held !== null;
  if (!context.must('T-CHAL-09', isOutstanding) || !run || !held) {
    return ignore(scope, origin, challenge.request_id, 'T-CHAL-09');
  }
  const version = versionWith(state, origin.peer);
  const key = peerKeyOf(state, origin);
  const wish = { level: held.level, method: held.method, mutual: false, onDemand: false };
  const broken = firstBroken(context.must, [
    ...addedSignatureChecks(scope, challenge, key, version),
    ...placeChecks(scope, challenge, run.transcript, version),
    ...challengeChecks(scope, challenge, origin, { wish }),
  ]);
  acceptDelivery(scope, origin);
  if (broken) return fail(scope, run, broken);
  noteTolerance(scope, origin.peer, challenge);
  respond(scope, run, challenge);
}

/** Published before the response leaves, so that the issuer finds it (choices.md, NORC-T). */
function respond(scope: Scope, run: Renewing, challenge: TrustChallenge): void {
  const task = taskOf(challenge, 'domain_ownership');
  if (task) {
    run.published = { name: task.txt_record_name, value: task.expected_value };
    scope.context.emit({ type: 'publish-txt', ...run.published });
    keepRenewing(scope, run.peer, run);
  }
  const stem = `trust/renewing-own/${run.peer}/${run.renewal.renewal_id}`;
  run.gathering = askedFor(scope, stem, challenge);
  if (run.gathering.answers.outstanding.length === 0) respondWith(scope, run, run.gathering);
}

/** An answer of an issuer of ours that this renewal was waiting for (T-CHAL-08). */
export function renewingAnswerFetched(
  scope: Scope,
  peer: string,
  fetch: string,
  outcome: FetchOutcome,
): void {
  const run = scope.state.renewing.get(peer);
  const now = gathered(scope, run?.gathering ?? null, fetch, outcome);
  if (!run || !now) return;
  run.gathering = now;
  if (now.answers.outstanding.length === 0) respondWith(scope, run, now);
}

function respondWith(scope: Scope, run: Renewing, { challenge, answers }: Gathering): void {
  run.gathering = null;
  run.transcript = [...run.transcript, asValue(challenge)];
  const shown = showCertificate(scope, answers);
  const response = composeResponse(scope, challenge, run.transcript, shown);
  run.transcript = [...run.transcript, asValue(response)];
  run.phase = 'responded';
  keepRenewing(scope, run.peer, run);
  setRenewingTimer(scope, run, seconds(challenge.deadline) - scope.context.now);
  scope.link.post(run.peer, response, scope.context);
}

// --- decision (rows 2 and 3) ---------------------------------------------------------------------

export function receiveRenewalDecision(
  scope: Scope,
  decision: TrustDecision,
  origin: TrustOrigin,
): void {
  const { state, context, link } = scope;
  const { must } = context;
  const run = state.renewing.get(origin.peer);
  if (!run) return;
  if (isRepeat(scope, run, decision)) {
    acceptDelivery(scope, origin);
    if (run.acknowledgment) link.post(run.peer, run.acknowledgment, context);
    return;
  }
  const key = peerKeyOf(state, origin);
  const forged = firstBroken(must, decisionSignatureCheck(scope, decision, origin, key));
  if (forged || key === null) {
    return refuse(scope, origin, forged ?? unawaited, decision.request_id);
  }
  const held = grantOf(state, run.peer, 'outbound', context.now);
  if (!must('T-DEC-10', isAwaited(scope, decision, run, held)) || !held) {
    return ignore(scope, origin, decision.request_id, 'T-DEC-10');
  }
  const version = versionWith(state, run.peer);
  const misplaced = firstBroken(must, placeChecks(scope, decision, run.transcript, version));
  acceptDelivery(scope, origin);
  if (misplaced) return fail(scope, run, misplaced);
  noteTolerance(scope, run.peer, decision);
  run.transcript = [...run.transcript, asValue(decision)];
  if (decision.decision === 'reject') return leaveForNow(scope, run, 'the issuer says no');
  const outcome = judgeGrant(scope, decision, askedBy(run, held), key);
  if (!outcome.ok) return decline(scope, run, outcome.refusal);
  take(scope, run, held, { decision, certificate: outcome.certificate, key });
}

const unawaited: Refusal = {
  requirement: 'T-DEC-10',
  code: errorCode.trust.unknownExchange,
  detail: 'a decision that nobody waits for',
};

function isRepeat(scope: Scope, run: Renewing, decision: TrustDecision): boolean {
  const { crypto } = scope.context;
  const known = run.transcript.at(-1);
  if (run.phase !== 'acknowledged' || known === undefined) return false;
  return crypto.hash(known) === crypto.hash(asValue(decision));
}

/** Row 4: what was revoked meanwhile is not renewed. */
function isAwaited(
  { state, config, context }: Scope,
  decision: TrustDecision,
  run: Renewing,
  held: Grant | null,
): boolean {
  if (!held || run.phase === 'acknowledged') return false;
  const phase = phaseOf(state, held, 'outbound', context.now);
  const isBase = held.certificate.certificate_id === run.renewal.existing_certificate_id;
  const isOurs = decision.target_server === config.serverId;
  return isOurs && isBase && phase !== 'revoked' && phase !== 'revoking';
}

function askedBy({ peer, renewal }: Renewing, { certificate, maxAgeSeconds }: Grant) {
  const { requested_trust_level: level } = renewal;
  const pqFingerprint = statedFingerprint(certificate);
  return { peer, level, maxAgeSeconds, follows: certificate, pqFingerprint };
}

interface Granted {
  readonly decision: TrustDecision;
  readonly certificate: NorcTrustCertificate;
  readonly key: string;
}

/** Row 2. In force from here on; the old one still is, should the acknowledgment get lost. */
function take(
  scope: Scope,
  run: Renewing,
  old: Grant,
  { decision, certificate, key }: Granted,
): void {
  const { peer, renewal } = run;
  const requestId = renewal.renewal_id;
  const parts = { requestId, transcript: run.transcript };
  const acknowledgment = composeAcknowledgment(scope, parts, certificate, null);
  const terms = {
    activeFromSeconds: acknowledgment.effective_date,
    mutual: old.mutual,
    maxAgeSeconds: old.maxAgeSeconds,
    method: old.method,
  };
  const mapped = permittedBy(decision.federation_permissions);
  const fresh = createGrant(certificate, mapped, terms, decision.trust_conditions);
  const grant = { ...succeeding(fresh, old), settled: false };
  if (!succeed(scope, peer, { direction: 'outbound', grant, peerKey: key })) {
    const detail = 'the successor was not stored';
    const code = errorCode.trust.certificate;
    return decline(scope, run, { requirement: 'T-CERT-10', code, detail });
  }
  run.phase = 'acknowledged';
  run.acknowledgment = acknowledgment;
  keepRenewing(scope, peer, run);
  setRenewingTimer(scope, run, seconds(limits.trustAcknowledgmentSeconds));
  scope.link.post(peer, acknowledgment, scope.context);
  refreshStanding(scope, peer);
}

/** Authentic, but not what can be accepted: the issuer takes its certificate back. */
function decline(scope: Scope, run: Renewing, refusal: Refusal): void {
  const { peer, renewal, transcript } = run;
  denied(scope, peer, refusal);
  logRefusal(scope, peer, refusal);
  const refused = composeRefusal(scope, { requestId: renewal.renewal_id, transcript });
  leaveForNow(scope, run, refusal.detail);
  scope.link.post(peer, refused, scope.context);
}

function fail(scope: Scope, run: Renewing, refusal: Refusal): void {
  logRefusal(scope, run.peer, refusal);
  denied(scope, run.peer, refusal);
  leaveForNow(scope, run, refusal.detail);
}

function ignore(
  scope: Scope,
  origin: TrustOrigin,
  requestId: string,
  requirement: 'T-CHAL-09' | 'T-DEC-10',
): void {
  const isDecision = requirement === 'T-DEC-10';
  const code = isDecision ? errorCode.trust.unknownExchange : errorCode.trust.unexpected;
  const detail = 'an answer to a renewal that nobody waits for';
  refuse(scope, origin, { requirement, code, detail }, requestId);
}

function acceptDelivery(scope: Scope, { exchange }: TrustOrigin): void {
  if (exchange !== null) scope.link.answer(exchange, 204, null, scope.context);
}
