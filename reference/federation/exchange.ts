/**
 * Requests and their answers (choices.md, NORC-F): every request of a peer is held until it is answered
 * once; every request of ours carries a proof and is remembered until its answer, its failure or its
 * deadline. Links end here too, because ending one settles all that was under way on it.
 */
import { fixed } from '../../spec/limits.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import type { Context, ExchangeId, ListPath, TrustPath } from '../core.ts';
import { seconds } from '../time.ts';
import { backoff, postponeDial } from './backoff.ts';
import { waits } from './bounds.ts';
import { type Destination, restRelay } from './destination.ts';
import type { Link, Pending } from './link.ts';
import { logRefusal, type Refusal, refusalMessage, statusOf } from './refusal.ts';
import { proveRequest } from './request-proof.ts';
import { asJson, type Federation, type Held } from './state.ts';

export const FEDERATION_PATH: TrustPath = '/norc-f';

/** What a request of ours is for. */
export type Purpose = Pending extends infer P
  ? P extends Pending
    ? Omit<P, 'deadline'>
    : never
  : never;

// --- requests of the peer ---------------------------------------------------------------------------

export function hold(federation: Federation, link: Link, exchange: ExchangeId): Held {
  const held: Held = { link: link.id, type: '', requestId: undefined };
  federation.held.set(exchange, held);
  link.held.add(exchange);
  return held;
}

/** Answers once; what has been answered, or whose link is gone, is passed over. */
export function answer(
  federation: Federation,
  exchange: ExchangeId,
  reply: { readonly status: number; readonly message: NorcMessage | null },
  { emit }: Context,
): void {
  const held = federation.held.get(exchange);
  if (!held) return;
  federation.held.delete(exchange);
  federation.links.get(held.link)?.held.delete(exchange);
  emit({ type: 'answer', exchange, ...reply });
}

/** An empty answer: received, and nothing to say. */
export function answerNothing(
  federation: Federation,
  exchange: ExchangeId,
  context: Context,
): void {
  answer(federation, exchange, { status: 204, message: null }, context);
}

export function refuse(
  federation: Federation,
  exchange: ExchangeId,
  refusal: Refusal,
  context: Context,
): void {
  const held = federation.held.get(exchange);
  const link = held && federation.links.get(held.link);
  if (!held || !link) return;
  logRefusal(refusal, link.peer, context);
  const message = refusalMessage(refusal, held.requestId, context);
  answer(federation, exchange, { status: statusOf(refusal.code), message }, context);
  if (refusal.endsLink) endLink(federation, link, refusal.detail, context);
}

// --- requests of ours -------------------------------------------------------------------------------

export function ask(
  federation: Federation,
  link: Link,
  message: NorcMessage,
  purpose: Purpose,
  context: Context,
): void {
  const { config } = federation;
  const exchange = awaitAnswer(link, purpose, context);
  const request = { requester: config.serverId, target: link.peer, body: asJson(message) };
  const proof = proveRequest(config.identity, request, context);
  // The time is of no layer, and goes the way of this one.
  const isTrust = purpose.kind === 'trust' && message.type !== 'time_sync';
  const path: TrustPath = isTrust ? fixed.trustPath : FEDERATION_PATH;
  context.emit({ type: 'request', link: link.id, exchange, path, proof, message });
}

/** L-R08. There is no body, so the proof is over the type of what is fetched (choices.md). */
export function askList({ config }: Federation, link: Link, context: Context): void {
  const exchange = awaitAnswer(link, { kind: 'list' }, context);
  const path: ListPath = fixed.crlPath;
  const request = { requester: config.serverId, target: link.peer, body: listProofBody };
  const proof = proveRequest(config.identity, request, context);
  context.emit({ type: 'get', link: link.id, exchange, path, proof });
}

/** What stands for the body in the proof of a request that has none. */
export const listProofBody = { type: 'norc_crl' } as const;

function awaitAnswer(link: Link, purpose: Purpose, context: Context): ExchangeId {
  const exchange = `${link.id}/${link.nextExchange}`;
  link.nextExchange += 1;
  const deadline = context.now + seconds(waits.exchangeSeconds);
  if (link.pending.size === 0) armDeadline(link, deadline, context);
  link.pending.set(exchange, { ...purpose, deadline });
  return exchange;
}

/** What the request was for, or undefined when nobody waits for it any more. */
export function takePending(link: Link, exchange: ExchangeId): Pending | undefined {
  const pending = link.pending.get(exchange);
  link.pending.delete(exchange);
  return pending;
}

/** Requests whose time is over. Re-arms for the others. */
export function takeOverdue(link: Link, context: Context): Pending[] {
  const overdue: Pending[] = [];
  for (const [exchange, pending] of link.pending) {
    if (pending.deadline > context.now) continue;
    link.pending.delete(exchange);
    overdue.push(pending);
  }
  const [next] = link.pending.values();
  if (next) armDeadline(link, next.deadline, context);
  return overdue;
}

/** No answer, or none that can be used: what it was for waits again or is given back. */
export function fail(federation: Federation, link: Link, pending: Pending, context: Context): void {
  const destination = federation.destinations.get(link.peer);
  federation.due.add(link.peer);
  switch (pending.kind) {
    case 'trust':
      federation.ports.trust.undelivered(link.peer, pending.message, context);
      return;
    case 'list':
      federation.ports.trust.listUnavailable(link.peer, 'failed', context);
      return;
    case 'relay': {
      if (!destination) return;
      destination.inFlight -= 1;
      // Settled while it was under way: its time was over, or the trust.
      if (destination.waiting.get(pending.waiting.key) !== pending.waiting) return;
      const again = context.now + backoff(pending.waiting.attempts, context);
      restRelay(destination, pending.waiting, again);
      return;
    }
    case 'status':
      link.statusAskedAgainAt = context.now + backoff(0, context);
      return;
    case 'handshake':
      return;
  }
}

// --- the end of a link --------------------------------------------------------------------------------

/** We hang up. */
export function endLink(
  federation: Federation,
  link: Link,
  reason: string,
  context: Context,
): void {
  if (!federation.links.has(link.id)) return;
  context.emit({ type: 'hang-up', link: link.id, reason });
  forgetLink(federation, link, context);
}

/** The link is gone: nobody will answer us on it, and nobody waits there for our answers. */
export function forgetLink(federation: Federation, link: Link, context: Context): void {
  federation.links.delete(link.id);
  for (const exchange of link.held) federation.held.delete(exchange);
  for (const timer of timersOf(link)) context.emit({ type: 'cancel-timer', timer });
  const destination = federation.destinations.get(link.peer);
  if (destination?.link === link.id) {
    destination.link = null;
    // A link that broke counts as a failed dial, or a peer that hangs up at once is dialled in a loop.
    postponeDial(destination, context);
    const isLastTry = link.session === null && destination.search === null;
    if (isLastTry) giveBackPosts(federation, destination, context);
  }
  for (const pending of link.pending.values()) fail(federation, link, pending, context);
  link.pending.clear();
  if (destination) federation.due.add(link.peer);
}

/** NORC-T has its own patience: what nobody could take goes back to it. */
export function giveBackPosts(
  { ports }: Federation,
  destination: Destination,
  context: Context,
): void {
  const { peer, posts, listWanted } = destination;
  destination.listWanted = false;
  for (const message of posts.splice(0)) ports.trust.undelivered(peer, message, context);
  if (listWanted) ports.trust.listUnavailable(peer, 'failed', context);
}

export function timerOf(link: Link, purpose: 'handshake' | 'deadline' | 'linger'): string {
  return `federation/${purpose}/${link.id}`;
}

function timersOf(link: Link): string[] {
  return [timerOf(link, 'handshake'), timerOf(link, 'deadline'), timerOf(link, 'linger')];
}

function armDeadline(link: Link, at: number, { emit }: Context): void {
  emit({ type: 'set-timer', timer: timerOf(link, 'deadline'), at });
}
