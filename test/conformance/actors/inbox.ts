/** What the subject asks of a server of ours: answered honestly, or handed to the case. */
import type { JsonObject } from '../../../reference/wire/json.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import type { ChannelRequest } from '../ground.ts';
import type { Received } from '../stage.ts';
import type { Route } from './exchange.ts';
import { refusal } from './federation-terms.ts';
import { createHonestSide, type HonestSide } from './honest-side.ts';
import type { InboundRequest } from './peer.ts';
import type { PeerState } from './peer-state.ts';
import { type Asked, type Reply, read } from './reply.ts';

export interface Inbox {
  take(request: ChannelRequest): void;
  /** The oldest request that nobody has answered or looked at. */
  next(withinMs: number): Promise<InboundRequest | null>;
  readonly relays: HonestSide['relayed'];
  /** All that came, oldest first. */
  readonly heard: readonly Received[];
}

export function createInbox(peer: PeerState, answers: 'honest' | 'manual'): Inbox {
  const { environment } = peer;
  const honest = createHonestSide(peer);
  const waiting: InboundRequest[] = [];
  const heard: Received[] = [];

  function take(request: ChannelRequest): void {
    const received = receive(peer, request);
    if (!received) return;
    heard.push(received);
    const asked = read(request, received);
    const { type } = received.message;
    // Being shown lists is part of no case that answers by itself, unless it says so.
    const isHonest = answers === 'honest' || type === 'norc_crl';
    const isOurs = isHonest && !peer.leaves.includes(type);
    const reply = isOurs ? honest.answer(asked) : null;
    if (reply === null) leave(asked);
    else if (!(reply instanceof Promise)) send(peer, request, reply);
    else void reply.then((late) => late && send(peer, request, late), environment.trouble);
  }

  /** An error is never answered by one (X-ERR-05), nor by anything else. */
  function leave(asked: Asked): void {
    const isRefusal = asked.received.message.type === 'federation_error';
    if (isRefusal) send(peer, asked.request, { status: 204, message: null, isBent: false });
    waiting.push(inboundOf(peer, asked));
  }

  return {
    take,
    relays: honest.relayed,
    heard,
    async next(withinMs) {
      environment.surface();
      const found = await environment.subject.until(() => waiting[0], withinMs);
      environment.surface();
      if (found) waiting.shift();
      return found ?? null;
    },
  };
}

/** Null when there is nothing to answer: an unknown type, or a message that is no message. */
function receive(peer: PeerState, request: ChannelRequest): Received | null {
  const { environment } = peer;
  try {
    const received = environment.exchange.receive(inward(peer), request.text, peer.inbound.version);
    if (!received) request.answer(204, '');
    return received;
  } catch (error) {
    environment.trouble(error);
    const { status, message } = refusal(environment, 5600);
    send(peer, request, { status, message: { ...message }, isBent: false });
    return null;
  }
}

function send(peer: PeerState, request: ChannelRequest, { status, message, isBent }: Reply): void {
  const { exchange, trouble } = peer.environment;
  if (message === null) {
    exchange.event(outward(peer), `HTTP ${status}`);
    request.answer(status, '');
    return;
  }
  const say = isBent ? exchange.sendRaw : exchange.send;
  try {
    request.answer(status, say(outward(peer), message, peer.inbound.version));
  } catch (error) {
    trouble(error); // ours was not what our schema wants
    request.answer(500, '');
  }
}

function inboundOf(peer: PeerState, { request, received }: Asked): InboundRequest {
  const { alpn, alpnOffer, certificates, path, proof } = request;
  return {
    received,
    path,
    proof,
    link: { alpn, alpnOffer, certificates },
    async answer(message: NorcMessage | null, status = message === null ? 204 : 200) {
      send(peer, request, { status, message: message && { ...message }, isBent: false });
    },
    async answerRaw(body: string | JsonObject, status = 200) {
      const text = peer.environment.exchange.sendRaw(outward(peer), body, peer.inbound.version);
      request.answer(status, text);
    },
  };
}

const inward = ({ serverId }: PeerState): Route => ({
  from: 'subject',
  to: serverId,
  channel: `${serverId} inbound`,
});

const outward = ({ serverId }: PeerState): Route => ({
  from: serverId,
  to: 'subject',
  channel: `${serverId} inbound`,
});
