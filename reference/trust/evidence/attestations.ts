/**
 * What a requester attests: compliance with standards (T-REQ-09) and, in its capabilities, which
 * software it runs (T App A.6, T-CAP-09).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { complianceStandards } from '../../../spec/messages/trust/enumerations.ts';
import type { TrustCapabilities } from '../../../spec/messages/trust/trust-capabilities.ts';
import type { TrustRequest } from '../../../spec/messages/trust/trust-request.ts';
import { isExpired } from '../../guard/freshness.ts';
import type { Credentials } from '../../trust-policy.ts';
import { type Check, check } from '../check.ts';
import { standardsFor } from '../policy.ts';
import type { Scope } from '../scope.ts';

type Attestation = TrustRequest['compliance_attestations'][number];

/** T-REQ-09: of a known standard, not expired, and by an issuer that policy accepts. */
export function attestedStandards(scope: Scope, request: TrustRequest): ReadonlySet<string> {
  const counting = request.compliance_attestations.filter((one) => counts(scope, one));
  return new Set(counting.map(({ standard }) => standard));
}

function counts({ config, context }: Scope, attestation: Attestation): boolean {
  const { standard, expires_at, issued_by } = attestation;
  const { complianceIssuers } = config.policy.trust.organization;
  const known: readonly string[] = complianceStandards;
  return (
    known.includes(standard) &&
    !isExpired(context.now, expires_at) &&
    (complianceIssuers.length === 0 || complianceIssuers.includes(issued_by))
  );
}

/** T-LVL-04: every standard of the level is attested. */
export function meetsStandards(scope: Scope, request: TrustRequest): boolean {
  const attested = attestedStandards(scope, request);
  return standardsFor(request.requested_trust_level).every((name) => attested.has(name));
}

/** T-CAP-09, X-SC-01: where policy has a list, what is not on it is refused, and so is saying nothing. */
export function softwareChecks({ config }: Scope, theirs: TrustCapabilities): readonly Check[] {
  const { knownBuilds, knownBoms } = config.policy.trust;
  const code = errorCode.trust.trustError;
  return [
    check(
      'T-CAP-09',
      code,
      'a build that policy does not know',
      () => isKnown(knownBuilds, theirs.build_attestation_hash),
      'unknown_build',
    ),
    check(
      'X-SC-01',
      code,
      'a bill of materials that policy does not know',
      () => isKnown(knownBoms, theirs.software_sbom_hash),
      'unknown_sbom',
    ),
  ];
}

function isKnown(known: readonly string[], hash: string | undefined): boolean {
  return known.length === 0 || (hash !== undefined && known.includes(hash));
}

// --- our own -------------------------------------------------------------------------------------

export function ownAttestations({ attestations }: Credentials): Attestation[] {
  return attestations.map(({ standard, certificateId, issuedBy, expiresAtSeconds }) => ({
    standard,
    certificate_id: certificateId,
    issued_by: issuedBy,
    expires_at: expiresAtSeconds,
  }));
}

export function ownSoftware(
  credentials: Credentials,
): Pick<TrustCapabilities, 'build_attestation_hash' | 'software_sbom_hash'> {
  const { buildAttestationHash: build, softwareSbomHash: bom } = credentials;
  return {
    ...(build !== '' && { build_attestation_hash: build }),
    ...(bom !== '' && { software_sbom_hash: bom }),
  };
}
