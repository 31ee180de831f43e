/** Everything that the layer knows, and the small questions that many of its parts ask of it. */
import type { NorcMessage } from '../../spec/messages.ts';
import type { Must } from '../assert.ts';
import type { ServerConfig } from '../config.ts';
import type { Context, ExchangeId, LinkId } from '../core.ts';
import type { JsonObject, PublicKey, Signature, SigningKey } from '../crypto/crypto.ts';
import type { DeliveryPort, Standing, Tables, TrustPort } from '../ports.ts';
import type { Micros } from '../time.ts';
import { without } from '../wire/canonical.ts';
import {
  createRequestValidator,
  createValidator,
  type Validate,
  type ValidateRequest,
} from '../wire/validate.ts';
import { bounds } from './bounds.ts';
import { createDestination, type Destination, isIdle } from './destination.ts';
import type { Link } from './link.ts';
import { createRates, isUnused, type Rates } from './rates.ts';
import { createRelayCache, type RelayCache } from './relay-cache.ts';
import { createSequences, type RelaySequences } from './relay-sequence.ts';

export interface FederationPorts {
  readonly trust: TrustPort;
  readonly delivery: DeliveryPort;
}

export interface Federation {
  readonly config: ServerConfig;
  readonly ports: FederationPorts;
  readonly links: Map<LinkId, Link>;
  readonly destinations: Map<string, Destination>;
  /** By authenticated server id (X-RATE-07). */
  readonly rates: Map<string, Rates>;
  /** Requests of peers that wait for our answer. */
  readonly held: Map<ExchangeId, Held>;
  readonly cache: RelayCache;
  readonly sequences: RelaySequences;
  /** Servers for which something may now be done; attended to before an input is finished. */
  readonly due: Set<string>;
  /** One for each set of guards. */
  readonly validators: WeakMap<Must, Validators>;
}

export interface Held {
  readonly link: LinkId;
  type: string;
  requestId: string | undefined;
}

export function createFederation(config: ServerConfig, ports: FederationPorts): Federation {
  return {
    config,
    ports,
    links: new Map(),
    destinations: new Map(),
    rates: new Map(),
    held: new Map(),
    cache: createRelayCache(),
    sequences: createSequences(),
    due: new Set(),
    validators: new WeakMap(),
  };
}

export function validate(
  federation: Federation,
  body: JsonObject,
  version: string,
  context: Context,
): ReturnType<Validate> {
  return validatorsOf(federation, context).answer(body, version);
}

interface Validators {
  readonly answer: Validate;
  readonly request: ValidateRequest;
}

export function validatorsOf(federation: Federation, { must }: Context): Validators {
  const known = federation.validators.get(must);
  if (known) return known;
  const fresh = { answer: createValidator({ must }), request: createRequestValidator({ must }) };
  federation.validators.set(must, fresh);
  return fresh;
}

/** Undefined when too many servers are being waited for. */
export function destinationOf(federation: Federation, peer: string): Destination | undefined {
  const { destinations } = federation;
  const known = destinations.get(peer);
  if (known) return known;
  if (destinations.size >= bounds.destinations) dropFirst(destinations, isIdle);
  if (destinations.size >= bounds.destinations) return undefined;
  const destination = createDestination(peer);
  destinations.set(peer, destination);
  return destination;
}

export function ratesOf(
  federation: Federation,
  peer: string,
  standing: Standing,
  now: Micros,
): Rates {
  const known = federation.rates.get(peer);
  if (known) return known;
  // A full bucket may be forgotten: it would be made full again (X-RATE-07).
  if (federation.rates.size >= bounds.remotes) {
    dropFirst(federation.rates, (rates) => isUnused(rates, now));
  }
  const rates = createRates(federation.config.policy, standing, now);
  federation.rates.set(peer, rates);
  return rates;
}

/** X-SIG-02: the certified key when a relationship exists, else the key that TLS has proven. */
export function peerKey({ ports }: Federation, link: Link): PublicKey | null {
  return ports.trust.keyOf(link.peer) ?? link.tls?.key ?? null;
}

/** What may be done on this link (L-T11): by the peer when it has dialled, by us when we have. */
export function governing({ ports }: Federation, link: Link, now: Micros): Standing {
  const { trust } = ports;
  return link.direction === 'accepted'
    ? trust.inbound(link.peer, now)
    : trust.outbound(link.peer, now);
}

/** The dialled link of a destination, once the handshake is complete. */
export function openLink(federation: Federation, destination: Destination): Link | null {
  const link = destination.link === null ? undefined : federation.links.get(destination.link);
  return link?.session ? link : null;
}

/** With the signature of the named member over everything else (X-SIG-01). */
export function signed<M extends object>(
  key: SigningKey,
  message: M,
  member: string,
  { crypto }: Context,
): M {
  const signature = crypto.sign(key, message as unknown as JsonObject);
  return { ...message, [member]: signature };
}

/** Whether the member holds a signature of `key` over everything else that was received (L-S11). */
export function isSigned(
  key: PublicKey | null,
  received: JsonObject,
  member: string,
  { crypto }: Context,
): boolean {
  const signature: unknown = received[member];
  if (key === null || typeof signature !== 'string') return false;
  return crypto.verify(key, without(received, member), signature satisfies Signature);
}

export function asJson(message: NorcMessage): JsonObject {
  return message as unknown as JsonObject;
}

function dropFirst<T>(map: Map<string, T>, isDroppable: (value: T) => boolean): void {
  for (const [key, value] of map) {
    if (!isDroppable(value)) continue;
    map.delete(key);
    return;
  }
}

export function tablesOf({ config: _, ports: __, validators: ___, ...tables }: Federation): Tables {
  return tables;
}
