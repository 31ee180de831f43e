/**
 * How a server of ours answers when the subject dials it: as a conforming server would, bent where
 * the case says so. What the subject does wrong on the way is kept for whoever waits next.
 */
import type { NorcMessage } from '../../../spec/messages.ts';
import { CheckFailed, SubjectMisbehaved } from '../case.ts';
import type { Received } from '../stage.ts';
import { refusal } from './federation-terms.ts';
import { recommend, reportHealth, tellRoot } from './honest-answers.ts';
import { answerHandshake } from './honest-handshake.ts';
import { createRelayDesk } from './honest-relay.ts';
import { createRenewer } from './honest-renewal.ts';
import { acknowledgeRevocation, answerTrustStatus } from './honest-standing.ts';
import { createResponder } from './honest-trust.ts';
import type { PeerState } from './peer-state.ts';
import { type Asked, type Reply, replyWith } from './reply.ts';
import { judgeProof } from './request-proof.ts';

export interface HonestSide {
  /** Null when an honest server of the suite has no answer: then the case gives it. */
  answer(asked: Asked): Promise<Reply | null> | Reply | null;
  readonly relayed: readonly Received<Extract<NorcMessage, { type: 'message_relay' }>>[];
}

export function createHonestSide(peer: PeerState): HonestSide {
  const desk = createRelayDesk(peer);
  const responder = createResponder(peer);
  const renewer = createRenewer(peer);

  function dispatch(asked: Asked): Promise<Reply> | Reply | null {
    const { message } = asked.received;
    switch (message.type) {
      case 'federation_handshake':
        return answerHandshake(peer, asked, message);
      case 'trust_status':
        return answerTrustStatus(peer, message);
      case 'message_relay':
        return desk.take(asked, message);
      case 'trust_capabilities':
        return responder.capabilities(asked, message);
      case 'trust_request':
        return responder.request(asked, message);
      case 'trust_response':
        return responder.response(asked, message);
      case 'trust_renewal':
        return renewer.renewal(asked, message);
      case 'trust_acknowledgment':
        return renewer.acknowledgment(asked, message) ?? responder.acknowledgment(asked, message);
      case 'trust_revoke':
        return acknowledgeRevocation(peer, asked, message);
      case 'trust_recommendation':
        return recommend(peer, asked, message);
      case 'trust_health_check':
        return reportHealth(peer, asked, message);
      case 'audit_root_query':
        return tellRoot(peer, asked, message);
      case 'revocation_acknowledgment': // the subject objects
      case 'norc_crl': // shown a list of somebody else's
      case 'time_sync':
        return { status: 204, message: null, isBent: false };
      default:
        return null;
    }
  }

  return {
    relayed: desk.accepted,
    answer(asked) {
      try {
        judgeProof(peer, asked.json, asked.request.proof);
        const reply = dispatch(asked);
        return reply instanceof Promise ? reply.catch((error) => blamed(peer, error)) : reply;
      } catch (error) {
        return blamed(peer, error);
      }
    },
  };
}

/** The subject is told only that something was wrong; the case is told what. */
function blamed({ environment }: PeerState, error: unknown): Reply {
  environment.trouble(error);
  const isTheirs = error instanceof CheckFailed || error instanceof SubjectMisbehaved;
  return replyWith(refusal(environment, isTheirs ? 5600 : 5000));
}
