/**
 * The DNS of a simulated world: one zone that every resolver sees, unless a fault keeps a server from
 * all of them, lets somebody else answer, or has poisoned one of them.
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
  /** What is published for these servers is shown by one resolver alone, until null. */
  setPoison(id: string, servers: ReadonlySet<string> | null): void;
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

/** Of everybody's resolvers, the one that can be poisoned. */
const POISONED_VANTAGE = 0;

export const FEDERATION_PORT = 8843;

export function createZone(): Zone {
  const texts = new Map<string, string[]>();
  const hosts = new Map<string, string>();
  const failing = new Map<string, ReadonlySet<string>>();
  const forgeries = new Map<string, Forgery>();
  const poisons = new Map<string, ReadonlySet<string>>();
  const isShown = (name: string, vantage: number): boolean => {
    if (vantage === POISONED_VANTAGE) return true;
    const server = name.slice(name.indexOf('.') + 1);
    return [...poisons.values()].every((servers) => !servers.has(server));
  };
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
    setPoison(id, servers) {
      if (servers) poisons.set(id, servers);
      else poisons.delete(id);
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
    ask({ server, name, record, vantage }) {
      for (const servers of failing.values()) if (servers.has(server)) return { found: 'failure' };
      const values = texts.get(name);
      if (record === 'TXT' && values && isShown(name, vantage))
        return { found: 'txt', values: [...values] };
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
