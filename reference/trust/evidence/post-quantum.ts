/**
 * Post-quantum key exchange as NORC-T sees it (T App A.2, L-H14, L-H15). Both sides sign what they
 * can in their capabilities, inside the transcript; the link below must then show it, or somebody
 * has stripped it (T-PQ-01).
 */
import { errorCode, suites } from '../../../spec/emitted/registries.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustCapabilities } from '../../../spec/messages/trust/trust-capabilities.ts';
import type { ServerConfig } from '../../config.ts';
import type { Hash } from '../../crypto/crypto.ts';
import type { TrustOrigin } from '../../ports.ts';
import { type Check, check } from '../check.ts';
import { needsHybrid } from '../policy.ts';
import type { Scope } from '../scope.ts';

/** L-H11: the atom of ML-KEM-768 by FIPS 203; drafts have others. */
const KEM = 'pq_kem.mlkem768.fips';

/** T-CAP-10: what our suites can. */
export function ownKems(config: ServerConfig): Pick<TrustCapabilities, 'pq_kem_support'> {
  return hasHybrid(config) ? { pq_kem_support: [KEM] } : {};
}

function hasHybrid({ suites: spoken, policy }: ServerConfig): boolean {
  const { onlySuites } = policy;
  return spoken.some((suite) => {
    return isHybrid(suite) && (onlySuites.length === 0 || onlySuites.includes(suite));
  });
}

/** T-PQ-01: of two that can, none may be heard on a classical link (D-4). */
export function hybridChecks(
  { config }: Scope,
  theirs: TrustCapabilities,
  origin: TrustOrigin,
): readonly Check[] {
  return [
    check(
      'T-PQ-01',
      errorCode.common.cryptoError,
      'both sides can post-quantum and the link is classical',
      () => {
        const both = hasHybrid(config) && theirs.pq_kem_support?.includes(KEM) === true;
        return !both || isHybrid(origin.suite);
      },
      'hybrid_required',
    ),
  ];
}

/** T-LVL-04, L-H15: what is classified is not asked for over a classical link. */
export function isProtectedFor(level: string, { suite }: TrustOrigin): boolean {
  return !needsHybrid(level) || isHybrid(suite);
}

/** L-H14: H(encapsulation key) of the link; null on a classical one. */
export function fingerprintOf({ context }: Scope, origin: TrustOrigin): Hash | null {
  const { encapsulationKey: key } = origin;
  return key === null ? null : context.crypto.hashBytes(key);
}

type Extensions = NorcTrustCertificate['extensions'];
const EXTENSION = 'pq_fingerprint';

/** X-PQ-06: nothing on a classical link. */
export function fingerprintExtension(fingerprint: Hash | null | undefined): Extensions {
  return fingerprint ? [{ id: EXTENSION, critical: false, value: fingerprint }] : [];
}

/** A successor repeats what the certificate states that it follows. */
export function statedFingerprint({ extensions }: NorcTrustCertificate): Hash | null {
  const stated = extensions.find(({ id }) => id === EXTENSION)?.value;
  return typeof stated === 'string' ? stated : null;
}

/**
 * X-PQ-06: a certificate may say nothing of the key, but no other than that of the link on which
 * trust was asked for; two ends with different keys have somebody between them.
 */
export function fingerprintCheck(
  certificate: NorcTrustCertificate,
  expected: Hash | null | undefined,
): Check {
  const states = certificate.extensions.filter(({ id }) => id === EXTENSION);
  return check('X-PQ-06', errorCode.trust.certificate, 'another post-quantum key', () => {
    return states.every(({ value }) => value === expected);
  });
}

function isHybrid(suite: string): boolean {
  return Object.entries(suites).some(([name, row]) => name === suite && row.hybrid);
}
