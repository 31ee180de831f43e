/**
 * The pages that certificates of the suite point to: OCSP and revocation lists (RFC 5280 4.2.2.1,
 * 4.2.1.13), wherever the subject fetches them from. The in-process ground answers from here
 * directly, the web server on the loopback.
 */
import type { FetchOutcome } from '../../reference/core.ts';

export interface WebRequest {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly contentType: string | null;
  readonly body: Uint8Array;
}

export interface WebAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** `silence`: the connection stays open and nothing comes. */
export type WebHandler = (request: WebRequest) => WebAnswer | 'silence';

export interface Web {
  /** Origin, without a slash at the end. */
  readonly url: string;
  /** What the subject has asked so far, oldest first. */
  readonly requests: readonly WebRequest[];
  /** Answers this path from now on. */
  serve(path: string, handler: WebHandler): void;
}

export interface WebPages extends Web {
  /** Answers and remembers the request. */
  ask(request: WebRequest): WebAnswer | 'silence';
}

const NOT_FOUND: WebAnswer = { status: 404, contentType: 'text/plain', body: new Uint8Array() };

/** `stir`: told of every request. */
export function createWeb(url: string, stir: () => void = () => {}): WebPages {
  const handlers = new Map<string, WebHandler>();
  const requests: WebRequest[] = [];
  return {
    url,
    requests,
    serve: (path, handler) => void handlers.set(path, handler),
    ask(request) {
      requests.push(request);
      stir();
      return handlers.get(request.path)?.(request) ?? NOT_FOUND;
    },
  };
}

/** What a node learns of an answer, when it asked for no more than `maxBytes`. */
export function fetchedOf({ status, body }: WebAnswer, maxBytes: number): FetchOutcome {
  if (body.length > maxBytes) return { fetched: 'failure', reason: 'too-large' };
  return { fetched: 'answer', status, bytes: body };
}
