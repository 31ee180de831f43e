/** Errors that a peer answers with or posts. An error is never answered by an error (X-ERR-05). */
import { errorCode } from '../../spec/emitted/registries.ts';
import type { FederationError } from '../../spec/messages/federation/federation-error.ts';
import type { RateLimitExceeded } from '../../spec/messages/federation/rate-limit-exceeded.ts';
import type { TrustOrigin } from '../ports.ts';
import { check, firstBroken } from './check.ts';
import { refusedBy } from './establishment/requester-run.ts';
import { brokenOff } from './establishment/responder-life.ts';
import { inquiryRefused } from './inquiry.ts';
import { peerKeyOf } from './peer-key.ts';
import { logRefusal } from './refusal.ts';
import { renewalRefused } from './renewal/renewing.ts';
import type { Scope } from './scope.ts';
import type { RequesterRun } from './state.ts';
import { isSignedBy } from './transcript.ts';

/**
 * Ends the exchange that it names. Without a request id it means the one that it answers a message
 * of. Inside mutual TLS it is the peer's word even unsigned (L-T08), and all it does is end
 * what is not yet trust; a signature that is there must verify.
 */
export function receiveError(scope: Scope, error: FederationError, origin: TrustOrigin): void {
  acknowledge(scope, origin);
  const key = peerKeyOf(scope.state, origin);
  const forged = firstBroken(scope.context.must, [
    check('X-SIG-02', errorCode.trust.badSignature, 'the signature of an error', () => {
      return error.signature === undefined || isSignedBy(scope, key, error, 'signature');
    }),
  ]);
  if (forged) return logRefusal(scope, origin.peer, forged);
  const { request_id: id, error_code: code, retry_after: wait = 0 } = error;
  if (id !== undefined && renewalEnded(scope, origin.peer, id, code)) return;
  if (id !== undefined && brokenOff(scope, origin.peer, id, code)) return;
  if (origin.exchange === null && inquiryRefused(scope, origin.peer, error)) return;
  endAsked(scope, origin, id, code, wait);
}

/** We asked too often (X-RATE-06): not again before the time that the peer names. */
export function receiveRateLimit(
  scope: Scope,
  message: RateLimitExceeded,
  origin: TrustOrigin,
): void {
  acknowledge(scope, origin);
  const { request_id: id, error_code: code = 5401, retry_after: wait } = message;
  if (id !== undefined && renewalEnded(scope, origin.peer, id, code)) return;
  endAsked(scope, origin, id, code, wait);
}

/** True when the error was about a renewal of ours. */
function renewalEnded(scope: Scope, peer: string, id: string, code: number): boolean {
  const run = scope.state.renewing.get(peer);
  if (run?.renewal.renewal_id !== id) return false;
  renewalRefused(scope, run, code);
  return true;
}

function endAsked(
  scope: Scope,
  origin: TrustOrigin,
  requestId: string | undefined,
  code: number,
  waitSeconds: number,
): void {
  const run = scope.state.asked.get(origin.peer);
  if (!run) return;
  const isNamed = requestId !== undefined && requestId === run.requestId;
  // Capabilities have no id that an error could name. An error that answers something else, such as
  // a list that we passed on, says nothing about the run: trust that stands is not its to end.
  const isUnnamed = requestId === undefined || run.phase === 'capabilities';
  const isAnswer = origin.answers !== null && awaited[run.phase].includes(origin.answers);
  if (isNamed || (isUnnamed && isAnswer)) refusedBy(scope, run, code, waitSeconds);
}

/** What we have sent last, and an error without a request id can be about. */
const awaited: { readonly [phase in RequesterRun['phase']]: readonly string[] } = {
  idle: [],
  capabilities: ['trust_capabilities'],
  requested: ['trust_request', 'gov_pki_trust_request'],
  responded: ['trust_response'],
  established: ['trust_acknowledgment'],
};

function acknowledge(scope: Scope, { exchange }: TrustOrigin): void {
  if (exchange !== null) scope.link.answer(exchange, 204, null, scope.context);
}
