/** A trust certificate as its issuer writes it (L-T14), and the tables that it hangs on (5.4). */
import { type Level, levels } from '../../../spec/emitted/registries.ts';
import { base64url, seededUuid } from './bytes.ts';
import { canonicalBytes, type JsonObject } from './canonical-json.ts';
import { type KeyPair, signed } from './signature.ts';

export const NOW = 1_734_900_000;
export const YEAR = 31_536_000;

export interface Party {
  readonly name: string;
  readonly key: KeyPair;
}

export function certificate(
  issuer: Party,
  subject: Party,
  level: Level,
  changes: JsonObject = {},
): JsonObject {
  const body = {
    type: 'norc_trust_certificate',
    version: 1,
    certificate_id: seededUuid(`certificate of ${subject.name} by ${issuer.name}`),
    issuer_server: issuer.name,
    subject_server: subject.name,
    trust_level: level,
    permissions: [...levels[level].permissions],
    not_before: NOW,
    not_after: NOW + YEAR,
    renewable: true,
    revocable: true,
    conditions: [],
    public_key: base64url(subject.key.public),
    key_algorithm: 'ed25519',
    extensions: [
      {
        id: 'limits',
        critical: false,
        value: {
          max_message_size: levels[level].maxMessageBytes,
          messages_per_second: 500,
          bandwidth_mbps: 50,
        },
      },
    ],
    signature_algorithm: 'ed25519',
    ...changes,
  };
  return signed(issuer.key, body);
}

/** As it travels inside decision and acknowledgment. */
export const travelling = (record: JsonObject): string => base64url(canonicalBytes(record));
