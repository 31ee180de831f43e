/**
 * The federation port: HTTP/2 over mutual TLS 1.3 (F-CONN-01). TLS takes any client certificate, or
 * none, and the core judges what was shown; only a peer with which no version is common is turned
 * away here, by the alert that ALPN has for it (F-CONN-03, L-V10).
 */
import { constants as tlsConstants } from 'node:crypto';
import { performServerHandshake } from 'node:http2';
import { createServer, type Server, TLSSocket, type TlsOptions } from 'node:tls';
import { fixed } from '../../spec/limits.ts';
import type { Json } from '../../spec/schema.ts';
import { createMust } from '../assert.ts';
import type { Input, LinkId } from '../core.ts';
import type { Hands } from '../node/run-node.ts';
import { canonicalText } from '../wire/canonical.ts';
import { chooseVersion } from '../wire/version.ts';
import { AcceptedLink, linkOf } from './accepted-link.ts';
import { createBudget } from './body.ts';
import { bounds } from './bounds.ts';
import { createDoorkeeper } from './doorkeeper.ts';
import { listen } from './listen.ts';
import { tlsPeerOf } from './tls-peer.ts';

export interface FederationPortOptions {
  readonly host: string;
  /** 0: any. */
  readonly port: number;
  readonly certificatesPem: string;
  readonly keyPem: string;
  /** NORC-F versions that we speak. */
  readonly versions: readonly string[];
  readonly deliver: (input: Input) => void;
}

export interface FederationPort {
  readonly hands: Pick<Hands, 'answer' | 'hang-up'>;
  /** Resolves to the port taken. Before this nobody can connect. */
  listen(): Promise<number>;
  close(): Promise<void>;
}

/** Of one HTTP/2 connection, on either side. */
export const sessionOptions = {
  settings: {
    enablePush: false,
    maxConcurrentStreams: bounds.streamsPerLink,
    maxHeaderListSize: bounds.headerBytes,
    initialWindowSize: 1024 * 1024,
  },
  maxHeaderListPairs: 64,
} as const;

export function createFederationPort(options: FederationPortOptions): FederationPort {
  return new FederationListener(options);
}

class FederationListener implements FederationPort {
  readonly hands: FederationPort['hands'] = {
    answer: ({ exchange, status, message }) => {
      // A declared message is JSON; the type says so member by member.
      const text = message === null ? null : canonicalText(message as Json);
      this.#links.get(linkOf(exchange))?.answer(exchange, status, text);
    },
    'hang-up': ({ link }) => this.#links.get(link)?.hangUp(),
  };
  readonly #options: FederationPortOptions;
  readonly #server: Server;
  readonly #links = new Map<LinkId, AcceptedLink>();
  /** The ordered ALPN offer, which enters the transcript (F1). */
  readonly #offers = new WeakMap<TLSSocket, readonly string[]>();
  readonly #budget = createBudget(bounds.bodiesBytes);
  readonly #doorkeeper = createDoorkeeper({
    total: bounds.acceptedLinks,
    perAddress: bounds.connectionsPerAddress,
  });
  #count = 0;

  constructor(options: FederationPortOptions) {
    this.#options = options;
    this.#server = createServer(tlsOptions(options, this.#offers));
    this.#server.on('connection', (socket) => this.#doorkeeper.admit(socket));
    this.#server.on('tlsClientError', (_, socket) => socket.destroy());
    this.#server.on('secureConnection', (socket) => this.#accept(socket));
  }

  listen(): Promise<number> {
    return listen(this.#server, this.#options);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const link of this.#links.values()) link.hangUp();
    const impatience = setTimeout(() => this.#doorkeeper.destroyAll(), bounds.lingerMs);
    await closed;
    clearTimeout(impatience);
  }

  #accept(socket: TLSSocket): void {
    const peer = tlsPeerOf(socket, this.#offers.get(socket) ?? []);
    this.#count += 1;
    const link = `accepted:${this.#count}`;
    const accepted = new AcceptedLink({
      link,
      session: performServerHandshake(socket, sessionOptions),
      budget: createBudget(bounds.linkBodyBytes, this.#budget),
      deliver: this.#options.deliver,
      gone: () => this.#links.delete(link),
    });
    this.#links.set(link, accepted);
    this.#options.deliver({ type: 'link-accepted', link, peer });
  }
}

function tlsOptions(
  { certificatesPem, keyPem, versions }: FederationPortOptions,
  offers: WeakMap<TLSSocket, readonly string[]>,
): TlsOptions {
  return {
    cert: certificatesPem,
    key: keyPem,
    minVersion: fixed.tlsVersion,
    requestCert: true,
    rejectUnauthorized: false,
    // None: OpenSSL neither completes a presented chain nor hints at whom we accept.
    ca: [],
    // A resumed session would not show the chain again.
    secureOptions: tlsConstants.SSL_OP_NO_TICKET,
    handshakeTimeout: bounds.handshakeMs,
    ALPNCallback(this: unknown, { protocols }: { protocols: string[] }) {
      if (this instanceof TLSSocket) offers.set(this, protocols);
      return chooseAlpn(versions, protocols);
    },
  };
}

/** Undefined ends the handshake with no_application_protocol. */
export function chooseAlpn(
  versions: readonly string[],
  offer: readonly string[],
): string | undefined {
  const offered = offer.flatMap((id) => (id.startsWith('norc-f/') ? id.slice(7) : []));
  // Not a guard of ours to switch off: the core judges the choice (F-CONN-03).
  const choice = chooseVersion(versions, offered, { must: createMust() });
  return choice.ok ? `norc-f/${choice.value.version}` : undefined;
}
