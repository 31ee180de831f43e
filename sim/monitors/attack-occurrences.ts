/** What attackers want to happen (profile Part 7), by name: scenarios say that it never does. */

import { defaultPolicy } from '../../reference/config.ts';
import { limits } from '../../spec/limits.ts';
import { TICKS_PER_SECOND } from '../ticks.ts';
import { ACCEPTED, exchangeKey, isJudgement, type Model, pairOf } from './model.ts';
import { type Occurrence, on } from './occurrence.ts';
import { complaints, linkOf, originPart, relayKey, unordered } from './provenance.ts';

/** As policy has it by default. */
const MOST_REQUESTS = defaultPolicy.trust.requestsPerHour;

export const attackOccurrences: { readonly [name: string]: Occurrence } = {
  'forgery-accepted': {
    summary: 'a server accepts a request that its peer has not sent it (S-1, S-3b, S-12)',
    ids: ['F-AUTH-01', 'F-AUTH-04', 'X-SIG-01'],
    matches: on('sent', ({ parcel }, { server }, { provenance }) => {
      const { kind, status, message, exchange } = parcel;
      if (kind !== 'answer' || status !== ACCEPTED) return false;
      if (message !== null && complaints.has(message.type)) return false;
      return provenance.forged.has(exchangeKey(server, exchange));
    }),
  },
  'session-on-altered-handshake': {
    summary: 'a server goes on after a handshake that is not the one its peer knows (D-1 to D-4)',
    ids: ['X-AMC-07', 'X-CS-02', 'X-TRN-05', 'X-SIG-01'],
    matches: on('sent', ({ parcel }, _, { provenance }) => {
      const { kind, message, exchange } = parcel;
      if (kind !== 'request' || message === null || complaints.has(message.type)) return false;
      const isHandshake = message.type === 'federation_handshake';
      return !isHandshake && provenance.altered.has(linkOf(exchange));
    }),
  },
  'hands-shaken-with-another': {
    summary: 'a server begins a session with another server than it means (S-32)',
    ids: ['F-CONN-04'],
    matches: on('sent', ({ peer, parcel: { message } }) => {
      return message?.type === 'federation_handshake' && message.target_server !== peer;
    }),
  },
  'trust-on-altered-messages': {
    summary: 'trust is granted in a run whose messages the two know differently (S-2, S-6b)',
    ids: ['T-TRN-01', 'X-TRN-08'],
    matches: on('audited', ({ entry }, { server }, { provenance }) => {
      if (entry.type !== 'trust_granted') return false;
      return provenance.alteredRuns.has(unordered(server, entry.target));
    }),
  },
  'forgery-arrives': {
    summary: 'a server receives a request that its peer has not sent it so',
    ids: [],
    matches: on('received', ({ parcel }, { server }, { provenance }) => {
      const { message, kind } = parcel;
      return kind === 'request' && message !== null && !provenance.said.get(message)?.has(server);
    }),
  },
  'wrong-time-told': {
    summary: 'a server is told a time that is more than two minutes from true time (S-13)',
    ids: ['X-TIME-06'],
    matches: on('received', ({ parcel: { message } }, { at }, { startSeconds }) => {
      if (message?.type !== 'time_sync') return false;
      return Math.abs(message.server_time - startSeconds - at / TICKS_PER_SECOND) > 120;
    }),
  },
  'audit-root-replaced': {
    summary: 'a server is shown another root of a log that has not grown (S-29)',
    ids: ['X-AUD-01'],
    matches: on('received', ({ peer, parcel: { message } }, { server }, { roots }) => {
      if (message?.type !== 'audit_root') return false;
      const before = roots.get(`${server} ${peer} ${message.day}`);
      const { root_hash: root, entry_count: count } = message;
      return before !== undefined && before.root !== root && before.count === count;
    }),
  },
  'audit-root-alarm': {
    summary: 'a server writes down that a root of a log has changed (S-29)',
    ids: ['X-AUD-01'],
    matches: on('audited', ({ entry }) => entry.action === 'audit root of a day has changed'),
  },
  'foreign-challenge-answered': {
    summary: 'a server answers a challenge that another than its peer has set (S-6b, S-10)',
    ids: ['T-CHAL-05'],
    matches: on('sent', ({ peer, parcel }, { server }, { foreignChallenges }) => {
      return (
        parcel.message?.type === 'trust_response' && foreignChallenges.has(`${server} ${peer}`)
      );
    }),
  },
  'trust-on-foreign-evidence': {
    summary:
      'a server goes on for a peer that has shown the proof or the chain of another (S-6b, S-9)',
    ids: ['T-RESP-02', 'T-REQ-03'],
    matches: on('sent', ({ peer, parcel }, { server }, { provenance }) => {
      const { message } = parcel;
      const isYes = message?.type === 'trust_decision' && message.decision !== 'reject';
      if (!isYes && message?.type !== 'trust_challenge') return false;
      return provenance.foreign.has(`${server} ${peer}`);
    }),
  },
  'relay-not-of-its-origin': {
    summary: 'a relay is taken or passed on which its origin has not sent so (S-7, S-15)',
    ids: ['F-RELAY-07', 'X-CLS-03'],
    matches: on('sent', ({ parcel }, { server }, { provenance }) => {
      const { message, exchange, kind } = parcel;
      const isForward = kind === 'request' && message?.type === 'message_relay';
      const isTaken = kind === 'answer' && message?.type === 'relay_ack';
      const asked = isTaken ? provenance.asked.get(exchangeKey(server, exchange)) : undefined;
      const relay = isForward ? message : asked;
      if (!relay || relay.origin_server === server) return false;
      const original = provenance.relays.get(relayKey(relay));
      return original === undefined || originPart(original) !== originPart(relay);
    }),
  },
  'relay-taken-twice': {
    summary: 'a relay that comes again is not answered as it was the first time (S-3)',
    ids: ['F-RELAY-06', 'F-ACK-03'],
    matches: on('sent', ({ parcel: { message } }, { server }, { acks }) => {
      if (message?.type !== 'relay_ack' || message.target_server !== server) return false;
      const before = acks.get(message.message_id);
      return before !== undefined && before !== JSON.stringify(message);
    }),
  },
  'challenged-too-often': {
    summary: 'a server takes up more requests for trust of one peer than an hour allows (S-31)',
    ids: ['T-REQ-12'],
    matches: on('sent', ({ peer, parcel }, { server, at }, { challenges }) => {
      if (parcel.message?.type !== 'trust_challenge') return false;
      const times = challenges.get(`${server} ${peer}`) ?? [];
      return times.filter((time) => at - time < 3600 * TICKS_PER_SECOND).length >= MOST_REQUESTS;
    }),
  },
  'said-too-often': {
    summary: 'a server relays more from one device than the burst and a message a second (S-18)',
    ids: ['X-RATE-01'],
    matches: on('sent', ({ parcel }, { server, at }, { provenance, spoken }) => {
      const { message, kind } = parcel;
      if (kind !== 'request' || message?.type !== 'message_relay') return false;
      if (message.origin_server !== server || provenance.relays.has(relayKey(message)))
        return false;
      const { first, count } = spoken.get(message.sender_device_id ?? '') ?? {
        first: at,
        count: 0,
      };
      // Analytic: a token bucket lets no more than burst + rate × time through.
      const perSecond = limits.messagesPerMinute / 60;
      return count >= limits.messageBurst + (perSecond * (at - first)) / TICKS_PER_SECOND + 1;
    }),
  },
  'judged-too-often': {
    summary: 'a server judges more relays of one peer than the burst and rate of its grant (S-18)',
    ids: ['F-RATE-03', 'X-RATE-07', 'X-RATE-08'],
    matches: on('sent', ({ peer, parcel }, { server, at }, model) => {
      if (!isJudgement(model, server, parcel)) return false;
      const { first, count } = model.judged.get(pairOf(server, peer)) ?? { first: at, count: 0 };
      // Over all links, and whatever becomes of them: what is refused has paid as well.
      const perSecond = limits.grantedMessagesPerSecond;
      return count >= perSecond + (perSecond * (at - first)) / TICKS_PER_SECOND + 1;
    }),
  },
  'session-on-a-weak-key': {
    summary: 'a server goes on after a handshake whose other key is of low order (S-26)',
    ids: ['X-KDF-07'],
    matches: on('sent', ({ parcel }, _, { weakLinks }) => {
      const { kind, message, exchange } = parcel;
      if (kind !== 'request' || message === null || complaints.has(message.type)) return false;
      return weakLinks.has(linkOf(exchange));
    }),
  },
  'list-contradiction-noticed': {
    summary: 'a server writes down that an issuer shows two revocation lists of one number (S-11b)',
    ids: ['T-CRL-02'],
    matches: on('audited', ({ entry }) => entry.action === 'two revocation lists of one number'),
  },
  'trust-nobody-ordered': {
    summary: 'trust is granted between two of whom no operator has asked for it (S-9, S-10, S-21)',
    ids: ['T-REQ-02', 'T-REQ-03', 'T-REQ-04'],
    matches: on('audited', ({ entry }, { server }, { establishing }) => {
      if (entry.type !== 'trust_granted') return false;
      const pair = unordered(server, entry.target);
      return !establishing.some((order) => unordered(order.server, order.peer) === pair);
    }),
  },
  'revocation-nobody-ordered': {
    summary: 'a server takes in a revocation of which no operator knows (S-12)',
    ids: ['T-REV-02'],
    matches: on('audited', ({ entry }, _, model) => {
      if (entry.action !== 'took in a revocation') return false;
      return !isOrdered(model, String(entry.parameters.certificate_id));
    }),
  },
  'message-nobody-said': {
    summary: 'a device shows what its sender has not said to this user (S-5, S-7)',
    ids: ['C-E2E-06', 'F-RELAY-07'],
    matches: on('shown', ({ user, effect }, _, { said }) => {
      if (effect.type !== 'display') return false;
      const message = said.get(effect.messageId);
      return message?.from !== effect.sender || message.to !== user;
    }),
  },
  'delivered-without-display': {
    summary: 'a sender is told that a message was delivered which no device has shown (S-11)',
    ids: ['F-ACK-01'],
    matches: on('shown', ({ effect }, _, { said, displays }) => {
      if (effect.type !== 'progressed' || effect.status !== 'delivered') return false;
      const message = said.get(effect.messageId);
      return message !== undefined && !displays.has(`${message.to} ${effect.messageId}`);
    }),
  },
};

function isOrdered({ revoking, parties }: Model, certificate: string): boolean {
  const [one = '', other = ''] = parties.get(certificate) ?? [];
  const pair = unordered(one, other);
  return revoking.some(({ server, peer }) => unordered(server, peer) === pair);
}
