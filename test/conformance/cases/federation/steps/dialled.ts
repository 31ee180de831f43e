/** A server of ours that the subject dials and that answers by hand, honest unless bent. */
import type { JsonObject } from '../../../../../reference/crypto/crypto.ts';
import { toSeconds } from '../../../../../reference/time.ts';
import { encodeBase64url } from '../../../../../reference/wire/base64url.ts';
import { limits } from '../../../../../spec/limits.ts';
import type { FederationHandshake } from '../../../../../spec/messages/federation/federation-handshake.ts';
import type { MessageRelay } from '../../../../../spec/messages/federation/message-relay.ts';
import type { NorcMessage } from '../../../../../spec/messages.ts';
import type { InboundRequest, Peer } from '../../../actors/peer.ts';
import { SubjectMisbehaved } from '../../../case.ts';
import type { Stage } from '../../../stage.ts';

export interface Bends {
  /** Changed before the transcript is taken and the answer is signed. */
  readonly before?: (response: JsonObject, request: FederationHandshake) => JsonObject;
  /** Changed after that. */
  readonly after?: (response: JsonObject) => JsonObject;
}

/** F3 as an honest server says it, but for the bends. */
export async function answerHandshake(
  { crypto, entropy, uuid }: Stage,
  peer: Peer,
  inbound: InboundRequest,
  { before, after }: Bends = {},
): Promise<void> {
  const request = JSON.parse(inbound.received.text);
  const version = inbound.link.alpn?.slice('norc-f/'.length) ?? request.protocol_version;
  const isTop = request.supported_versions.every(
    (offered: string) => Number.parseInt(offered, 10) <= Number.parseInt(version, 10),
  );
  const honest: JsonObject = {
    type: 'federation_handshake_response',
    responding_server: peer.serverId,
    accepted_version: version,
    compatibility_mode: !isTop,
    shared_capabilities: request.capabilities.filter((name: string) => !name.startsWith('pq_')),
    version_warnings: isTop ? [] : ['the majors differ'],
    connection_id: uuid(),
    norc_t_version: version,
    cipher_suite: '0001',
    server_nonce: encodeBase64url(entropy(limits.handshakeNonceBytes)),
    ephemeral_public_key: crypto.exchangeKey(entropy(32)).publicKey,
  };
  const response = before?.(honest, request) ?? honest;
  const transcript_hash = crypto.transcript('norc-f-handshake-v1', [request, response]);
  const bound = { ...response, transcript_hash };
  const signed = { ...bound, signature: crypto.sign(peer.key, bound) };
  await inbound.answerRaw(after?.(signed) ?? signed);
}

/** F5: the relationship stands. */
async function answerStatus(stage: Stage, peer: Peer, inbound: InboundRequest): Promise<void> {
  const nowSeconds = toSeconds(stage.now());
  const response = {
    type: 'trust_status_response',
    target_server: peer.serverId,
    trust_established: true,
    trust_level: 'basic',
    established_at: nowSeconds - 60,
    expires_at: nowSeconds + 86_400,
    certificate_chain: [...peer.chain],
  };
  await inbound.answerRaw({ ...response, signature: stage.crypto.sign(peer.key, response) });
}

export interface InboundRelay {
  readonly relay: MessageRelay;
  readonly inbound: InboundRequest;
}

/** Opens every link that the subject dials; the next relay on one of them, or null. */
async function nextRelay(
  stage: Stage,
  peer: Peer,
  withinMs?: number,
): Promise<InboundRelay | null> {
  for (;;) {
    const inbound = await peer.inbound(withinMs === undefined ? {} : { withinMs });
    if (inbound === null) return null;
    const { message } = inbound.received;
    switch (message.type) {
      case 'federation_handshake':
        await answerHandshake(stage, peer, inbound);
        break;
      case 'trust_status':
        await answerStatus(stage, peer, inbound);
        break;
      case 'message_relay':
        return { relay: message, inbound };
      case 'time_sync':
        await inbound.answer(null);
        break;
      default:
        if (!isAboutAnother(message, peer)) {
          throw new SubjectMisbehaved(`${message.type} instead of a relay`, 'a relay', message);
        }
        await inbound.answer(null);
    }
  }
}

/** Cases share the subject: what one of them has it revoke, the peers of the others are told. */
const isAboutAnother = (message: NorcMessage, { serverId }: Peer): boolean =>
  message.type === 'trust_revoke' && message.target_server !== serverId;

/** The same, where there must be one. */
export async function theInboundRelay(
  stage: Stage,
  peer: Peer,
  withinMs?: number,
): Promise<InboundRelay> {
  const found = await nextRelay(stage, peer, withinMs);
  if (found) return found;
  throw new SubjectMisbehaved('nothing was relayed', 'a message_relay', null);
}

/** F8: all delivered, but for the bend, and signed after it. */
export async function acknowledge(
  stage: Stage,
  peer: Peer,
  { relay, inbound }: InboundRelay,
  bend: (ack: JsonObject) => JsonObject = (ack) => ack,
): Promise<void> {
  const timestamp = stage.now();
  const [user_id = ''] = relay.target_users;
  const device_ids = Object.keys(relay.encrypted_payloads);
  const ack = bend({
    type: 'relay_ack',
    federation_id: relay.federation_id,
    message_id: relay.message_id,
    target_server: peer.serverId,
    status: 'delivered',
    delivered_to: [{ user_id, device_ids, timestamp }],
    failed_deliveries: [],
    timestamp,
  });
  await inbound.answerRaw({ signature: stage.crypto.sign(peer.key, ack), ...ack });
}
