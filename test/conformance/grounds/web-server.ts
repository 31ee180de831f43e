/** The suite's web server: pages over plain HTTP on the loopback. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWeb, type WebPages } from '../web.ts';

export interface WebServer {
  readonly pages: WebPages;
  close(): Promise<void>;
}

/** Far above any question that a subject can have. */
const MOST_BYTES = 64 * 1024;

/** `stir`: told of every request. */
export async function startWebServer(stir: () => void): Promise<WebServer> {
  const server = createServer((request, response) => {
    void answer(pages, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const pages = createWeb(`http://127.0.0.1:${port}`, stir);
  return { pages, close: () => close(server) };
}

async function answer(
  pages: WebPages,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const answered = pages.ask({
    method: request.method ?? '',
    path: new URL(request.url ?? '/', pages.url).pathname,
    contentType: request.headers['content-type'] ?? null,
    body,
  });
  if (answered === 'silence') return;
  response.writeHead(answered.status, { 'content-type': answered.contentType });
  response.end(answered.body);
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of request) {
    sizeBytes += part.length;
    if (sizeBytes > MOST_BYTES) throw new Error('a request that is too large');
    parts.push(part);
  }
  return Uint8Array.from(Buffer.concat(parts));
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
}
