/**
 * The records that a subject can look up, wherever it asks: the in-process ground answers from here
 * directly, the DNS server over UDP. Both thereby tell NXDOMAIN, no data and SERVFAIL apart alike.
 */
import type { LookupOutcome } from '../../reference/core.ts';
import { fixed, limits } from '../../spec/limits.ts';
import type { Zone, ZoneQuery } from './stage.ts';

export interface Service {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly host: string;
}

/**
 * What stands under one name and type. `no-name` and `no-data` differ in the code of the answer.
 */
export type ZoneAnswer =
  | { readonly kind: 'txt'; readonly values: readonly string[] }
  | { readonly kind: 'srv'; readonly services: readonly Service[] }
  | { readonly kind: 'address'; readonly addresses: readonly string[] }
  | { readonly kind: 'no-name' }
  | { readonly kind: 'no-data' }
  | { readonly kind: 'failure' };

export interface ZoneRecords extends Zone {
  /** Takes out this one value of the name. */
  withdrawTxt(name: string, value: string): void;
  addService(name: string, service: Service): void;
  addAddress(host: string, address: string): void;
  /** Takes out everything under the name. */
  remove(name: string): void;
  /** Answers and remembers the question. `type` as in DNS: `TXT`, `SRV`, `A`, … */
  ask(name: string, type: string, vantage?: number): ZoneAnswer;
}

/** All that is known of one name. */
interface Owner {
  txt: string[];
  readonly services: Service[];
  readonly addresses: string[];
}

/** `stir`: told of every question, and of records that come and go. */
export function createZone(stir: () => void = () => {}): ZoneRecords {
  const owners = new Map<string, Owner>();
  const failing = new Set<string>();
  const pretended = new Map<string, readonly string[]>();
  const queries: ZoneQuery[] = [];
  const owner = (name: string): Owner => {
    const known = owners.get(canonical(name));
    if (known) return known;
    const fresh: Owner = { txt: [], services: [], addresses: [] };
    owners.set(canonical(name), fresh);
    return fresh;
  };
  const keepTxt = (name: string, keep: (value: string) => boolean): void => {
    const known = owners.get(canonical(name));
    if (!known) return;
    known.txt = known.txt.filter(keep);
    stir();
    if (isEmpty(known)) owners.delete(canonical(name));
  };
  return {
    queries,
    addTxt(name, value) {
      owner(name).txt.push(value);
      stir();
    },
    txtOf: (name) => [...(owners.get(canonical(name))?.txt ?? [])],
    removeTxt: (name) => keepTxt(name, () => false),
    withdrawTxt: (name, value) => keepTxt(name, (other) => other !== value),
    addService: (name, service) => void owner(name).services.push(service),
    addAddress: (host, address) => void owner(host).addresses.push(address),
    remove: (name) => void owners.delete(canonical(name)),
    fail: (name, vantage) => void failing.add(placeOf(name, vantage)),
    pretendTxt: (name, vantage, values) => void pretended.set(placeOf(name, vantage), values),
    ask(name, type, vantage = 0) {
      queries.push({ name: canonical(name), type, vantage });
      stir();
      if ([placeOf(name), placeOf(name, vantage)].some((place) => failing.has(place))) {
        return { kind: 'failure' };
      }
      const values = pretended.get(placeOf(name, vantage));
      if (values && type === 'TXT') return { kind: 'txt', values };
      const known = owners.get(canonical(name));
      if (!known) return { kind: hasBelow(owners, canonical(name)) ? 'no-data' : 'no-name' };
      return answerOf(known, type);
    },
  };
}

/**
 * What a node learns of an answer: it cannot tell a missing name from a name without such records.
 */
export function outcomeOf(answer: ZoneAnswer): LookupOutcome {
  switch (answer.kind) {
    case 'txt':
      return { found: 'txt', values: answer.values };
    case 'srv':
      return { found: 'srv', services: answer.services };
    case 'failure':
      return { found: 'failure' };
    default:
      return { found: 'nothing' };
  }
}

/** Puts a server of ours into the DNS (F 3.1); returns what takes it out again. */
export function announce(zone: ZoneRecords, serverId: string, port: number): () => void {
  const name = `${fixed.srvPrefix}${serverId}`;
  const { srvPriorityFirst: priority, srvWeight: weight } = limits;
  zone.addService(name, { priority, weight, port, host: serverId });
  zone.addAddress(serverId, '127.0.0.1');
  return () => {
    zone.remove(name);
    zone.remove(serverId);
  };
}

function answerOf({ txt, services, addresses }: Owner, type: string): ZoneAnswer {
  if (type === 'TXT' && txt.length > 0) return { kind: 'txt', values: [...txt] };
  if (type === 'SRV' && services.length > 0) return { kind: 'srv', services: [...services] };
  if (type === 'A' && addresses.length > 0) return { kind: 'address', addresses: [...addresses] };
  return { kind: 'no-data' };
}

/** RFC 8020: a name that has names below it exists, though it may hold nothing itself. */
function hasBelow(owners: ReadonlyMap<string, Owner>, name: string): boolean {
  return [...owners.keys()].some((other) => other.endsWith(`.${name}`));
}

const isEmpty = ({ txt, services, addresses }: Owner): boolean =>
  txt.length + services.length + addresses.length === 0;

/** A name as one resolver sees it, or (without a vantage point) as all do. */
const placeOf = (name: string, vantage?: number): string =>
  vantage === undefined ? canonical(name) : `${canonical(name)}@${vantage}`;

/** Names compare without case, and without the dot of the root. */
const canonical = (name: string): string => name.toLowerCase().replace(/\.$/, '');
