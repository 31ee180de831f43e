import { defineMessage, type MessageOf } from '../../message.ts';
import { integer, list, oneOf, seconds, serverId, signature } from '../../schema.ts';
import { controlStates } from '../federation/enumerations.ts';
import { signatureAlgorithms } from './enumerations.ts';
import { revokedCertificate } from './revoked-certificate.ts';
import { extension } from './shared-records.ts';

/** Entries of one list. [P] At 200 bytes each they fill about 13 MiB of a body's 16. */
const listedCertificates = 65_536;

/**
 * T11. The issuer's list of revoked certificates, fetched with GET /norc-t/crl (L-R08), or shown by
 * another server that has fetched it, so that two lists of one number are found out (choices.md).
 */
export const norcCrl = defineMessage({
  type: 'norc_crl',
  row: 'T11',
  layer: 'trust',
  code: 0xaf,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: controlStates,
  signed: { member: 'signature', by: 'issuer_server' },
  shape: 'T-CRL-01',
  source: ['T 5.2'],
  readings: ['L-R02', 'L-R08', 'L-W02'],
  summary: 'Lists every certificate that the issuer has revoked and that has not expired.',
  fields: {
    issuer_server: serverId(),
    this_update: seconds(),
    next_update: seconds(),
    revoked_certificates: list(revokedCertificate.schema, { max: listedCertificates }),
    crl_extensions: list(extension(), { max: 32 }),
    signature_algorithm: oneOf(signatureAlgorithms, 'X-SIG-06'),
    signature: signature(),
  },
  added: {
    crl_number: integer(),
  },
});
export type NorcCrl = MessageOf<typeof norcCrl>;
