/** T1: what each side offers, before anything is asked (T 3.1, T-CAP-01 to 06). */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { TrustCapabilities } from '../../../spec/messages/trust/trust-capabilities.ts';
import type { JsonObject } from '../../crypto/crypto.ts';
import type { TrustOrigin } from '../../ports.ts';
import { compareVersions, versionOf } from '../../wire/version.ts';
import { check, firstBroken, type Refusal } from '../check.ts';
import { ownAttestations, ownSoftware, softwareChecks } from '../evidence/attestations.ts';
import { hybridChecks, ownKems } from '../evidence/post-quantum.ts';
import { peerKeyOf } from '../peer-key.ts';
import { offeredLevels, offeredMethods } from '../policy.ts';
import type { Scope } from '../scope.ts';
import { addedSignatureChecks, placeChecks, sealed } from '../transcript.ts';
import { negotiate } from '../versions.ts';

export type CapabilitiesOutcome =
  | { readonly ok: true; readonly version: string }
  | { readonly ok: false; readonly refusal: Refusal };

/** `earlier`: the requester's capabilities, when ours are the answer (L-H03). */
export function composeCapabilities(
  scope: Scope,
  earlier: readonly JsonObject[],
): TrustCapabilities {
  const { config, context } = scope;
  const policy = config.policy.trust;
  const own = ownAttestations(policy.credentials);
  const [top = '1.0'] = [...config.versions.trust].sort((a, b) =>
    compareVersions(versionOf(b), versionOf(a)),
  );
  const subjects = config.authorities.flatMap(({ certificate }) => {
    const facts = context.x509.read(certificate);
    return facts ? [facts.subject.slice(0, 256)] : [];
  });
  const body: TrustCapabilities = {
    type: 'trust_capabilities',
    protocol_version: top,
    supported_versions: [...config.versions.trust],
    server_id: config.serverId,
    supported_methods: offeredMethods(policy),
    supported_trust_levels: offeredLevels(policy),
    certificate_authorities: subjects,
    key_algorithms: ['ed25519'],
    compliance_certifications: [...new Set(own.map(({ standard }) => standard))],
    trust_policies: {
      auto_accept_basic: policy.autoAcceptBasic,
      require_manual_approval: policy.requireManualApproval,
      trust_inheritance: policy.trustInheritance,
      max_trust_age: policy.maxTrustAgeSeconds,
      version_compatibility: {
        enforce_amc: policy.enforceAmc,
        allow_downgrade: policy.allowDowngrade,
        require_latest_minor: policy.requireLatestMinor,
      },
    },
    ...ownSoftware(policy.credentials),
    ...ownKems(config),
  };
  return sealed(scope, body, 'signature', earlier);
}

/** The version is a function of both lists, so it can be known before the signature is checked. */
export function judgeCapabilities(
  scope: Scope,
  theirs: TrustCapabilities,
  origin: TrustOrigin,
  earlier: readonly JsonObject[],
): CapabilitiesOutcome {
  const { must } = scope.context;
  const named = firstBroken(must, [
    check('T-CAP-02', errorCode.trust.trustError, 'server_id is not the TLS identity', () => {
      return theirs.server_id === origin.peer;
    }),
  ]);
  if (named) return { ok: false, refusal: named };
  const outcome = negotiate(scope, theirs, origin);
  if (!outcome.ok) return outcome;
  const key = peerKeyOf(scope.state, origin);
  const unbound = firstBroken(must, [
    ...addedSignatureChecks(scope, theirs, key, outcome.version),
    ...placeChecks(scope, theirs, earlier, outcome.version),
  ]);
  if (unbound) return { ok: false, refusal: unbound };
  const lacking = firstBroken(must, [
    check('X-SIG-06', errorCode.common.cryptoError, 'no algorithm in common', () => {
      return theirs.key_algorithms.includes('ed25519');
    }),
    ...softwareChecks(scope, theirs),
    ...hybridChecks(scope, theirs, origin),
  ]);
  return lacking ? { ok: false, refusal: lacking } : outcome;
}
