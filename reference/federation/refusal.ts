/**
 * How a peer's request is refused: the code it is told (F 11.2, L-X03), the status of the answer
 * (choices.md, NORC-F), and for our own log the requirement that was broken.
 */
import { type ErrorCode, errorByCode, errorCode } from '../../spec/emitted/registries.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { FederationError } from '../../spec/messages/federation/federation-error.ts';
import type { RateLimitExceeded } from '../../spec/messages/federation/rate-limit-exceeded.ts';
import type { Context } from '../core.ts';
import { toSeconds } from '../time.ts';
import type { Fault } from '../wire/result.ts';

export interface Refusal {
  readonly requirement: RequirementId;
  readonly code: ErrorCode;
  /** For the local log. Peers never see it (X-ERR-03). */
  readonly detail: string;
  /** `details.reason`, where a code has several causes. */
  readonly reason?: string;
  /** Present when a limit was met: the answer is rate_limit_exceeded (L-X08). */
  readonly limit?: LimitMet;
  /** The link is cut after the answer (profile 2.2 row 14). */
  readonly endsLink?: true;
}

export interface LimitMet {
  readonly limit_type: string;
  readonly current_rate: number;
  readonly limit: number;
  readonly retry_after: number;
}

export type Judged<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

export function pass<T>(value: T): Judged<T> {
  return { ok: true, value };
}

export function stop<T>(refusal: Refusal): Judged<T> {
  return { ok: false, refusal };
}

/**
 * Null when the requirement holds; else why not, which is put into words only then. The one way in
 * which this room refuses.
 */
export function objection(
  { must }: Context,
  requirement: RequirementId,
  holds: unknown,
  why: () => Omit<Refusal, 'requirement'>,
): Refusal | null {
  return must(requirement, holds) ? null : { requirement, ...why() };
}

/** A fault that a guard of another room has found already. */
export function refusalOf(fault: Fault, code: ErrorCode, reason?: string): Refusal {
  const { requirement, detail, path } = fault;
  const where = path === undefined ? detail : `${detail} at ${path}`;
  return { requirement, code, detail: where, ...(reason !== undefined && { reason }) };
}

/** Stops at the first objection. Later checks may rely on earlier ones only for what to say. */
export function firstObjection<A extends readonly unknown[]>(
  checks: readonly ((...given: A) => Refusal | null)[],
  ...given: A
): Refusal | null {
  for (const check of checks) {
    const refusal = check(...given);
    if (refusal) return refusal;
  }
  return null;
}

/** F19, or F14 where a limit was met. Texts are generic (X-ERR-03); the code's range says the rest. */
export function refusalMessage(
  refusal: Refusal,
  requestId: string | undefined,
  { now }: Context,
): FederationError | RateLimitExceeded {
  // F-ERR-01: the id of the request, where it has one.
  const echo = requestId === undefined ? {} : { request_id: requestId };
  const timestamp = toSeconds(now);
  if (refusal.limit) {
    const error_code = refusal.code;
    return { type: 'rate_limit_exceeded', ...echo, ...refusal.limit, error_code, timestamp };
  }
  const { category, message } = errorByCode[refusal.code];
  return {
    type: 'federation_error',
    ...echo,
    error_code: refusal.code,
    error_category: category,
    message,
    ...(refusal.reason !== undefined && { details: { reason: refusal.reason } }),
    timestamp,
  };
}

const statusByCode: { readonly [code: number]: number } = {
  [errorCode.common.cryptoError]: 401,
  [errorCode.federation.versionMismatch]: 426,
  [errorCode.federation.messageTooLarge]: 413,
  [errorCode.federation.capabilityMissing]: 403,
  [errorCode.trust.badSignature]: 401,
  [errorCode.trust.conflictingDuplicate]: 409,
};

/** The HTTP status beside the code; the body is what counts. */
export function statusOf(code: ErrorCode): number {
  const own = statusByCode[code];
  if (own !== undefined) return own;
  switch (errorByCode[code].category) {
    case 'trust':
      return code < errorCode.trust.trustError ? 403 : 400;
    case 'routing':
      return 404;
    case 'rate_limit':
      return 429;
    default:
      return 400;
  }
}

/** Local diagnostics (X-AUD-02: names and numbers only, never content). */
export function logRefusal(refusal: Refusal, peer: string, context: Context): void {
  const { requirement, code, detail } = refusal;
  context.emit({ type: 'log', entry: { event: 'refused', requirement, code, detail, peer } });
}
