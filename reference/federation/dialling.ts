/**
 * How a link to a server comes about (profile 2.2 rows 1 and 15, F-DISC-01, F-CONN-06): from the
 * configured address or the SRV records under its name, best priority first and by weight among equals;
 * then the handshake. TXT records are hints and are not asked for (F-DISC-02).
 */

import { errorCode } from '../../spec/emitted/registries.ts';
import { fixed, limits } from '../../spec/limits.ts';
import type { Context, LinkId, LookupOutcome } from '../core.ts';
import { seconds } from '../time.ts';
import { fraction, postponeDial } from './backoff.ts';
import { bounds } from './bounds.ts';
import type { Address, Destination } from './destination.ts';
import { giveBackPosts, timerOf } from './exchange.ts';
import { createLink, type Link } from './link.ts';
import { failRelay } from './relay-send.ts';
import type { Federation } from './state.ts';
import { alpnOffer } from './tls-identity.ts';
import { uuid } from './uuid.ts';

type Service = Extract<LookupOutcome, { found: 'srv' }>['services'][number];

export const SRV_LOOKUP = 'federation/srv/';

/** Begins to look for a link unless that is under way. */
export function seekLink(federation: Federation, destination: Destination, context: Context): void {
  if (destination.link !== null || destination.search !== null) return;
  const entry = federation.config.peers.find(({ serverId }) => serverId === destination.peer);
  if (entry) {
    const { host, port } = entry;
    destination.search = { phase: 'found', addresses: [{ host, port }] };
    return dialNext(federation, destination, context);
  }
  destination.search = { phase: 'asked' };
  const { peer } = destination;
  const name = `${fixed.srvPrefix}${peer}`;
  context.emit({
    type: 'look-up',
    lookup: `${SRV_LOOKUP}${peer}`,
    name,
    record: 'SRV',
    vantage: 0,
  });
}

/** Answers that nobody asked for are passed over. */
export function receiveAddresses(
  federation: Federation,
  peer: string,
  outcome: LookupOutcome,
  context: Context,
): void {
  const destination = federation.destinations.get(peer);
  if (destination?.search?.phase !== 'asked') return;
  const services = outcome.found === 'srv' ? outcome.services : [];
  const addresses = inOrder(services, context).slice(0, bounds.addressesPerServer);
  destination.search = { phase: 'found', addresses };
  dialNext(federation, destination, context);
}

/** The next address, or none is left and the search has failed. */
export function dialNext(federation: Federation, destination: Destination, context: Context): void {
  const { search, peer } = destination;
  const address = search?.phase === 'found' ? search.addresses.shift() : undefined;
  if (!address) return giveUp(federation, destination, context);
  const id: LinkId = `federation-${uuid(context)}`;
  const link = createLink(id, { direction: 'dialled', peer });
  federation.links.set(id, link);
  destination.link = id;
  const alpn = alpnOffer(federation.config);
  context.emit({ type: 'dial', link: id, server: peer, ...address, alpn });
  armHandshake(link, context);
}

/** A link that has not shaken hands by then is given up, on both sides (profile 5.2). */
export function armHandshake(link: Link, { now, emit }: Context): void {
  const at = now + seconds(limits.handshakeSeconds);
  emit({ type: 'set-timer', timer: timerOf(link, 'handshake'), at });
}

/** Everything that cannot wait learns that nobody was reached. */
function giveUp(federation: Federation, destination: Destination, context: Context): void {
  destination.search = null;
  postponeDial(destination, context);
  giveBackPosts(federation, destination, context);
  for (const waiting of [...destination.waiting.values()]) {
    if (waiting.from.kind !== 'forward') continue;
    failRelay(federation, destination, waiting, errorCode.federation.noRoute, context);
  }
  federation.due.add(destination.peer);
}

/** RFC 2782: ascending priority; among equals drawn by weight. Port 0 or the root host mean "none". */
function inOrder(services: readonly Service[], context: Context): Address[] {
  const usable = services.filter(({ port, host }) => port > 0 && port < 65_536 && host.length > 1);
  const left = [...usable].sort((a, b) => a.priority - b.priority);
  const ordered: Address[] = [];
  while (ordered.length < usable.length) {
    const equals = left.filter(({ priority }) => priority === left[0]?.priority);
    const chosen = drawn(equals, context);
    if (!chosen) break;
    left.splice(left.indexOf(chosen), 1);
    ordered.push({ host: chosen.host, port: chosen.port });
  }
  return ordered;
}

function drawn(equals: readonly Service[], context: Context): Service | undefined {
  const sum = equals.reduce((total, { weight }) => total + weight, 0);
  let point = fraction(context) * sum;
  const hit = equals.find(({ weight }) => {
    point -= weight;
    return point < 0;
  });
  return hit ?? equals[0];
}
