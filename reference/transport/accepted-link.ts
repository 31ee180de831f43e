/**
 * One HTTP/2 connection that another server has opened: its requests become inputs (choices.md).
 */
import {
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { fixed } from '../../spec/limits.ts';
import type { ExchangeId, Input, LinkId } from '../core.ts';
import { type Body, type Budget, collectBody, isAnnouncedTooLarge, isEncoded } from './body.ts';
import { bounds } from './bounds.ts';

/** HTTP status of a body that could not be had. */
const STATUS = {
  'too-large': 413,
  'too-slow': 408,
  'no-room': 503,
  broken: 400,
} as const;

export interface AcceptedLinkParts {
  readonly link: LinkId;
  readonly session: ServerHttp2Session;
  readonly budget: Budget;
  readonly deliver: (input: Input) => void;
  readonly gone: () => void;
}

export class AcceptedLink {
  readonly #parts: AcceptedLinkParts;
  readonly #held = new Map<ExchangeId, ServerHttp2Stream>();
  readonly #silence: NodeJS.Timeout;
  #count = 0;

  constructor(parts: AcceptedLinkParts) {
    this.#parts = parts;
    const { session, link, deliver, gone } = parts;
    session.on('error', () => {}); // ends in `close` all the same
    session.on('stream', (stream, headers) => this.#receive(stream, headers));
    session.setTimeout(bounds.idleLinkMs, () => this.hangUp());
    // Whoever never sends a request has no business here; the core's own timers take over then.
    this.#silence = setTimeout(() => session.destroy(), bounds.handshakeMs);
    session.once('close', () => {
      clearTimeout(this.#silence);
      gone();
      deliver({ type: 'link-closed', link });
    });
  }

  /** Does nothing when the stream is gone. */
  answer(exchange: ExchangeId, status: number, text: string | null): void {
    const stream = this.#held.get(exchange);
    this.#held.delete(exchange);
    if (stream) respond(stream, status, text);
  }

  /** What has been answered still leaves; nothing new is heard. */
  hangUp(): void {
    const { session } = this.#parts;
    for (const stream of this.#held.values()) stream.close(constants.NGHTTP2_CANCEL);
    if (session.destroyed) return;
    session.close();
    const impatience = setTimeout(() => session.destroy(), bounds.lingerMs);
    session.once('close', () => clearTimeout(impatience));
  }

  #receive(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    clearTimeout(this.#silence);
    stream.on('error', () => {}); // the `close` that follows is what counts
    const refusal = refusalOf(headers);
    if (this.#parts.session.closed) stream.close(constants.NGHTTP2_REFUSED_STREAM);
    else if (refusal !== null) respond(stream, refusal, null);
    else collectBody(stream, this.#parts.budget, (body) => this.#hand(stream, headers, body));
  }

  #hand(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, body: Body): void {
    if (body.kind !== 'whole') {
      respond(stream, STATUS[body.kind], null);
      return;
    }
    if (stream.destroyed || this.#parts.session.closed) return;
    const { link, deliver } = this.#parts;
    this.#count += 1;
    const exchange = `${link}/${this.#count}`;
    this.#held.set(exchange, stream);
    stream.once('close', () => this.#held.delete(exchange));
    const proof = headers[fixed.proofHeader];
    deliver({
      type: 'request-received',
      link,
      exchange,
      path: headers[':path'] ?? '',
      proof: typeof proof === 'string' ? proof : null,
      body: { kind: 'text', bytes: body.bytes },
    });
  }
}

/** The link on which an exchange came: `accepted:3/17` is the 17th request on `accepted:3`. */
export function linkOf(exchange: ExchangeId): LinkId {
  return exchange.slice(0, exchange.lastIndexOf('/'));
}

/** What is wrong with a request before its body is read. */
function refusalOf(headers: IncomingHttpHeaders): number | null {
  // The revocation list alone is fetched (L-R08).
  const method = headers[':path'] === fixed.crlPath ? 'GET' : 'POST';
  if (headers[':method'] !== method) return 405;
  if (isEncoded(headers)) return 415;
  return isAnnouncedTooLarge(headers) ? 413 : null;
}

function respond(stream: ServerHttp2Stream, status: number, text: string | null): void {
  if (stream.destroyed || stream.headersSent) return;
  if (text === null) {
    stream.respond({ ':status': status }, { endStream: true });
  } else {
    stream.respond({ ':status': status, 'content-type': 'application/json' });
    stream.end(text);
  }
  // A peer that still sends is told to stop; one that has finished notices nothing.
  stream.close(constants.NGHTTP2_NO_ERROR);
}
