import { defineMessage, type MessageOf } from '../../message.ts';
import {
  flag,
  list,
  literal,
  oneOf,
  publicKey,
  seconds,
  serverId,
  signature,
  uuid,
} from '../../schema.ts';
import { signatureAlgorithms } from './enumerations.ts';
import { extension, permission, trustLevel } from './shared-records.ts';
import { trustCondition } from './trust-condition.ts';

/**
 * T7. What one server permits another, signed by the issuer. Travels as base64url of its canonical
 * JSON inside decision and acknowledgment (L-T14).
 */
export const norcTrustCertificate = defineMessage({
  type: 'norc_trust_certificate',
  row: 'T7',
  layer: 'trust',
  code: null,
  direction: 'record',
  signed: { member: 'signature', by: 'issuer_server' },
  shape: 'T-CERT-01',
  source: ['T 4.1', 'T 4.2'],
  readings: ['L-T11', 'L-T12', 'L-T14', 'L-T30', 'L-H14'],
  summary: 'Certifies level, permissions and validity of one direction of trust.',
  fields: {
    version: literal(1),
    certificate_id: uuid(),
    issuer_server: serverId(),
    subject_server: serverId(),
    trust_level: trustLevel(),
    permissions: list(permission(), { max: 7, unique: true }),
    not_before: seconds(),
    not_after: seconds(),
    renewable: flag(),
    revocable: flag(),
    conditions: list(trustCondition.schema, { max: 32 }),
    public_key: publicKey(), // the subject's
    key_algorithm: oneOf(signatureAlgorithms, 'X-SIG-06'), // what `public_key` signs with
    extensions: list(extension(), { max: 32 }),
    signature_algorithm: oneOf(signatureAlgorithms, 'X-SIG-06'),
    signature: signature(),
  },
});
export type NorcTrustCertificate = MessageOf<typeof norcTrustCertificate>;
