/**
 * Two reference servers in this process, configured differently, and the wire between them: what one
 * wants done to the other is done at once and in order, as bytes. Time stands, the world answers
 * nothing, and what each has written down is what it believes.
 */
import { createMust } from '../../../reference/assert.ts';
import type { ServerConfig } from '../../../reference/config.ts';
import type { Effect, Input, TlsPeer } from '../../../reference/core.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { createServerNode, type ServerNode } from '../../../reference/node/server.ts';
import type { Micros } from '../../../reference/time.ts';
import { chooseAlpn } from '../../../reference/transport/http2.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { fixed, limits } from '../../../spec/limits.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import type { Json } from '../../../spec/schema.ts';
import type { IssuedIdentity } from '../authority.ts';
import { createEntropy } from '../grounds/entropy.ts';
import type { InProcessParts } from '../grounds/in-process.ts';
import { subjectConfig } from '../grounds/subject-config.ts';

export interface Party {
  readonly serverId: string;
  readonly identity: IssuedIdentity;
  readonly versions: ServerConfig['versions'];
  /** Guards that are switched off: a mutant. */
  readonly off?: ReadonlySet<RequirementId>;
}

export interface Side {
  readonly config: ServerConfig;
  readonly node: ServerNode;
  /** What it has made durable, by table and key. */
  readonly rows: Map<string, Json>;
  /** Why it has refused, the last one. */
  refusal: string | null;
}

export interface Twin {
  readonly now: Micros;
  /** The side that dials first. */
  readonly dialling: Side;
  readonly dialled: Side;
  readonly waiting: { readonly side: Side; readonly input: Input }[];
  readonly links: Map<string, { readonly from: Side; readonly to: Side }>;
  /** The links that exchanges run on. */
  readonly exchanges: Map<string, string>;
  /** Types of the messages that have crossed. */
  readonly crossed: Set<string>;
}

/** More than any negotiation takes. */
const MOST_INPUTS = 1000;

export function createTwin(parts: InProcessParts, parties: readonly [Party, Party]): Twin {
  const [dialling, dialled] = [sideOf(parts, parties, 0), sideOf(parts, parties, 1)];
  return {
    ...{ now: parts.startsAt, dialling, dialled, waiting: [] },
    ...{ links: new Map(), exchanges: new Map(), crossed: new Set() },
  };
}

/** Until nothing is left to do, or a message of this type has crossed. */
export function settle(twin: Twin, awaited: NorcMessage['type']): void {
  for (let count = 0; count < MOST_INPUTS && !twin.crossed.has(awaited); count += 1) {
    const next = twin.waiting.shift();
    if (!next) return;
    const { side, input } = next;
    for (const effect of side.node.handle(input, twin.now)) perform(twin, side, effect);
  }
}

export function sideOf(parts: InProcessParts, parties: readonly [Party, Party], at: 0 | 1): Side {
  const party = parties[at];
  const { serverId } = parties[at === 0 ? 1 : 0];
  const must = createMust(party.off ? { off: party.off } : {});
  const crypto = createCrypto(parts.primitives, must);
  const entropy = createEntropy(parts.primitives, party.serverId);
  const common = { policy: {}, versions: null, pseudonymKey: new Uint8Array(32) };
  const config: ServerConfig = {
    ...subjectConfig({ ...parts, ...common, crypto, identity: party.identity }),
    serverId: party.serverId,
    versions: party.versions,
    peers: [{ serverId, host: serverId, port: limits.federationPort }],
  };
  const environment = { must, crypto, x509: parts.x509, entropy };
  return { config, node: createServerNode(config, environment), rows: new Map(), refusal: null };
}

function perform(twin: Twin, side: Side, effect: Effect): void {
  const tell = (other: Side, input: Input): void => void twin.waiting.push({ side: other, input });
  switch (effect.type) {
    case 'persist':
      side.rows.set(`${effect.table}/${effect.key}`, structuredClone(effect.value));
      return;
    case 'log':
      if (effect.entry.event === 'refused') side.refusal = refusalOf(effect.entry);
      return;
    case 'dial':
      return dial(twin, side, effect);
    case 'request':
    case 'get':
      return carry(twin, effect);
    case 'answer':
      return carryBack(twin, effect);
    case 'hang-up':
      return hangUp(twin, effect.link);
    case 'look-up':
      return tell(side, { ...effect, type: 'looked-up', outcome: { found: 'nothing' } });
    case 'fetch': {
      const outcome = { fetched: 'failure', reason: 'unreachable' } as const;
      return tell(side, { type: 'fetched', fetch: effect.fetch, outcome });
    }
    default:
      return; // Time stands, and nobody reads the zone.
  }
}

function refusalOf(entry: { requirement: string; detail: string }): string {
  return `${entry.requirement}: ${entry.detail}`;
}

/** L-V10: TLS of the dialled side chooses, and ends where nothing is common. */
function dial(twin: Twin, from: Side, { link, alpn: offer }: Effect & { type: 'dial' }): void {
  const to = from === twin.dialling ? twin.dialled : twin.dialling;
  const alpn = chooseAlpn(to.config.versions.federation, offer);
  if (alpn === undefined) {
    from.refusal = 'L-V10: no application protocol in common';
    twin.waiting.push({ side: from, input: { type: 'dial-failed', link, reason: 'alpn' } });
    return;
  }
  twin.links.set(link, { from, to });
  const seen = ({ config }: Side): TlsPeer => ({
    tlsProtocol: fixed.tlsVersion,
    certificates: config.certificateChain,
    ...{ alpnOffer: offer, alpn },
  });
  const accepted = { type: 'link-accepted', link: acceptedAs(link), peer: seen(from) } as const;
  twin.waiting.push({ side: to, input: accepted });
  twin.waiting.push({ side: from, input: { type: 'link-dialled', link, peer: seen(to) } });
}

function carry(twin: Twin, effect: Effect & { type: 'request' | 'get' }): void {
  const { link, exchange, path, proof } = effect;
  const to = twin.links.get(link)?.to;
  if (!to) return;
  twin.exchanges.set(exchange, link);
  const message = effect.type === 'request' ? effect.message : null;
  if (message) twin.crossed.add(message.type);
  const bytes = message ? bytesOf(message) : new Uint8Array();
  const body = { kind: 'text', bytes } as const;
  const asked = { link: acceptedAs(link), exchange, path, proof, body };
  twin.waiting.push({ side: to, input: { type: 'request-received', ...asked } });
}

function carryBack(twin: Twin, { exchange, status, message }: Effect & { type: 'answer' }): void {
  const link = twin.exchanges.get(exchange) ?? '';
  const from = twin.links.get(link)?.from;
  if (!from) return;
  if (message) twin.crossed.add(message.type);
  const body = message ? ({ kind: 'text', bytes: bytesOf(message) } as const) : null;
  twin.waiting.push({
    side: from,
    input: { type: 'answer-received', link, exchange, status, body },
  });
}

/** Either side ends it, and both hear of it. */
function hangUp(twin: Twin, named: string): void {
  const link = named.startsWith(ACCEPTED) ? named.slice(ACCEPTED.length) : named;
  const ends = twin.links.get(link);
  if (!ends) return;
  twin.links.delete(link);
  twin.waiting.push({ side: ends.from, input: { type: 'link-closed', link } });
  twin.waiting.push({ side: ends.to, input: { type: 'link-closed', link: acceptedAs(link) } });
}

const ACCEPTED = 'accepted:';
const acceptedAs = (link: string): string => `${ACCEPTED}${link}`;
const bytesOf = (message: NorcMessage): Uint8Array =>
  canonicalBytes(message as unknown as JsonObject);
