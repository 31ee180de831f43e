/**
 * The side that dials: TLS 1.3 with our certificate and ordered ALPN offer, then HTTP/2 (F1,
 * L-V10).
 */
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { fixed } from '../../spec/limits.ts';
import type { Effect, Input, LinkId } from '../core.ts';
import type { Hands } from '../node/run-node.ts';
import { bounds } from './bounds.ts';
import { DialledLink } from './dialled-link.ts';
import type { Resolver } from './resolver.ts';
import { tlsPeerOf } from './tls-peer.ts';

type Dial = Effect & { type: 'dial' };
type DialFailure = (Input & { type: 'dial-failed' })['reason'];

export interface DiallerOptions {
  readonly certificatesPem: string;
  readonly keyPem: string;
  readonly resolver: Resolver;
  readonly deliver: (input: Input) => void;
}

export interface Dialler {
  readonly hands: Pick<Hands, 'dial' | 'request' | 'get' | 'hang-up'>;
  close(): Promise<void>;
}

export function createDialler(options: DiallerOptions): Dialler {
  const { deliver } = options;
  const links = new Map<LinkId, DialledLink>();
  const attempts = new Map<LinkId, AbortController>();

  /** Exactly one input tells how it ended, also when we have hung up meanwhile. */
  async function dial(effect: Dial): Promise<void> {
    const { link, alpn } = effect;
    const attempt = new AbortController();
    attempts.set(link, attempt);
    const reached = await reach(effect, options, attempt.signal);
    attempts.delete(link);
    if (attempt.signal.aborted) {
      if (typeof reached !== 'string') reached.destroy();
      deliver({ type: 'link-closed', link });
    } else if (typeof reached === 'string') {
      deliver({ type: 'dial-failed', link, reason: reached });
    } else {
      const gone = () => links.delete(link);
      links.set(link, new DialledLink({ effect, socket: reached, deliver, gone }));
      deliver({ type: 'link-dialled', link, peer: tlsPeerOf(reached, alpn) });
    }
  }

  /** An address or a name that the system refuses to try at all is one that cannot be reached. */
  function giveUp(link: LinkId): void {
    attempts.delete(link);
    deliver({ type: 'dial-failed', link, reason: 'unreachable' });
  }

  return {
    hands: {
      dial: (effect) => void dial(effect).catch(() => giveUp(effect.link)),
      request: (effect) => {
        const dialled = links.get(effect.link);
        if (dialled) dialled.request(effect);
        else deliver({ type: 'exchange-failed', link: effect.link, exchange: effect.exchange });
      },
      get: (effect) => {
        const dialled = links.get(effect.link);
        if (dialled) dialled.get(effect);
        else deliver({ type: 'exchange-failed', link: effect.link, exchange: effect.exchange });
      },
      'hang-up': ({ link }) => {
        attempts.get(link)?.abort();
        links.get(link)?.hangUp();
      },
    },
    async close() {
      for (const attempt of attempts.values()) attempt.abort();
      await Promise.all([...links.values()].map((link) => link.leave()));
    },
  };
}

/** A TLS connection, or why there is none. Never rejects. */
async function reach(
  effect: Dial,
  options: DiallerOptions,
  stopped: AbortSignal,
): Promise<TLSSocket | DialFailure> {
  const overdue = AbortSignal.timeout(bounds.dialMs);
  const ended = AbortSignal.any([stopped, overdue]);
  const address = await Promise.race([options.resolver.addressOf(effect.host), end(ended)]);
  if (overdue.aborted) return 'timeout';
  if (address === null || stopped.aborted) return 'unreachable';
  return shakeHands(effect, address, options, { ended, overdue });
}

function shakeHands(
  { server, port, alpn }: Dial,
  address: string,
  { certificatesPem, keyPem }: DiallerOptions,
  { ended, overdue }: { readonly ended: AbortSignal; readonly overdue: AbortSignal },
): Promise<TLSSocket | DialFailure> {
  return new Promise((resolve) => {
    let progress: DialFailure = 'unreachable';
    const socket = connect({
      host: address,
      port,
      // SNI holds names only (RFC 6066 3).
      servername: isIP(server) === 0 ? server : '',
      ALPNProtocols: alpn,
      cert: certificatesPem,
      key: keyPem,
      minVersion: fixed.tlsVersion,
      // The core judges the chain; see http2.ts for the empty list.
      rejectUnauthorized: false,
      ca: [],
    });
    const fail = (reason: DialFailure): void => {
      socket.destroy();
      resolve(reason);
    };
    const stop = () => fail(overdue.aborted ? 'timeout' : progress);
    ended.addEventListener('abort', stop);
    socket.once('connect', () => {
      progress = 'tls';
    });
    socket.on('error', (error) => fail(isAlpnAlert(error) ? 'alpn' : progress));
    // Some peers just close: after TCP that is a failure of TLS.
    socket.once('close', () => fail(progress));
    socket.once('secureConnect', () => {
      ended.removeEventListener('abort', stop);
      resolve(socket);
    });
  });
}

/** Alert 120, by OpenSSL's code for it. */
function isAlpnAlert(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';
}

/** What a promise that cannot be cancelled is raced against. */
function end(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
}
