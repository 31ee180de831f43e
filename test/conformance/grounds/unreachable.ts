/**
 * Which errors of a connection say that there is no subject to judge: nothing listens, or it shows
 * a certificate that our side was not told to accept. Every other error may be the subject's
 * verdict on us.
 */
import { SubjectUnreachable } from '../ground.ts';

const NETWORK: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
]);

/** What OpenSSL and Node call a server certificate that does not hold. */
const CERTIFICATE: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export function unreachableBecause(error: Error): SubjectUnreachable | null {
  const code = 'code' in error ? String(error.code) : '';
  if (NETWORK.has(code)) return new SubjectUnreachable(`cannot connect: ${error.message}`, '');
  if (!CERTIFICATE.has(code)) return null;
  return new SubjectUnreachable(
    `its TLS certificate is not certified by the authority given: ${error.message}`,
    '',
  );
}
