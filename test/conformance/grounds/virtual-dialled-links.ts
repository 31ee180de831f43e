/** Links that a node in this process dials towards servers of ours: the node asks, we answer. */
import type { Effect, ExchangeId, LinkId } from '../../../reference/core.ts';
import { canonicalText } from '../../../reference/wire/canonical.ts';
import { fixed } from '../../../spec/limits.ts';
import type { Json } from '../../../spec/schema.ts';
import type { RunningSubject } from '../ground.ts';
import { announce } from '../zone.ts';
import type { LinkWorld } from './virtual-links.ts';

type Listening = Parameters<RunningSubject['listen']>[0];
type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

export interface DialledLinks {
  listen(server: Listening): Promise<{ close(): Promise<void> }>;
  dial(effect: EffectOf<'dial'>): void;
  request(effect: EffectOf<'request'>): void;
  get(effect: EffectOf<'get'>): void;
  hangUp(link: LinkId): void;
  breakAll(): void;
}

interface Link {
  readonly server: Listening;
  readonly offer: readonly string[];
  readonly alpn: string | null;
  /** Requests that we have not answered. */
  readonly waiting: Set<ExchangeId>;
}

/** A request on a link, with the text of its body. */
type Asked = Pick<EffectOf<'request'>, 'link' | 'exchange' | 'proof'> & {
  readonly path: string;
  readonly text: string;
};

const FIRST_PORT = 20_000;

export function createDialledLinks(world: LinkWorld): DialledLinks {
  const { zone, deliver } = world;
  const servers = new Map<string, Listening>();
  const links = new Map<LinkId, Link>();
  let nextPort = FIRST_PORT;
  const hangUp = (link: LinkId): void => {
    const known = links.get(link);
    if (!known) return;
    links.delete(link);
    for (const exchange of known.waiting) {
      known.waiting.delete(exchange);
      deliver({ type: 'exchange-failed', link, exchange });
    }
    deliver({ type: 'link-closed', link });
  };
  const carry = (asked: Asked): void => {
    const link = links.get(asked.link);
    if (link) return forward(asked, link, world);
    deliver({ type: 'exchange-failed', link: asked.link, exchange: asked.exchange });
  };
  return {
    hangUp,
    dial({ link, host, port, alpn }) {
      const reached = connect(servers.get(addressOf(host, port)), alpn);
      if (typeof reached === 'string') {
        return deliver({ type: 'dial-failed', link, reason: reached });
      }
      links.set(link, reached);
      const { chain } = reached.server.identity;
      const tls = { tlsProtocol: fixed.tlsVersion, certificates: chain };
      const peer = { ...tls, alpnOffer: alpn, alpn: reached.alpn };
      deliver({ type: 'link-dialled', link, peer });
    },
    request: (effect) => carry({ ...effect, text: canonicalText(effect.message as Json) }),
    get: (effect) => carry({ ...effect, text: '' }),
    async listen(server) {
      nextPort += 1;
      const address = addressOf(server.serverId, nextPort);
      servers.set(address, server);
      const unannounce = announce(zone, server.serverId, nextPort);
      return {
        async close() {
          unannounce();
          servers.delete(address);
          for (const [id, link] of links) if (link.server === server) hangUp(id);
        },
      };
    },
    breakAll() {
      for (const { waiting } of links.values()) waiting.clear();
      links.clear();
    },
  };
}

/** Nothing in common ends TLS with an alert; a server that has no ALPN at all goes on without. */
function connect(
  server: Listening | undefined,
  offer: readonly string[],
): Link | 'unreachable' | 'alpn' {
  if (!server) return 'unreachable';
  const alpn = server.alpn.find((id) => offer.includes(id)) ?? null;
  if (alpn === null && server.alpn.length > 0 && offer.length > 0) return 'alpn';
  return { server, offer, alpn, waiting: new Set() };
}

function forward(
  { link: id, exchange, path, proof, text: body }: Asked,
  { server, offer, alpn, waiting }: Link,
  { time, deliver, certificates }: LinkWorld,
): void {
  waiting.add(exchange);
  const answer = (status: number, text: string): void => {
    // Once, and only while the link is there.
    if (!waiting.delete(exchange)) return;
    const bytes = new TextEncoder().encode(text);
    const body = bytes.length > 0 ? ({ kind: 'text', bytes } as const) : null;
    deliver({ type: 'answer-received', link: id, exchange, status, body });
  };
  const tls = { alpn, alpnOffer: offer, certificates };
  const request = { path, text: body, proof, ...tls, at: time.now(), answer };
  // Not within the node's own turn: what our server does wrong is no fault of the node.
  queueMicrotask(() => {
    time.stir();
    try {
      server.onRequest(request);
    } catch (error) {
      time.blame(error);
    }
  });
}

const addressOf = (host: string, port: number): string => `${host.toLowerCase()}:${port}`;
