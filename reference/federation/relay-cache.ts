/**
 * The relay cache (F-RELAY-06, L-F06): what became of each relay, by origin, message and target, so that
 * a repeat is answered with the same bytes and never delivered twice, also after a restart.
 */
import { limits } from '../../spec/limits.ts';
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import type { RelayAck } from '../../spec/messages/federation/relay-ack.ts';
import type { Json } from '../../spec/schema.ts';
import type { Context, Row } from '../core.ts';
import { type Micros, seconds } from '../time.ts';
import { waits } from './bounds.ts';

export interface RelayCache {
  readonly entries: Map<string, CachedRelay>;
  readonly countByPeer: Map<string, number>;
}

export interface CachedRelay {
  /** The final acknowledgment, or null when the next hop gave none because none was asked for. */
  readonly ack: RelayAck | null;
  readonly expiresAt: Micros;
  /** The neighbour it came from: whose share of the cache it uses. */
  readonly peer: string;
}

const SWEEP = 'federation/sweep';

export function createRelayCache(): RelayCache {
  return { entries: new Map(), countByPeer: new Map() };
}

/** Server ids and UUIDs have no spaces, so no two relays share a key. */
export function cacheKey(
  relay: Pick<MessageRelay, 'origin_server' | 'message_id' | 'target_server'>,
): string {
  return `${relay.origin_server} ${relay.message_id} ${relay.target_server}`;
}

export function findRelay(
  cache: RelayCache,
  relay: MessageRelay,
  { now }: Context,
): CachedRelay | undefined {
  const cached = cache.entries.get(cacheKey(relay));
  return cached && now < cached.expiresAt ? cached : undefined;
}

/** Durable before any acknowledgment leaves. */
export function rememberRelay(
  cache: RelayCache,
  relay: MessageRelay,
  outcome: { readonly ack: RelayAck | null; readonly peer: string },
  context: Context,
): void {
  const cached = { ...outcome, expiresAt: expiryOf(relay) };
  const key = cacheKey(relay);
  if (cache.entries.size === 0) armSweep(context);
  insert(cache, key, cached);
  const value = cached as unknown as Json;
  context.emit({ type: 'persist', table: 'relay-cache', key, value });
}

/** Forgets what can no longer be repeated: by then its time to live is over (F-RELAY-05). */
export function sweepRelays(cache: RelayCache, context: Context): void {
  for (const [key, { expiresAt, peer }] of cache.entries) {
    if (context.now < expiresAt) continue;
    cache.entries.delete(key);
    count(cache, peer, -1);
    context.emit({ type: 'persist', table: 'relay-cache', key, value: null });
  }
  if (cache.entries.size > 0) armSweep(context);
}

export function restoreRelays(cache: RelayCache, rows: readonly Row[]): void {
  for (const { table, key, value } of rows) {
    if (table === 'relay-cache') insert(cache, key, value as unknown as CachedRelay);
  }
}

function insert(cache: RelayCache, key: string, cached: CachedRelay): void {
  const known = cache.entries.get(key);
  if (known) count(cache, known.peer, -1);
  cache.entries.set(key, cached);
  count(cache, cached.peer, 1);
}

/** original_timestamp + max(ttl, 600 s), at most a day (M 6.6). */
function expiryOf({ metadata }: MessageRelay): Micros {
  const lifeSeconds = Math.max(metadata.ttl, limits.relayCacheSeconds);
  return (
    metadata.original_timestamp + seconds(Math.min(lifeSeconds, limits.relayCacheMaximumSeconds))
  );
}

function count(cache: RelayCache, peer: string, change: number): void {
  const next = (cache.countByPeer.get(peer) ?? 0) + change;
  if (next > 0) cache.countByPeer.set(peer, next);
  else cache.countByPeer.delete(peer);
}

function armSweep({ now, emit }: Context): void {
  emit({ type: 'set-timer', timer: SWEEP, at: now + seconds(waits.sweepSeconds) });
}
