/**
 * Fetches evidence over plain HTTP: OCSP answers and revocation lists, which carry signatures of
 * their own (RFC 6960 A, RFC 5280 4.2.1.13). The address stands in somebody else's certificate, so
 * it is never trusted with more than one bounded question: no redirects, no credentials, no address
 * inside our own network unless policy allows it (S-31).
 */
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { Effect, FetchOutcome, Input } from '../core.ts';
import type { Hands } from '../node/run-node.ts';
import { bounds } from './bounds.ts';
import type { Resolver } from './resolver.ts';

type Fetch = Effect & { type: 'fetch' };

export interface FetcherOptions {
  readonly resolver: Pick<Resolver, 'addressOf'>;
  /** Policy's `fetchPrivateAddresses`. */
  readonly addresses: 'public' | 'any';
  readonly deliver: (input: Input) => void;
  /** Default: `bounds.fetchMs`. */
  readonly timeoutMs?: number;
}

export interface Fetcher {
  readonly hands: Pick<Hands, 'fetch'>;
  close(): void;
}

/** What is not for the open internet (RFC 6890 and its successors). */
const ours4 = new BlockList();
const ours6 = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  ours4.addSubnet(network, bits, 'ipv4');
}
/** All of IPv6 that is not global unicast, and within that what leads back to IPv4. */
for (const [network, bits] of [
  ['::', 3],
  ['2001::', 23],
  ['2002::', 16],
  ['4000::', 2],
  ['8000::', 1],
] as const) {
  ours6.addSubnet(network, bits, 'ipv6');
}

export function isPublicAddress(address: string): boolean {
  // Two lists: in one, networks of IPv6 hold addresses of IPv4 in their mapped form too.
  return isIPv6(address) ? !ours6.check(address, 'ipv6') : !ours4.check(address, 'ipv4');
}

export function createFetcher(options: FetcherOptions): Fetcher {
  const { deliver, timeoutMs = bounds.fetchMs } = options;
  const stopped = new AbortController();
  let open = 0;

  /** Exactly one input tells how it ended. */
  async function perform(effect: Fetch): Promise<void> {
    open += 1;
    const overdue = AbortSignal.timeout(timeoutMs);
    const outcome = await fetchWithin(effect, options, AbortSignal.any([stopped.signal, overdue]));
    open -= 1;
    if (stopped.signal.aborted) return;
    deliver({ type: 'fetched', fetch: effect.fetch, outcome });
  }

  return {
    hands: {
      fetch: (effect) => {
        if (open < bounds.fetches) return void perform(effect);
        const outcome = failed('unreachable');
        queueMicrotask(() => deliver({ type: 'fetched', fetch: effect.fetch, outcome }));
      },
    },
    close: () => stopped.abort(),
  };
}

function failed(reason: (FetchOutcome & { fetched: 'failure' })['reason']): FetchOutcome {
  return { fetched: 'failure', reason };
}

/** Never rejects. */
async function fetchWithin(
  effect: Fetch,
  { resolver, addresses }: FetcherOptions,
  ended: AbortSignal,
): Promise<FetchOutcome> {
  const url = URL.canParse(effect.url) ? new URL(effect.url) : null;
  if (url?.protocol !== 'http:' || url.username !== '' || url.password !== '') {
    return failed('refused');
  }
  const address = await Promise.race([
    resolver.addressOf(url.hostname.replace(/^\[|\]$/g, '')).catch(() => null),
    end(ended),
  ]);
  if (ended.aborted) return failed('timeout');
  if (address === null) return failed('unreachable');
  if (addresses === 'public' && !isPublicAddress(address)) return failed('refused');
  return ask(effect, url, address, ended).catch(() => failed('unreachable'));
}

/** To the address that was judged, and no other: a second look-up could give another one. */
function ask(
  { method, body, contentType, maxBytes }: Fetch,
  url: URL,
  address: string,
  ended: AbortSignal,
): Promise<FetchOutcome> {
  return new Promise((resolve) => {
    const asking = request({
      host: address,
      port: url.port === '' ? 80 : Number(url.port),
      path: `${url.pathname}${url.search}`,
      method,
      agent: false,
      headers: {
        host: url.host,
        ...(contentType !== null && { 'content-type': contentType }),
        ...(body !== null && { 'content-length': body.length }),
      },
    });
    const settle = (outcome: FetchOutcome): void => {
      resolve(outcome);
      asking.destroy();
    };
    ended.addEventListener('abort', () => settle(failed('timeout')));
    asking.on('error', () => settle(failed('unreachable')));
    asking.on('response', (response) => receive(response, maxBytes, settle));
    send(asking, body);
  });
}

function send(asking: ClientRequest, body: Uint8Array | null): void {
  if (body === null) asking.end();
  else asking.end(body);
}

/** Counts as it comes: what a header says of the length is a stranger's word. */
function receive(
  response: IncomingMessage,
  maxBytes: number,
  settle: (outcome: FetchOutcome) => void,
): void {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  response.on('data', (part: Buffer) => {
    sizeBytes += part.length;
    if (sizeBytes > maxBytes) return settle(failed('too-large'));
    parts.push(part);
  });
  response.on('error', () => settle(failed('unreachable')));
  response.on('end', () => {
    const bytes = Uint8Array.from(Buffer.concat(parts));
    settle({ fetched: 'answer', status: response.statusCode ?? 0, bytes });
  });
}

/** What a promise that cannot be cancelled is raced against. */
function end(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
}
