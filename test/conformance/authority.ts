/**
 * The suite's own certificate authorities: a root of each kind and what stands below it, for each
 * run; chains for subjects and peers, with whatever fault a case asks for; and what speaks for these
 * chains: OCSP, revocation lists and a log.
 */
import 'reflect-metadata';
import { createHash, KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { encodeBase64url } from '../../reference/wire/base64url.ts';
import type { CertificateOptions, IssuerOptions } from './actors/peer.ts';
import { objectId, octetString, partsOf, sequence } from './authority/der.ts';
import { createEvidence, type Evidence } from './authority/evidence.ts';
import {
  createIntermediate,
  createRoot,
  dayMs,
  type Issuer,
  importRoot,
  listPointer,
  pointers,
  serialNumber,
} from './authority/issuer.ts';
import {
  alternativeNames,
  commonName,
  type LeafFields,
  type LeafKeys,
  leafKeys,
  leafOf,
} from './authority/leaf.ts';
import { precertificateEntry, timestampList } from './authority/log.ts';
import type { TlsIdentity } from './ground.ts';

export interface IssuedIdentity extends TlsIdentity {
  /** 32-byte seed of an Ed25519 leaf key: `crypto.signingKey(seed)` is the same key. Else null. */
  readonly signingKeySeed: Uint8Array | null;
  /** base64url DER of the root that the chain ends below; null when the leaf is its own. */
  readonly rootDer: string | null;
}

export interface Authority {
  /** Of all kinds, one after the other. The first is a company's. */
  readonly rootPem: string;
  /** base64url DER, in the same order. */
  readonly rootDers: readonly string[];
  /** Fingerprints of the roots that are more than a company's: base64url SHA-256. */
  readonly kinds: { readonly government: string; readonly nato: string };
  /** What speaks for the chains issued here. */
  readonly evidence: Evidence;
  /**
   * `federation`: root → intermediate → Ed25519 leaf with the server key, and a timestamp of our
   * log. `client-port`: a P-256 leaf that browsers accept, also for localhost. `pages`: origin where
   * issuers answer for the chain.
   */
  issue(request: {
    serverId: string;
    role: 'federation' | 'client-port';
    pages?: string;
    options?: CertificateOptions;
  }): Promise<IssuedIdentity>;
}

const TIMESTAMP_LIST = '1.3.6.1.4.1.11129.2.4.2';
const STRANGE_EXTENSION = '1.3.6.1.4.1.99999.1';

/** `root`: one that a running subject accepts already, as PEM; without it a fresh one. */
export async function createAuthority(
  options: { root?: { certificatePem: string; keyPem: string } } = {},
): Promise<Authority> {
  const [commercial, government, nato, stranger] = await Promise.all([
    options.root ? importRoot(options.root) : createRoot('NORC conformance root'),
    createRoot('NORC conformance government root'),
    createRoot('NORC conformance alliance root'),
    createRoot('A root that nobody knows'),
  ]);
  const roots = { commercial, government, nato };
  const evidence = createEvidence([...Object.values(roots), stranger]);
  const intermediateFor = createIntermediates(evidence);
  return {
    rootPem: Object.values(roots)
      .map(({ certificate }) => certificate.toString('pem'))
      .join('\n'),
    rootDers: Object.values(roots).map(derOf),
    kinds: { government: fingerprintOf(government), nato: fingerprintOf(nato) },
    evidence,
    async issue({ serverId, role, pages = null, options = {} }) {
      const root = options.unknownRoot ? stranger : roots[options.authority ?? 'commercial'];
      const { answersBy } = options;
      const special = answersBy ? { ...options.issuer, answersBy } : options.issuer;
      const issuer = await intermediateFor(root, pages, special);
      const parts = { issuer, serverId, role, pages, options, evidence };
      const identity = issueLeaf(parts);
      return { ...identity, rootDer: options.selfSigned ? null : derOf(root) };
    },
  };
}

/** One below each root for each place of pages; a special one for whoever asks for it. */
function createIntermediates(evidence: Evidence) {
  const known = new Map<string, Promise<Issuer>>();
  return (root: Issuer, pages: string | null, options: IssuerOptions | undefined) => {
    const key = JSON.stringify([root.certificate.subject, pages, options]);
    const made = known.get(key) ?? createChain(root, pages, options, evidence);
    known.set(key, made);
    return made;
  };
}

async function createChain(
  root: Issuer,
  pages: string | null,
  options: IssuerOptions | undefined,
  evidence: Evidence,
): Promise<Issuer> {
  const first = await createIntermediate(root, pages, options);
  evidence.knows(derOf(first), root, first);
  if (!options?.isTooDeep) return first;
  const second = await createIntermediate(first, pages);
  evidence.knows(derOf(second), first, second);
  return second;
}

const derOf = ({ certificate }: Issuer): string =>
  encodeBase64url(new Uint8Array(certificate.rawData));

function fingerprintOf({ certificate }: Issuer): string {
  const der = new Uint8Array(certificate.rawData);
  return createHash('sha256').update(der).digest('base64url');
}

interface LeafParts {
  readonly issuer: Issuer;
  readonly serverId: string;
  readonly role: 'federation' | 'client-port';
  readonly pages: string | null;
  readonly options: CertificateOptions;
  readonly evidence: Evidence;
}

function issueLeaf(parts: LeafParts): Omit<IssuedIdentity, 'rootDer'> {
  const { issuer, role, options, evidence } = parts;
  const kind = role === 'client-port' ? 'ecdsa_p256' : (options.key ?? 'ed25519');
  const keys = leafKeys(kind);
  const leaf = options.selfSigned ? signItself(parts, keys) : signWith(issuer, parts, keys);
  if (!options.selfSigned) evidence.knows(encodeBase64url(leaf), issuer, null);
  const above = options.selfSigned ? [] : issuer.chain;
  const path = [leaf, ...above.map(({ rawData }) => new Uint8Array(rawData))];
  return {
    certificatesPem: path.map((der) => pem('CERTIFICATE', der)).join(''),
    keyPem: pem('PRIVATE KEY', keys.pkcs8),
    chain: path.map(encodeBase64url),
    // RFC 8410: the last 32 bytes of an Ed25519 PKCS#8 key are its seed.
    signingKeySeed: kind === 'ed25519' ? keys.pkcs8.slice(-32) : null,
  };
}

function fieldsOf(parts: LeafParts, { spki }: LeafKeys, issuer: Uint8Array): LeafFields {
  const { serverId, options } = parts;
  return {
    ...{ issuer, spki, subject: commonName(serverId), extensions: leafExtensions(parts) },
    serial: Uint8Array.from(Buffer.from(serialNumber(), 'hex')),
    notBeforeMs: options.notBeforeMs ?? Date.now() - dayMs / 24,
    notAfterMs: options.notAfterMs ?? Date.now() + 60 * dayMs,
  };
}

function signItself(parts: LeafParts, keys: LeafKeys): Uint8Array {
  return leafOf(fieldsOf(parts, keys, commonName(parts.serverId)), keys.privateKey);
}

/** Twice: the log promises to show the first, and its promise stands in the second (RFC 6962 3.3). */
function signWith(issuer: Issuer, parts: LeafParts, keys: LeafKeys): Uint8Array {
  const { role, options, evidence } = parts;
  const above = new Uint8Array(issuer.certificate.rawData);
  const fields = fieldsOf(parts, keys, partsOf(above).subject);
  const signer = KeyObject.from(issuer.keys.privateKey);
  const bare = leafOf(fields, signer);
  if (role === 'client-port' || options.timestamps === 'none') return bare;
  const log = options.timestamps === 'unknown-log' ? evidence.unknownLog : evidence.log;
  const entry = precertificateEntry(partsOf(bare).tbs, above);
  const timestamp = log.timestamp(entry, fields.notBeforeMs);
  if (options.timestamps === 'forged')
    timestamp[timestamp.length - 1] = (timestamp.at(-1) ?? 0) ^ 1;
  const promise = octetString(octetString(timestampList(timestamp)));
  const extensions = [...fields.extensions, sequence(objectId(TIMESTAMP_LIST), promise)];
  return leafOf({ ...fields, extensions }, signer);
}

function leafExtensions({ serverId, role, options, pages }: LeafParts): readonly Uint8Array[] {
  const isPort = role === 'client-port';
  const names = options.dnsNames ?? (isPort ? [serverId, 'localhost'] : [serverId]);
  return [...usesOf(options, pages), alternativeNames(names, isPort ? ['127.0.0.1'] : [])];
}

/** By what they are made of: most leaves of a run have the same. */
const usesMade = new Map<string, readonly Uint8Array[]>();

/** All that does not hang on the name. */
function usesOf(options: CertificateOptions, pages: string | null): readonly Uint8Array[] {
  const { keyUsage, extendedKeyUsage, policyOids, hasStrangeExtension, answersBy } = options;
  const parts = [keyUsage, extendedKeyUsage, policyOids, hasStrangeExtension, answersBy, pages];
  const key = JSON.stringify(parts);
  const made = usesMade.get(key) ?? makeUses(options, pages);
  usesMade.set(key, made);
  return made;
}

function makeUses(options: CertificateOptions, pages: string | null): readonly Uint8Array[] {
  const usages = options.keyUsage ?? ['digitalSignature', 'keyAgreement'];
  const flags = usages.reduce(
    (all, usage) => all | x509.KeyUsageFlags[usage as keyof typeof x509.KeyUsageFlags],
    0,
  );
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  const places = options.answersBy === 'list' ? listPointer(pages, 'leaf') : pointers(pages);
  const strange = new x509.Extension(STRANGE_EXTENSION, true, Uint8Array.of(5, 0));
  const extensions = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(flags, true),
    new x509.ExtendedKeyUsageExtension([...(options.extendedKeyUsage ?? [serverAuth, clientAuth])]),
    ...(options.policyOids ? [new x509.CertificatePolicyExtension([...options.policyOids])] : []),
    ...(options.hasStrangeExtension ? [strange] : []),
    ...places,
  ];
  return extensions.map(({ rawData }) => new Uint8Array(rawData));
}

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
