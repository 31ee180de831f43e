/**
 * The six checks of a trust certificate in the order of T 4.2 (T-CERT-09): signature, validity,
 * issuer, permissions, conditions, revocation. The first that fails gives the reason, but revoked
 * outranks expired when both hold (profile 2.5).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { PublicKey } from '../../crypto/crypto.ts';
import { isExpired, isValidAt } from '../../guard/freshness.ts';
import type { Micros } from '../../time.ts';
import { type Check, check } from '../check.ts';
import { grantableAt } from '../policy.ts';
import { effectAt } from '../revocation/revocation-effect.ts';
import { revocationKey } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { TrustState } from '../state.ts';
import { algorithmCheck, isSignedBy } from '../transcript.ts';
import { certificatesOf } from './succession.ts';

export interface Expected {
  readonly issuer: string;
  readonly issuerKey: PublicKey;
  readonly subject: string;
  readonly subjectKey: PublicKey;
  /** The certificate that this one is to renew; null when it stands by itself. */
  readonly follows: NorcTrustCertificate | null;
}

export function certificateChecks(
  scope: Scope,
  certificate: NorcTrustCertificate,
  expected: Expected,
): readonly Check[] {
  const code = errorCode.trust.certificate;
  const now = scope.context.now + scope.state.clocks.offset; // X-TIME-07
  const validity = {
    // A successor may begin as late as the old one ends (profile 2.6 row 2).
    notBeforeSeconds: expected.follows ? 0 : certificate.not_before,
    notAfterSeconds: certificate.not_after,
  };
  const isRevoked = () => statusIn(scope.state, certificate, now) === 'revoked';
  const { signature_algorithm, key_algorithm } = certificate;
  return [
    algorithmCheck(code, [signature_algorithm, key_algorithm]),
    check('T-CERT-02', code, 'the certificate signature', () => {
      // X-SIG-06: said to be of another algorithm, it is not verified as if it were of ours.
      const isOurs = certificate.signature_algorithm === 'ed25519';
      return isOurs && isSignedBy(scope, expected.issuerKey, certificate, 'signature');
    }),
    // A certificate that is both is reported as revoked, by the last check.
    check('T-CERT-03', code, 'not valid at this time', () => {
      return isValidAt(now, validity) || isRevoked();
    }),
    check('T-CERT-04', code, 'another issuer, subject or key', () => {
      return isBetween(certificate, expected);
    }),
    check('T-CERT-13', code, 'the id belongs to another certificate', () => {
      return isOnlyBearer(scope.state, certificate, expected);
    }),
    check('T-CERT-05', code, 'permissions beyond the level', () => {
      return hasLawfulPermissions(certificate);
    }),
    check('T-CERT-14', code, 'an unknown critical extension', () => {
      return certificate.extensions.every(({ id, critical }) => !critical || id === 'limits');
    }),
    check('T-CERT-06', code, 'an overdue condition', () => {
      return certificate.conditions.every(({ deadline }) => !isExpired(now, deadline));
    }),
    check('T-CERT-07', errorCode.federation.trustRevoked, 'revoked', () => !isRevoked()),
  ];
}

function isBetween(certificate: NorcTrustCertificate, expected: Expected): boolean {
  return (
    certificate.issuer_server === expected.issuer &&
    certificate.subject_server === expected.subject &&
    certificate.public_key === expected.subjectKey &&
    certificate.key_algorithm === 'ed25519' // what server keys are (L-T07)
  );
}

/** An issuer that gives one id to two bodies could revoke one and point to the other. */
function isOnlyBearer(
  state: TrustState,
  certificate: NorcTrustCertificate,
  { issuer, subject, follows }: Expected,
): boolean {
  // The successor of a certificate is another one, not the same again (profile 2.6 row 2).
  if (follows?.certificate_id === certificate.certificate_id) return false;
  const relations = [state.relations.get(issuer), state.relations.get(subject)];
  const bearer = relations.flatMap(certificatesOf).find((held) => {
    return held.issuer_server === issuer && held.certificate_id === certificate.certificate_id;
  });
  return bearer === undefined || bearer.signature === certificate.signature;
}

function hasLawfulPermissions({ trust_level, permissions }: NorcTrustCertificate): boolean {
  const allowed: readonly string[] = grantableAt(trust_level);
  const isUnique = new Set(permissions).size === permissions.length;
  return isUnique && permissions.every((name) => allowed.includes(name));
}

function statusIn(state: TrustState, certificate: NorcTrustCertificate, now: Micros): string {
  const { issuer_server: issuer, certificate_id: certificateId } = certificate;
  const records = state.revocations.get(revocationKey({ issuer, certificateId })) ?? [];
  return effectAt(records, now).status;
}
