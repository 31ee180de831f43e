/**
 * The facts of a parsed certificate (T 4.2, L-T06). Structure and extensions are read by
 * @peculiar/x509; the key by OpenSSL, which will also be the one to use it. Belongs to node-x509.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  id_ce_nameConstraints,
  NameConstraints as NameConstraintsValue,
} from '@peculiar/asn1-x509';
import {
  AuthorityInfoAccessExtension,
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsageExtension,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
} from '@peculiar/x509';
import type { PublicKey } from './crypto.ts';
import { serialOf } from './node-asn1.ts';
import type { CertificateFacts, NameConstraints } from './x509.ts';

/** Extensions whose meaning is in the facts or does not restrict (RFC 5280 4.2). */
const UNDERSTOOD = new Set([
  '2.5.29.14', // subject key identifier
  '2.5.29.15', // key usage
  '2.5.29.17', // subject alternative name
  '2.5.29.19', // basic constraints
  '2.5.29.30', // name constraints
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
    serialNumber: serialOf(new Uint8Array(Buffer.from(certificate.serialNumber, 'hex')).buffer),
    dnsNames: dnsNamesOf(certificate),
    notBeforeSeconds: Math.floor(certificate.notBefore.getTime() / 1000),
    notAfterSeconds: Math.floor(certificate.notAfter.getTime() / 1000),
    key: keyFacts(key),
    keyUsage: usage && KEY_USAGES.filter((_, bit) => (usage.usages & (1 << bit)) !== 0),
    extendedKeyUsage: extended?.usages.map(String) ?? null,
    isAuthority: basic?.ca ?? false,
    pathLength: basic?.pathLength ?? null,
    policyOids: certificate.getExtension(CertificatePolicyExtension)?.policies ?? [],
    nameConstraints: nameConstraintsOf(certificate),
    ocspUrls: ocspUrlsOf(certificate),
    crlUrls: crlUrlsOf(certificate),
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

/**
 * Only constraints of DNS names are understood; with others the certificate is none that we can
 * judge, which RFC 5280 4.2.1.10 leaves no choice about. Throws then.
 */
function nameConstraintsOf(certificate: X509Certificate): NameConstraints | null {
  const extension = certificate.extensions.find(({ type }) => type === id_ce_nameConstraints);
  if (!extension) return null;
  const { permittedSubtrees, excludedSubtrees } = AsnConvert.parse(
    extension.value,
    NameConstraintsValue,
  );
  const permitted = [...(permittedSubtrees ?? [])].map(({ base }) => nameOf(base.dNSName));
  const excluded = [...(excludedSubtrees ?? [])].map(({ base }) => nameOf(base.dNSName));
  return { permitted: permittedSubtrees ? permitted : null, excluded };
}

function nameOf(name: string | undefined): string {
  if (name === undefined) throw new TypeError('a constraint that is none of DNS names');
  return name.toLowerCase().replace(/^\./, '');
}

function ocspUrlsOf(certificate: X509Certificate): string[] {
  const access = certificate.getExtension(AuthorityInfoAccessExtension)?.ocsp ?? [];
  return access.filter(({ type }) => type === 'url').map(({ value }) => value);
}

function crlUrlsOf(certificate: X509Certificate): string[] {
  const points = certificate.getExtension(CRLDistributionPointsExtension)?.distributionPoints ?? [];
  const names = points.flatMap(({ distributionPoint }) => distributionPoint?.fullName ?? []);
  return names.flatMap(({ uniformResourceIdentifier: url }) => url ?? []);
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
