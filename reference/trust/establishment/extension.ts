/**
 * T14: what a government PKI asks beside the request (T 7.1, T-GOV-01, L-T25). A request by
 * government_pki is answered 202 without a body and held; its extension, under the same id, is
 * what the challenge answers.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { GovPkiTrustRequest } from '../../../spec/messages/trust/gov-pki-trust-request.ts';
import type { TrustCapabilities } from '../../../spec/messages/trust/trust-capabilities.ts';
import type { TrustRequest } from '../../../spec/messages/trust/trust-request.ts';
import type { JsonObject } from '../../crypto/crypto.ts';
import { isNearSeconds } from '../../guard/freshness.ts';
import type { TrustOrigin } from '../../ports.ts';
import { seconds, toSeconds } from '../../time.ts';
import { type Check, check, firstBroken } from '../check.ts';
import { hierarchyChecks, ownStatement } from '../evidence/government.ts';
import { rememberRequest } from '../pace.ts';
import { refuse } from '../refusal.ts';
import { keepAsked } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { HeldRequest, Introduction, RequesterRun } from '../state.ts';
import { asValue, isHardened, isSignedBy, placeChecks, sealed } from '../transcript.ts';
import { readRequestChain } from './request.ts';
import { failRequester } from './requester-run.ts';

const METHOD = 'government_pki';
/** Requests that wait for their extension, of all peers. [P] */
const MOST_HELD = 1024;
const HELD_SECONDS = limits.trustStepSeconds;

// --- responder -----------------------------------------------------------------------------------

/** T-GOV-01: both capabilities have shown the method, not ours alone. */
export function extensionChecks(
  request: TrustRequest,
  earlier: readonly JsonObject[],
): readonly Check[] {
  const theirs = earlier[0] as unknown as TrustCapabilities | undefined;
  return [
    check('T-GOV-01', errorCode.trust.method, 'the peer has not shown government_pki', () => {
      const shown = theirs?.supported_methods ?? [];
      return request.trust_method !== METHOD || shown.includes(METHOD);
    }),
  ];
}

export function isExtended({ trust_method: method }: TrustRequest): boolean {
  return method === METHOD;
}

export function hold(
  scope: Scope,
  request: TrustRequest,
  origin: TrustOrigin,
  introduction: Introduction,
): void {
  const { held, introductions } = scope.state;
  introductions.delete(origin.peer);
  held.delete(origin.peer);
  held.set(origin.peer, { request, introduction, at: scope.context.now });
  const [oldest] = held.keys();
  if (held.size > MOST_HELD && oldest !== undefined) held.delete(oldest);
  rememberRequest(scope, origin.peer, request);
  answerHeld(scope, origin);
}

export function answerHeld({ link, context }: Scope, { exchange }: TrustOrigin): void {
  if (exchange !== null) link.answer(exchange, 202, null, context);
}

export function isHeld(scope: Scope, peer: string, requestId: string): boolean {
  return heldOf(scope, peer)?.request.request_id === requestId;
}

function heldOf({ state, context }: Scope, peer: string): HeldRequest | undefined {
  const held = state.held.get(peer);
  return held && context.now < held.at + seconds(HELD_SECONDS) ? held : undefined;
}

/** `admit`: what becomes of a request that is complete. */
export function receiveExtension(
  scope: Scope,
  extension: GovPkiTrustRequest,
  origin: TrustOrigin,
  admit: (held: HeldRequest) => void,
): void {
  if (repeatChallenge(scope, extension, origin)) return;
  const held = heldOf(scope, origin.peer);
  const isNamed = extension.request_id === undefined || isHeldAs(held, extension.request_id);
  const { unknownExchange: code } = errorCode.trust;
  if (!scope.context.must('T-GOV-01', held !== undefined && isNamed) || held === undefined) {
    const detail = 'it extends no request that waits for it';
    const refusal = { requirement: 'T-GOV-01', code, detail } as const;
    return refuse(scope, origin, refusal, extension.request_id ?? null);
  }
  scope.state.held.delete(origin.peer);
  const broken = firstBroken(scope.context.must, receiptChecks(scope, extension, origin, held));
  if (broken) return refuse(scope, origin, broken, held.request.request_id);
  admit(held);
}

/** As with requests (T-REQ-05): the same words again get the same challenge. */
function repeatChallenge(
  { state, link, context }: Scope,
  extension: GovPkiTrustRequest,
  { peer, exchange }: TrustOrigin,
): boolean {
  const run = state.judged.get(peer);
  if (run?.phase !== 'challenge_sent' || run.government === null) return false;
  const { crypto } = context;
  if (crypto.hash(asValue(run.government)) !== crypto.hash(asValue(extension))) return false;
  if (exchange !== null) link.answer(exchange, 200, run.challenge, context);
  return true;
}

const isHeldAs = (held: HeldRequest | undefined, id: string) => held?.request.request_id === id;

function receiptChecks(
  scope: Scope,
  extension: GovPkiTrustRequest,
  origin: TrustOrigin,
  { request, introduction }: HeldRequest,
): readonly Check[] {
  const { trustError, badSignature, expired } = errorCode.trust;
  const { transcript, version } = introduction;
  return [
    check('T-REQ-04', trustError, 'not from the TLS peer to us', () => {
      const { requesting_server: from, target_server: to } = extension;
      return from === origin.peer && to === scope.config.serverId;
    }),
    check('T-GOV-01', badSignature, 'not signed', () => {
      return extension.signature !== undefined || !isHardened(version);
    }),
    check('T-GOV-01', badSignature, 'not signed with the key of the request', () => {
      const isUnsigned = extension.signature === undefined;
      return isUnsigned || isSignedBy(scope, request.server_public_key, extension, 'signature');
    }),
    ...placeChecks(scope, extension, [...transcript, asValue(request)], version),
    check('T-REQ-06', expired, 'the timestamp is off by more than 60 s', () => {
      const { timestamp } = extension;
      const { now } = scope.context;
      const isMissing = timestamp === undefined && !isHardened(version);
      return isMissing || isNearSeconds(now, timestamp ?? 0, limits.federationSkewSeconds);
    }),
    ...hierarchyChecks(scope, extension, readRequestChain(scope, request)),
  ];
}

// --- requester -----------------------------------------------------------------------------------

/** The peer has taken our request and says nothing more: it waits for the extension. */
export function sendExtension(scope: Scope, run: RequesterRun): void {
  const known = run.transcript.find(({ type }) => type === 'gov_pki_trust_request');
  if (known)
    return scope.link.post(run.peer, known as unknown as GovPkiTrustRequest, scope.context);
  const own = scope.config.policy.trust.credentials.government;
  if (own === null) {
    const detail = 'we have nothing to say to a government PKI';
    const code = errorCode.trust.method;
    return failRequester(scope, run, { requirement: 'T-GOV-01', code, detail });
  }
  const body = {
    type: 'gov_pki_trust_request' as const,
    request_id: run.requestId,
    requesting_server: scope.config.serverId,
    target_server: run.peer,
    ...ownStatement(scope, own),
    timestamp: toSeconds(scope.context.now),
  };
  const extension = sealed(scope, body, 'signature', run.transcript);
  run.transcript = [...run.transcript, asValue(extension)];
  keepAsked(scope, run.peer, run);
  scope.link.post(run.peer, extension, scope.context);
}

/** A request of ours was taken without a word. */
export function requestTaken(scope: Scope, peer: string, requestId: string): void {
  const run = scope.state.asked.get(peer);
  const isWaiting = run?.phase === 'requested' && run.requestId === requestId;
  if (run && isWaiting && run.wish.method === METHOD) sendExtension(scope, run);
}
