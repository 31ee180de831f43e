/**
 * The link's own numbers (L-E12, F-RELAY-15): every relay to a neighbour carries the next
 * relay_sequence, and what a neighbour sends must be fresh in a window of 4096. The window is kept by
 * neighbour, origin and target, so that no neighbour can move another's (S-4), whatever scope it counts in.
 */
import { limits } from '../../spec/limits.ts';
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import type { Context, Row } from '../core.ts';
import {
  checkFresh,
  createWindow,
  type ReplayWindow,
  record,
  windowFromJson,
  windowToJson,
} from '../guard/replay-window.ts';
import { accept, type Result, refuse } from '../wire/result.ts';
import { bounds } from './bounds.ts';

export interface RelaySequences {
  /** The last number used towards each neighbour. */
  readonly sent: Map<string, number>;
  /** By neighbour, then by origin and target. */
  readonly received: Map<string, Map<string, ReplayWindow>>;
  /** Neighbours with which a hybrid suite has been used at verified or above (X-PQ-05). */
  readonly hybrid: Set<string>;
}

const TABLE = 'link-sequence';

export function createSequences(): RelaySequences {
  return { sent: new Map(), received: new Map(), hybrid: new Set() };
}

/** The next number towards `peer`, durable before it is used (X-SEQ-02, X-SEQ-16). */
export function nextSequence(sequences: RelaySequences, peer: string, context: Context): number {
  const last = sequences.sent.get(peer);
  const next = last === undefined ? randomStart(context) : last + 1;
  sequences.sent.set(peer, next);
  context.emit({ type: 'persist', table: TABLE, key: `sent ${peer}`, value: next });
  return next;
}

/** Changes nothing: the window moves when the relay has been accepted (X-SEQ-07). */
export function judgeSequence(
  sequences: RelaySequences,
  peer: string,
  relay: MessageRelay,
  { must }: Context,
): Result<unknown> {
  // Only a peer of version 1.0 may leave it out (L-V12).
  if (relay.relay_sequence === undefined) return accept(null);
  const windows = sequences.received.get(peer);
  const known = windows?.get(scopeOf(relay));
  const hasRoom = known !== undefined || (windows?.size ?? 0) < bounds.windowsPerPeer;
  const fresh = hasRoom
    ? checkFresh(known ?? createWindow(limits.federationWindow), relay.relay_sequence, must)
    : refuse('F-RELAY-15', 'too many origins behind one neighbour');
  return must('F-RELAY-15', fresh.ok) ? accept(null) : fresh;
}

export function recordSequence(
  sequences: RelaySequences,
  peer: string,
  relay: MessageRelay,
  context: Context,
): void {
  if (relay.relay_sequence === undefined) return;
  const windows = sequences.received.get(peer) ?? new Map<string, ReplayWindow>();
  sequences.received.set(peer, windows);
  const window = windows.get(scopeOf(relay)) ?? createWindow(limits.federationWindow);
  windows.set(scopeOf(relay), window);
  record(window, relay.relay_sequence);
  const key = `received ${peer} ${scopeOf(relay)}`;
  context.emit({ type: 'persist', table: TABLE, key, value: windowToJson(window) });
}

export function recordHybrid(sequences: RelaySequences, peer: string, context: Context): void {
  if (sequences.hybrid.has(peer)) return;
  sequences.hybrid.add(peer);
  context.emit({ type: 'persist', table: TABLE, key: `hybrid ${peer}`, value: true });
}

export function restoreSequences(sequences: RelaySequences, rows: readonly Row[]): void {
  for (const { table, key, value } of rows) {
    if (table !== TABLE) continue;
    const [kind, peer = '', origin, target] = key.split(' ');
    if (kind === 'sent') sequences.sent.set(peer, Number(value));
    if (kind === 'hybrid') sequences.hybrid.add(peer);
    if (kind !== 'received') continue;
    const windows = sequences.received.get(peer) ?? new Map<string, ReplayWindow>();
    sequences.received.set(peer, windows.set(`${origin} ${target}`, windowFromJson(value)));
  }
}

function scopeOf({ origin_server, target_server }: MessageRelay): string {
  return `${origin_server} ${target_server}`;
}

/** Uniform in 1…2^24−1 (X-SEQ-01, L-E13): zero is drawn again. */
function randomStart(context: Context): number {
  for (;;) {
    const [high = 0, middle = 0, low = 0] = context.entropy(3);
    const start = (high << 16) | (middle << 8) | low;
    if (start >= limits.sequenceStartMinimum) return start;
  }
}
