/** How a trust message is refused: logged, audited and, where it was a request, answered. */
import { type ErrorCode, errorByCode, errorCode } from '../../spec/emitted/registries.ts';
import type { FederationError } from '../../spec/messages/federation/federation-error.ts';
import type { TrustOrigin } from '../ports.ts';
import { toSeconds } from '../time.ts';
import { denied } from './audit.ts';
import type { Refusal } from './check.ts';
import type { Scope } from './scope.ts';
import { signed } from './transcript.ts';

/**
 * Logs, audits and, where the message was a request, answers. An answer of the peer's that we
 * refuse is not answered again (X-ERR-05).
 */
export function refuse(
  scope: Scope,
  origin: TrustOrigin,
  refusal: Refusal,
  requestId: string | null = null,
): void {
  logRefusal(scope, origin.peer, refusal);
  denied(scope, origin.peer, refusal);
  if (origin.exchange === null) return;
  const message = errorMessage(scope, refusal, requestId);
  scope.link.answer(origin.exchange, statusOf(refusal.code), message, scope.context);
}

export function logRefusal(scope: Scope, peer: string, refusal: Refusal): void {
  const { requirement, code, detail } = refusal;
  scope.context.emit({ type: 'log', entry: { event: 'refused', requirement, code, detail, peer } });
}

export function errorMessage(
  scope: Scope,
  refusal: Pick<Refusal, 'code' | 'reason'>,
  requestId: string | null,
): FederationError {
  const { category, message } = errorByCode[refusal.code];
  const error: Omit<FederationError, 'signature'> = {
    type: 'federation_error',
    ...(requestId !== null && { request_id: requestId }),
    error_code: refusal.code,
    error_category: category,
    message,
    ...(refusal.reason !== undefined && { details: { reason: refusal.reason } }),
    timestamp: toSeconds(scope.context.now),
  };
  // It closes the exchange, so the peer must know that it is ours.
  return signed(scope, error, 'signature');
}

const statuses: { readonly [code: number]: number } = {
  [errorCode.trust.malformed]: 400,
  [errorCode.trust.badSignature]: 401,
  [errorCode.trust.unknownExchange]: 404,
  [errorCode.trust.unexpected]: 409,
  [errorCode.trust.conflictingDuplicate]: 409,
  [errorCode.federation.versionMismatch]: 426,
};

/** HTTP status beside the code. The body is what counts. */
export function statusOf(code: ErrorCode): number {
  return statuses[code] ?? 403;
}
