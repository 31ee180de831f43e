/**
 * What waits for one other server: NORC-T messages, and relays of our users and of other servers. One
 * link of ours serves them all (F-CONN-06).
 */
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import type { ExchangeId, LinkId } from '../core.ts';
import type { Micros } from '../time.ts';
import { createLanes, dequeue, enqueue, type Lanes, retain } from './lanes.ts';

export interface Destination {
  readonly peer: string;
  /** The link that we have dialled, in whatever state. */
  link: LinkId | null;
  /** Addresses that are still to be tried; null when we are not looking for any. */
  search: Search | null;
  /** Dials that failed in a row, and when the next may be tried (F-RELAY-17). */
  failures: number;
  dialAgainAt: Micros;
  /** Nothing is relayed before: the server told us to wait. */
  pausedUntil: Micros;
  wantedAgainAt: Micros;
  readonly posts: NorcMessage[];
  /** Its revocation list is to be fetched. */
  listWanted: boolean;
  /** Every relay that is not settled, by cache key: in a lane, resting, or in flight. */
  readonly waiting: Map<string, WaitingRelay>;
  readonly lanes: Lanes<WaitingRelay>;
  /** Tried in vain, until their time comes again. */
  readonly resting: Set<WaitingRelay>;
  inFlight: number;
  /** No relay expires before. */
  nextExpiry: Micros;
}

/** `asked` while DNS has not answered. */
export type Search =
  | { readonly phase: 'asked' }
  | { readonly phase: 'found'; readonly addresses: Address[] };

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface WaitingRelay {
  readonly key: string;
  /** As it leaves here but for the members of the hop, which are made anew at each try (L-F07). */
  readonly template: MessageRelay;
  readonly sizeBytes: number;
  readonly expiresAt: Micros;
  readonly from:
    | { readonly kind: 'own' }
    /** Requests that wait for the acknowledgment, and the neighbour that sent it. */
    | { readonly kind: 'forward'; readonly exchanges: ExchangeId[]; readonly peer: string };
  attempts: number;
  notBefore: Micros;
}

export function createDestination(peer: string): Destination {
  return {
    peer,
    link: null,
    search: null,
    failures: 0,
    dialAgainAt: 0,
    pausedUntil: 0,
    wantedAgainAt: 0,
    posts: [],
    listWanted: false,
    waiting: new Map(),
    lanes: createLanes(),
    resting: new Set(),
    inFlight: 0,
    nextExpiry: Number.MAX_SAFE_INTEGER,
  };
}

export function isIdle({ link, search, posts, listWanted, waiting }: Destination): boolean {
  const isUnwanted = posts.length === 0 && !listWanted && waiting.size === 0;
  return link === null && search === null && isUnwanted;
}

export function addRelay(destination: Destination, relay: WaitingRelay): void {
  destination.waiting.set(relay.key, relay);
  destination.nextExpiry = Math.min(destination.nextExpiry, relay.expiresAt);
  enqueue(destination.lanes, relay.template.metadata.priority, relay);
}

/** It may still stand in a lane, where `takeRelay` passes over it. */
export function removeRelay(destination: Destination, relay: WaitingRelay): void {
  destination.waiting.delete(relay.key);
  destination.resting.delete(relay);
}

export function takeRelay(destination: Destination): WaitingRelay | undefined {
  for (;;) {
    const relay = dequeue(destination.lanes);
    if (!relay || destination.waiting.get(relay.key) === relay) return relay;
  }
}

/** Removes every relay whose time is over and returns them. */
export function takeExpired(destination: Destination, now: Micros): WaitingRelay[] {
  if (now <= destination.nextExpiry) return [];
  const all = [...destination.waiting.values()];
  const expired = all.filter((relay) => now > relay.expiresAt);
  for (const relay of expired) removeRelay(destination, relay);
  retain(destination.lanes, (relay) => destination.waiting.get(relay.key) === relay);
  const left = [...destination.waiting.values()].map((relay) => relay.expiresAt);
  destination.nextExpiry = Math.min(Number.MAX_SAFE_INTEGER, ...left);
  return expired;
}

/** A try has failed: again, but not before `notBefore`. */
export function restRelay(destination: Destination, relay: WaitingRelay, notBefore: Micros): void {
  relay.attempts += 1;
  relay.notBefore = notBefore;
  destination.resting.add(relay);
}

/** Those whose time has come queue up again. */
export function wakeRelays(destination: Destination, now: Micros): void {
  for (const relay of destination.resting) {
    if (relay.notBefore > now) continue;
    destination.resting.delete(relay);
    enqueue(destination.lanes, relay.template.metadata.priority, relay);
  }
}
