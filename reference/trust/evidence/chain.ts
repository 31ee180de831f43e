/**
 * The certificate chain of a request (T-REQ-07), its binding to name and key (T-REQ-03, L-T06) and
 * what a level asks of it (T-LVL-04). The chain is leaf first; the root may be left out or stand
 * last. Nothing is looked for elsewhere: a chain with a gap or out of order is none.
 */
import { type Level, levels } from '../../../spec/emitted/registries.ts';
import type { KeyBinding } from '../../../spec/messages/trust/signed-objects.ts';
import type { Authority } from '../../config.ts';
import type { PublicKey } from '../../crypto/crypto.ts';
import type { CertificateDer, CertificateFacts, NameConstraints, X509 } from '../../crypto/x509.ts';
import { isValidAt } from '../../guard/freshness.ts';
import { type Micros, seconds } from '../../time.ts';
import { isLevel } from '../policy.ts';
import type { Scope } from '../scope.ts';
import { asValue } from '../transcript.ts';
import { keepChain, knownChain } from './chain-cache.ts';

/** A chain in which every link holds. */
export interface ReadChain {
  readonly leaf: CertificateDer;
  readonly leafFacts: CertificateFacts;
  /** Leaf to root. */
  readonly path: readonly CertificateDer[];
  readonly facts: readonly CertificateFacts[];
  readonly authority: Authority;
}

const SECONDS_PER_DAY = 86_400;
/** id-kp-serverAuth, id-kp-clientAuth and anyExtendedKeyUsage: a server is both (F-CONN-04). */
const PURPOSES = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '2.5.29.37.0'];

/** Undefined when any link is broken. An empty chain is no chain. */
export function readChain(
  scope: Scope,
  chain: readonly CertificateDer[],
  now: Micros,
): ReadChain | undefined {
  const known = knownChain(scope, chain);
  if (known) return isInForce(known, now) ? known : undefined;
  const read = buildChain(scope.context.x509, chain, scope.config.authorities);
  if (!read || !isInForce(read, now)) return undefined;
  keepChain(scope, chain, read);
  return read;
}

/** All that does not change with time. */
function buildChain(
  x509: X509,
  chain: readonly CertificateDer[],
  authorities: readonly Authority[],
): ReadChain | undefined {
  const anchored = anchor(x509, chain, authorities);
  if (!anchored) return undefined;
  const { path, authority } = anchored;
  const facts = path.flatMap((der) => x509.read(der) ?? []);
  const [leaf] = path;
  const [leafFacts] = facts;
  if (leaf === undefined || leafFacts === undefined || facts.length !== path.length)
    return undefined;
  const linked = path.every((der, at) => {
    const issuer = path[at + 1];
    return issuer === undefined || x509.isIssuedBy(der, issuer);
  });
  const sound = facts.every(isSound) && facts.every((above) => mayName(above, leafFacts));
  return linked && sound ? { leaf, leafFacts, path, facts, authority } : undefined;
}

/**
 * The chain up to and with a root of ours: the root that it names last, or the one that signed its
 * end.
 */
function anchor(
  x509: X509,
  chain: readonly CertificateDer[],
  authorities: readonly Authority[],
): { path: readonly CertificateDer[]; authority: Authority } | undefined {
  const last = chain.at(-1);
  if (last === undefined) return undefined;
  const named = authorities.find(({ certificate }) => certificate === last);
  if (named) return { path: chain, authority: named };
  const signer = authorities.find(({ certificate }) => x509.isIssuedBy(last, certificate));
  return signer && { path: [...chain, signer.certificate], authority: signer };
}

/** Half-open, every certificate up to the root (X-TIME-09). */
function isInForce({ facts }: ReadChain, now: Micros): boolean {
  return facts.every((certificate) => isValidAt(now, certificate));
}

/** `at`: place in the chain, the leaf at 0. */
function isSound(certificate: CertificateFacts, at: number): boolean {
  const { keyUsage, isAuthority, pathLength, unknownCritical } = certificate;
  if (unknownCritical.length > 0) return false;
  if (at === 0) return isForServers(certificate);
  // Between an authority and the leaf lie at − 1 others.
  const mayBeFollowed = pathLength === null || at - 1 <= pathLength;
  return isAuthority && mayBeFollowed && (keyUsage === null || keyUsage.includes('keyCertSign'));
}

function isForServers({ keyUsage, extendedKeyUsage }: CertificateFacts): boolean {
  const maySign = keyUsage === null || keyUsage.includes('digitalSignature');
  const isMeant = extendedKeyUsage?.some((purpose) => PURPOSES.includes(purpose)) ?? true;
  return maySign && isMeant;
}

/** RFC 5280 4.2.1.10, whether the extension is marked critical or not. */
function mayName({ nameConstraints }: CertificateFacts, { dnsNames }: CertificateFacts): boolean {
  return nameConstraints === null || dnsNames.every((name) => permits(nameConstraints, name));
}

function permits({ permitted, excluded }: NameConstraints, name: string): boolean {
  const within = (base: string) => base === '' || name === base || name.endsWith(`.${base}`);
  return (permitted === null || permitted.some(within)) && !excluded.some(within);
}

/** What binds a server key to a name. */
export interface Binding {
  readonly serverId: string;
  readonly publicKey: PublicKey;
  readonly keyBinding: string | undefined;
  /** The domain proof commits to the key, so the leaf need not carry it (L-T06). */
  readonly reliesOnDns: boolean;
}

/**
 * T-REQ-03: the leaf names the server and is, or signs for, its key. No chain: DNS alone must do.
 */
export function isBound(scope: Scope, read: ReadChain | undefined, binding: Binding): boolean {
  if (!read) return binding.reliesOnDns;
  if (!read.leafFacts.dnsNames.includes(binding.serverId)) return false;
  if (read.leafFacts.key.raw === binding.publicKey || binding.reliesOnDns) return true;
  const { serverId, publicKey, keyBinding } = binding;
  if (keyBinding === undefined) return false;
  const bound: KeyBinding = {
    type: 'key_binding',
    server_id: serverId,
    server_public_key: publicKey,
  };
  return scope.context.x509.verifyByLeaf(read.leaf, asValue(bound), keyBinding);
}

/** T-LVL-04: algorithms and key sizes; the kind of authority is policy.ts (profile 5.4). */
export function meetsLevel(read: ReadChain, level: string): boolean {
  return isLevel(level) && read.facts.every((facts) => hasKeyFor(level, facts));
}

/** T-CHAL-08: the leaf is not older than the challenge allows. */
export function isYoungEnough(read: ReadChain, maxAgeDays: number, now: Micros): boolean {
  return now - seconds(read.leafFacts.notBeforeSeconds) <= seconds(maxAgeDays * SECONDS_PER_DAY);
}

function hasKeyFor(level: Level, { key }: CertificateFacts): boolean {
  const allowed: readonly { algorithm: string; min_bits: number }[] = levels[level].chainAlgorithms;
  // The level table names RSA by the signature scheme of T 2.1.
  const name = key.algorithm === 'rsa' ? 'rsa_pss' : key.algorithm;
  return allowed.some(({ algorithm, min_bits }) => algorithm === name && key.sizeBits >= min_bits);
}
