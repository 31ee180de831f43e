/**
 * The DNS of a simulated world: one zone that every resolver sees, unless a fault keeps a server from
 * all of them.
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
  return {
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
        return { found: 'srv', services: [service(host)] };
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
