/**
 * How this layer refuses (L-X03, L-X04, X-ERR-01 to X-ERR-05): the peer sees a code and a generic
 * text of the registry, the local log sees the requirement. An error that ends a connection is
 * followed by the close at once (Part 2.1 row 16).
 */
import { type ErrorCode, errorByCode } from '../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { ErrorMessage } from '../../../spec/messages/common/error.ts';
import type { Context } from '../../core.ts';
import type { JsonObject } from '../../crypto/crypto.ts';
import { toSeconds } from '../../time.ts';
import { closeConnection } from './closing.ts';
import type { Connection, Server } from './state.ts';

export interface Refusal {
  readonly requirement: RequirementId;
  /** Null where the profile wants silence (L-E17). */
  readonly code: ErrorCode | null;
  /** For the local log only (X-ERR-03). */
  readonly detail: string;
  readonly reason?: Reason;
  /** Further members of `details`. */
  readonly details?: JsonObject;
  readonly retryAfterSeconds?: number | null;
}

/** Values of `details.reason` (spec/choices.md). */
export type Reason =
  | 'no_compatible_version'
  | 'no_common_suite'
  | 'pq_required'
  | 'invalid_key'
  | 'negotiation_mismatch'
  | 'unexpected_message'
  | 'malformed'
  | 'not_supported'
  | 'stale'
  | 'conflict'
  | 'stale_devices';

/** WebSocket close codes (spec/choices.md). */
export const closeCode = {
  goingAway: 1001,
  protocol: 1002,
  policy: 1008,
  tooLarge: 1009,
} as const;
export type CloseCode = (typeof closeCode)[keyof typeof closeCode];

/** Says what is wrong, or nothing; the connection lives. */
export function refuseMessage(connection: Connection, refusal: Refusal, context: Context): void {
  log(connection, refusal, context);
  if (refusal.code === null) return;
  const message = errorMessage(refusal, refusal.code, context);
  context.emit({ type: 'send', connection: connection.id, message });
}

/** Says what is wrong and ends the connection. */
export function abort(
  server: Server,
  connection: Connection,
  refusal: Refusal,
  code: CloseCode,
  context: Context,
): void {
  refuseMessage(connection, refusal, context);
  closeConnection(server, connection, { code, reason: refusal.reason ?? 'refused' }, context);
}

function errorMessage(refusal: Refusal, code: ErrorCode, { now }: Context): ErrorMessage {
  const { category, message } = errorByCode[code];
  const { reason, retryAfterSeconds } = refusal;
  const details = { ...(reason && { reason }), ...refusal.details };
  return {
    type: 'error',
    error_code: code,
    error_category: category,
    message,
    timestamp: toSeconds(now),
    ...(typeof retryAfterSeconds === 'number' && { retry_after: retryAfterSeconds }),
    ...(Object.keys(details).length > 0 && { details }),
  };
}

function log(connection: Connection, refusal: Refusal, context: Context): void {
  const { requirement, code, detail } = refusal;
  context.emit({
    type: 'log',
    entry: { event: 'refused', requirement, code, detail, peer: connection.id },
  });
}
