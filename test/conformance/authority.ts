/**
 * The suite's own certificate authority: a root and an intermediate per run, and chains below them
 * for subjects and peers, with whatever fault a case asks for.
 */
import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { encodeBase64url } from '../../reference/wire/base64url.ts';
import type { CertificateOptions } from './actors/peer.ts';
import type { TlsIdentity } from './ground.ts';

export interface IssuedIdentity extends TlsIdentity {
  /** 32-byte seed of an Ed25519 leaf key: `crypto.signingKey(seed)` is the same key. Else null. */
  readonly signingKeySeed: Uint8Array | null;
  /** base64url DER of the root that the chain ends below; null when the leaf is its own. */
  readonly rootDer: string | null;
}

export interface Authority {
  readonly rootPem: string;
  /** base64url DER. */
  readonly rootDer: string;
  /**
   * `federation`: root → intermediate → Ed25519 leaf with the server key. `client-port`: a P-256
   * leaf that browsers accept, also for localhost.
   */
  issue(request: {
    serverId: string;
    role: 'federation' | 'client-port';
    options?: CertificateOptions;
  }): Promise<IssuedIdentity>;
}

const dayMs = 86_400_000;
const ed25519 = { name: 'Ed25519' };
const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** `root`: one that a running subject accepts already, as PEM; without it a fresh one. */
export async function createAuthority(
  options: { root?: { certificatePem: string; keyPem: string } } = {},
): Promise<Authority> {
  const root = options.root
    ? await importRoot(options.root)
    : await createRoot('NORC conformance root');
  const stranger = await createRoot('A root that nobody knows');
  const intermediate = await createIntermediate(root);
  const foreign = await createIntermediate(stranger);
  return {
    rootPem: root.certificate.toString('pem'),
    rootDer: derOf(root),
    async issue({ serverId, role, options = {} }) {
      const [above, issuer] = options.unknownRoot ? [stranger, foreign] : [root, intermediate];
      const identity = await issueLeaf(issuer, serverId, role, options);
      return { ...identity, rootDer: options.selfSigned ? null : derOf(above) };
    },
  };
}

const derOf = ({ certificate }: Issuer): string =>
  encodeBase64url(new Uint8Array(certificate.rawData));

type CryptoKeyPair = webcrypto.CryptoKeyPair;

interface Issuer {
  readonly certificate: x509.X509Certificate;
  readonly keys: CryptoKeyPair;
}

async function generate(algorithm: typeof ed25519 | typeof p256): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
}

async function createRoot(name: string): Promise<Issuer> {
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
  return { certificate, keys };
}

/** An ECDSA P-256 root with its PKCS#8 key. */
async function importRoot(root: { certificatePem: string; keyPem: string }): Promise<Issuer> {
  const der = createPrivateKey(root.keyPem).export({ type: 'pkcs8', format: 'der' });
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, p256, true, ['sign']);
  const certificate = new x509.X509Certificate(root.certificatePem);
  const publicKey = (await certificate.publicKey.export()) as webcrypto.CryptoKey;
  return { certificate, keys: { privateKey, publicKey } };
}

async function createIntermediate(root: Issuer): Promise<Issuer> {
  const keys = await generate(p256);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=NORC conformance intermediate',
    issuer: root.certificate.subject,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 300 * dayMs),
    publicKey: keys.publicKey,
    signingKey: root.keys.privateKey,
    signingAlgorithm: p256,
    extensions: authorityExtensions(0),
  });
  return { certificate, keys };
}

function authorityExtensions(pathLength?: number): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}

async function issueLeaf(
  issuer: Issuer,
  serverId: string,
  role: 'federation' | 'client-port',
  options: CertificateOptions,
): Promise<Omit<IssuedIdentity, 'rootDer'>> {
  const algorithm = options.key === 'ecdsa_p256' || role === 'client-port' ? p256 : ed25519;
  const keys = await generate(algorithm);
  const common = {
    serialNumber: serialNumber(),
    notBefore: new Date(options.notBeforeMs ?? Date.now() - dayMs / 24),
    notAfter: new Date(options.notAfterMs ?? Date.now() + 60 * dayMs),
    extensions: leafExtensions(serverId, role, options),
  };
  const leaf = options.selfSigned
    ? await x509.X509CertificateGenerator.createSelfSigned({
        ...common,
        name: `CN=${serverId}`,
        keys,
        signingAlgorithm: algorithm,
      })
    : await x509.X509CertificateGenerator.create({
        ...common,
        subject: `CN=${serverId}`,
        issuer: issuer.certificate.subject,
        publicKey: keys.publicKey,
        signingKey: issuer.keys.privateKey,
        signingAlgorithm: p256,
      });
  const path = options.selfSigned ? [leaf] : [leaf, issuer.certificate];
  const pkcs8 = new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return {
    certificatesPem: path.map((certificate) => certificate.toString('pem')).join('\n'),
    keyPem: pem('PRIVATE KEY', pkcs8),
    chain: path.map((certificate) => encodeBase64url(new Uint8Array(certificate.rawData))),
    // RFC 8410: the last 32 bytes of an Ed25519 PKCS#8 key are its seed.
    signingKeySeed: algorithm === ed25519 ? pkcs8.slice(-32) : null,
  };
}

function leafExtensions(
  serverId: string,
  role: 'federation' | 'client-port',
  options: CertificateOptions,
): x509.Extension[] {
  const dnsNames =
    options.dnsNames ?? (role === 'federation' ? [serverId] : [serverId, 'localhost']);
  const names: x509.JsonGeneralNames = dnsNames.map((value) => ({ type: 'dns', value }));
  if (role === 'client-port') names.push({ type: 'ip', value: '127.0.0.1' });
  const usages = options.keyUsage ?? ['digitalSignature', 'keyAgreement'];
  const flags = usages.reduce(
    (all, usage) => all | x509.KeyUsageFlags[usage as keyof typeof x509.KeyUsageFlags],
    0,
  );
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(flags, true),
    new x509.ExtendedKeyUsageExtension([
      ...(options.extendedKeyUsage ?? [
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
    ]),
    new x509.SubjectAlternativeNameExtension(names),
  ];
}

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  return `01${Buffer.from(bytes).toString('hex')}`;
}
