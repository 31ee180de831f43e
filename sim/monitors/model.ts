/**
 * What an observer of the journal knows: sets and clocks, filled from entries alone. It is no copy
 * of a server; it is what monitors compare servers with.
 */
import { seconds } from '../../reference/time.ts';
import { limits } from '../../spec/limits.ts';
import type { Tick } from '../kernel/kernel.ts';
import type { Parcel } from '../network/parcel.ts';
import { microsOf } from '../ticks.ts';
import type { Audited, Entry, Happening } from '../trace/journal.ts';
import {
  createProvenance,
  isForeign,
  linkOf,
  noteHeard,
  noteSaid,
  type Provenance,
  relayKey,
} from './provenance.ts';

type Direction = 'inbound' | 'outbound';

/** How a server says it stands with a peer, by its own log. */
export interface Standing {
  inbound: 'granted' | 'revoked' | null;
  outbound: 'granted' | 'revoked' | null;
}

/** How often, and when first. */
type Counts = Map<string, { readonly first: Tick; readonly count: number }>;

export interface Ordered {
  readonly server: string;
  readonly peer: string;
  readonly at: Tick;
}

export interface Said {
  readonly from: string;
  readonly to: string;
  readonly at: Tick;
  status: 'said' | 'sent' | 'delivered' | 'read' | 'failed';
}

/** What is known of a run before it begins. */
export interface Watched {
  /** Servers that the scenario lets do what the protocol forbids: what they do breaks nothing. */
  readonly rogues: ReadonlySet<string>;
  /** True time at tick 0, in Unix seconds. */
  readonly startSeconds: number;
}

export interface Model extends Watched {
  readonly up: Set<string>;
  /** How often each server has been started. */
  readonly starts: Map<string, number>;
  readonly standings: Map<string, Standing>;
  readonly establishing: Ordered[];
  readonly revoking: Ordered[];
  /** Whose trust a certificate was, by its id, as revocations that crossed links say. */
  readonly parties: Map<string, readonly [string, string]>;
  readonly said: Map<string, Said>;
  /** By user and message. */
  readonly displays: Map<string, number>;
  /** By forwarding server, and origin and id of the message. */
  readonly forwards: Map<string, number>;
  /** Highest federation version that each ordered pair has agreed on. */
  readonly versions: Map<string, string>;
  /** Proofs of requests that have not been answered, by server and exchange. */
  readonly proofs: Map<string, string>;
  /** Proofs that a server has accepted once. */
  readonly accepted: Set<string>;
  readonly provenance: Provenance;
  /** Server and peer whose present challenge another has set. */
  readonly foreignChallenges: Set<string>;
  /** Acknowledgments of the servers of the readers, by message. */
  readonly acks: Map<string, string>;
  /** What each server was shown of a peer's log last, by day. */
  readonly roots: Map<string, { readonly root: string; readonly count: number | undefined }>;
  /** When each server has challenged each peer. */
  readonly challenges: Map<string, Tick[]>;
  /** Messages that devices have sent to other servers, and when the first was. */
  readonly spoken: Counts;
  /** Relays that have not been answered, by server and exchange. */
  readonly waiting: Set<string>;
  /** Relays that were judged, by server and peer: all that were not refused for their rate. */
  readonly judged: Counts;
  /** Links whose dialler was shown a point of low order. */
  readonly weakLinks: Set<string>;
  /** Plan items that have begun and not ended. */
  readonly troubles: Set<string>;
  /** Relays from another time, by server and exchange. */
  readonly stale: Set<string>;
  /** Likewise those that name the receiver in their path. */
  readonly looping: Set<string>;
}

export function createModel(of: Watched): Model {
  return {
    ...of,
    up: new Set(),
    starts: new Map(),
    standings: new Map(),
    establishing: [],
    revoking: [],
    parties: new Map(),
    said: new Map(),
    displays: new Map(),
    forwards: new Map(),
    versions: new Map(),
    proofs: new Map(),
    accepted: new Set(),
    provenance: createProvenance(),
    foreignChallenges: new Set(),
    acks: new Map(),
    roots: new Map(),
    challenges: new Map(),
    spoken: new Map(),
    waiting: new Set(),
    judged: new Map(),
    weakLinks: new Set(),
    troubles: new Set(),
    stale: new Set(),
    looping: new Set(),
  };
}

export const pairOf = (server: string, peer: string): string => `${server}>${peer}`;

export function standingOf(model: Model, server: string, peer: string): Standing {
  return model.standings.get(pairOf(server, peer)) ?? { inbound: null, outbound: null };
}

/** Takes in one entry. Events are judged before, states after. */
export function apply(model: Model, entry: Entry): void {
  const { server, happening, at } = entry;
  switch (happening.event) {
    case 'started':
      model.up.add(server);
      model.starts.set(server, (model.starts.get(server) ?? 0) + 1);
      return;
    case 'crashed':
      model.up.delete(server);
      return;
    case 'commanded':
      return order(model, server, happening, at);
    case 'audited':
      return standing(model, server, happening);
    case 'sent':
      return sent(model, entry, happening);
    case 'received':
      return received(model, entry, happening);
    case 'said': {
      const { user: from, to, messageId } = happening;
      model.said.set(messageId, { from, to, at, status: 'said' });
      return;
    }
    case 'shown':
      return shown(model, happening);
    case 'plan':
      return plan(model, happening);
    default:
      return;
  }
}

type Of<E extends Happening['event']> = Extract<Happening, { event: E }>;

function order(model: Model, server: string, { command }: Of<'commanded'>, at: Tick): void {
  if (command.command === 'establish-trust') {
    model.establishing.push({ server, peer: command.server, at });
  }
  if (command.command === 'revoke-trust') {
    model.revoking.push({ server, peer: command.server, at });
  }
}

const directions: { readonly [action: string]: readonly Direction[] } = {
  'granted trust': ['inbound'],
  'was granted trust': ['outbound'],
};

function standing(model: Model, server: string, { entry }: Of<'audited'>): void {
  if (entry.type === 'trust_revoked') return revoked(model, server, entry);
  if (entry.type !== 'trust_granted') return;
  const changed = { ...standingOf(model, server, entry.target) };
  for (const direction of directions[entry.action] ?? []) changed[direction] = 'granted';
  model.standings.set(pairOf(server, entry.target), changed);
}

/**
 * T-REV-04: either certificate revoked ends both directions, between the two whose it was. Others
 * take in the news as well (T-REV-14), and it changes nothing for them.
 */
function revoked(model: Model, server: string, { action, target, parameters }: Audited): void {
  if (parameters.scope !== 'full') return;
  const [one, other] = model.parties.get(String(parameters.certificate_id)) ?? [server, target];
  const isOwn = action === 'revoked trust' || server === one || server === other;
  const peer = action === 'revoked trust' ? target : server === one ? other : one;
  if (isOwn) model.standings.set(pairOf(server, peer), { inbound: 'revoked', outbound: 'revoked' });
}

function sent(model: Model, { server, at }: Entry, { peer, parcel }: Of<'sent'>): void {
  if (parcel.kind === 'request') countSpoken(model, server, parcel, at);
  const { message, kind } = parcel;
  noteSaid(model.provenance, server, peer, parcel);
  if (isJudgement(model, server, parcel)) countOne(model.judged, pairOf(server, peer), at);
  if (kind === 'answer') answered(model, server, parcel);
  if (message?.type === 'message_relay' && kind === 'request') {
    if (message.route_path.length < 2) return;
    const key = forwardKey(server, message);
    model.forwards.set(key, (model.forwards.get(key) ?? 0) + 1);
  }
  if (message?.type === 'trust_challenge') {
    const key = `${server} ${peer}`;
    model.challenges.set(key, [...(model.challenges.get(key) ?? []), at]);
  }
  if (message?.type === 'relay_ack' && message.target_server === server) {
    model.acks.set(message.message_id, JSON.stringify(message));
  }
  if (message?.type === 'federation_handshake_response') {
    model.versions.set(pairOf(server, peer), message.accepted_version);
  }
}

function answered(model: Model, server: string, { exchange, status }: Parcel): void {
  const key = exchangeKey(server, exchange);
  const proof = model.proofs.get(key);
  model.proofs.delete(key);
  model.waiting.delete(key);
  model.stale.delete(key);
  model.looping.delete(key);
  if (proof !== undefined && status === ACCEPTED) {
    model.accepted.add(proofKey(server, exchange, proof));
  }
}

function countSpoken(model: Model, server: string, { message }: Parcel, at: Tick): void {
  const isOwn = message?.type === 'message_relay' && message.origin_server === server;
  if (!isOwn || model.provenance.relays.has(relayKey(message))) return;
  const device = message.sender_device_id ?? '';
  countOne(model.spoken, device, at);
}

function countOne(counts: Counts, key: string, at: Tick): void {
  const { first, count } = counts.get(key) ?? { first: at, count: 0 };
  counts.set(key, { first, count: count + 1 });
}

/** Whether it answers a relay otherwise than that there are too many. */
export function isJudgement(
  { waiting }: Model,
  server: string,
  { kind, exchange, message }: Parcel,
): boolean {
  const isAnswer = kind === 'answer' && waiting.has(exchangeKey(server, exchange));
  return isAnswer && message?.type !== 'rate_limit_exceeded';
}

/** The all-zero point stands for all of low order. */
const LOW_ORDER = 'A'.repeat(43);

/** Monitors know the true time, and so does nobody else. */
function received(model: Model, entry: Entry, { peer, parcel }: Of<'received'>): void {
  noteHeard(model.provenance, entry.server, peer, parcel);
  const { message, proof, exchange } = parcel;
  if (parcel.kind === 'request' && message?.type === 'message_relay') {
    model.waiting.add(exchangeKey(entry.server, exchange));
  }
  if (message?.type === 'trust_challenge') {
    const isOthers = isForeign(model.provenance, message, peer);
    model.foreignChallenges[isOthers ? 'add' : 'delete'](`${entry.server} ${peer}`);
  }
  if (message?.type === 'audit_root') {
    const { day, root_hash: root = '', entry_count: count } = message;
    model.roots.set(`${entry.server} ${peer} ${day}`, { root, count });
  }
  const isResponse = message?.type === 'federation_handshake_response';
  if (isResponse && message.ephemeral_public_key === LOW_ORDER) {
    model.weakLinks.add(linkOf(exchange));
  }
  if (proof !== null) model.proofs.set(exchangeKey(entry.server, exchange), proof);
  if (message?.type === 'trust_revoke') {
    const { trust_certificate_id: id, revoking_server: one, target_server: other } = message;
    model.parties.set(id, [one, other]);
  }
  if (message?.type !== 'message_relay') return;
  const now = seconds(model.startSeconds) + microsOf(entry.at);
  const away = Math.abs(now - message.metadata.federation_timestamp);
  const isStale = away > seconds(limits.federationSkewSeconds);
  const key = exchangeKey(entry.server, exchange);
  if (isStale) model.stale.add(key);
  if (message.route_path.includes(entry.server)) model.looping.add(key);
}

/** HTTP status. */
export const ACCEPTED = 200;

export const exchangeKey = (server: string, id: string): string => `${server} ${id}`;

/** F-AUTH-03 is about one link; on another one, ids and caches stand against repetition. */
export const proofKey = (server: string, exchange: string, proof: string): string =>
  exchangeKey(server, `${linkOf(exchange)} ${proof}`);

export const forwardKey = (
  server: string,
  relay: { readonly origin_server: string; readonly message_id: string },
): string => `${server} ${relay.origin_server} ${relay.message_id}`;

function shown(model: Model, { user, effect }: Of<'shown'>): void {
  if (effect.type === 'display') {
    const key = displayKey(user, effect.messageId);
    model.displays.set(key, (model.displays.get(key) ?? 0) + 1);
  }
  if (effect.type !== 'progressed') return;
  const said = model.said.get(effect.messageId);
  if (said) said.status = effect.status;
}

export const displayKey = (user: string, messageId: string): string => `${user} ${messageId}`;

function plan(model: Model, { item, phase }: Of<'plan'>): void {
  if (phase === 'begun') model.troubles.add(item);
  else model.troubles.delete(item);
}
