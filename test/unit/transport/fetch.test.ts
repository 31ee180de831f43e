/** Fetching evidence over HTTP, as the cores hear of it, from pages that mean harm. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Effect, FetchOutcome } from '../../../reference/core.ts';
import { bounds } from '../../../reference/transport/bounds.ts';
import {
  createFetcher,
  type Fetcher,
  isPublicAddress,
} from '../../../reference/transport/fetch.ts';

type Fetch = Effect & { type: 'fetch' };

const open: { server: Server; fetcher: Fetcher }[] = [];
afterEach(() => {
  for (const { server, fetcher } of open.splice(0)) {
    fetcher.close();
    server.closeAllConnections();
    server.close();
  }
});

const never = (): Promise<null> => new Promise(() => {});

interface Page {
  readonly url: string;
  fetch(change?: Partial<Fetch>): Promise<FetchOutcome>;
}

async function page(
  listener: RequestListener,
  options: { addresses?: 'public' | 'any'; timeoutMs?: number } = {},
): Promise<Page> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const waiting = new Map<string, (outcome: FetchOutcome) => void>();
  const fetcher = createFetcher({
    resolver: {
      addressOf: (host) => (host === 'lost.example' ? never() : Promise.resolve('127.0.0.1')),
    },
    addresses: options.addresses ?? 'any',
    deliver: (input) => {
      if (input.type === 'fetched') waiting.get(input.fetch)?.(input.outcome);
    },
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
  });
  open.push({ server, fetcher });
  const url = `http://pages.example:${(server.address() as AddressInfo).port}/page?x=1`;
  let count = 0;
  return {
    url,
    fetch: (change = {}) =>
      new Promise((resolve) => {
        count += 1;
        const fetch = `trust/test/${count}`;
        waiting.set(fetch, resolve);
        const plain = { method: 'GET', body: null, contentType: null, maxBytes: 1000 } as const;
        fetcher.hands.fetch({ type: 'fetch', fetch, url, ...plain, ...change });
      }),
  };
}

test('an answer comes with its status and its bytes', async () => {
  const { fetch, url } = await page((request, response) => {
    response.writeHead(201);
    response.end(`${request.method} ${request.url} ${request.headers.host}`);
  });
  const outcome = await fetch();
  const text = `GET /page?x=1 ${new URL(url).host}`;
  expect(outcome).toEqual({
    fetched: 'answer',
    status: 201,
    bytes: Uint8Array.from(Buffer.from(text)),
  });
});

test('a body is posted with its type', async () => {
  const { fetch } = await page((request, response) => {
    response.write(`${request.method} ${request.headers['content-type']} `);
    request.pipe(response);
  });
  const body = Uint8Array.from(Buffer.from('question'));
  const outcome = await fetch({ method: 'POST', body, contentType: 'application/ocsp-request' });
  const text = outcome.fetched === 'answer' ? Buffer.from(outcome.bytes).toString() : '';
  expect(text).toBe('POST application/ocsp-request question');
});

test('an answer of more than was asked for is a failure, whatever its header says', async () => {
  const { fetch } = await page((_, response) => {
    response.writeHead(200, { 'transfer-encoding': 'chunked' });
    response.end(Buffer.alloc(1001));
  });
  expect(await fetch()).toEqual({ fetched: 'failure', reason: 'too-large' });
});

test('a redirect is an answer like any other and is not followed', async () => {
  let asked = 0;
  const { fetch } = await page((_, response) => {
    asked += 1;
    response.writeHead(302, { location: '/elsewhere' });
    response.end();
  });
  expect(await fetch()).toMatchObject({ fetched: 'answer', status: 302 });
  expect(asked).toBe(1);
});

test('a page that never answers, and a name that never resolves, end with a time-out', async () => {
  const { fetch } = await page(() => {}, { timeoutMs: 50 });
  const timedOut = { fetched: 'failure', reason: 'timeout' };
  expect(await fetch()).toEqual(timedOut);
  expect(await fetch({ url: 'http://lost.example/' })).toEqual(timedOut);
});

test('a page that drips for ever ends with a time-out', async () => {
  const { fetch } = await page(
    (_, response) => {
      const dripping = setInterval(() => response.write('x'), 5);
      response.on('close', () => clearInterval(dripping));
    },
    { timeoutMs: 100 },
  );
  expect(await fetch()).toEqual({ fetched: 'failure', reason: 'timeout' });
});

test('a connection that breaks is out of reach', async () => {
  const { fetch } = await page((request) => request.socket.destroy());
  expect(await fetch()).toEqual({ fetched: 'failure', reason: 'unreachable' });
});

test('S-31: an address inside our own network is not asked unless policy allows it', async () => {
  let asked = 0;
  const { fetch } = await page(
    (_, response) => {
      asked += 1;
      response.end();
    },
    { addresses: 'public' },
  );
  expect(await fetch()).toEqual({ fetched: 'failure', reason: 'refused' });
  expect(asked).toBe(0);
});

test.each(['https://pages.example/', 'file:///etc/passwd', 'http://u:p@pages.example/', 'page'])(
  'what is not plain HTTP without credentials is refused: %s',
  async (url) => {
    const { fetch } = await page((_, response) => response.end());
    expect(await fetch({ url })).toEqual({ fetched: 'failure', reason: 'refused' });
  },
);

test('no more are under way at once than the bound', async () => {
  const { fetch } = await page(() => {}, { timeoutMs: 200 });
  const all = Array.from({ length: bounds.fetches + 1 }, () => fetch());
  const first = await Promise.race(all);
  expect(first).toEqual({ fetched: 'failure', reason: 'unreachable' });
});

test.each([
  ['1.1.1.1', true],
  ['172.32.0.1', true],
  ['2606:4700::1111', true],
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['169.254.169.254', false],
  ['192.168.1.1', false],
  ['0.0.0.0', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::ffff:127.0.0.1', false],
  ['64:ff9b::7f00:1', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['2002:7f00:1::', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});
