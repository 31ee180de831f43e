/** Renewals by a server of ours, as the subject of a certificate (profile T18, 2.6; L-R10, L-R11). */
import type { SigningKey } from '../../../reference/crypto/crypto.ts';
import type { RenewalKeyProof } from '../../../spec/messages/trust/signed-objects.ts';
import type { TrustRenewal } from '../../../spec/messages/trust/trust-renewal.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import type { Established, Link, RenewalOptions, RenewalRun } from './peer.ts';
import { type PeerState, subjectId } from './peer-state.ts';
import { acknowledge, respond, step } from './trust-run.ts';
import { type RunState, transcriptOf } from './trust-run-state.ts';

export function createRenewalRun(
  peer: PeerState,
  link: Link,
  established: Established,
  options: RenewalOptions = {},
): RenewalRun {
  const state: RunState = {
    peer,
    link,
    options,
    requestId: options.renewalId ?? peer.environment.chance.uuid(),
    isMutualWished: false,
    keyOf: (step) => {
      const isOld = step === 'ask' || options.byOldKey?.includes(step) === true;
      return isOld ? peer.key : (options.newKey ?? peer.key);
    },
    messages: [],
    challenge: undefined,
    decision: undefined,
  };
  return {
    renewalId: state.requestId,
    renew: () => step(state, composeRenewal(state, established, options), options.renewal),
    respond: () => respond(state),
    acknowledge: () => acknowledge(state),
    get challenge() {
      return state.challenge;
    },
    get decision() {
      return state.decision;
    },
  };
}

function composeRenewal(
  { peer, requestId }: RunState,
  { certificate }: Established,
  options: RenewalOptions,
): NorcMessage {
  const { reason = 'early', level, changes = [], newKey } = options;
  const renewal: Omit<TrustRenewal, 'renewal_signature'> = {
    type: 'trust_renewal',
    renewal_id: requestId,
    renewing_server: peer.serverId,
    trust_server: subjectId(peer),
    existing_certificate_id: certificate.certificate_id,
    renewal_reason: reason,
    requested_trust_level: level ?? certificate.trust_level,
    changes_requested: [...changes],
    updated_certificates: [...peer.chain],
    compliance_updates: [],
    transcript_hash: transcriptOf(peer, []),
    ...(newKey && {
      new_public_key: newKey.publicKey,
      new_key_signature: proveNewKey(peer, newKey, { requestId, certificate }),
    }),
  };
  return renewal as NorcMessage;
}

/** The new key signs that it wants to be certified (L-R11). */
function proveNewKey(
  peer: PeerState,
  key: SigningKey,
  { requestId, certificate }: { requestId: string; certificate: Established['certificate'] },
): string {
  const proof: RenewalKeyProof = {
    type: 'renewal_key_proof',
    renewal_id: requestId,
    renewing_server: peer.serverId,
    trust_server: subjectId(peer),
    existing_certificate_id: certificate.certificate_id,
    new_public_key: key.publicKey,
  };
  return peer.environment.crypto.sign(key, { ...proof });
}
