/**
 * Issues certificates: for developers who have none, and for a suite that brings its own. Every
 * member of a certificate that a peer may judge (F-CONN-04) can be chosen, so that wrong ones can
 * be made too.
 */
import 'reflect-metadata'; // @peculiar/x509 finds its parsers through it, so it comes first
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  webcrypto,
} from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { invariant } from '../assert.ts';
import type { CertificateDer } from '../crypto/x509.ts';

export type KeyKind = 'ed25519' | 'ecdsa_p256';

export interface Validity {
  /** Unix milliseconds. Default: an hour ago. */
  readonly notBeforeMs?: number;
  /** Unix milliseconds. Default: 60 days after `notBeforeMs`. */
  readonly notAfterMs?: number;
}

export interface IssueOptions extends Validity {
  /** May be empty: then the certificate names nobody. */
  readonly dnsNames: readonly string[];
  readonly addresses?: readonly string[];
  /** Default: Ed25519, as a server identity must be (choices.md, NORC-F). */
  readonly key?: KeyKind;
  /** 32 bytes: the Ed25519 key that these make. Default: a fresh key. */
  readonly seed?: Uint8Array;
  /** As RFC 5280 names them. Default: digitalSignature. Empty: no extension. */
  readonly keyUsage?: readonly string[];
  /** OIDs, or `serverAuth` and `clientAuth`. Default: both of these. Empty: no extension. */
  readonly extendedKeyUsage?: readonly string[];
}

export interface AuthorityOptions extends Validity {
  readonly name?: string;
  /** Default: P-256, which every TLS client can verify. */
  readonly key?: KeyKind;
}

/** A private key and its chain, as files and TLS stacks want them, and as messages carry them. */
export interface IssuedIdentity {
  /** Leaf first, without the root. */
  readonly certificatesPem: string;
  readonly keyPem: string;
  readonly chain: readonly CertificateDer[];
}

export interface CertificateAuthority {
  readonly certificatePem: string;
  readonly certificate: CertificateDer;
  readonly keyPem: string;
  issue(options: IssueOptions): Promise<IssuedIdentity>;
  /** An authority below this one; it stands in the chains that it issues. */
  intermediate(options?: AuthorityOptions): Promise<CertificateAuthority>;
}

interface Key {
  readonly kind: KeyKind;
  readonly object: KeyObject;
  readonly pair: {
    readonly privateKey: webcrypto.CryptoKey;
    readonly publicKey: webcrypto.CryptoKey;
  };
}
interface Issuer {
  readonly certificate: X509Certificate;
  readonly key: Key;
  /** From this authority upwards, without the root. */
  readonly chain: readonly X509Certificate[];
}

const HOUR_MS = 3_600_000;
const DEFAULT_DAYS = 60;
// RFC 8410: the DER that stands before the 32 raw bytes of a private key.
const ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const ALGORITHMS = {
  ed25519: { key: { name: 'Ed25519' }, signing: { name: 'Ed25519' } },
  ecdsa_p256: {
    key: { name: 'ECDSA', namedCurve: 'P-256' },
    signing: { name: 'ECDSA', hash: 'SHA-256' },
  },
} as const;
const PURPOSES: ReadonlyMap<string, string> = new Map([
  ['serverAuth', ExtendedKeyUsage.serverAuth],
  ['clientAuth', ExtendedKeyUsage.clientAuth],
]);

export async function createAuthority(
  options: AuthorityOptions = {},
): Promise<CertificateAuthority> {
  const key = await makeKey(options.key ?? 'ecdsa_p256');
  const name = `CN=${options.name ?? 'NORC development authority'}`;
  const certificate = await certify({ ...options, name, key }, null, authorityExtensions());
  return authorityOf({ certificate, key, chain: [] });
}

/** A leaf that vouches for itself. */
export async function issueSelfSigned(options: IssueOptions): Promise<IssuedIdentity> {
  const key = await makeKey(options.key ?? 'ed25519', options.seed);
  const subject = { ...options, name: nameOf(options), key };
  return identityOf(key, [await certify(subject, null, leafExtensions(options))]);
}

function authorityOf(issuer: Issuer): CertificateAuthority {
  return {
    certificatePem: `${issuer.certificate.toString('pem')}\n`,
    certificate: derOf(issuer.certificate),
    keyPem: pemOf(issuer.key),
    async issue(options) {
      const key = await makeKey(options.key ?? 'ed25519', options.seed);
      const subject = { ...options, name: nameOf(options), key };
      const leaf = await certify(subject, issuer, leafExtensions(options));
      return identityOf(key, [leaf, ...issuer.chain]);
    },
    async intermediate(options = {}) {
      const key = await makeKey(options.key ?? issuer.key.kind);
      const name = `CN=${options.name ?? 'NORC intermediate authority'}`;
      const certificate = await certify({ ...options, name, key }, issuer, authorityExtensions());
      return authorityOf({ certificate, key, chain: [certificate, ...issuer.chain] });
    },
  };
}

async function certify(
  subject: Validity & { readonly name: string; readonly key: Key },
  issuer: Issuer | null,
  extensions: Extension[],
): Promise<X509Certificate> {
  const notBeforeMs = subject.notBeforeMs ?? Date.now() - HOUR_MS;
  const notAfterMs = subject.notAfterMs ?? notBeforeMs + DEFAULT_DAYS * 24 * HOUR_MS;
  const signer = issuer?.key ?? subject.key;
  return X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: subject.name,
    issuer: issuer?.certificate.subject ?? subject.name,
    notBefore: new Date(notBeforeMs),
    notAfter: new Date(notAfterMs),
    publicKey: subject.key.pair.publicKey,
    signingKey: signer.pair.privateKey,
    signingAlgorithm: ALGORITHMS[signer.kind].signing,
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(subject.key.pair.publicKey),
      await AuthorityKeyIdentifierExtension.create(signer.pair.publicKey),
    ],
  });
}

function authorityExtensions(): Extension[] {
  return [
    new BasicConstraintsExtension(true, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ];
}

function leafExtensions(options: IssueOptions): Extension[] {
  const { dnsNames, addresses = [], keyUsage = ['digitalSignature'] } = options;
  const purposes = options.extendedKeyUsage ?? ['serverAuth', 'clientAuth'];
  const names = [
    ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ];
  invariant(addresses.every(isIP), 'an address is written as an address');
  const extensions: Extension[] = [new BasicConstraintsExtension(false, undefined, true)];
  if (names.length > 0) extensions.push(new SubjectAlternativeNameExtension(names));
  if (keyUsage.length > 0) extensions.push(new KeyUsagesExtension(usageFlags(keyUsage), true));
  if (purposes.length > 0) {
    const oids = purposes.map((purpose) => PURPOSES.get(purpose) ?? purpose);
    extensions.push(new ExtendedKeyUsageExtension(oids));
  }
  return extensions;
}

function usageFlags(names: readonly string[]): KeyUsageFlags {
  let flags = 0;
  for (const name of names) {
    const flag = Object.entries(KeyUsageFlags).find(([known]) => known === name)?.[1];
    invariant(typeof flag === 'number', `${name} is no key usage`);
    flags |= flag;
  }
  return flags;
}

async function makeKey(kind: KeyKind, seed?: Uint8Array): Promise<Key> {
  const object = seed ? seededKey(kind, seed) : freshKey(kind);
  const { key: algorithm } = ALGORITHMS[kind];
  const { subtle } = webcrypto;
  const pkcs8 = object.export({ format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(object).export({ format: 'der', type: 'spki' });
  const pair = {
    privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
    publicKey: await subtle.importKey('spki', spki, algorithm, true, ['verify']),
  };
  return { kind, object, pair };
}

function freshKey(kind: KeyKind): KeyObject {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function seededKey(kind: KeyKind, seed: Uint8Array): KeyObject {
  invariant(kind === 'ed25519' && seed.length === 32, 'a seed of 32 bytes makes an Ed25519 key');
  const key = Buffer.concat([ED25519_PREFIX, seed]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** Positive and not zero, as RFC 5280 4.1.2.2 wants. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function nameOf({ dnsNames }: IssueOptions): string {
  return `CN=${dnsNames[0] ?? 'nobody'}`;
}

function identityOf(key: Key, certificates: readonly X509Certificate[]): IssuedIdentity {
  return {
    certificatesPem: certificates.map((one) => `${one.toString('pem')}\n`).join(''),
    keyPem: pemOf(key),
    chain: certificates.map(derOf),
  };
}

function derOf(certificate: X509Certificate): CertificateDer {
  return Buffer.from(certificate.rawData).toString('base64url');
}

function pemOf({ object }: Key): string {
  return object.export({ format: 'pem', type: 'pkcs8' }).toString();
}
