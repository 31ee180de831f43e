/** Certificates that say what they are: enough for the rules of a link, without ASN.1. */

import type { PublicKey } from '../../../reference/crypto/crypto.ts';
import type { CertificateDer, CertificateFacts, X509 } from '../../../reference/crypto/x509.ts';
import { bytesOf, encodeBase64url } from '../../../reference/wire/base64url.ts';
import { noEvidence } from '../crypto/no-evidence.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const START_SECONDS = 1_734_900_000;

export function certificate(facts: Partial<CertificateFacts>): CertificateDer {
  const whole: CertificateFacts = {
    subject: 'leaf',
    issuer: 'root',
    dnsNames: [],
    notBeforeSeconds: START_SECONDS - 1000,
    notAfterSeconds: START_SECONDS + 365 * 86_400,
    key: { algorithm: 'ed25519', sizeBits: 256, raw: null },
    keyUsage: ['digitalSignature', 'keyAgreement'],
    extendedKeyUsage: null,
    isAuthority: false,
    pathLength: null,
    policyOids: [],
    serialNumber: '1',
    nameConstraints: null,
    ocspUrls: [],
    crlUrls: [],
    unknownCritical: [],
    fingerprint: JSON.stringify(facts),
    ...facts,
  };
  return encodeBase64url(encoder.encode(JSON.stringify(whole)));
}

export function leafFor(
  serverId: string,
  key: PublicKey,
  facts: Partial<CertificateFacts> = {},
): CertificateDer {
  return certificate({
    subject: serverId,
    dnsNames: [serverId],
    key: { algorithm: 'ed25519', sizeBits: 256, raw: key },
    ...facts,
  });
}

export const root = certificate({ subject: 'root', isAuthority: true, keyUsage: ['keyCertSign'] });
export const otherRoot = certificate({ subject: 'other', issuer: 'other', isAuthority: true });

function read(der: CertificateDer): CertificateFacts | undefined {
  try {
    return JSON.parse(decoder.decode(bytesOf(der))) as CertificateFacts;
  } catch {
    return undefined;
  }
}

export const fakeX509: X509 = {
  ...noEvidence,
  read,
  isIssuedBy(der, issuer) {
    const [below, above] = [read(der), read(issuer)];
    return below?.issuer === above?.subject && above?.isAuthority === true;
  },
  verifyByLeaf: () => false,
};
