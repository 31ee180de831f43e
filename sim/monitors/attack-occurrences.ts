/** What attackers want to happen (profile Part 7), by name: scenarios say that it never does. */
import { ACCEPTED, exchangeKey, type Model } from './model.ts';
import { type Occurrence, on } from './occurrence.ts';
import { complaints, linkOf, unordered } from './provenance.ts';

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
  'trust-on-altered-messages': {
    summary: 'trust is granted in a run whose messages the two know differently (S-2, S-6b)',
    ids: ['T-TRN-01', 'X-TRN-08'],
    matches: on('audited', ({ entry }, { server }, { provenance }) => {
      if (entry.type !== 'trust_granted') return false;
      return provenance.alteredRuns.has(unordered(server, entry.target));
    }),
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
