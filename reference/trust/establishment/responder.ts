/**
 * The responder of an establishment as far as the evidence (machine trust-responder, rows 1 to 5):
 * answers capabilities, sets the challenge and takes in the answers. What follows from them is in
 * verdict.ts.
 */

import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { GovPkiTrustRequest } from '../../../spec/messages/trust/gov-pki-trust-request.ts';
import type { TrustCapabilities } from '../../../spec/messages/trust/trust-capabilities.ts';
import type { TrustRequest } from '../../../spec/messages/trust/trust-request.ts';
import type { TrustResponse } from '../../../spec/messages/trust/trust-response.ts';
import type { TrustOrigin } from '../../ports.ts';
import { seconds } from '../../time.ts';
import { denied, write } from '../audit.ts';
import { isEnding } from '../certificate/relationship.ts';
import { type Check, check, firstBroken, type Refusal } from '../check.ts';
import { fingerprintOf } from '../evidence/post-quantum.ts';
import { rememberRequest, seenAs, tooFast, waitBeforeRequest } from '../pace.ts';
import { logRefusal, refuse } from '../refusal.ts';
import { keepJudged } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { Introduction } from '../state.ts';
import { asValue, noteTolerance, placeChecks } from '../transcript.ts';
import { composeCapabilities, judgeCapabilities } from './capabilities.ts';
import { composeChallenge } from './challenge.ts';
import { answerHeld, extensionChecks, hold, isExtended, isHeld } from './extension.ts';
import { chainChecks, identityChecks, meetsRequirements, wishChecks } from './request.ts';
import { beginResponder } from './responder-run.ts';
import { answerChecks, receiptChecks } from './response.ts';
import { validate } from './validation.ts';
import { fail, reject, rejected } from './verdict.ts';

/** Capabilities that were answered and not used are forgotten after this. [P] */
const INTRODUCTION_SECONDS = limits.trustAcknowledgmentSeconds;
const MOST_INTRODUCTIONS = 1024;

export interface Rival {
  /** Ours is the request that survives a crossing (L-T27). */
  readonly survives: boolean;
  abandon(): void;
}

// --- capabilities (row 1) ------------------------------------------------------------------------

export function receiveCapabilities(
  scope: Scope,
  theirs: TrustCapabilities,
  origin: TrustOrigin,
): void {
  const outcome = judgeCapabilities(scope, theirs, origin, []);
  if (!outcome.ok) return refuse(scope, origin, outcome.refusal);
  noteTolerance(scope, origin.peer, theirs);
  const own = composeCapabilities(scope, [asValue(theirs)]);
  introduce(scope, origin.peer, {
    transcript: [asValue(theirs), asValue(own)],
    version: outcome.version,
    peerMaxAgeSeconds: theirs.trust_policies.max_trust_age,
    at: scope.context.now,
  });
  if (origin.exchange !== null) scope.link.answer(origin.exchange, 200, own, scope.context);
}

function introduce({ state }: Scope, peer: string, introduction: Introduction): void {
  state.introductions.delete(peer);
  state.introductions.set(peer, introduction);
  if (state.introductions.size <= MOST_INTRODUCTIONS) return;
  const [oldest] = state.introductions.keys();
  if (oldest !== undefined) state.introductions.delete(oldest);
}

// --- request (rows 2 to 4) -----------------------------------------------------------------------

export function receiveRequest(
  scope: Scope,
  request: TrustRequest,
  origin: TrustOrigin,
  rival: Rival | null,
): void {
  const { must } = scope.context;
  const wait = waitBeforeRequest(scope, origin.peer);
  if (!must('T-REQ-12', wait === 0)) return refuseForPace(scope, request, origin, wait);
  const unknown = firstBroken(must, identityChecks(scope, request, origin));
  if (unknown) return refuse(scope, origin, unknown, request.request_id);

  const seen = seenAs(scope, request);
  if (
    !must('T-REQ-05', seen === undefined || seen === scope.context.crypto.hash(asValue(request)))
  ) {
    const code = errorCode.trust.conflictingDuplicate;
    const detail = 'the same id with other content';
    return refuse(scope, origin, { requirement: 'T-REQ-05', code, detail }, request.request_id);
  }
  if (seen !== undefined) return repeatAnswer(scope, request, origin);

  const introduction = introductionOf(scope, origin.peer);
  const broken = firstBroken(must, requestChecks(scope, request, origin, introduction, rival));
  if (broken) return refuse(scope, origin, broken, request.request_id);
  noteTolerance(scope, origin.peer, request);
  rival?.abandon();
  const known = introduction ?? withoutIntroduction(scope);
  if (isExtended(request)) return hold(scope, request, origin, known);
  admit(scope, { request, introduction: known, government: null }, origin);
}

function refuseForPace(
  scope: Scope,
  request: TrustRequest,
  origin: TrustOrigin,
  waitSeconds: number,
): void {
  const code = errorCode.federation.messageRate;
  const refusal: Refusal = { requirement: 'T-REQ-12', code, detail: 'asks too often' };
  logRefusal(scope, origin.peer, refusal);
  denied(scope, origin.peer, refusal);
  if (origin.exchange === null) return;
  scope.link.answer(origin.exchange, 429, tooFast(scope, request, waitSeconds), scope.context);
}

/** Row 4: the stored challenge again. What is no longer open is unknown. */
function repeatAnswer(scope: Scope, request: TrustRequest, origin: TrustOrigin): void {
  if (isHeld(scope, origin.peer, request.request_id)) return answerHeld(scope, origin);
  const run = scope.state.judged.get(origin.peer);
  const isOpen = run?.phase === 'challenge_sent' && run.request.request_id === request.request_id;
  if (scope.context.must('X-ERR-07', isOpen) && run) {
    run.pqFingerprint = fingerprintOf(scope, origin);
    keepJudged(scope, origin.peer, run);
    if (origin.exchange === null) return;
    return scope.link.answer(origin.exchange, 200, run.challenge, scope.context);
  }
  const code = errorCode.trust.unknownExchange;
  const detail = 'a request that is over';
  refuse(scope, origin, { requirement: 'X-ERR-07', code, detail }, request.request_id);
}

function introductionOf({ state, context }: Scope, peer: string): Introduction | undefined {
  const introduction = state.introductions.get(peer);
  const isFresh = introduction && context.now < introduction.at + seconds(INTRODUCTION_SECONDS);
  return isFresh ? introduction : undefined;
}

/** What a build goes on with that asks for no capabilities. */
function withoutIntroduction({ config, context }: Scope): Introduction {
  const peerMaxAgeSeconds = config.policy.trust.maxTrustAgeSeconds;
  return { transcript: [], version: '1.0', peerMaxAgeSeconds, at: context.now };
}

function requestChecks(
  scope: Scope,
  request: TrustRequest,
  origin: TrustOrigin,
  introduction: Introduction | undefined,
  rival: Rival | null,
): readonly Check[] {
  const { unexpected, renewalDenied } = errorCode.trust;
  const { transcript, version } = introduction ?? withoutIntroduction(scope);
  const pending = scope.state.judged.get(origin.peer);
  const isPending = pending !== undefined && pending.phase !== 'ended';
  const isCrossed = rival?.survives === true;
  return [
    check('T-CAP-01', unexpected, 'no capabilities before', () => introduction !== undefined),
    ...placeChecks(scope, request, transcript, version),
    check(
      'T-REQ-11',
      unexpected,
      isCrossed ? 'our own request goes first' : 'another request is pending',
      () => !isCrossed && !isPending,
      isCrossed ? 'crossed' : 'pending',
    ),
    check(
      'T-REQ-12',
      errorCode.trust.trustError,
      'too many exchanges are open',
      () => {
        return scope.state.judged.size < limits.openValidations;
      },
      'busy',
    ),
    check('T-REV-08', renewalDenied, 'a revocation is under way', () => {
      return !isEnding(scope.state, origin.peer, scope.context.now);
    }),
    ...wishChecks(scope, request, origin),
    ...extensionChecks(request, transcript),
    ...chainChecks(scope, request),
  ];
}

/** A request with all that belongs to it. */
interface Admitted {
  readonly request: TrustRequest;
  readonly introduction: Introduction;
  readonly government: GovPkiTrustRequest | null;
}

export function admit(
  scope: Scope,
  { request, introduction, government }: Admitted,
  origin: TrustOrigin,
): void {
  const { state, context, config } = scope;
  const { peer } = origin;
  const extended = government === null ? [] : [asValue(government)];
  const transcript = [...introduction.transcript, asValue(request), ...extended];
  state.introductions.delete(peer);
  rememberRequest(scope, peer, request);
  const event = { event: 'trust_request', action: 'asked for trust', risk: 'low' } as const;
  write(scope, peer, { ...event, result: 'pending' }, { request_id: request.request_id });
  if (!context.must('T-REQ-10', meetsRequirements(request))) {
    const refusal = rejected('T-REQ-10', 'asks for what we cannot give');
    return reject(
      scope,
      origin,
      refusal,
      { requestId: request.request_id, scoreTenths: 0 },
      transcript,
    );
  }
  const challenge = composeChallenge(scope, request, transcript);
  const policy = config.policy.trust;
  beginResponder(scope, {
    peer,
    version: introduction.version,
    request,
    challenge,
    // T-REQ-10, L-T11: either side can make it mutual.
    mutual: policy.mutual || request.trust_requirements.mutual,
    government,
    maxAgeSeconds: Math.min(policy.maxTrustAgeSeconds, introduction.peerMaxAgeSeconds),
    transcript: [...transcript, asValue(challenge)],
    renewal: null,
    pqFingerprint: fingerprintOf(scope, origin),
  });
  if (origin.exchange !== null) scope.link.answer(origin.exchange, 200, challenge, context);
}

// --- response and validation (rows 5 to 7) -------------------------------------------------------

export function receiveResponse(scope: Scope, response: TrustResponse, origin: TrustOrigin): void {
  const { must } = scope.context;
  const run = scope.state.judged.get(origin.peer);
  if (!run) {
    must('T-CHAL-07', false);
    const code = errorCode.trust.unknownExchange;
    const detail = 'no challenge is open';
    return refuse(scope, origin, { requirement: 'T-CHAL-07', code, detail }, response.request_id);
  }
  const early = firstBroken(must, [
    ...receiptChecks(scope, response, run),
    ...placeChecks(scope, response, run.transcript, run.version),
  ]);
  if (early) return refuse(scope, origin, early, response.request_id);
  noteTolerance(scope, origin.peer, response);

  // The challenge is used up from here on (T-CHAL-07).
  run.phase = 'validating';
  run.response = response;
  run.transcript = [...run.transcript, asValue(response)];
  run.exchange = origin.exchange;
  const broken = firstBroken(must, answerChecks(scope, response, run));
  if (broken) return fail(scope, run, broken);
  validate(scope, run);
}
