/**
 * The order of one sender's messages in one conversation (X-SEQ-03 to X-SEQ-13, L-E16, L-E18): a window
 * against replay, a hash chain against loss and reordering, and a bounded hold for what came early.
 */
import { limits } from '../../../spec/limits.ts';
import type { Must } from '../../assert.ts';
import { createWindow, record } from '../../guard/replay-window.ts';
import { type Micros, seconds } from '../../time.ts';
import { ZERO_HASH } from '../identifiers.ts';
import { bounds } from './bounds.ts';
import type { Held, IncomingChain } from './state.ts';

export type Place =
  /** The one that was waited for. */
  | 'next'
  /** Its predecessor has not come. */
  | 'early'
  /** A gap that was given up, or the past of a chain that was joined midway. */
  | 'late'
  /** Where the next should be, but on another predecessor (X-SEQ-10). */
  | 'broken';

export function createChain(conversationId: string, deviceId: string): IncomingChain {
  return {
    conversationId,
    deviceId,
    window: createWindow(limits.deviceWindow),
    position: 0,
    hash: ZERO_HASH,
    depth: null,
    held: new Map(),
    recent: [],
  };
}

export function placeIn(
  chain: IncomingChain,
  number: number,
  previousHash: string,
  must: Must,
): Place {
  const isStart = chain.position === 0;
  const expected = isStart ? number : chain.position + 1;
  if (number > expected) return 'early';
  if (number < expected) return 'late';
  if (isStart && previousHash !== ZERO_HASH) return 'early'; // somewhere in the middle
  return must('X-SEQ-10', previousHash === chain.hash) ? 'next' : 'broken';
}

/** X-SEQ-17, where the sender says it and the chain was seen from its start. */
export function isDepthRight(
  { position, depth }: IncomingChain,
  told: number | undefined,
): boolean {
  const expected = position === 0 ? 0 : depth;
  return told === undefined || expected === null || told === expected;
}

/** In its place: the chain moves on. */
export function moveOn(
  chain: IncomingChain,
  at: { readonly number: number; readonly hash: string; readonly gap: boolean },
): void {
  const depth = chain.position === 0 ? 0 : chain.depth;
  chain.depth = at.gap || depth === null ? null : depth + 1;
  chain.position = at.number;
  chain.hash = at.hash;
  record(chain.window, at.number);
}

export function hold(
  chain: IncomingChain,
  number: number,
  message: Held['message'],
  now: Micros,
): void {
  // The start of an unknown chain may lie before this device was enrolled.
  const waitSeconds = chain.position === 0 ? bounds.unknownChainSeconds : bounds.heldSeconds;
  chain.held.set(number, { message, until: now + seconds(waitSeconds) });
  record(chain.window, number);
}

/** The lowest number that is held. */
export function firstHeld({ held }: IncomingChain): number | null {
  return held.size === 0 ? null : Math.min(...held.keys());
}

/** X-SEQ-13: the bound has passed, so what is missing is given up. */
export function isOverdue({ held }: IncomingChain, now: Micros): boolean {
  if (held.size > bounds.heldInChain) return true;
  for (const { until } of held.values()) if (now >= until) return true;
  return false;
}

export function remember(chain: IncomingChain, messageId: string): void {
  chain.recent = [...chain.recent, messageId].slice(-bounds.recentIds);
}
