/**
 * X.509 on paper: a certificate is its facts and the name of its signer, as base64url of JSON. It
 * says exactly what a test wants it to say, at once; real certificates are judged in
 * test/unit/crypto.
 */
import type { CertificateDer, CertificateFacts, X509 } from '../../../reference/crypto/x509.ts';
import { bytesOf, encodeBase64url } from '../../../reference/wire/base64url.ts';
import { noEvidence } from '../crypto/no-evidence.ts';

export interface Paper extends CertificateFacts {
  /** Subject of the certificate that signed it. */
  readonly signer: string;
  /** Signatures that its key has made, as verifyByLeaf is to find them. */
  readonly vouchesFor?: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function paper(
  about: Partial<Paper> & { readonly subject: string; readonly signer: string },
): CertificateDer {
  const facts: Paper = {
    issuer: about.signer,
    dnsNames: [],
    notBeforeSeconds: 0,
    notAfterSeconds: 4_000_000_000,
    key: { algorithm: 'ed25519', sizeBits: 256, raw: null },
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: null,
    isAuthority: false,
    pathLength: null,
    policyOids: [],
    serialNumber: '1',
    nameConstraints: null,
    ocspUrls: [],
    crlUrls: [],
    unknownCritical: [],
    fingerprint: about.subject,
    ...about,
  };
  return encodeBase64url(encoder.encode(JSON.stringify(facts)));
}

export function paperAuthority(subject: string, signer = subject): CertificateDer {
  return paper({ subject, signer, isAuthority: true, keyUsage: ['keyCertSign'] });
}

export function createPaperX509(): X509 {
  return {
    ...noEvidence,
    read,
    isIssuedBy(der, issuer) {
      const [child, parent] = [read(der), read(issuer)];
      return child !== undefined && parent !== undefined && child.signer === parent.subject;
    },
    verifyByLeaf: (der, value, signature) => {
      const vouched = read(der)?.vouchesFor;
      return vouched === value.server_public_key && signature === 'bm90LWEtc2lnbmF0dXJl';
    },
  };
}

function read(der: CertificateDer): Paper | undefined {
  try {
    return JSON.parse(decoder.decode(bytesOf(der))) as Paper;
  } catch {
    return undefined;
  }
}
