/** One HTTP/2 connection that we have opened: our requests on it, and what became of each. */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  sensitiveHeaders,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { fixed } from '../../spec/limits.ts';
import type { Json } from '../../spec/schema.ts';
import type { Effect, ExchangeId, Input } from '../core.ts';
import { canonicalText } from '../wire/canonical.ts';
import { type Body, collectBody, createBudget, isAnnouncedTooLarge, isEncoded } from './body.ts';
import { bounds } from './bounds.ts';
import { sessionOptions } from './http2.ts';

export interface DialledLinkParts {
  readonly effect: Effect & { type: 'dial' };
  readonly socket: TLSSocket;
  readonly deliver: (input: Input) => void;
  readonly gone: () => void;
}

export class DialledLink {
  readonly #parts: DialledLinkParts;
  readonly #session: ClientHttp2Session;
  readonly #budget = createBudget(bounds.linkBodyBytes);
  /** Requests that wait for their outcome. */
  readonly #waiting = new Set<ExchangeId>();

  constructor(parts: DialledLinkParts) {
    this.#parts = parts;
    const { effect, socket, deliver, gone } = parts;
    const { link, server, port } = effect;
    const authority = `https://${server}:${port}`;
    this.#session = connect(authority, { ...sessionOptions, createConnection: () => socket });
    this.#session.on('error', () => {}); // ends in `close` all the same
    this.#session.setTimeout(bounds.idleLinkMs, () => this.hangUp());
    this.#session.once('close', () => {
      gone();
      for (const exchange of [...this.#waiting]) this.#fail(exchange);
      deliver({ type: 'link-closed', link });
    });
  }

  /** Ends in exactly one `answer-received` or `exchange-failed`. */
  request({ exchange, path, proof, message }: Effect & { type: 'request' }): void {
    // A declared message is JSON; the type says so member by member.
    this.#ask(exchange, this.#open('POST', path, proof), canonicalText(message as Json));
  }

  /** Ends like a request. */
  get({ exchange, path, proof }: Effect & { type: 'get' }): void {
    this.#ask(exchange, this.#open('GET', path, proof), null);
  }

  /** A GET has ended when it begins: to end it again would break its stream. */
  #ask(exchange: ExchangeId, stream: ClientHttp2Stream | null, body: string | null): void {
    this.#waiting.add(exchange);
    if (!stream) {
      this.#fail(exchange);
      return;
    }
    const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), bounds.answerMs);
    stream.on('error', () => {}); // the `close` that follows is what counts
    stream.once('response', (headers) => this.#receive(exchange, stream, headers));
    stream.once('close', () => {
      clearTimeout(late);
      this.#fail(exchange);
    });
    if (body !== null) stream.end(body);
  }

  /** Requests under way are not waited for. */
  hangUp(): void {
    const session = this.#session;
    if (session.destroyed) return;
    session.close();
    const impatience = setTimeout(() => session.destroy(), bounds.lingerMs);
    session.once('close', () => clearTimeout(impatience));
  }

  /** Resolves when the connection is gone. */
  leave(): Promise<void> {
    if (this.#session.destroyed) return Promise.resolve();
    const gone = new Promise<void>((resolve) => this.#session.once('close', () => resolve()));
    this.hangUp();
    return gone;
  }

  #open(method: 'POST' | 'GET', path: string, proof: string | null): ClientHttp2Stream | null {
    const type = method === 'POST' ? { 'content-type': 'application/json' } : {};
    const headers = { ':method': method, ':path': path, ...type };
    // L-X18: a signature never enters the table of header compression.
    const proven = { [fixed.proofHeader]: proof ?? '', [sensitiveHeaders]: [fixed.proofHeader] };
    try {
      return this.#session.request(proof === null ? headers : { ...headers, ...proven });
    } catch {
      return null; // the peer has said that it goes, or has gone
    }
  }

  #receive(exchange: ExchangeId, stream: ClientHttp2Stream, headers: IncomingHttpHeaders): void {
    if (isEncoded(headers) || isAnnouncedTooLarge(headers)) {
      stream.close(constants.NGHTTP2_CANCEL);
      return;
    }
    collectBody(stream, this.#budget, (body) => {
      this.#settle(exchange, Number(headers[':status']), body);
      stream.close(constants.NGHTTP2_NO_ERROR);
    });
  }

  /** An exchange that has failed already stays so. */
  #settle(exchange: ExchangeId, status: number, body: Body): void {
    if (body.kind !== 'whole') {
      this.#fail(exchange);
      return;
    }
    if (!this.#waiting.delete(exchange)) return;
    const { effect, deliver } = this.#parts;
    const frame = body.bytes.length > 0 ? { kind: 'text' as const, bytes: body.bytes } : null;
    deliver({ type: 'answer-received', link: effect.link, exchange, status, body: frame });
  }

  #fail(exchange: ExchangeId): void {
    if (!this.#waiting.delete(exchange)) return;
    const { effect, deliver } = this.#parts;
    deliver({ type: 'exchange-failed', link: effect.link, exchange });
  }
}
