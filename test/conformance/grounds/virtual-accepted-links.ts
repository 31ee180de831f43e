/** Links that a server of ours dials, towards a node in this process: we ask, the node answers. */
import { createMust } from '../../../reference/assert.ts';
import type { Effect, ExchangeId, LinkId, TlsPeer } from '../../../reference/core.ts';
import { bounds } from '../../../reference/transport/bounds.ts';
import { canonicalText } from '../../../reference/wire/canonical.ts';
import { chooseVersion } from '../../../reference/wire/version.ts';
import { fixed, limits } from '../../../spec/limits.ts';
import type { Json } from '../../../spec/schema.ts';
import type { LinkRefused } from '../actors/peer.ts';
import { LinkBroken, type LinkChannel, type RunningSubject } from '../ground.ts';
import type { LinkWorld } from './virtual-links.ts';

type DialOptions = Parameters<RunningSubject['dial']>[0];

export interface AcceptedLinks {
  dial(options: DialOptions): Promise<LinkChannel | LinkRefused>;
  answer(effect: Extract<Effect, { type: 'answer' }>): void;
  hangUp(link: LinkId): void;
  breakAll(): void;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Link {
  readonly id: LinkId;
  /** By exchange: requests without an answer so far, and answers not yet taken. */
  readonly exchanges: Map<ExchangeId, Answer | null>;
  isOpen: boolean;
}

interface Sent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly proof: string | null;
  readonly encoding: string;
  readonly withinMs: number;
}

export function createAcceptedLinks(world: LinkWorld): AcceptedLinks {
  const links = new Map<LinkId, Link>();
  let count = 0;

  function hangUp(id: LinkId): void {
    const link = links.get(id);
    if (!link) return;
    link.isOpen = false;
    links.delete(id);
    world.deliver({ type: 'link-closed', link: id });
  }

  return {
    hangUp,
    answer({ exchange, status, message }) {
      const text = message === null ? '' : canonicalText(message as Json);
      for (const { exchanges } of links.values()) {
        if (exchanges.get(exchange) === null) exchanges.set(exchange, { status, text });
      }
    },
    async dial(options) {
      count += 1;
      const link: Link = { id: `accepted:${count}`, exchanges: new Map(), isOpen: true };
      links.set(link.id, link);
      const peer = peerOf(options, world);
      world.deliver({ type: 'link-accepted', link: link.id, peer });
      if (!link.isOpen) return { refused: true, reason: 'the subject refused the link' };
      return { refused: false, alpn: peer.alpn, ...channelOf(link, world, hangUp) };
    },
    breakAll() {
      for (const link of links.values()) link.isOpen = false;
      links.clear();
    },
  };
}

function peerOf({ alpn, identity, maxTls }: DialOptions, { versions }: LinkWorld): TlsPeer {
  return {
    tlsProtocol: maxTls === '1.2' ? 'TLSv1.2' : fixed.tlsVersion,
    certificates: identity?.chain ?? [],
    alpnOffer: alpn,
    alpn: chosenOf(versions, alpn),
  };
}

/**
 * What the subject's TLS chooses (L-V10). Where TLS would end with an alert, the node is asked all
 * the same: it refuses a link without a common version too (F-CONN-03), unless it is a mutant.
 */
function chosenOf(versions: readonly string[], offer: readonly string[]): string | null {
  const offered = offer.flatMap((id) => (id.startsWith('norc-f/') ? id.slice(7) : []));
  const choice = chooseVersion(versions, offered, { must: createMust() });
  return choice.ok ? `norc-f/${choice.value.version}` : null;
}

function channelOf(
  link: Link,
  world: LinkWorld,
  hangUp: (id: LinkId) => void,
): Pick<LinkChannel, 'request' | 'closed' | 'close'> {
  return {
    request: async (path, body, headers, withinMs) =>
      request(link, sentOf({ path, body, headers, withinMs }), world),
    closed: async (withinMs) =>
      (await world.time.until(() => (link.isOpen ? undefined : true), withinMs)) ?? false,
    close: async () => hangUp(link.id),
  };
}

async function request(link: Link, sent: Sent, { time, deliver }: LinkWorld): Promise<Answer> {
  if (!link.isOpen) throw new LinkBroken('the link is closed');
  const refusal = carrierRefusal(sent);
  if (refusal) return refusal;
  const { path, proof, bytes } = sent;
  const exchange = `${link.id}/${link.exchanges.size + 1}`;
  link.exchanges.set(exchange, null);
  const body = { kind: 'text', bytes } as const;
  deliver({ type: 'request-received', link: link.id, exchange, path, proof, body });
  const found = () => link.exchanges.get(exchange) ?? (link.isOpen ? undefined : 'broken');
  const answer = await time.until(found, sent.withinMs);
  if (answer === 'broken') throw new LinkBroken('the link broke before an answer');
  if (!answer) throw new LinkBroken(`no answer within ${sent.withinMs} ms`);
  return answer;
}

/** What the listener refuses before the core is asked (choices.md, HTTP status). */
function carrierRefusal({ method, path, bytes, encoding }: Sent): Answer | null {
  if (method !== (path === fixed.crlPath ? 'GET' : 'POST')) return { status: 405, text: '' };
  if (encoding !== 'identity') return { status: 415, text: '' };
  const isTooLarge = bytes.length > limits.federationBodyBytes + bounds.slackBytes;
  return isTooLarge ? { status: 413, text: '' } : null;
}

function sentOf(request: {
  readonly path: string;
  /** Null: nothing is posted, something is fetched. */
  readonly body: string | Uint8Array | null;
  readonly headers: { readonly [name: string]: string };
  readonly withinMs: number;
}): Sent {
  const { path, body, headers, withinMs } = request;
  const lowercase = new Map(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const bytes = body ?? '';
  return {
    method: body === null ? 'GET' : 'POST',
    path,
    bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes.slice(),
    proof: lowercase.get(fixed.proofHeader) ?? null,
    encoding: lowercase.get('content-encoding') ?? 'identity',
    withinMs,
  };
}
