/**
 * What TLS must have shown before a word is spoken (profile 2.2 row 3): F-CONN-01, F-CONN-03, F-CONN-04.
 * Whoever runs the core has completed the TLS handshake, so possession of the leaf key is proven; the
 * chain, the names and the choice of ALPN are judged here, the same on both sides.
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import { fixed, limits } from '../../spec/limits.ts';
import { createMust } from '../assert.ts';
import type { ServerConfig } from '../config.ts';
import type { Context, TlsPeer } from '../core.ts';
import type { CertificateDer, CertificateFacts } from '../crypto/x509.ts';
import { isValidAt } from '../guard/freshness.ts';
import { chooseVersion } from '../wire/version.ts';
import type { Link, TlsIdentity } from './link.ts';
import { type Judged, objection, pass, type Refusal, stop } from './refusal.ts';

const ALPN = /^norc-f\/(\d+\.\d+)$/;
/** id-kp-serverAuth, id-kp-clientAuth and anyExtendedKeyUsage. */
const PURPOSES = { dialled: '1.3.6.1.5.5.7.3.1', accepted: '1.3.6.1.5.5.7.3.2' } as const;
const ANY_PURPOSE = '2.5.29.37.0';

/** `norc-f/x.y`, best first: our offer when we dial. */
export function alpnOffer(config: ServerConfig): string[] {
  const { federation } = config.versions;
  return [...federation].sort(descending).map((version) => `norc-f/${version}`);
}

/** The version that an ALPN id names, or null. */
export function alpnVersion(alpn: string | null): string | null {
  return ALPN.exec(alpn ?? '')?.[1] ?? null;
}

export function judgeTls(
  config: ServerConfig,
  link: Link,
  peer: TlsPeer,
  context: Context,
): Judged<TlsIdentity> {
  const [leafDer] = peer.certificates;
  const leaf = leafDer === undefined ? undefined : context.x509.read(leafDer);
  const refused =
    tlsObjection(peer, context) ??
    alpnObjection(config, link, peer, context) ??
    certificateObjection(config, link, peer.certificates, context);
  if (refused) return stop(refused);
  return pass({
    names: leaf?.dnsNames ?? [],
    key: leaf?.key.raw ?? null,
    alpn: peer.alpn ?? '',
    alpnOffer: [...peer.alpnOffer],
    fingerprint: leaf?.fingerprint ?? '',
    anchor: anchorOf(config, peer.certificates, context),
  });
}

/** F-CONN-01: TLS 1.3 with a certificate on both sides. */
function tlsObjection(peer: TlsPeer, context: Context): Refusal | null {
  const isMutual = peer.tlsProtocol === fixed.tlsVersion && peer.certificates.length > 0;
  return objection(context, 'F-CONN-01', isMutual, () => ({
    code: errorCode.federation.malformed,
    detail: `${peer.tlsProtocol} with ${peer.certificates.length} certificates`,
  }));
}

/** F-CONN-03: an ALPN id of this protocol, and the best that both sides offer (L-V10). */
function alpnObjection(
  config: ServerConfig,
  link: Link,
  peer: TlsPeer,
  context: Context,
): Refusal | null {
  return objection(context, 'F-CONN-03', isBestAlpn(config, link, peer), () => ({
    code: errorCode.federation.versionMismatch,
    detail: `ALPN ${peer.alpn ?? 'none'} of ${peer.alpnOffer.join(' ')}`,
  }));
}

/** What the dialled side could have chosen is known to itself only; its handshake must agree (F-HS-02). */
function isBestAlpn(config: ServerConfig, link: Link, peer: TlsPeer): boolean {
  const chosen = alpnVersion(peer.alpn);
  if (chosen === null || !peer.alpnOffer.includes(peer.alpn ?? '')) return false;
  if (link.direction === 'dialled') return true;
  const offered = peer.alpnOffer.flatMap((id) => alpnVersion(id) ?? []);
  // Whether our own TLS chose well is not the peer's doing; no switch changes how that is computed.
  const best = chooseVersion(config.versions.federation, offered, { must: createMust() });
  return best.ok && best.value.version === chosen;
}

/** F-CONN-04: a chain to an authority of ours, in force, for the name and use at hand. */
function certificateObjection(
  config: ServerConfig,
  link: Link,
  chain: readonly CertificateDer[],
  context: Context,
): Refusal | null {
  // None at all is F-CONN-01's business.
  if (chain.length === 0) return null;
  const fault = chainFault(config, chain, context) ?? leafFault(link, chain, context);
  return objection(context, 'F-CONN-04', fault === null, () => ({
    code: errorCode.federation.malformed,
    detail: fault ?? '',
  }));
}

function leafFault(link: Link, [der]: readonly CertificateDer[], { x509 }: Context): string | null {
  const leaf = der === undefined ? undefined : x509.read(der);
  if (!leaf) return 'no leaf certificate';
  if (leaf.dnsNames.length === 0) return 'the leaf names no server';
  if (link.direction === 'dialled' && !leaf.dnsNames.includes(link.peer)) {
    return `the leaf is not for ${link.peer}`;
  }
  if (!leaf.keyUsage?.includes('digitalSignature')) return 'the leaf key may not sign';
  const purposes = leaf.extendedKeyUsage;
  const isMeant = [PURPOSES[link.direction], ANY_PURPOSE].some((oid) => purposes?.includes(oid));
  return purposes === null || isMeant ? null : 'the leaf is for another purpose';
}

function chainFault(
  config: ServerConfig,
  chain: readonly CertificateDer[],
  context: Context,
): string | null {
  const facts = chain.map((der) => context.x509.read(der));
  for (const [depth, certificate] of facts.entries()) {
    const fault = certificate ? linkFault(certificate, depth, context) : 'not a certificate';
    if (fault !== null) return `${fault}, certificate ${depth} of the chain`;
  }
  for (const [depth, der] of chain.entries()) {
    const roots = config.authorities.map((authority) => authority.certificate);
    if (roots.includes(der)) return null;
    const next = chain[depth + 1];
    if (next !== undefined && context.x509.isIssuedBy(der, next)) continue;
    return roots.some((root) => isRootOf(der, root, context)) ? null : 'no accepted authority';
  }
  return 'an empty chain';
}

/** `depth` 0 is the leaf; a certificate at depth d has d − 1 authorities below it. */
function linkFault(certificate: CertificateFacts, depth: number, { now }: Context): string | null {
  const { key, pathLength } = certificate;
  if (!isValidAt(now, certificate)) return 'not in force';
  if (certificate.unknownCritical.length > 0) return 'a critical extension is unknown';
  if (key.algorithm === 'rsa' && key.sizeBits < limits.rsaKeyBits) return 'a short RSA key';
  if (key.algorithm === 'other') return 'a key of an unknown kind';
  if (depth === 0) return null;
  if (!certificate.isAuthority) return 'not an authority';
  return pathLength !== null && pathLength < depth - 1 ? 'the path is too long' : null;
}

/** Which of our authorities the chain, which has been judged, ends below. */
function anchorOf(
  { authorities }: ServerConfig,
  chain: readonly CertificateDer[],
  context: Context,
): string {
  const found = chain.flatMap((der) => {
    const root = authorities.find(({ certificate }) => {
      return certificate === der || isRootOf(der, certificate, context);
    });
    return root ? [root.certificate] : [];
  });
  const [root] = found;
  return root === undefined ? '' : (context.x509.read(root)?.fingerprint ?? '');
}

function isRootOf(der: CertificateDer, root: CertificateDer, { now, x509 }: Context): boolean {
  const facts = x509.read(root);
  return facts !== undefined && isValidAt(now, facts) && x509.isIssuedBy(der, root);
}

function descending(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorB - majorA || minorB - minorA;
}
