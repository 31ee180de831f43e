/**
 * The facts of a parsed certificate (T 4.2, L-T06). Structure and extensions are read by
 * @peculiar/x509; the key by OpenSSL, which will also be the one to use it. Belongs to node-x509.
 */
import { createHash, type KeyObject } from 'node:crypto';
import {
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  ExtendedKeyUsageExtension,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
} from '@peculiar/x509';
import type { PublicKey } from './crypto.ts';
import type { CertificateFacts } from './x509.ts';

/** Extensions whose meaning is in the facts or does not restrict (RFC 5280 4.2). */
const UNDERSTOOD = new Set([
  '2.5.29.14', // subject key identifier
  '2.5.29.15', // key usage
  '2.5.29.17', // subject alternative name
  '2.5.29.19', // basic constraints
  '2.5.29.31', // CRL distribution points
  '2.5.29.32', // certificate policies
  '2.5.29.35', // authority key identifier
  '2.5.29.37', // extended key usage
]);

/** By bit, as RFC 5280 4.2.1.3 names them. */
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

export function factsOf(certificate: X509Certificate, key: KeyObject): CertificateFacts {
  const basic = certificate.getExtension(BasicConstraintsExtension);
  const usage = certificate.getExtension(KeyUsagesExtension);
  const extended = certificate.getExtension(ExtendedKeyUsageExtension);
  return {
    subject: certificate.subject,
    issuer: certificate.issuer,
    dnsNames: dnsNamesOf(certificate),
    notBeforeSeconds: Math.floor(certificate.notBefore.getTime() / 1000),
    notAfterSeconds: Math.floor(certificate.notAfter.getTime() / 1000),
    key: keyFacts(key),
    keyUsage: usage && KEY_USAGES.filter((_, bit) => (usage.usages & (1 << bit)) !== 0),
    extendedKeyUsage: extended?.usages.map(String) ?? null,
    isAuthority: basic?.ca ?? false,
    pathLength: basic?.pathLength ?? null,
    policyOids: certificate.getExtension(CertificatePolicyExtension)?.policies ?? [],
    unknownCritical: certificate.extensions
      .filter(({ critical, type }) => critical && !UNDERSTOOD.has(type))
      .map(({ type }) => type),
    fingerprint: createHash('sha256')
      .update(new Uint8Array(certificate.rawData))
      .digest('base64url'),
  };
}

function dnsNamesOf(certificate: X509Certificate): string[] {
  const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  return names.filter(({ type }) => type === 'dns').map(({ value }) => value.toLowerCase());
}

function keyFacts(key: KeyObject): CertificateFacts['key'] {
  const details = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return { algorithm: 'ed25519', sizeBits: 256, raw: rawEd25519(key) };
    case 'ec': {
      const isP256 = details.namedCurve === 'prime256v1';
      return { algorithm: isP256 ? 'ecdsa_p256' : 'other', sizeBits: isP256 ? 256 : 0, raw: null };
    }
    case 'rsa':
    case 'rsa-pss': {
      // With an exponent of 1 every number is its own signature.
      const isSound = (details.publicExponent ?? 0n) >= 3n;
      const sizeBits = details.modulusLength ?? 0;
      return { algorithm: isSound ? 'rsa' : 'other', sizeBits, raw: null };
    }
    default:
      return { algorithm: 'other', sizeBits: 0, raw: null };
  }
}

/** The point of an Ed25519 key (RFC 8037). */
export const rawEd25519 = (key: KeyObject): PublicKey => key.export({ format: 'jwk' }).x ?? '';
