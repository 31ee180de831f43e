/** Our answers about the relationship itself: trust_status (F4, F5) and revocations (T9, T10). */
import { toSeconds } from '../../../reference/time.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import type { TrustStatus } from '../../../spec/messages/federation/trust-status.ts';
import type { TrustStatusResponse } from '../../../spec/messages/federation/trust-status-response.ts';
import type { RevocationAcknowledgment } from '../../../spec/messages/trust/revocation-acknowledgment.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { Bend } from '../stage.ts';
import { type PeerState, subjectKey } from './peer-state.ts';
import { type Asked, type Reply, signedReply } from './reply.ts';
import { isSignedBy, signedAndBent } from './signing.ts';
import { levelRank } from './trust-certificate.ts';
import { transcriptOf } from './trust-run-state.ts';

/** L-F14: what we have stored, and nothing that would create or raise trust. */
export function answerTrustStatus(peer: PeerState, message: TrustStatus): Reply {
  const { given } = peer.relationship;
  const level = given?.trust_level ?? 'untrusted';
  const suffices = levelRank(level) >= levelRank(message.trust_level_required);
  const response: Omit<TrustStatusResponse, 'signature'> = {
    type: 'trust_status_response',
    target_server: peer.serverId,
    trust_established: given !== null && suffices,
    trust_level: level,
    certificate_chain: [...peer.chain],
    ...(given && suffices && { established_at: given.not_before, expires_at: given.not_after }),
  };
  return signedReply<TrustStatusResponse>(peer, response, {
    member: 'signature',
    bend: peer.bends.trustStatus,
  });
}

export function acknowledgeRevocation(peer: PeerState, asked: Asked, message: TrustRevoke): Reply {
  const { judge, crypto, subject } = peer.environment;
  // What others have revoked the subject may pass on; its own it signs with its server key.
  const isPassedOn = message.revoking_server !== subject.facts.serverId;
  const isSigned =
    isPassedOn || isSignedBy(crypto, subjectKey(peer), asked.json, 'revocation_signature');
  judge.demand('T-REV-01', isSigned, {
    what: 'the revocation of the subject is not signed by its server key',
    expected: `a signature of ${subjectKey(peer)}`,
    got: message.revocation_signature,
  });
  const isFull = message.revocation_scope === 'full';
  const { relationship } = peer;
  // Full revocation of either direction ends traffic in both (T-REV-04).
  const revoked = [relationship.held, relationship.given].some(
    (certificate) => certificate?.certificate_id === message.trust_certificate_id,
  );
  if (isFull && revoked) Object.assign(relationship, { held: null, given: null });
  const acknowledgment = acknowledgmentOf(peer, asked.json);
  return signedReply<RevocationAcknowledgment>(peer, acknowledgment, {
    member: 'acknowledgment_signature',
    bend: peer.bends.revocationAcknowledgment,
  });
}

/** T10 as a message of its own, about a revocation as it came. */
export function composeAcknowledgment(
  peer: PeerState,
  revocation: string,
  bend?: Bend<RevocationAcknowledgment>,
): JsonObject {
  const { crypto } = peer.environment;
  const signer = { crypto, key: peer.key, member: 'acknowledgment_signature' };
  const message = acknowledgmentOf(peer, JSON.parse(revocation));
  return signedAndBent(message as RevocationAcknowledgment, signer, { bend, signature: 'renewed' });
}

function acknowledgmentOf(
  peer: PeerState,
  revocation: JsonObject,
): Omit<RevocationAcknowledgment, 'acknowledgment_signature'> {
  return {
    type: 'revocation_acknowledgment',
    revocation_id: String(revocation.revocation_id),
    acknowledging_server: peer.serverId,
    acknowledgment_status: 'accepted',
    effective_acknowledgment: toSeconds(peer.environment.subject.now()),
    cleanup_actions: ['routes disabled', 'caches purged'],
    appeal_filed: false,
    transcript_hash: transcriptOf(peer, [revocation]),
  };
}
