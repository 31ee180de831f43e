/**
 * How a trust message is refused: checks in a fixed order, each naming the requirement it enforces and
 * the code that the peer is told (L-T09). The first that fails decides (T-PIPE-01).
 */
import { type ErrorCode, errorByCode, errorCode } from '../../spec/emitted/registries.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { FederationError } from '../../spec/messages/federation/federation-error.ts';
import type { Must } from '../assert.ts';
import type { TrustOrigin } from '../ports.ts';
import { toSeconds } from '../time.ts';
import { denied } from './audit.ts';
import type { Scope } from './scope.ts';
import { signed } from './transcript.ts';

export interface Refusal {
  readonly requirement: RequirementId;
  readonly code: ErrorCode;
  /** For the local log; a peer never sees it (X-ERR-03). */
  readonly detail: string;
  /** `details.reason`, where a code has several causes. */
  readonly reason?: string;
}

export interface Check extends Refusal {
  /** Evaluated only when all checks before it have held. */
  readonly holds: () => unknown;
}

export function check(
  requirement: RequirementId,
  code: ErrorCode,
  detail: string,
  holds: () => unknown,
  reason?: string,
): Check {
  return { requirement, code, detail, holds, ...(reason !== undefined && { reason }) };
}

/** Null when all hold. */
export function firstBroken(must: Must, checks: readonly Check[]): Refusal | null {
  for (const { holds, ...refusal } of checks) {
    if (!must(refusal.requirement, holds())) return refusal;
  }
  return null;
}

/**
 * Logs, audits and, where the message was a request, answers. An answer of the peer's that we refuse
 * is not answered again (X-ERR-05).
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
