/**
 * The master's federation_hello (M 4.2), which counts at 1.0 only (L-V10), as the federation_handshake
 * that it means (X-AMC-11). It carries no keys, so a session comes of it only where the operator allows
 * one without (L-H01), and it asks for nothing, because it has no words for that.
 */
import type { Context } from '../core.ts';
import type { JsonObject } from '../crypto/crypto.ts';
import { isObject } from '../wire/json.ts';

/** Anything else is left as it is. What was received is what is proven and what the transcript holds. */
export function translatedHello(serverId: string, body: JsonObject, { must }: Context): JsonObject {
  if (must('X-AMC-11', body.type !== 'federation_hello')) return body;
  const { server_id, protocol_versions: versions, capabilities } = body;
  if (versions === undefined || !isObject(versions)) return body;
  return {
    type: 'federation_handshake',
    requesting_server: server_id ?? null,
    target_server: serverId,
    protocol_version: '1.0',
    supported_versions: versions.norc_f ?? null,
    norc_t_versions: versions.norc_t ?? null,
    capabilities: capabilities ?? null,
    compatibility_requirements: {
      min_trust_level: 'untrusted',
      required_features: [],
      optional_features: [],
    },
  };
}
