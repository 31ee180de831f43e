/** Revocations by a server of ours, and their clearing (profile T9; L-R02…L-R05, L-R09, L-R12). */
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { toSeconds } from '../../../reference/time.ts';
import { canonicalText } from '../../../reference/wire/canonical.ts';
import { permissionNames } from '../../../spec/emitted/registries.ts';
import type { MasterTrustRevoke } from '../../../spec/messages/trust/master-forms.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { Bend } from '../stage.ts';
import type { Established } from './peer.ts';
import { type PeerState, subjectId } from './peer-state.ts';
import { asJson, encodedText, signedAndBent } from './signing.ts';
import { transcriptOf } from './trust-run-state.ts';

/**
 * Full and at once, of the certificate that we issued; without one, of our own, which a subject may
 * give up by itself (L-R03). Signed again after bending.
 */
export function composeRevocation(
  peer: PeerState,
  { certificate, reverse }: Established,
  bend?: Bend<TrustRevoke>,
): TrustRevoke {
  const { environment, key, serverId, counters } = peer;
  const now = toSeconds(environment.subject.now());
  counters.revocationSequence += 1;
  const reason = reverse ? 'policy_violation' : 'voluntary';
  const message: Omit<TrustRevoke, 'revocation_signature'> = {
    type: 'trust_revoke',
    revocation_id: environment.chance.uuid(),
    revoking_server: serverId,
    target_server: subjectId(peer),
    trust_certificate_id: (reverse ?? certificate).certificate_id,
    revocation_reason: reason,
    effective_date: now,
    evidence: [{ type: reason, severity: 'high', description: 'conformance case' }],
    revocation_scope: 'full',
    partial_revocation_permissions: [],
    grace_period: 0,
    notification_recipients: [],
    transcript_hash: transcriptOf(peer, []),
    issued_at: now,
    revocation_sequence: counters.revocationSequence,
    prev_revocation_hash: counters.previousRevocation,
  };
  const signer = { crypto: environment.crypto, key, member: 'revocation_signature' };
  const finished = signedAndBent(message as TrustRevoke, signer, { bend, signature: 'renewed' });
  counters.previousRevocation = environment.crypto.hash(asJson(finished));
  return finished as unknown as TrustRevoke;
}

/**
 * The master's form (L-R01): all certificates of a server, for a reason of M 5.3. Signed again after
 * bending.
 */
export function composeServerRevocation(
  { environment, key }: PeerState,
  server: string,
  bend?: Bend<MasterTrustRevoke>,
): JsonObject {
  const message: Omit<MasterTrustRevoke, 'signature'> = {
    type: 'trust_revoke',
    revoked_server: server,
    reason: 'policy',
    effective_date: toSeconds(environment.subject.now()),
  };
  const signer = { crypto: environment.crypto, key, member: 'signature' };
  return signedAndBent(message as MasterTrustRevoke, signer, { bend, signature: 'renewed' });
}

/**
 * The conditions are met, says the issuer (L-R05): a decision that names the revocation and repeats
 * the certificate, with the place of what follows the revocation. Signed again after bending.
 */
export function composeClearing(
  peer: PeerState,
  { decision, reverse, certificate }: Established,
  revocation: TrustRevoke,
  bend?: Bend<TrustDecision>,
): TrustDecision {
  const { environment, key, serverId } = peer;
  const { trust_level, permissions, not_before, not_after } = reverse ?? certificate;
  const message: Omit<TrustDecision, 'decision_signature'> = {
    ...decision,
    request_id: revocation.revocation_id,
    decision_server: serverId,
    target_server: subjectId(peer),
    decision: 'accept',
    granted_trust_level: trust_level,
    trust_conditions: [],
    trust_metadata: {
      ...decision.trust_metadata,
      established_at: not_before,
      expires_at: not_after,
    },
    federation_permissions: {
      ...decision.federation_permissions,
      ...Object.fromEntries(permissionNames.map((name) => [name, permissions.includes(name)])),
    },
    certificate_bundle: [encodedText(canonicalText(asJson(reverse ?? certificate)))],
    transcript_hash: transcriptOf(peer, [asJson(revocation)]),
  };
  const signer = { crypto: environment.crypto, key, member: 'decision_signature' };
  const finished = signedAndBent(message as TrustDecision, signer, { bend, signature: 'renewed' });
  return finished as unknown as TrustDecision;
}
