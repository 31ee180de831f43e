/** What both directions of a link have in common: capabilities, transcript, refusals. */
import type { Crypto, Hash } from '../../../reference/crypto/crypto.ts';
import { toSeconds } from '../../../reference/time.ts';
import { without } from '../../../reference/wire/canonical.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import {
  type ErrorCode,
  errorByCode,
  capabilities as registry,
} from '../../../spec/emitted/registries.ts';
import type { FederationError } from '../../../spec/messages/federation/federation-error.ts';
import type { ActorEnvironment } from './environment.ts';

/** All that a server can have (L-X06); the KEM only together with the suite that uses it. */
export function serverCapabilities(suites: readonly string[]): readonly string[] {
  return Object.values(registry)
    .filter(({ layers }) => (layers as readonly string[]).includes('federation'))
    .map(({ capability }) => capability)
    .filter((name) => suites.includes('0101') || name !== 'pq_kem.mlkem768.fips');
}

/** L-H03: the answer enters without its own hash and signature. */
export function linkTranscript(crypto: Crypto, request: JsonObject, response: JsonObject): Hash {
  const answered = without(without(response, 'transcript_hash'), 'signature');
  return crypto.transcript('norc-f-handshake-v1', [request, answered]);
}

/** HTTP status of a refusal (choices.md); the body is what counts. */
const statusByCategory: Readonly<Record<string, number>> = {
  trust: 403,
  crypto: 401,
  routing: 404,
  rate_limit: 429,
};

export interface Refusal {
  readonly status: number;
  readonly message: FederationError;
}

export function refusal(
  { subject }: ActorEnvironment,
  code: ErrorCode,
  requestId?: string,
): Refusal {
  const { category, message } = errorByCode[code];
  return {
    status: statusByCategory[category] ?? 400,
    message: {
      type: 'federation_error',
      error_code: code,
      error_category: category,
      message,
      timestamp: toSeconds(subject.now()),
      ...(requestId !== undefined && { request_id: requestId }),
    },
  };
}
