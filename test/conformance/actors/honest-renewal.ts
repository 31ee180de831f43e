/** A server of ours as the issuer whose certificate the subject renews (machine renewal). */
import type { JsonObject } from '../../../reference/wire/json.ts';
import type { TrustAcknowledgment } from '../../../spec/messages/trust/trust-acknowledgment.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { TrustRenewal } from '../../../spec/messages/trust/trust-renewal.ts';
import { refusal } from './federation-terms.ts';
import { judgeSigned } from './honest-trust.ts';
import { type PeerState, subjectId } from './peer-state.ts';
import { type Asked, type Reply, replyWith, signedReply } from './reply.ts';
import { issueCertificate } from './trust-certificate.ts';
import { composeDecision } from './trust-responder.ts';
import { transcriptOf } from './trust-run-state.ts';

export interface Renewer {
  renewal(asked: Asked, message: TrustRenewal): Reply;
  /** Null when it is about no renewal. */
  acknowledgment(asked: Asked, message: TrustAcknowledgment): Reply | null;
}

interface Renewal {
  readonly messages: JsonObject[];
  readonly reply: Reply;
  isClosed: boolean;
}

export function createRenewer(peer: PeerState): Renewer {
  const renewals = new Map<string, Renewal>();
  return {
    renewal(asked, message) {
      const known = renewals.get(message.renewal_id);
      if (known) return known.reply; // T-REN-05
      judgeRenewal(peer, asked, message);
      const renewal = decide(peer, asked, message);
      renewals.set(message.renewal_id, renewal);
      return renewal.reply;
    },
    acknowledgment(asked, message) {
      const renewal = renewals.get(message.request_id);
      if (!renewal) return null;
      if (renewal.isClosed) return { status: 204, message: null, isBent: false };
      const member = 'acknowledgment_signature';
      judgeSigned(peer, renewal.messages, { asked, member, id: 'T-ACK-01', message });
      renewal.isClosed = true;
      return { status: 204, message: null, isBent: false };
    },
  };
}

function judgeRenewal(peer: PeerState, asked: Asked, message: TrustRenewal): void {
  judgeSigned(peer, [], { asked, member: 'renewal_signature', id: 'T-REN-01', message });
  const { given } = peer.relationship;
  const names = [message.renewing_server, message.trust_server, message.existing_certificate_id];
  const expected = [subjectId(peer), peer.serverId, given?.certificate_id];
  peer.environment.judge.demand('T-REN-01', names.join(' ') === expected.join(' '), {
    what: 'trust_renewal of the subject names other servers or another certificate',
    expected,
    got: names,
  });
}

function decide(peer: PeerState, asked: Asked, message: TrustRenewal): Renewal {
  const { bends, relationship, environment } = peer;
  const level = relationship.given?.trust_level;
  if (level === undefined || level === 'untrusted') {
    return { messages: [], reply: replyWith(refusal(environment, 5814)), isClosed: true };
  }
  const signature = bends.resign === false ? 'kept' : 'renewed';
  const issuance = issueCertificate(peer, { level, bend: bends.successor, signature });
  const decision = composeDecision(peer, {
    request: {
      request_id: message.renewal_id,
      requesting_server: message.renewing_server,
      trust_method: 'direct_exchange',
      trust_requirements: { mutual: false },
    },
    issuance,
    th: transcriptOf(peer, [asked.json]),
  });
  const answer = signedReply<TrustDecision>(peer, decision, {
    member: 'decision_signature',
    bend: bends.renewalDecision,
  });
  const isBent = answer.isBent || bends.successor !== undefined;
  relationship.given = issuance.issued;
  const messages = [asked.json, answer.message ?? {}];
  return { messages, reply: { ...answer, isBent }, isClosed: false };
}
