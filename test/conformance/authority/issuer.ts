/** Authorities of the suite: roots, what stands between them and a leaf, and who answers for them. */
import 'reflect-metadata';
import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { IssuerOptions } from '../actors/peer.ts';
import { explicit, sequence, tlv } from './der.ts';
import type { Signer } from './revocation.ts';

type CryptoKeyPair = webcrypto.CryptoKeyPair;

export interface Issuer {
  readonly certificate: x509.X509Certificate;
  readonly keys: CryptoKeyPair;
  readonly algorithm: Algorithm;
  /** From this authority upwards, without the root. */
  readonly chain: readonly x509.X509Certificate[];
}

export const dayMs = 86_400_000;
const ed25519 = { name: 'Ed25519' };
const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = (modulusLength: number) => ({
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength,
  publicExponent: Uint8Array.of(1, 0, 1),
});
const algorithms = {
  ed25519,
  ecdsa_p256: p256,
  rsa_2048: rsa(2048),
  rsa_3072: rsa(3072),
} as const;
type Algorithm = (typeof algorithms)[keyof typeof algorithms];

/** RFC 5280 4.2.1.4: whatever policy a leaf asserts, its authority allows it. */
const ANY_POLICY = '2.5.29.32.0';
const NAME_CONSTRAINTS = '2.5.29.30';
const encoder = new TextEncoder();

async function generate(algorithm: Algorithm): Promise<CryptoKeyPair> {
  const uses: webcrypto.KeyUsage[] = ['sign', 'verify'];
  return (await webcrypto.subtle.generateKey(algorithm, true, uses)) as CryptoKeyPair;
}

export async function createRoot(name: string): Promise<Issuer> {
  const keys = await generate(p256);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 400 * dayMs),
    keys,
    signingAlgorithm: p256,
    extensions: authorityExtensions(),
  });
  return { certificate, keys, algorithm: p256, chain: [] };
}

/** An ECDSA P-256 root with its PKCS#8 key. */
export async function importRoot(root: {
  certificatePem: string;
  keyPem: string;
}): Promise<Issuer> {
  const der = createPrivateKey(root.keyPem).export({ type: 'pkcs8', format: 'der' });
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, p256, true, ['sign']);
  const certificate = new x509.X509Certificate(root.certificatePem);
  const publicKey = (await certificate.publicKey.export()) as webcrypto.CryptoKey;
  return { certificate, keys: { privateKey, publicKey }, algorithm: p256, chain: [] };
}

/** `pages`: where it answers for what it issues, and its own issuer for itself. */
export async function createIntermediate(
  above: Issuer,
  pages: string | null,
  options: IssuerOptions = {},
): Promise<Issuer> {
  const algorithm = algorithms[options.key ?? 'ecdsa_p256'];
  const keys = await generate(algorithm);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=NORC conformance intermediate',
    issuer: above.certificate.subject,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 300 * dayMs),
    publicKey: keys.publicKey,
    signingKey: above.keys.privateKey,
    signingAlgorithm: above.algorithm,
    extensions: [
      ...(options.isNoAuthority ? [] : authorityExtensions(options.pathLength ?? 0)),
      new x509.CertificatePolicyExtension([ANY_POLICY]),
      ...nameConstraints(options),
      ...(options.answersBy === 'list' ? listPointer(pages, 'intermediate') : pointers(pages)),
    ],
  });
  return { certificate, keys, algorithm, chain: [certificate, ...above.chain] };
}

/** One who may answer for an issuer's certificates, or has another purpose. */
export async function createResponder(
  issuer: Issuer,
  { purpose, notAfterMs }: { readonly purpose: string; readonly notAfterMs: number },
): Promise<Signer> {
  const keys = await generate(p256);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=NORC conformance responder',
    issuer: issuer.certificate.subject,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(notAfterMs),
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: issuer.algorithm,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([purpose]),
    ],
  });
  return { der: new Uint8Array(certificate.rawData), key: KeyObject.from(keys.privateKey) };
}

export function signerOf({ certificate, keys }: Issuer): Signer {
  return { der: new Uint8Array(certificate.rawData), key: KeyObject.from(keys.privateKey) };
}

function authorityExtensions(pathLength?: number): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}

/** RFC 5280 4.2.1.10, for DNS names. */
function nameConstraints({ permitted, excluded }: IssuerOptions): x509.Extension[] {
  if (!permitted && !excluded) return [];
  const subtree = (name: string) => sequence(tlv(0x82, encoder.encode(name)));
  const value = sequence(
    ...(permitted ? [explicit(0, ...permitted.map(subtree))] : []),
    ...(excluded ? [explicit(1, ...excluded.map(subtree))] : []),
  );
  return [new x509.Extension(NAME_CONSTRAINTS, true, value)];
}

/** Where the issuer answers for a certificate. */
export function pointers(pages: string | null): x509.Extension[] {
  if (pages === null) return [];
  return [
    new x509.AuthorityInfoAccessExtension({ ocsp: `${pages}/ocsp` }),
    new x509.CRLDistributionPointsExtension([`${pages}/list.crl`]),
  ];
}

/** Where the issuer's list is; there is nobody to ask by OCSP. */
export function listPointer(pages: string | null, of: 'leaf' | 'intermediate'): x509.Extension[] {
  return pages === null ? [] : [new x509.CRLDistributionPointsExtension([`${pages}/${of}.crl`])];
}

export function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  return `01${Buffer.from(bytes).toString('hex')}`;
}
