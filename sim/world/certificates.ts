/**
 * Certificates of a simulated federation: the facts that X.509 would say, as canonical JSON, signed
 * by the issuer with the same Ed25519 as everything else. What the cores judge is all there, nothing
 * of ASN.1 is; real certificates are judged by the conformance suite. Nothing here depends on a
 * provider's clock or serial numbers, so every run has the same.
 */
import type { Crypto, JsonObject, SigningKey } from '../../reference/crypto/crypto.ts';
import type { Primitives } from '../../reference/crypto/primitives.ts';
import type { CertificateDer, CertificateFacts, X509 } from '../../reference/crypto/x509.ts';
import { bytesOf, encodeBase64url } from '../../reference/wire/base64url.ts';
import { canonicalBytes } from '../../reference/wire/canonical.ts';
import { limits } from '../../spec/limits.ts';
import type { Json } from '../../spec/schema.ts';

export interface IssueRequest {
  readonly subject: string;
  readonly key: string;
  readonly serial: number;
  readonly validSeconds: { readonly from: number; readonly to: number };
  readonly isAuthority?: boolean;
}

interface Issuer {
  readonly name: string;
  readonly key: SigningKey;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function issueCertificate(
  crypto: Crypto,
  issuer: Issuer,
  { subject, key, serial, validSeconds, isAuthority = false }: IssueRequest,
): CertificateDer {
  const facts = {
    subject,
    issuer: issuer.name,
    serialNumber: serial.toString(16).padStart(16, '0'),
    dnsNames: isAuthority ? [] : [subject],
    notBeforeSeconds: validSeconds.from,
    notAfterSeconds: validSeconds.to,
    key: { algorithm: 'ed25519', sizeBits: 256, raw: key },
    keyUsage: isAuthority ? ['keyCertSign'] : ['digitalSignature', 'keyAgreement'],
    isAuthority,
    policyOids: [],
    ocspUrls: [],
    crlUrls: [],
    unknownCritical: [],
  };
  const signature = crypto.sign(issuer.key, facts);
  return encodeBase64url(canonicalBytes({ facts, signature }));
}

interface Signed {
  readonly facts: JsonObject;
  readonly signature: string;
}

/** For all servers of one world: what one has read, others need not read again. */
export function createSimulatedX509(crypto: Crypto, { sha256 }: Primitives): X509 {
  const known = new Map<CertificateDer, CertificateFacts | undefined>();
  const issued = new Map<string, boolean>();
  const read = (der: CertificateDer): CertificateFacts | undefined => {
    if (!known.has(der)) known.set(der, factsOf(der, encodeBase64url(sha256(encoder.encode(der)))));
    return known.get(der);
  };
  return {
    ...noEvidence,
    read,
    isIssuedBy(der, issuer) {
      const pair = `${der} ${issuer}`;
      const before = issued.get(pair);
      if (before !== undefined) return before;
      const holds = isIssuedBy(crypto, der, { facts: read(issuer), subject: read(der) });
      issued.set(pair, holds);
      return holds;
    },
    verifyByLeaf(der, value, signature) {
      const key = read(der)?.key.raw ?? null;
      return key !== null && crypto.verify(key, value, signature);
    },
    sha256,
  };
}

function isIssuedBy(
  crypto: Crypto,
  der: CertificateDer,
  parties: { facts: CertificateFacts | undefined; subject: CertificateFacts | undefined },
): boolean {
  const { facts: issuer, subject } = parties;
  const signed = signedOf(der);
  if (!issuer?.isAuthority || !subject || !signed) return false;
  if (subject.issuer !== issuer.subject || issuer.key.raw === null) return false;
  return crypto.verify(issuer.key.raw, signed.facts, signed.signature);
}

function factsOf(der: CertificateDer, fingerprint: string): CertificateFacts | undefined {
  const signed = signedOf(der);
  if (!signed) return undefined;
  const absent = { extendedKeyUsage: null, pathLength: null, nameConstraints: null };
  return { ...absent, ...(signed.facts as unknown as CertificateFacts), fingerprint };
}

function signedOf(der: CertificateDer): Signed | undefined {
  try {
    const value = JSON.parse(decoder.decode(bytesOf(der))) as Json;
    return isSigned(value) ? value : undefined;
  } catch {
    // What a rogue shows as its certificate may be anything.
    return undefined;
  }
}

function isSigned(value: unknown): value is Signed {
  const { facts, signature } = (value ?? {}) as Partial<Signed>;
  return typeof facts === 'object' && facts !== null && typeof signature === 'string';
}

/** No responder, no list and no log: servers that ask for such evidence find none. */
const noEvidence: Omit<X509, 'read' | 'isIssuedBy' | 'verifyByLeaf' | 'sha256'> = {
  ocspRequest: () => undefined,
  readOcsp: () => undefined,
  readCrl: () => undefined,
  embeddedTimestamps: () => [],
  logEntry: () => undefined,
  verifyLog: () => false,
};

/** In force for so long around the start of a run. */
export const CERTIFICATE_SECONDS = limits.trustAgeSeconds;
