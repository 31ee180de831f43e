/**
 * `certificate_bundle` (T-DEC-09): the trust certificate, the CA that stands for the issuer, and
 * then the issuer's chain, leaf first, so that the requester can see whose authority it is.
 */
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { PublicKey } from '../../crypto/crypto.ts';
import { encodeCertificate } from '../certificate/certificate.ts';
import { readChain } from '../evidence/chain.ts';
import type { Scope } from '../scope.ts';
import { chainWithRoot } from './request.ts';

/** Entries of a bundle before the chain. */
const HEAD = 2;
const MAX_ENTRIES = 8;

export function bundleOf(scope: Scope, certificate: NorcTrustCertificate): string[] {
  const chain = chainWithRoot(scope);
  const authority = chain.at(-1);
  const head = [encodeCertificate(certificate), ...(authority === undefined ? [] : [authority])];
  return [...head, ...scope.config.certificateChain].slice(0, MAX_ENTRIES);
}

/**
 * The CA must be one of ours. A chain, where there is one, must lead to it from a leaf that names
 * the issuer and has its key; without a chain the issuer is who TLS says it is.
 */
export function bundleHolds(scope: Scope, decision: TrustDecision, issuerKey: PublicKey): boolean {
  const [, authority] = decision.certificate_bundle;
  const chain = decision.certificate_bundle.slice(HEAD);
  if (authority === undefined) return false;
  if (chain.length === 0) {
    return scope.config.authorities.some(({ certificate }) => certificate === authority);
  }
  const read = readChain(scope, chain, scope.context.now);
  if (!read) return false;
  const { dnsNames, key } = read.leafFacts;
  return (
    read.authority.certificate === authority &&
    dnsNames.includes(decision.decision_server) &&
    key.raw === issuerKey
  );
}
