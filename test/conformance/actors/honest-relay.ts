/**
 * Relays that the subject sends us: judged, delivered to our users, acknowledged (F7, F8; L-F06).
 */
import { millis, seconds } from '../../../reference/time.ts';
import { limits } from '../../../spec/limits.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import type { RelayAck } from '../../../spec/messages/federation/relay-ack.ts';
import type { Received } from '../stage.ts';
import { refusal } from './federation-terms.ts';
import { type PeerState, subjectId, subjectKey } from './peer-state.ts';
import { relayOrigin } from './relay.ts';
import { type Asked, type Reply, replyWith, signedReply } from './reply.ts';
import { isSignedBy } from './signing.ts';

export interface RelayDesk {
  /** Accepted relays, each once, oldest first. */
  readonly accepted: readonly Received<MessageRelay>[];
  take(asked: Asked, message: MessageRelay): Reply;
}

export function createRelayDesk(peer: PeerState): RelayDesk {
  const accepted: Received<MessageRelay>[] = [];
  const answered = new Map<string, Reply>();
  return {
    accepted,
    take(asked, message) {
      const key = `${message.origin_server} ${message.message_id} ${message.target_server}`;
      const before = answered.get(key);
      if (before) return before; // F-ACK-03: byte for byte
      if (!peer.relationship.given) return replyWith(refusal(peer.environment, 5001));
      judgeRelay(peer, asked, message);
      accepted.push({ ...asked.received, message });
      const reply = acknowledge(peer, message);
      answered.set(key, reply);
      return reply;
    },
  };
}

function judgeRelay(peer: PeerState, asked: Asked, message: MessageRelay): void {
  judgeRoute(peer, message);
  judgeSignatures(peer, asked, message);
  const { judge, subject } = peer.environment;
  const skew = Math.abs(subject.now() - message.metadata.federation_timestamp);
  judge.demand('F-RELAY-09', skew <= seconds(limits.federationSkewSeconds), {
    what: 'federation_timestamp of the subject is not of now',
    expected: `at most ${limits.federationSkewSeconds} s`,
    got: `${skew / millis(1000)} s`,
  });
}

function judgeRoute(peer: PeerState, message: MessageRelay): void {
  const { judge } = peer.environment;
  const { route_path, origin_server, target_server, metadata } = message;
  const ends = [route_path[0], route_path.at(-1)];
  judge.demand('F-RELAY-02', ends.join(' ') === `${origin_server} ${subjectId(peer)}`, {
    what: 'route_path does not lead from the origin to the subject',
    expected: [origin_server, subjectId(peer)],
    got: route_path,
  });
  judge.demand('F-RELAY-03', metadata.hop_count === route_path.length, {
    what: 'hop_count is not the length of route_path',
    expected: route_path.length,
    got: metadata.hop_count,
  });
  judge.demand('F-RELAY-16', target_server === peer.serverId, {
    what: 'the subject sent us the relay of another server',
    expected: peer.serverId,
    got: target_server,
  });
}

function judgeSignatures(peer: PeerState, { json }: Asked, message: MessageRelay): void {
  const { judge, crypto, servers } = peer.environment;
  judge.demand('F-RELAY-08', isSignedBy(crypto, subjectKey(peer), json, 'route_signature'), {
    what: 'route_signature is not by the server that sent the relay',
    expected: `a signature of ${subjectKey(peer)}`,
    got: message.route_signature,
  });
  const { origin_server, origin_signature } = message;
  const originKey =
    origin_server === subjectId(peer)
      ? subjectKey(peer)
      : servers.get(origin_server)?.key.publicKey;
  if (origin_signature === undefined || originKey === undefined) return;
  const isSigned = crypto.verify(originKey, relayOrigin(crypto, json), origin_signature);
  judge.demand('F-RELAY-07', isSigned, {
    what: 'origin_signature does not cover the part that no hop may change',
    expected: `a signature of ${originKey}`,
    got: origin_signature,
  });
}

/** Every addressed device once (F-ACK-02): those of our users are reached, the others are not. */
function acknowledge(peer: PeerState, message: MessageRelay): Reply {
  const { roster, subject } = peer.environment;
  const timestamp = subject.now();
  const addressed = new Set(Object.keys(message.encrypted_payloads));
  const delivered = message.target_users.flatMap((userId) => {
    const own = roster.devicesOf(userId).map(({ deviceId }) => deviceId);
    const deviceIds = own.filter((deviceId) => addressed.delete(deviceId));
    return deviceIds.length > 0 ? [{ user_id: userId, device_ids: deviceIds, timestamp }] : [];
  });
  const missed = message.target_users.filter(
    (userId) => !delivered.some(({ user_id }) => user_id === userId),
  );
  const failed = missed.map((userId, nth) => ({
    user_id: userId,
    device_ids: nth === 0 ? [...addressed] : [],
    error_code: 5204,
    timestamp,
  }));
  const ack: Omit<RelayAck, 'signature'> = {
    type: 'relay_ack',
    federation_id: message.federation_id,
    message_id: message.message_id,
    target_server: peer.serverId,
    status: statusOf(delivered.length, failed.length),
    delivered_to: delivered,
    failed_deliveries: failed,
    timestamp,
  };
  return signedReply<RelayAck>(peer, ack, { member: 'signature', bend: peer.bends.relayAck });
}

function statusOf(delivered: number, failed: number): RelayAck['status'] {
  if (failed === 0) return 'delivered';
  return delivered === 0 ? 'failed' : 'partial';
}
