/**
 * trust_status and its answer (F4, F5): each side states its own view (L-F14). It opens the link
 * (choices.md) and never makes, raises or changes trust (F-TRUST-06).
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import type { TrustStatus } from '../../spec/messages/federation/trust-status.ts';
import type { TrustStatusResponse } from '../../spec/messages/federation/trust-status-response.ts';
import type { Context } from '../core.ts';
import type { JsonObject } from '../crypto/crypto.ts';
import { backoff } from './backoff.ts';
import { ask, endLink } from './exchange.ts';
import { type Link, move } from './link.ts';
import { logRefusal, objection, type Refusal } from './refusal.ts';
import { open, reaches, settleLink } from './standing.ts';
import { type Federation, governing, isSigned, peerKey, signed } from './state.ts';

export function askStatus(federation: Federation, link: Link, context: Context): void {
  const message: TrustStatus = {
    type: 'trust_status',
    target_server: link.peer,
    requesting_server: federation.config.serverId,
    trust_level_required: 'basic',
  };
  // Not twice in a second: the two proofs would be the same bytes (F-AUTH-03).
  link.statusAskedAgainAt = context.now + backoff(0, context);
  ask(federation, link, message, { kind: 'status' }, context);
}

/** Our view of what the peer may do here. Said to be established, the link is open for it. */
export function answerStatus(
  federation: Federation,
  link: Link,
  question: TrustStatus,
  context: Context,
): TrustStatusResponse {
  const { config, ports } = federation;
  settleLink(federation, link, context);
  const standing = ports.trust.inbound(link.peer, context.now);
  const isActive = standing.status === 'active';
  const isEnough = isActive && reaches(standing.level, question.trust_level_required);
  if (isEnough) open(federation, link, context);
  const response: TrustStatusResponse = {
    type: 'trust_status_response',
    target_server: config.serverId,
    trust_established: isEnough,
    trust_level: isActive ? (standing.level as TrustStatusResponse['trust_level']) : 'untrusted',
    certificate_chain: [...config.certificateChain],
    ...(isActive && {
      established_at: standing.establishedAtSeconds,
      expires_at: standing.expiresAtSeconds,
    }),
  };
  return signed(config.identity, response, 'signature', context);
}

/** The peer's view. Both must say established before anything is relayed (profile 2.2 row 8). */
export function receiveStatus(
  federation: Federation,
  link: Link,
  answer: { readonly response: TrustStatusResponse; readonly body: JsonObject },
  context: Context,
): void {
  const { response, body } = answer;
  const forged = forgery(federation, link, response, body, context);
  if (forged) {
    logRefusal(forged, link.peer, context);
    return endLink(federation, link, forged.detail, context);
  }
  const { trust } = federation.ports;
  const standing = governing(federation, link, context.now);
  if (!response.trust_established) {
    // L-F14: we differ, so trust is made again and not taken from either view.
    if (standing.status === 'active') trust.wanted(link.peer, context);
    return;
  }
  const claimed = objection(context, 'F-TRUST-06', standing.status === 'active', () => ({
    code: errorCode.federation.notTrusted,
    detail: `${link.peer} claims a trust that we do not know`,
  }));
  if (claimed) return logRefusal(claimed, link.peer, context);
  if (link.state === 'authenticating') move(link, 'trust_found');
  open(federation, link, context);
}

function forgery(
  federation: Federation,
  link: Link,
  response: TrustStatusResponse,
  body: JsonObject,
  context: Context,
): Refusal | null {
  const isPeers = response.target_server === link.peer;
  const isProven =
    response.signature === undefined ||
    isSigned(peerKey(federation, link), body, 'signature', context);
  return objection(context, 'X-SIG-01', isPeers && isProven, () => ({
    code: errorCode.common.cryptoError,
    detail: 'a trust status that the peer has not signed',
  }));
}
