import { defineRecord } from '../../message.ts';
import { list, seconds, type TypeOf, text, uuid } from '../../schema.ts';
import { extension } from './shared-records.ts';

/** T11. An entry of norc_crl. An unknown reason still revokes (L-R02). */
export const revokedCertificate = defineRecord({
  type: 'revoked_certificate',
  row: 'T11',
  layer: 'trust',
  shape: 'T-CRL-01',
  source: ['T 5.2'],
  readings: ['L-R02'],
  summary: 'Names one revoked certificate, when and why.',
  fields: {
    certificate_id: uuid(),
    revocation_date: seconds(),
    revocation_reason: text(64),
    extensions: list(extension(), { max: 8 }),
  },
});
export type RevokedCertificate = TypeOf<typeof revokedCertificate.schema>;
