/**
 * The replay window (X-SEQ-03 to 08, L-E14): a bitmap over the last W sequence numbers of one
 * scope. A number is fresh iff it is above head − W and unseen. Judging is apart from recording:
 * `checkFresh` runs first and changes nothing, `record` runs only after AEAD or signature have
 * succeeded (X-SEQ-07); otherwise one forged high number would shut out all genuine ones below.
 */
import { limits } from '../../spec/limits.ts';
import type { Json } from '../../spec/schema.ts';
import { invariant, type Must } from '../assert.ts';
import { bytesOf, encodeBase64url } from '../wire/base64url.ts';
import { accept, type Result, refuse } from '../wire/result.ts';

export interface ReplayWindow {
  /** W, a multiple of 8. */
  readonly size: number;
  /** Highest number recorded; 0 before the first. */
  head: number;
  /** Bit n mod W tells whether n was seen, for head − W < n ≤ head. All others are 0. */
  readonly seen: Uint8Array;
}

/** 1024 for a device, 4096 for a federation link. */
export type WindowSize = typeof limits.deviceWindow | typeof limits.federationWindow;

export function createWindow(size: WindowSize): ReplayWindow {
  return { size, head: 0, seen: new Uint8Array(size / 8) };
}

/** Whether `number` may still be accepted. Changes nothing. */
export function checkFresh(window: ReplayWindow, number: number, must: Must): Result<number> {
  const { head, size } = window;
  // 0 means unsequenced (L-E13) and is nobody's place in a sequence.
  const isNumber = Number.isSafeInteger(number) && number > 0;
  if (!must('X-SEQ-01', isNumber)) return refuse('X-SEQ-01', `${number} is no sequence number`);
  // Before the first number the head is wherever a start may lie, so even that one is bounded.
  const reach = (head === 0 ? limits.sequenceStartMaximum : head) + limits.sequenceJump;
  if (!must('X-SEQ-08', number <= reach)) {
    return refuse('X-SEQ-08', `${number} is more than ${limits.sequenceJump} ahead`);
  }
  const width = size === limits.federationWindow ? 'X-SEQ-04' : 'X-SEQ-03';
  if (!must(width, number > head - size)) return refuse(width, `${number} is below the window`);
  if (!must('X-SEQ-03', !isSeen(window, number))) return refuse('X-SEQ-03', `${number} was seen`);
  return accept(number);
}

/** X-SEQ-07: once the message has been authenticated. X-SEQ-05: gaps stay open for late ones. */
export function record(window: ReplayWindow, number: number): void {
  if (!Number.isSafeInteger(number) || number <= window.head - window.size) return;
  advance(window, number);
  const bit = bitOf(window, number);
  window.seen[bit >> 3] = (window.seen[bit >> 3] ?? 0) | (1 << (bit & 7));
}

/** Numbers of the window from `from` to the head that have not come (X-SEQ-05), ascending. */
export function missing(window: ReplayWindow, from: number): readonly number[] {
  const numbers: number[] = [];
  const lowest = Math.max(from, window.head - window.size + 1, 1);
  for (let number = lowest; number < window.head; number += 1) {
    if (!isSeen(window, number)) numbers.push(number);
  }
  return numbers;
}

/** What must survive a restart (X-SEQ-16). Windows that have seen the same are written the same. */
export function windowToJson(window: ReplayWindow): { [name: string]: Json } {
  return { size: window.size, head: window.head, seen: encodeBase64url(window.seen) };
}

/** Our own store's record; anything else in it is a defect. */
export function windowFromJson(stored: Json): ReplayWindow {
  invariant(stored !== null && typeof stored === 'object' && !Array.isArray(stored), 'no window');
  const { size, head, seen } = stored;
  invariant(typeof size === 'number' && typeof head === 'number', 'a window has size and head');
  invariant(typeof seen === 'string', 'a window has its bits');
  const bits = bytesOf(seen);
  invariant(bits.length * 8 === size, 'a window has as many bits as its size');
  return { size, head, seen: bits };
}

/** Moves the head up to `number` and clears the places that numbers below the window held. */
function advance(window: ReplayWindow, number: number): void {
  if (number <= window.head) return;
  if (number - window.head >= window.size) window.seen.fill(0);
  else for (let next = window.head + 1; next < number; next += 1) clear(window, next);
  window.head = number;
}

function clear(window: ReplayWindow, number: number): void {
  const bit = bitOf(window, number);
  window.seen[bit >> 3] = (window.seen[bit >> 3] ?? 0) & ~(1 << (bit & 7));
}

function isSeen(window: ReplayWindow, number: number): boolean {
  if (number > window.head || number <= window.head - window.size) return false;
  const bit = bitOf(window, number);
  return (((window.seen[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1;
}

function bitOf(window: ReplayWindow, number: number): number {
  return number % window.size;
}
