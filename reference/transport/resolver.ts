/**
 * DNS, asked afresh each time: an answer from a cache would prove nothing (T-RESP-04, L-T03). Names
 * are looked up at the configured resolvers alone; no hosts file, no search domains.
 */
import { promises as dns, NODATA, NOTFOUND } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupOutcome } from '../core.ts';

export interface Resolver {
  /** `vantage`: the resolver to ask, from 0. Where there are fewer, it is counted round. */
  lookUp(name: string, record: 'TXT' | 'SRV', vantage: number): Promise<LookupOutcome>;
  /** An address to connect to, or null. An address is its own. */
  addressOf(host: string): Promise<string | null>;
  close(): void;
}

const TIMEOUT_MS = 2000;
const TRIES = 2;

/** `servers`: each `address:port`. None: the system's. */
export function createResolver(servers: readonly string[]): Resolver {
  const first = resolverAt(servers[0]);
  const points = [first, ...servers.slice(1).map(resolverAt)];
  return {
    async lookUp(name, record, vantage) {
      const resolver = points[vantage % points.length] ?? first;
      try {
        return await (record === 'TXT' ? lookUpTxt(resolver, name) : lookUpSrv(resolver, name));
      } catch (error) {
        return isAbsence(error) ? { found: 'nothing' } : { found: 'failure' };
      }
    },
    async addressOf(host) {
      if (isIP(host) !== 0) return host;
      // RFC 6761 6.3: never a question for a name server.
      if (host === 'localhost') return '127.0.0.1';
      return (await firstOf(first.resolve4(host))) ?? (await firstOf(first.resolve6(host)));
    },
    close: () => {
      for (const resolver of points) resolver.cancel();
    },
  };
}

function resolverAt(server: string | undefined): dns.Resolver {
  const resolver = new dns.Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (server !== undefined) resolver.setServers([server]);
  return resolver;
}

async function lookUpTxt(resolver: dns.Resolver, name: string): Promise<LookupOutcome> {
  const records = await resolver.resolveTxt(name);
  // One record may hold several strings of 255 bytes; together they are its value.
  return { found: 'txt', values: records.map((strings) => strings.join('')) };
}

async function lookUpSrv(resolver: dns.Resolver, name: string): Promise<LookupOutcome> {
  const records = await resolver.resolveSrv(name);
  const services = records.map(({ priority, weight, port, name: host }) => ({
    priority,
    weight,
    port,
    host,
  }));
  return { found: 'srv', services };
}

function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === NOTFOUND || code === NODATA;
}

async function firstOf(addresses: Promise<string[]>): Promise<string | null> {
  const found = await addresses.catch(() => []);
  return found[0] ?? null;
}
