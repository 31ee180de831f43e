/**
 * The links between servers: reliable ordered streams that can break, over TLS 1.3 with certificates
 * on both sides. What crosses goes through the pipeline of rules when it is sent; what arrives while
 * the way is cut waits there, and when it has waited too long the connection is over at both ends.
 */
import type { Effect, ExchangeId, LinkId } from '../../reference/core.ts';
import type { Kernel, Tick } from '../kernel/kernel.ts';
import { TICKS_PER_SECOND } from '../ticks.ts';
import {
  alpnOf,
  type Channel,
  connectionOf,
  type Endpoint,
  inputOf,
  type Link,
  nameAt,
  plainName,
  tlsPeer,
} from './connection.ts';
import {
  acceptParcel,
  type Carriage,
  closeParcel,
  type Parcel,
  parcelOf,
  sizeOf,
} from './parcel.ts';
import type { PathSource } from './path.ts';
import { createPipeline, type Pipeline, type Rule } from './pipeline.ts';
import { FEDERATION_PORT } from './zone.ts';

type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;
type IsCut = (from: string, to: string) => boolean;

export interface NetworkPorts {
  readonly kernel: Kernel;
  readonly paths: PathSource;
  readonly carriage: Carriage;
  endpoint(id: string): Endpoint | undefined;
  sent(from: Endpoint, to: Endpoint, parcel: Parcel): void;
}

/** Kinds of kernel events of this room. */
export const networkKinds = { arrival: 1, late: 2, dial: 3, giveUp: 4 } as const;
type NetworkKind = (typeof networkKinds)[keyof typeof networkKinds];

export interface Network {
  dial(from: Endpoint, effect: EffectOf<'dial'>): void;
  request(from: Endpoint, effect: EffectOf<'request'> | EffectOf<'get'>): void;
  answer(from: Endpoint, effect: EffectOf<'answer'>): void;
  hangUp(from: Endpoint, link: LinkId): void;
  /** Its process is gone: its links break, and peers learn it as soon as word reaches them. */
  lose(end: Endpoint): void;
  /** Breaks the links between two servers. */
  reset(one: string, other: string): void;
  /** `lost` loses its links with the other, which goes on as if nothing were. */
  halfOpen(unaware: string, lost: string): void;
  /** Asks what the server itself has not asked, over an open link that it has dialled, if there is one. */
  inject(from: string, to: string, parcel: Parcel): void;
  /** While `isCut` says so nothing arrives. Null: the cut is over. */
  setCut(id: string, isCut: IsCut | null): void;
  addRule(rule: Rule): void;
  /** What it held is sent on. */
  removeRule(id: string): void;
  happen(kind: NetworkKind, payload: unknown): void;
}

interface Net {
  readonly ports: NetworkPorts;
  readonly pipeline: Pipeline;
  readonly links: Map<LinkId, Link>;
  /** Requests without an answer, as the accepting side calls them. */
  readonly asked: Map<ExchangeId, Link>;
  readonly cuts: Map<string, IsCut>;
  readonly held: Map<string, Transit[]>;
}

interface Transit {
  readonly channel: Channel;
  readonly parcel: Parcel;
}

interface Dial {
  readonly from: Endpoint;
  readonly incarnation: number;
  readonly effect: EffectOf<'dial'>;
  /** Nobody will answer. */
  readonly isLost: boolean;
}

/** TCP and TLS 1.3: the dialler may speak after so many flights. */
const DIAL_FLIGHTS = 4;
const DIAL_TIMEOUT: Tick = 10 * TICKS_PER_SECOND;
/** What cannot arrive for so long is given up by the transport. */
const STALL_LIMIT: Tick = 30 * TICKS_PER_SECOND;

export function createNetwork(ports: NetworkPorts): Network {
  const collections = { links: new Map(), asked: new Map(), cuts: new Map(), held: new Map() };
  const net: Net = { ports, pipeline: createPipeline(), ...collections };
  return {
    dial: (from, effect) => dial(net, from, effect),
    request: (from, effect) => request(net, from, effect),
    answer: (from, effect) => answer(net, from, effect),
    hangUp(from, id) {
      const link = openLink(net, from, id);
      if (!link) return;
      send(net, from === link.dialler ? link.forward : link.back, closeParcel);
      forget(net, link, from);
    },
    lose: (end) => lose(net, end),
    reset(one, other) {
      for (const link of linksBetween(net, one, other)) breakLink(net, link);
    },
    halfOpen(unaware, lost) {
      for (const link of linksBetween(net, unaware, lost)) {
        const end = link.dialler.id === lost ? link.dialler : link.acceptor;
        if (link.open.has(end)) tellClosed(net, link, end);
      }
    },
    inject(from, to, parcel) {
      const link = linksBetween(net, from, to).find(
        ({ dialler, open }) => dialler.id === from && open.size === 2,
      );
      if (link) send(net, link.forward, parcel);
    },
    setCut: (id, cut) => setCut(net, id, cut),
    addRule: net.pipeline.add,
    removeRule(id) {
      net.pipeline.remove(id);
      for (const { channel, parcel } of net.held.get(id) ?? []) enqueue(net, channel, parcel, null);
      net.held.delete(id);
    },
    happen: (kind, payload) => happen(net, kind, payload),
  };
}

function happen(net: Net, kind: NetworkKind, payload: unknown): void {
  switch (kind) {
    case networkKinds.arrival:
      return arrive(net, payload as Channel);
    case networkKinds.late:
      return deliverLate(net, payload as Transit);
    case networkKinds.dial:
      return connect(net, payload as Dial);
    case networkKinds.giveUp:
      return giveUp(net, payload as Channel);
  }
}

const isCut = ({ cuts }: Net, { from, to }: { from: Endpoint; to: Endpoint }): boolean => {
  for (const cut of cuts.values()) if (cut(from.id, to.id)) return true;
  return false;
};

// --- connections ------------------------------------------------------------------------------------

function dial(net: Net, from: Endpoint, effect: EffectOf<'dial'>): void {
  const { kernel, paths } = net.ports;
  const to = net.ports.endpoint(effect.host);
  const isLost =
    to !== undefined && (isCut(net, { from, to }) || isCut(net, { from: to, to: from }));
  const answered = paths.between(from.id, effect.host).roundsLater(DIAL_FLIGHTS, kernel.now);
  const at = isLost ? kernel.now + DIAL_TIMEOUT : answered;
  const payload: Dial = { from, effect, isLost, incarnation: from.incarnation() };
  kernel.push(at, networkKinds.dial, from.index, payload);
}

function connect(net: Net, { from, incarnation, effect, isLost }: Dial): void {
  // Who dialled is gone, and nobody waits for this connection.
  if (!from.isUp() || from.incarnation() !== incarnation) return;
  const { link: id, host, port, alpn } = effect;
  const to = port === FEDERATION_PORT ? net.ports.endpoint(host) : undefined;
  const chosen = to ? alpnOf(to, alpn) : null;
  const reason = isLost ? 'timeout' : to?.isUp() ? 'alpn' : 'unreachable';
  if (isLost || !to?.isUp() || chosen === null) {
    const failed = { type: 'dial-failed', link: id, reason } as const;
    return from.deliver(failed, { peer: effect.server, parcel: null });
  }
  const tls = { alpn: chosen, alpnOffer: alpn };
  const link = connectionOf(id, { dialler: from, acceptor: to }, tls);
  net.links.set(id, link);
  send(net, link.forward, acceptParcel);
  const peer = tlsPeer(link, to);
  from.deliver({ type: 'link-dialled', link: id, peer }, { peer: to.id, parcel: null });
}

function openLink({ links }: Net, from: Endpoint, id: LinkId): Link | undefined {
  const link = links.get(plainName(id));
  return link?.open.has(from) ? link : undefined;
}

/** The end of one side. When both are gone the link is. */
function forget(net: Net, link: Link, end: Endpoint): void {
  link.open.delete(end);
  if (link.open.size > 0) return;
  net.links.delete(link.id);
  for (const exchange of link.asked) net.asked.delete(exchange);
  link.forward.link = null;
  link.back.link = null;
}

/** Both ends learn it at once: nothing that was under way arrives any more. */
function breakLink(net: Net, link: Link): void {
  for (const end of [link.dialler, link.acceptor]) {
    if (link.open.has(end)) tellClosed(net, link, end);
  }
}

function tellClosed(net: Net, link: Link, end: Endpoint): void {
  forget(net, link, end);
  const peer = end === link.dialler ? link.acceptor.id : link.dialler.id;
  end.deliver({ type: 'link-closed', link: nameAt(link, end) }, { peer, parcel: null });
}

function linksBetween({ links }: Net, one: string, other: string): readonly Link[] {
  return [...links.values()].filter(({ dialler, acceptor }) => {
    const ends = [dialler.id, acceptor.id];
    return ends.includes(one) && ends.includes(other);
  });
}

/** Of what the process had sent nothing is lost; the end of the stream follows it. */
function lose(net: Net, end: Endpoint): void {
  for (const link of [...net.links.values()]) {
    if (!link.open.has(end)) continue;
    enqueue(net, link.dialler === end ? link.forward : link.back, closeParcel, null);
    forget(net, link, end);
  }
}

// --- requests and answers -----------------------------------------------------------------------------

function request(net: Net, from: Endpoint, effect: EffectOf<'request'> | EffectOf<'get'>): void {
  const { link: id, exchange, path, proof, type: kind } = effect;
  const link = openLink(net, from, id);
  if (!link) return;
  const message = effect.type === 'request' ? effect.message : null;
  const given = { kind, exchange, path, proof, message };
  send(net, link.forward, parcelOf(given, net.ports.carriage));
}

function answer(net: Net, from: Endpoint, effect: EffectOf<'answer'>): void {
  const { exchange, status, message } = effect;
  const link = net.asked.get(exchange);
  net.asked.delete(exchange);
  link?.asked.delete(exchange);
  if (!link?.open.has(from)) return;
  const given = { kind: 'answer', exchange: plainName(exchange), status, message } as const;
  send(net, link.back, parcelOf(given, net.ports.carriage));
}

// --- streams ------------------------------------------------------------------------------------------

function send(net: Net, channel: Channel, parcel: Parcel): void {
  const { from, to } = channel;
  net.ports.sent(from, to, parcel);
  const place = { from: from.id, to: to.id, now: net.ports.kernel.now };
  const fate = net.pipeline.fateOf(parcel, place);
  if (fate.heldBy !== null) {
    const others = net.held.get(fate.heldBy) ?? [];
    net.held.set(fate.heldBy, [...others, { channel, parcel }]);
  }
  for (const one of fate.sent) enqueue(net, channel, one.parcel, one.laterTicks);
  if (fate.isReset && channel.link) breakLink(net, channel.link);
}

function enqueue(net: Net, channel: Channel, parcel: Parcel, laterTicks: Tick | null): void {
  const { kernel, paths } = net.ports;
  const { from, to } = channel;
  const arrival = paths.between(from.id, to.id).arrival(sizeOf(parcel), kernel.now);
  if (laterTicks !== null) {
    kernel.push(arrival + laterTicks, networkKinds.late, to.index, { channel, parcel });
    return;
  }
  channel.lastArrival = Math.max(channel.lastArrival, arrival);
  channel.queue.push(parcel);
  kernel.push(channel.lastArrival, networkKinds.arrival, to.index, channel);
}

/** The next of the stream, whichever of its arrivals this is: ties change nothing in its order. */
function arrive(net: Net, channel: Channel): void {
  if (channel.due === 0 && !isCut(net, channel)) {
    const parcel = channel.queue.shift();
    if (parcel) deliver(net, { channel, parcel });
    return;
  }
  const { kernel } = net.ports;
  channel.due += 1;
  if (channel.stalledSince !== null) return;
  channel.stalledSince = kernel.now;
  kernel.push(kernel.now + STALL_LIMIT, networkKinds.giveUp, channel.to.index, channel);
}

function deliverLate(net: Net, transit: Transit): void {
  if (!isCut(net, transit.channel)) deliver(net, transit);
}

function deliver(net: Net, { channel: { link, from, to }, parcel }: Transit): void {
  if (!link?.open.has(to)) return;
  const input = inputOf(link, to, parcel);
  if (input.type === 'request-received') {
    link.asked.add(input.exchange);
    net.asked.set(input.exchange, link);
  }
  if (parcel.kind === 'close') forget(net, link, to);
  to.deliver(input, { peer: from.id, parcel });
}

function giveUp(net: Net, { link, stalledSince }: Channel): void {
  const { now } = net.ports.kernel;
  if (link && stalledSince !== null && now - stalledSince >= STALL_LIMIT) breakLink(net, link);
}

function setCut(net: Net, id: string, cut: IsCut | null): void {
  if (cut) net.cuts.set(id, cut);
  else net.cuts.delete(id);
  for (const { forward, back } of [...net.links.values()]) {
    for (const channel of [forward, back]) {
      if (channel.due > 0 && !isCut(net, channel)) resume(net, channel);
    }
  }
}

function resume({ ports: { kernel } }: Net, channel: Channel): void {
  const { due } = channel;
  channel.due = 0;
  channel.stalledSince = null;
  for (let arrivals = 0; arrivals < due; arrivals += 1) {
    kernel.push(kernel.now, networkKinds.arrival, channel.to.index, channel);
  }
}
