/**
 * Trust layers joined back to back: a clock that stands until it is moved, a zone for the whole
 * world, and a wire whose every message a test may read, change, drop or repeat. Everything else is
 * real.
 */

import { createMust } from '../../../reference/assert.ts';
import { type AuditLog, createAuditLog } from '../../../reference/audit/log.ts';
import { defaultPolicy, type ServerConfig } from '../../../reference/config.ts';
import type { Context, Effect, Row } from '../../../reference/core.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import type { Crypto, JsonObject, SigningKey } from '../../../reference/crypto/crypto.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import type { TrustLayer } from '../../../reference/ports.ts';
import { createMemoryStore } from '../../../reference/store/memory.ts';
import type { Store } from '../../../reference/store/store.ts';
import { type Micros, seconds } from '../../../reference/time.ts';
import { createTrustLayer } from '../../../reference/trust/layer.ts';
import type { TrustPolicy } from '../../../reference/trust-policy.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import { parseStrict } from '../../../reference/wire/parse.ts';
import { createValidator } from '../../../reference/wire/validate.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { createPaperX509, paper, paperAuthority } from './paper-x509.ts';

export const ACME = 'acme.example';
export const BRAVO = 'bravo.example';
export const MALLORY = 'mallory.example';
const START: Micros = seconds(1_800_000_000);
/** A day before the start: the leaf certificates of everybody. */
const LEAF_SINCE = 1_800_000_000 - 86_400;

const primitives = await createNodePrimitives();
const plain = createMust();
/** For tests that sign by hand. */
export const crypto: Crypto = createCrypto(primitives, plain);

export interface Envelope {
  readonly from: string;
  readonly to: string;
  readonly message: NorcMessage | null;
  /** A fetch asks for the revocation list and has no message. */
  readonly kind: 'request' | 'answer' | 'fetch';
  readonly status: number;
  /** Exchange of the request, or that the answer belongs to. */
  readonly exchange: string;
}

/** What becomes of an envelope: itself, something else, or nothing. */
type Tap = (envelope: Envelope) => readonly Envelope[];

export interface ServerOptions {
  readonly policy?: Partial<TrustPolicy>;
  readonly versions?: readonly string[];
  readonly federationVersion?: string;
  readonly off?: readonly RequirementId[];
  readonly seed?: number;
  readonly config?: (config: ServerConfig) => ServerConfig;
}

export interface Server {
  readonly id: string;
  readonly key: SigningKey;
  readonly config: ServerConfig;
  readonly context: Context & { now: Micros };
  layer: TrustLayer;
  audit: AuditLog;
  readonly store: Store;
  readonly effects: Effect[];
  readonly told: string[];
}

export interface World {
  readonly servers: Map<string, Server>;
  readonly zone: Map<string, Set<string>>;
  /** Everything that has left a server, oldest first. */
  readonly sent: Envelope[];
  now: Micros;
  tap: Tap;
  /** Look-ups answer so; null: by the zone. */
  dns: 'zone' | 'failure' | 'silent';
  federationVersion: string;
  /** Of every link; null: all links are classical. */
  encapsulationKey: string | null;
}

export interface Inner extends World {
  readonly queue: Envelope[];
  readonly timers: Map<string, Micros>;
  readonly posted: Map<string, { from: string; to: string; message: NorcMessage }>;
  counter: number;
}

export function createWorld(
  options: { [server: string]: ServerOptions } = { [ACME]: {}, [BRAVO]: {} },
): World {
  const world: Inner = {
    servers: new Map(),
    zone: new Map(),
    sent: [],
    now: START,
    tap: (envelope) => [envelope],
    dns: 'zone',
    federationVersion: '1.1',
    encapsulationKey: null,
    queue: [],
    timers: new Map(),
    posted: new Map(),
    counter: 0,
  };
  for (const [id, given] of Object.entries(options)) addServer(world, id, given);
  return world;
}

/** Tests let months pass; those that are about polls say so. */
const seldomPolls = { revocationPollSeconds: 43_200 };

function configOf(id: string, { policy, versions, seed, config }: ServerOptions): ServerConfig {
  const key = keyFor(id, seed);
  const base: ServerConfig = {
    serverId: id,
    identity: key,
    certificateChain: [leafFor(id, key.publicKey)],
    authorities: [{ certificate: paperAuthority('Root'), kind: 'commercial_ca' }],
    versions: { client: ['1.1'], federation: ['1.1'], trust: versions ?? ['1.0', '1.1'] },
    suites: ['0001'],
    capabilities: { client: [], federation: [] },
    enrolmentTokens: [],
    peers: [],
    policy: { ...defaultPolicy, trust: { ...defaultPolicy.trust, ...seldomPolls, ...policy } },
    pseudonymKey: new Uint8Array(32),
  };
  return config ? config(base) : base;
}

/** Each server has its own key; another seed gives it another. */
export function keyFor(id: string, seed = 0): SigningKey {
  const bytes = new Uint8Array(32);
  bytes.set(new TextEncoder().encode(id).slice(0, 31));
  bytes[31] = seed;
  return crypto.signingKey(bytes);
}

export function leafFor(id: string, publicKey: string): string {
  const key = { algorithm: 'ed25519', sizeBits: 256, raw: publicKey } as const;
  return paper({ subject: id, signer: 'Root', dnsNames: [id], key, notBeforeSeconds: LEAF_SINCE });
}

function addServer(world: Inner, id: string, options: ServerOptions): void {
  const config = configOf(id, options);
  const must = createMust({ off: new Set(options.off ?? []) });
  const effects: Effect[] = [];
  const store = createMemoryStore();
  let drawn = options.seed ?? 0;
  const context: Context & { now: Micros } = {
    now: world.now,
    must,
    crypto: createCrypto(primitives, must),
    x509: createPaperX509(),
    entropy(lengthBytes) {
      drawn += 1;
      const bytes = new Uint8Array(lengthBytes);
      const text = crypto.hashBytes(crypto.hash(`${id}/${drawn}`));
      for (let at = 0; at < lengthBytes; at += 1) bytes[at] = text.charCodeAt(at % 43) ^ (at >> 3);
      return bytes;
    },
    emit: (effect) => doEffect(world, id, effect),
  };
  const told: string[] = [];
  const audit = createAuditLog(config);
  const layer = createTrustLayer(config, { link: linkOf(world, id, told), audit });
  const key = config.identity;
  const server: Server = { id, key, config, context, layer, audit, store, effects, told };
  world.servers.set(id, server);
  layer.restore([]);
  layer.started(context);
}

function linkOf(world: Inner, id: string, told: string[]) {
  return {
    post(peer: string, message: NorcMessage) {
      world.counter += 1;
      const exchange = `x${world.counter}`;
      world.posted.set(exchange, { from: id, to: peer, message });
      leave(world, { from: id, to: peer, message, kind: 'request', status: 0, exchange });
    },
    fetchList(peer: string) {
      world.counter += 1;
      const exchange = `list${world.counter}`;
      leave(world, { from: id, to: peer, message: null, kind: 'fetch', status: 0, exchange });
    },
    answer(exchange: string, status: number, message: NorcMessage | null) {
      const asked = world.posted.get(exchange);
      if (!asked) throw new Error(`answered ${exchange} twice or never asked`);
      leave(world, { from: id, to: asked.from, message, kind: 'answer', status, exchange });
    },
    standingChanged(peer: string) {
      told.push(peer);
    },
  };
}

function leave(world: Inner, envelope: Envelope): void {
  if (envelope.message) assertValid(envelope.message);
  world.sent.push(envelope);
  world.queue.push(envelope);
}

const validate = createValidator({ must: plain });

/** What we send must satisfy our own declarations, at the strictest. */
function assertValid(message: NorcMessage): void {
  const outcome = validate(asJson(message), '1.1');
  if (!outcome.ok) throw new Error(`${message.type}: ${JSON.stringify(outcome.error)}`);
}

export function asJson(message: NorcMessage): JsonObject {
  return message as unknown as JsonObject;
}

function doEffect(world: Inner, id: string, effect: Effect): void {
  const server = serverOf(world, id);
  server.effects.push(effect);
  switch (effect.type) {
    case 'audit':
      server.audit.append(effect.event, server.context);
      return;
    case 'persist':
      server.store.write([{ table: effect.table, key: effect.key, value: effect.value } as Row]);
      return;
    case 'set-timer':
      world.timers.set(`${id} ${effect.timer}`, effect.at);
      return;
    case 'cancel-timer':
      world.timers.delete(`${id} ${effect.timer}`);
      return;
    case 'publish-txt':
      world.zone.set(effect.name, (world.zone.get(effect.name) ?? new Set()).add(effect.value));
      return;
    case 'withdraw-txt':
      world.zone.get(effect.name)?.delete(effect.value);
      return;
    case 'look-up':
      return lookUp(world, server, effect);
    default:
      return;
  }
}

function lookUp(
  world: Inner,
  server: Server,
  { lookup, name }: Effect & { type: 'look-up' },
): void {
  if (world.dns === 'silent') return;
  const values = [...(world.zone.get(name) ?? [])];
  const exchange = `dns ${lookup}`;
  const found = world.dns === 'failure' ? null : values;
  dnsAnswers.set(exchange, found);
  world.queue.push({
    from: 'dns',
    to: server.id,
    message: null,
    kind: 'answer',
    status: 0,
    exchange,
  });
}

const dnsAnswers = new Map<string, readonly string[] | null>();

export function serverOf(world: World, id: string): Server {
  const server = world.servers.get(id);
  if (!server) throw new Error(`no server ${id}`);
  return server;
}

/** Delivers until nothing is on its way. */
export function settle(world: World): void {
  const { queue } = world as Inner;
  for (let steps = 0; queue.length > 0; steps += 1) {
    if (steps > 10_000) throw new Error('the exchange does not end');
    const envelope = queue.shift();
    if (envelope) deliver(world as Inner, envelope);
  }
}

function deliver(world: Inner, envelope: Envelope): void {
  if (envelope.from === 'dns') return deliverLookup(world, envelope);
  const outcome = world.tap(envelope);
  if (outcome.length === 0) return lose(world, envelope);
  for (const one of outcome) arrive(world, one);
}

/** Asks the other layer for its list and sends it back. */
function serveList(world: Inner, { from, to, exchange }: Envelope): void {
  const server = present(world, to);
  const message = server.layer.revocationList(server.context);
  leave(world, { from: to, to: from, message, kind: 'answer', status: 200, exchange });
}

function deliverLookup(world: Inner, { to, exchange }: Envelope): void {
  const server = present(world, to);
  const values = dnsAnswers.get(exchange);
  const lookup = exchange.slice('dns '.length);
  if (values === null || values === undefined) {
    server.layer.lookedUp(lookup, { found: 'failure' }, server.context);
  } else {
    const outcome =
      values.length > 0 ? ({ found: 'txt', values } as const) : ({ found: 'nothing' } as const);
    server.layer.lookedUp(lookup, outcome, server.context);
  }
}

/** Whoever posted learns that there is no answer. */
function lose(world: Inner, { exchange, kind, from, to }: Envelope): void {
  if (exchange.startsWith('list')) {
    const [asking, asked] = kind === 'fetch' ? [from, to] : [to, from];
    const server = present(world, asking);
    return server.layer.listUnavailable(asked, 'failed', server.context);
  }
  const asked = world.posted.get(exchange);
  if (!asked) return;
  const server = present(world, asked.from);
  server.layer.undelivered(asked.to, asked.message, server.context);
}

/** As bytes, so that nothing is shared; what is malformed goes the way of the federation layer. */
export function arrive(world: Inner, envelope: Envelope): void {
  const { to, from, message, kind, exchange } = envelope;
  if (kind === 'fetch') return serveList(world as Inner, envelope);
  const server = present(world, to);
  if (!message) return taken(world, server, envelope);
  const must = server.context.must;
  const bytes = canonicalBytes(asJson(message));
  const parsed = parseStrict(bytes, { maxBytes: 1 << 24, must });
  const valid = parsed.ok
    ? createValidator({ must })(parsed.value, world.federationVersion)
    : parsed;
  if (!valid.ok) return lose(world, envelope);
  const origin =
    kind === 'request'
      ? originOf(world, from, exchange)
      : originOf(world, from, null, world.posted.get(exchange)?.message.type ?? null);
  server.layer.receive(valid.value, origin, server.context);
}

/** An answer without a body: whoever posted learns that it was taken. */
function taken(world: Inner, server: Server, { kind, status, exchange }: Envelope): void {
  const asked = world.posted.get(exchange);
  if (kind !== 'answer' || status >= 300 || asked?.from !== server.id) return;
  server.layer.taken(asked.to, asked.message, server.context);
}

export function originOf(
  world: World,
  peer: string,
  exchange: string | null,
  answers: string | null = null,
) {
  return {
    peer,
    tlsKey: serverOf(world, peer).key.publicKey,
    link: `link ${peer}`,
    ...{ exchange, answers },
    federationVersion: world.federationVersion,
    peerFederationVersions: [world.federationVersion],
    suite: world.encapsulationKey === null ? '0001' : '0101',
    encapsulationKey: world.encapsulationKey,
    anchor: 'Root',
  };
}

export function present(world: World, id: string): Server {
  const server = serverOf(world, id);
  server.context.now = world.now;
  return server;
}

/** Lets time pass; timers fire in their order, and what they cause is delivered before the next. */
export function pass(world: World, durationSeconds: number): void {
  const { timers } = world as Inner;
  const end = world.now + seconds(durationSeconds);
  for (;;) {
    const [next] = [...timers].filter(([, at]) => at <= end).sort((a, b) => a[1] - b[1]);
    if (!next) break;
    const [name, at] = next;
    timers.delete(name);
    world.now = Math.max(world.now, at);
    const [id = '', timer = ''] = name.split(' ');
    const server = present(world, id);
    server.layer.timerFired(timer, server.context);
    settle(world);
  }
  world.now = end;
}

/** Kills a server and starts it with what it had written. What was on its way to it is lost. */
export function restart(world: World, id: string): void {
  const inner = world as Inner;
  const old = present(world, id);
  for (const name of [...inner.timers.keys()]) {
    if (name.startsWith(`${id} `)) inner.timers.delete(name);
  }
  const rows = structuredClone(old.store.load());
  const audit = createAuditLog(old.config);
  audit.restore(rows);
  old.audit = audit;
  old.layer = createTrustLayer(old.config, { link: linkOf(inner, id, old.told), audit });
  old.layer.restore(rows);
  old.layer.started(old.context);
}
