/**
 * What may happen, by name: what `never` forbids, `sometimes` demands and `after` waits for. Each is
 * judged on one entry and the model as it was before, and names the requirements that it is about.
 */

import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Parcel } from '../network/parcel.ts';
import { attackOccurrences } from './attack-occurrences.ts';
import {
  ACCEPTED,
  displayKey,
  exchangeKey,
  forwardKey,
  pairOf,
  proofKey,
  standingOf,
} from './model.ts';
import { type Occurrence, on } from './occurrence.ts';

export const occurrences: { readonly [name: string]: Occurrence } = {
  ...attackOccurrences,
  'trust-established': {
    summary: 'a server writes down that trust was granted',
    ids: ['T-ACK-02', 'T-AUD-03'],
    matches: on('audited', ({ entry }) => entry.type === 'trust_granted'),
  },
  revoke: {
    summary: 'an operator takes trust back',
    ids: [],
    matches: on('commanded', ({ command }) => command.command === 'revoke-trust'),
  },
  'revocation-taken-in': {
    summary: 'a server takes in the revocation of another',
    ids: ['T-REV-14'],
    matches: on('audited', ({ entry }) => entry.action === 'took in a revocation'),
  },
  'relay-taken': {
    summary: 'a relay is acknowledged',
    ids: ['F-ACK-01'],
    matches: on('sent', ({ parcel }) => parcel.message?.type === 'relay_ack'),
  },
  'relay-under-revoked-trust': {
    summary: 'a server takes a relay from, or sends one to, a server whose trust it knows revoked',
    ids: ['T-REV-04', 'F-TRUST-02', 'F-TRUST-05'],
    matches: on('sent', ({ peer, parcel }, { server }, model) => {
      const { message } = parcel;
      const isRelay = message?.type === 'message_relay' || message?.type === 'relay_ack';
      return isRelay && standingOf(model, server, peer).inbound === 'revoked';
    }),
  },
  'message-displayed': {
    summary: 'a device shows a message',
    ids: [],
    matches: on('shown', ({ effect }) => effect.type === 'display'),
  },
  'message-displayed-twice': {
    summary: 'a device shows one message twice (S-3)',
    ids: ['X-SEQ-14', 'F-RELAY-06'],
    matches: on('shown', ({ user, effect }, _, model) => {
      return effect.type === 'display' && model.displays.has(displayKey(user, effect.messageId));
    }),
  },
  'message-failed': {
    summary: 'a sender is told that a message was not delivered',
    ids: ['F-RELAY-17'],
    matches: on(
      'shown',
      ({ effect }) => effect.type === 'progressed' && effect.status === 'failed',
    ),
  },
  'relay-forwarded': {
    summary: 'a server passes on the relay of another',
    ids: ['F-RELAY-12'],
    matches: on('sent', ({ parcel }) => isForward(parcel)),
  },
  'relay-forwarded-twice': {
    summary: 'a server passes on one message more than once (S-8)',
    ids: ['F-RELAY-04', 'F-RELAY-06'],
    matches: on('sent', ({ parcel }, { server }, model) => {
      const { message } = parcel;
      if (message?.type !== 'message_relay' || !isForward(parcel)) return false;
      return model.forwards.has(forwardKey(server, message));
    }),
  },
  'proof-accepted-twice': {
    summary: 'a server accepts one request proof more than once on a link (S-1)',
    ids: ['F-AUTH-03'],
    matches: on('sent', ({ parcel }, { server }, model) => {
      if (parcel.kind !== 'answer' || parcel.status !== ACCEPTED) return false;
      const proof = model.proofs.get(exchangeKey(server, parcel.exchange));
      return proof !== undefined && model.accepted.has(proofKey(server, parcel.exchange, proof));
    }),
  },
  'relay-through-itself': {
    summary: 'a server acknowledges a relay that has come through it before (S-8)',
    ids: ['F-RELAY-04'],
    matches: on('sent', ({ parcel }, { server }, { looping }) => isAcked(parcel, server, looping)),
  },
  'stale-relay-taken': {
    summary: 'a relay is taken whose time is more than 60 s from true time (S-13)',
    ids: ['F-RELAY-09', 'X-TIME-03'],
    matches: on('sent', ({ parcel }, { server }, { stale }) => isAcked(parcel, server, stale)),
  },
  'link-broken': {
    summary: 'a server learns that a link is gone',
    ids: [],
    matches: on('noticed', ({ input }) => input.type === 'link-closed'),
  },
  crash: { summary: 'a server crashes', ids: [], matches: on('crashed', () => true) },
  restart: {
    summary: 'a server comes back',
    ids: [],
    matches: on('started', (_, { server }, model) => (model.starts.get(server) ?? 0) > 0),
  },
  'version-went-back': {
    summary: 'two servers agree on a lower version than before (D-5)',
    ids: ['T-CAP-05', 'T-CAP-06'],
    matches: on('sent', ({ peer, parcel }, { server }, model) => {
      const { message } = parcel;
      if (message?.type !== 'federation_handshake_response') return false;
      const before = model.versions.get(pairOf(server, peer));
      return before !== undefined && isLower(message.accepted_version, before);
    }),
  },
};

/** Whether it answers one of these relays with an acknowledgment. */
function isAcked(parcel: Parcel, server: string, relays: ReadonlySet<string>): boolean {
  const { message, exchange } = parcel;
  return message?.type === 'relay_ack' && relays.has(exchangeKey(server, exchange));
}

function isForward({ kind, message }: Parcel): boolean {
  const isRelay = kind === 'request' && message?.type === 'message_relay';
  return isRelay && message.route_path.length > 1;
}

/** `refused(F-RELAY-09)`: a server names the requirement that was broken. */
export function refusalOf(id: RequirementId): Occurrence {
  return {
    summary: `a server refuses what breaks ${id}`,
    ids: [id],
    matches: on('logged', ({ entry }) => entry.event === 'refused' && entry.requirement === id),
  };
}

/** `granted(mallory.sim.test)`: somebody grants this server trust. */
export function grantedTo(server: string): Occurrence {
  return {
    summary: `a server grants trust to ${server}`,
    ids: ['T-ACK-02'],
    matches: on('audited', ({ entry }) => {
      return entry.action === 'granted trust' && entry.target === server;
    }),
  };
}

/** `session(2.0)`: a link is agreed at a version. */
export function sessionAt(version: string): Occurrence {
  return {
    summary: `two servers agree on ${version}`,
    ids: ['X-AMC-02', 'F-HS-02'],
    matches: on('sent', ({ parcel }) => {
      const { message } = parcel;
      return (
        message?.type === 'federation_handshake_response' && message.accepted_version === version
      );
    }),
  };
}

function isLower(version: string, before: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [majorBefore = 0, minorBefore = 0] = before.split('.').map(Number);
  return major < majorBefore || (major === majorBefore && minor < minorBefore);
}
