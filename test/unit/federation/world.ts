/**
 * Federation layers joined back to back in memory: what one emits, the other is given, as bytes. Trust and
 * delivery are tables that a test fills; time passes when a test says so.
 */
import { createMust, type Must } from '../../../reference/assert.ts';
import { defaultPolicy, type Policy, type ServerConfig } from '../../../reference/config.ts';
import type {
  Context,
  Effect,
  Frame,
  LookupOutcome,
  Row,
  TlsPeer,
} from '../../../reference/core.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import type { SealedBlob, SigningKey } from '../../../reference/crypto/crypto.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import { createFederationLayer } from '../../../reference/federation/layer.ts';
import type {
  DeliveryOutcome,
  DeliveryPort,
  FederationLayer,
  OutgoingRelay,
  Standing,
  TrustOrigin,
  TrustPort,
} from '../../../reference/ports.ts';
import { seconds } from '../../../reference/time.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import type { NorcCrl } from '../../../spec/messages/trust/norc-crl.ts';
import type { IncomingMessage, NorcMessage } from '../../../spec/messages.ts';
import type { Json } from '../../../spec/schema.ts';
import { fakeX509, leafFor, root, START_SECONDS } from './certificates.ts';

const primitives = await createNodePrimitives();

export interface Server {
  readonly id: string;
  readonly config: ServerConfig;
  layer: FederationLayer;
  readonly standings: { inbound: Map<string, Standing>; outbound: Map<string, Standing> };
  readonly keys: Map<string, string>;
  readonly banned: Set<string>;
  readonly rows: Map<string, Row>;
  readonly timers: Map<string, number>;
  /** What the layer has done, oldest first. */
  readonly effects: Effect[];
  readonly delivered: MessageRelay[];
  readonly settled: { messageId: string; outcome: DeliveryOutcome }[];
  readonly wanted: string[];
  readonly listless: { peer: string; why: string }[];
  readonly received: { message: IncomingMessage; origin: TrustOrigin }[];
  readonly undelivered: NorcMessage[];
  /** Answers a NORC-T request; by default 204. */
  onTrust: (message: IncomingMessage, origin: TrustOrigin) => void;
  onDeliver: (relay: MessageRelay) => DeliveryOutcome;
  permits: (version: string) => boolean;
  isUp: boolean;
}

export interface World {
  now: number;
  readonly servers: Map<string, Server>;
  /** Sees, and may change or drop, what crosses. Null drops it. */
  tap: Tap;
  /** What DNS says; by default each server under its own name. */
  lookUp: (name: string) => LookupOutcome;
  readonly crossings: Crossing[];
  readonly inputs: (() => void)[];
  readonly ends: Map<string, { dialler: string; dialled: string }>;
  seed: number;
}

export interface Crossing {
  readonly kind: 'request' | 'answer';
  readonly from: string;
  readonly to: string;
  readonly message: NorcMessage | null;
  readonly status?: number;
}
export type Tap = (crossing: Crossing) => NorcMessage | null | undefined;

export interface ServerOptions {
  readonly policy?: Partial<Policy>;
  readonly versions?: readonly string[];
  readonly trustVersions?: readonly string[];
  readonly suites?: readonly string[];
  readonly capabilities?: readonly string[];
  readonly off?: readonly RequirementId[];
}

export function createWorld(): World {
  const servers = new Map<string, Server>();
  return {
    now: seconds(START_SECONDS),
    servers,
    tap: () => undefined,
    lookUp: (host) =>
      servers.has(host)
        ? { found: 'srv', services: [{ priority: 10, weight: 5, port: 8843, host }] }
        : { found: 'nothing' },
    crossings: [],
    inputs: [],
    ends: new Map(),
    seed: 1,
  };
}

export function addServer(world: World, id: string, options: ServerOptions = {}): Server {
  const must = createMust({ off: new Set(options.off ?? []) });
  const crypto = createCrypto(primitives, must);
  const identity = crypto.signingKey(seedOf(id));
  const config: ServerConfig = {
    serverId: id,
    identity,
    certificateChain: [leafFor(id, identity.publicKey)],
    authorities: [{ certificate: root, kind: 'commercial_ca' }],
    versions: {
      client: ['1.0', '1.1'],
      federation: options.versions ?? ['1.0', '1.1', '2.0'],
      trust: options.trustVersions ?? ['1.0', '1.1', '2.0'],
    },
    suites: options.suites ?? ['0101', '0001'],
    capabilities: {
      client: [],
      federation: options.capabilities ?? ['federation', 'message_relay'],
    },
    enrolmentTokens: [],
    peers: [],
    policy: { ...defaultPolicy, ...options.policy },
    pseudonymKey: new Uint8Array(32),
  };
  const server: Server = {
    id,
    config,
    layer: undefined as unknown as FederationLayer,
    standings: { inbound: new Map(), outbound: new Map() },
    keys: new Map(),
    banned: new Set(),
    rows: new Map(),
    timers: new Map(),
    effects: [],
    delivered: [],
    settled: [],
    wanted: [],
    listless: [],
    received: [],
    undelivered: [],
    onTrust: () => undefined,
    onDeliver: allDelivered,
    permits: () => true,
    isUp: true,
  };
  server.layer = createFederationLayer(config, portsOf(server));
  world.servers.set(id, server);
  contexts.set(server, contextFor(world, server, must, crypto));
  return server;
}

/** As after a crash: what was persisted is all that is left. */
export function restart(world: World, server: Server): void {
  server.timers.clear();
  for (const [link, ends] of world.ends) {
    if (ends.dialler !== server.id && ends.dialled !== server.id) continue;
    world.ends.delete(link);
    const other = world.servers.get(ends.dialler === server.id ? ends.dialled : ends.dialler);
    if (other) other.layer.linkClosed(link, contextOf(other));
  }
  server.layer = createFederationLayer(server.config, portsOf(server));
  server.layer.restore([...server.rows.values()]);
  server.layer.started(contextOf(server));
  settle(world);
}

const contexts = new Map<Server, Context>();
export function contextOf(server: Server): Context {
  const context = contexts.get(server);
  if (!context) throw new Error('no context');
  return context;
}

/** Both directions, with keys known to each other. */
export function trustEachOther(a: Server, b: Server, standing: Partial<Standing> = {}): void {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    one.standings.inbound.set(other.id, activeStanding(standing));
    one.standings.outbound.set(other.id, activeStanding(standing));
    one.keys.set(other.id, other.config.identity.publicKey);
  }
}

export function activeStanding(change: Partial<Standing> = {}): Standing {
  return {
    status: 'active',
    level: 'basic',
    permissions: new Set(['message_relay', 'user_discovery']),
    limits: { maxMessageBytes: 1_048_576, messagesPerSecond: 500, bandwidthMbps: 50 },
    certificateId: '11111111-1111-4111-8111-111111111111',
    establishedAtSeconds: START_SECONDS - 100,
    expiresAtSeconds: START_SECONDS + 90 * 86_400,
    ...change,
  };
}

export const noStanding = (status: Standing['status'] = 'none'): Standing =>
  activeStanding({ status, level: 'untrusted', permissions: new Set(), certificateId: null });

let outgoingCount = 0;
export function outgoing(to: string, change: Partial<OutgoingRelay> = {}): OutgoingRelay {
  outgoingCount += 1;
  return {
    messageId: uuidOf(outgoingCount),
    conversationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    senderUserId: 'alice@acme.example',
    senderDeviceId: '550e8400-e29b-41d4-a716-446655440000',
    targetServer: to,
    targetUsers: [`bob@${to}`],
    payloads: { [DEVICE]: blob() },
    messageType: 'text',
    classification: 'unclassified',
    sequenceNumber: 7,
    previousHash: encodeBase64url(new Uint8Array(32)),
    timestampMicros: seconds(START_SECONDS),
    ttlSeconds: 3600,
    ...change,
  };
}

export const DEVICE = '6fa459ea-ee8a-4ca4-894e-db77e160355e';

export function blob(): SealedBlob {
  return {
    v: 1,
    nonce: encodeBase64url(new Uint8Array(12)),
    ciphertext: encodeBase64url(new Uint8Array(512).fill(9)),
    sender_ephemeral_key: encodeBase64url(new Uint8Array(32).fill(1)),
    wrapped_key: encodeBase64url(new Uint8Array(48)),
    key_algorithm: 'x25519',
    content_algorithm: 'chacha20_poly1305',
    sender_signature: encodeBase64url(new Uint8Array(64)),
  };
}

export function uuidOf(count: number): string {
  return `00000000-0000-4000-8000-${count.toString(16).padStart(12, '0')}`;
}

export function relay(world: World, server: Server, out: OutgoingRelay): void {
  server.layer.relay({ ...out, timestampMicros: world.now }, contextOf(server));
  settle(world);
}

/** Everything that can happen without time passing. */
export function settle(world: World): void {
  for (let turns = 0; world.inputs.length > 0; turns += 1) {
    if (turns > 10_000) throw new Error('the world does not come to rest');
    world.inputs.shift()?.();
  }
}

/** Timers fire at their instants, in order. */
export function pass(world: World, durationSeconds: number): void {
  const end = world.now + seconds(durationSeconds);
  for (;;) {
    settle(world);
    const due = [...world.servers.values()]
      .flatMap((server) => [...server.timers].map(([timer, at]) => ({ server, timer, at })))
      .filter(({ at }) => at <= end)
      .sort((a, b) => a.at - b.at)[0];
    if (!due) break;
    world.now = Math.max(world.now, due.at);
    due.server.timers.delete(due.timer);
    due.server.layer.timerFired(due.timer, contextOf(due.server));
  }
  world.now = end;
  settle(world);
}

export function crossingsOf(world: World, type: string): Crossing[] {
  return world.crossings.filter(({ message }) => message?.type === type);
}

export function refusals(server: Server): string[] {
  return server.effects.flatMap((effect) =>
    effect.type === 'log' && effect.entry.event === 'refused' ? [effect.entry.requirement] : [],
  );
}

export function keyFor(name: string): SigningKey {
  return createCrypto(primitives, createMust()).signingKey(seedOf(name));
}

export function tlsPeerFor(
  server: Pick<ServerConfig, 'certificateChain'>,
  alpn: readonly string[],
  chosen: string | null,
): TlsPeer {
  return {
    tlsProtocol: 'TLSv1.3',
    certificates: server.certificateChain,
    alpnOffer: alpn,
    alpn: chosen,
  };
}

// --- the machinery ------------------------------------------------------------------------------------

function allDelivered(relayed: MessageRelay): DeliveryOutcome {
  const [userId = ''] = relayed.target_users;
  return {
    delivered: [{ userId, deviceIds: Object.keys(relayed.encrypted_payloads) }],
    failed: [],
  };
}

function portsOf(server: Server): { trust: TrustPort; delivery: DeliveryPort } {
  const { standings } = server;
  return {
    trust: {
      inbound: (peer, now) => at(standings.inbound.get(peer), now),
      outbound: (peer, now) => at(standings.outbound.get(peer), now),
      keyOf: (peer) => server.keys.get(peer) ?? null,
      isBanned: (key) => server.banned.has(key),
      permitsVersion: (_peer, _layer, version) => server.permits(version),
      receive: (message, origin) => {
        server.received.push({ message, origin });
        server.onTrust(message, origin);
      },
      undelivered: (_peer, message) => server.undelivered.push(message),
      taken: () => {},
      wanted: (peer) => server.wanted.push(peer),
      revocationList: () => listOf(server),
      listUnavailable: (peer, why) => server.listless.push({ peer, why }),
    },
    delivery: {
      deliver: (relayed) => {
        server.delivered.push(relayed);
        return server.onDeliver(relayed);
      },
      settle: (messageId, outcome) => server.settled.push({ messageId, outcome }),
    },
  };
}

/** Of the right shape; what it says is no matter to the federation layer. */
function listOf({ id }: Server): NorcCrl {
  return {
    type: 'norc_crl',
    issuer_server: id,
    this_update: START_SECONDS,
    next_update: START_SECONDS + 60,
    revoked_certificates: [],
    crl_extensions: [],
    signature_algorithm: 'ed25519',
    signature: 'A'.repeat(86),
    crl_number: 1,
  };
}

function at(standing: Standing | undefined, now: number): Standing {
  if (!standing) return noStanding();
  const isOver = standing.status === 'active' && now >= seconds(standing.expiresAtSeconds);
  return isOver ? { ...standing, status: 'expired' } : standing;
}

function contextFor(world: World, server: Server, must: Must, crypto: Context['crypto']): Context {
  return {
    get now() {
      return world.now;
    },
    must,
    crypto,
    x509: fakeX509,
    entropy: (lengthBytes) => entropy(world, lengthBytes),
    emit: (effect) => {
      server.effects.push(effect);
      perform(world, server, effect);
    },
  };
}

function perform(world: World, server: Server, effect: Effect): void {
  switch (effect.type) {
    case 'set-timer':
      server.timers.set(effect.timer, effect.at);
      return;
    case 'cancel-timer':
      server.timers.delete(effect.timer);
      return;
    case 'persist': {
      const key = `${effect.table} ${effect.key}`;
      if (effect.value === null) server.rows.delete(key);
      else server.rows.set(key, structuredClone(effect) as Row);
      return;
    }
    case 'look-up':
      world.inputs.push(() => lookUp(world, server, effect.lookup, effect.name));
      return;
    case 'dial':
      world.inputs.push(() => connect(world, server, effect));
      return;
    case 'request':
      world.inputs.push(() => carryRequest(world, server, effect));
      return;
    case 'get':
      world.inputs.push(() => carryGet(world, effect));
      return;
    case 'answer':
      world.inputs.push(() => carryAnswer(world, server, effect));
      return;
    case 'hang-up':
      world.inputs.push(() => close(world, server, effect.link));
      return;
  }
}

function lookUp(world: World, server: Server, lookup: string, name: string): void {
  const outcome = world.lookUp(name.replace('_norc-federation._tcp.', ''));
  server.layer.lookedUp(lookup, outcome, contextOf(server));
}

function connect(world: World, server: Server, effect: Effect & { type: 'dial' }): void {
  const other = world.servers.get(effect.host);
  if (!other?.isUp) return server.layer.dialFailed(effect.link, 'unreachable', contextOf(server));
  const spoken = other.config.versions.federation.map((version) => `norc-f/${version}`);
  const alpn = effect.alpn.find((id) => spoken.includes(id)) ?? null;
  world.ends.set(effect.link, { dialler: server.id, dialled: other.id });
  other.layer.linkAccepted(
    effect.link,
    tlsPeerFor(server.config, effect.alpn, alpn),
    contextOf(other),
  );
  server.layer.linkDialled(
    effect.link,
    tlsPeerFor(other.config, effect.alpn, alpn),
    contextOf(server),
  );
}

function carryRequest(world: World, server: Server, effect: Effect & { type: 'request' }): void {
  const ends = world.ends.get(effect.link);
  const other = world.servers.get(ends?.dialled ?? '');
  if (!ends || !other) return;
  const crossing: Crossing = {
    kind: 'request',
    from: server.id,
    to: other.id,
    message: effect.message,
  };
  world.crossings.push(crossing);
  const changed = world.tap(crossing);
  if (changed === null) return;
  const body = frameOf(changed ?? effect.message);
  const { exchange, path, proof } = effect;
  other.layer.requestReceived(effect.link, { exchange, path, proof, body }, contextOf(other));
}

function carryGet(world: World, effect: Effect & { type: 'get' }): void {
  const other = world.servers.get(world.ends.get(effect.link)?.dialled ?? '');
  if (!other) return;
  const { exchange, path, proof } = effect;
  const body: Frame = { kind: 'text', bytes: new Uint8Array() };
  other.layer.requestReceived(effect.link, { exchange, path, proof, body }, contextOf(other));
}

function carryAnswer(world: World, server: Server, effect: Effect & { type: 'answer' }): void {
  const link = effect.exchange.slice(0, effect.exchange.lastIndexOf('/'));
  const ends = world.ends.get(link);
  const other = world.servers.get(ends?.dialler ?? '');
  if (!ends || !other) return;
  const { status, message } = effect;
  const crossing: Crossing = { kind: 'answer', from: server.id, to: other.id, message, status };
  world.crossings.push(crossing);
  const changed = world.tap(crossing);
  if (changed === null) return;
  const body = message === null ? null : frameOf(changed ?? message);
  other.layer.answerReceived(link, { exchange: effect.exchange, status, body }, contextOf(other));
}

function close(world: World, server: Server, link: string): void {
  const ends = world.ends.get(link);
  world.ends.delete(link);
  const other = world.servers.get(
    ends?.dialler === server.id ? ends.dialled : (ends?.dialler ?? ''),
  );
  if (other) other.layer.linkClosed(link, contextOf(other));
}

export function frameOf(message: object): Frame {
  return { kind: 'text', bytes: canonicalBytes(message as unknown as Json) };
}

/** Repeatable, and different each time. */
function entropy(world: World, lengthBytes: number): Uint8Array {
  return Uint8Array.from({ length: lengthBytes }, () => {
    world.seed = (Math.imul(world.seed, 1_664_525) + 1_013_904_223) >>> 0;
    return world.seed >>> 24;
  });
}

function seedOf(name: string): Uint8Array {
  return Uint8Array.from(
    { length: 32 },
    (_, at) => (name.charCodeAt(at % name.length) + at) & 0xff,
  );
}
