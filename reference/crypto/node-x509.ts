/**
 * X.509 for the cores: @peculiar/x509 reads certificates, OpenSSL judges signatures. Whatever
 * cannot be read, in either's eyes, is no certificate; nothing here throws on a peer's bytes.
 */
import 'reflect-metadata'; // @peculiar/x509 finds its parsers through it, so it comes first
import { type KeyObject, X509Certificate as OpenSslCertificate, verify } from 'node:crypto';
import { X509Certificate } from '@peculiar/x509';
import { base64urlFault, bytesOf } from '../wire/base64url.ts';
import { canonicalBytes } from '../wire/canonical.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { attempted, hashOf, octets } from './node-asn1.ts';
import { factsOf, rawEd25519 } from './node-certificate.ts';
import { readCrl } from './node-crl.ts';
import { ocspRequest, readOcsp } from './node-ocsp.ts';
import { embeddedTimestamps, logEntry, logKeyOf, verifyLog } from './node-transparency.ts';
import { createStrictEd25519, type StrictEd25519 } from './strict-ed25519.ts';
import type { CertificateDer, CertificateFacts, X509 } from './x509.ts';
import type { X509Evidence } from './x509-evidence.ts';

/** Certificates kept parsed: some kilobytes each. */
const REMEMBERED = 512;

interface Parsed {
  readonly facts: CertificateFacts;
  readonly openSsl: OpenSslCertificate;
  readonly key: KeyObject;
  /** Whether the signature is of a kind that still means something. */
  readonly hasSoundSignature: boolean;
}

interface NamedAlgorithm {
  readonly name?: string;
  readonly hash?: { readonly name?: string };
}

export function createNodeX509(): X509 {
  const parsed = createBoundedCache<Parsed | undefined>(REMEMBERED);
  const issued = createBoundedCache<boolean>(REMEMBERED);
  const strict = createStrictEd25519();
  const parsedOf = (der: CertificateDer) => parsed.get(der, () => parse(der));
  const reading: Pick<X509, 'read' | 'isIssuedBy'> = {
    read: (der) => parsedOf(der)?.facts,
    isIssuedBy: (der, issuer) =>
      issued.get(`${der} ${issuer}`, () => isIssuedBy(parsedOf(der), parsedOf(issuer))),
  };
  return {
    ...reading,
    ...evidenceFor(reading),
    verifyByLeaf: (der, value, signature) => {
      const leaf = parsedOf(der);
      if (!leaf || base64urlFault(signature) !== null) return false;
      return verifyWith(leaf, canonicalBytes(value), bytesOf(signature), strict);
    },
  };
}

/** Whatever is not readable is not there. What a certificate promises is read once. */
function evidenceFor(reading: Pick<X509, 'read' | 'isIssuedBy'>): X509Evidence {
  const timestamps = createBoundedCache<readonly Uint8Array[]>(REMEMBERED);
  const entries = createBoundedCache<Uint8Array | undefined>(REMEMBERED);
  const logKeys = createBoundedCache<KeyObject | undefined>(REMEMBERED);
  return {
    ocspRequest: (der, issuer) => attempted(() => ocspRequest(der, issuer), undefined),
    readOcsp: (response, der, issuer) =>
      attempted(() => readOcsp(octets(response), der, issuer, reading), undefined),
    readCrl: (list, issuer) => attempted(() => readCrl(octets(list), issuer), undefined),
    embeddedTimestamps: (der) =>
      timestamps.get(der, () => attempted(() => embeddedTimestamps(der), [])),
    logEntry: (der, issuer, kind) =>
      entries.get(`${kind} ${der} ${issuer}`, () =>
        attempted(() => logEntry(der, issuer, kind), undefined),
      ),
    verifyLog: (logKey, message, signature) => {
      const key = logKeys.get(logKey, () => attempted(() => logKeyOf(logKey), undefined));
      return key !== undefined && verifyLog(key, message, signature);
    },
    sha256: (...parts) => hashOf('sha256', ...parts),
  };
}

function parse(der: CertificateDer): Parsed | undefined {
  if (base64urlFault(der) !== null) return undefined;
  const bytes = bytesOf(der);
  try {
    const openSsl = new OpenSslCertificate(bytes);
    // A certificate with something behind it would have a second fingerprint.
    if (openSsl.raw.length !== bytes.length) return undefined;
    const certificate = new X509Certificate(bytes);
    if (hasRepeatedExtension(certificate)) return undefined;
    const key = openSsl.publicKey;
    const hasSoundSignature = isSoundAlgorithm(certificate);
    return { facts: factsOf(certificate, key), openSsl, key, hasSoundSignature };
  } catch {
    return undefined;
  }
}

/** RFC 5280 4.2: readers would otherwise disagree about which of the two holds. */
function hasRepeatedExtension({ extensions }: X509Certificate): boolean {
  return new Set(extensions.map(({ type }) => type)).size !== extensions.length;
}

/** MD5 and SHA-1 admit a second certificate with the same signature. */
function isSoundAlgorithm(certificate: X509Certificate): boolean {
  // The library types this through the DOM's Algorithm, which a program without a DOM lacks.
  const algorithm: NamedAlgorithm = certificate.signatureAlgorithm;
  if (algorithm.name === 'Ed25519') return true;
  return ['SHA-256', 'SHA-384', 'SHA-512'].includes(algorithm.hash?.name ?? '');
}

function isIssuedBy(subject: Parsed | undefined, issuer: Parsed | undefined): boolean {
  if (!subject || !issuer) return false;
  const { isAuthority, keyUsage } = issuer.facts;
  if (!isAuthority || !(keyUsage?.includes('keyCertSign') ?? true)) return false;
  if (!subject.hasSoundSignature || issuer.facts.key.algorithm === 'other') return false;
  // OpenSSL throws where a key and a signature do not even fit together.
  return attempted(
    () => subject.openSsl.checkIssued(issuer.openSsl) && subject.openSsl.verify(issuer.key),
    false,
  );
}

/** L-T06, L-T07: Ed25519 as everywhere; P-256 as raw r ‖ s over SHA-256. RSA signs no messages. */
function verifyWith(
  { facts, key }: Parsed,
  message: Uint8Array,
  signature: Uint8Array,
  strict: StrictEd25519,
): boolean {
  switch (facts.key.algorithm) {
    case 'ed25519':
      return (
        strict.isKey(bytesOf(rawEd25519(key))) &&
        strict.isSignature(signature) &&
        attempted(() => verify(null, message, key, signature), false)
      );
    case 'ecdsa_p256':
      return (
        signature.length === 64 &&
        attempted(
          () => verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature),
          false,
        )
      );
    default:
      return false;
  }
}
