/**
 * The DNS of a simulated world: one zone that every resolver sees, unless a fault keeps a server from
 * all of them, or lets somebody else answer.
 */
import type { LookupOutcome } from '../../reference/core.ts';
import { fixed, limits } from '../../spec/limits.ts';

export interface Zone {
  /** Puts a server's address in (F 3.1). */
  announce(serverId: string): void;
  addTxt(name: string, value: string): void;
  withdrawTxt(name: string, value: string): void;
  ask(question: Question): LookupOutcome;
  /** These servers reach no resolver, until null. */
  setFailing(id: string, servers: ReadonlySet<string> | null): void;
  /** Somebody answers in place of the zone, until null. */
  setForgery(id: string, forgery: Forgery | null): void;
}

export interface Forgery {
  /** Who is fooled. */
  readonly servers: ReadonlySet<string>;
  /** Servers whose address is not told, and whose is in its place. */
  readonly names: ReadonlySet<string>;
  readonly answer: string;
}

export interface Question {
  /** Who asks. */
  readonly server: string;
  readonly name: string;
  readonly record: 'TXT' | 'SRV';
  readonly vantage: number;
}

export const FEDERATION_PORT = 8843;

export function createZone(): Zone {
  const texts = new Map<string, string[]>();
  const hosts = new Map<string, string>();
  const failing = new Map<string, ReadonlySet<string>>();
  const forgeries = new Map<string, Forgery>();
  const forged = (server: string, host: string): string => {
    for (const { servers, names, answer } of forgeries.values()) {
      if (servers.has(server) && names.has(host)) return answer;
    }
    return host;
  };
  return {
    setForgery(id, forgery) {
      if (forgery) forgeries.set(id, forgery);
      else forgeries.delete(id);
    },
    setFailing(id, servers) {
      if (servers) failing.set(id, servers);
      else failing.delete(id);
    },
    announce: (serverId) => void hosts.set(`${fixed.srvPrefix}${serverId}`, serverId),
    addTxt(name, value) {
      texts.set(name, [...(texts.get(name) ?? []), value]);
    },
    withdrawTxt(name, value) {
      const left = (texts.get(name) ?? []).filter((other) => other !== value);
      if (left.length > 0) texts.set(name, left);
      else texts.delete(name);
    },
    ask({ server, name, record }) {
      for (const servers of failing.values()) if (servers.has(server)) return { found: 'failure' };
      const values = texts.get(name);
      if (record === 'TXT' && values) return { found: 'txt', values: [...values] };
      const host = hosts.get(name);
      if (record === 'SRV' && host !== undefined)
        return { found: 'srv', services: [service(forged(server, host))] };
      return { found: 'nothing' };
    },
  };
}

const service = (host: string) => ({
  priority: limits.srvPriorityFirst,
  weight: limits.srvWeight,
  port: FEDERATION_PORT,
  host,
});
