/** Which row of the durable table holds what of the log. */
import type { Row } from '../core.ts';

/** Enough for the largest safe integer, so keys sort as their numbers do. */
const KEY_DIGITS = 16;
const ENTRY_KEY = /^\d{16}$/;
const DAY_PREFIX = 'day/';
const ASIDE_PREFIX = 'broken/';

export const BASE_KEY = 'base';

export function keyOf(sequence: number): string {
  return String(sequence).padStart(KEY_DIGITS, '0');
}

export const dayKey = (day: number): string => `${DAY_PREFIX}${keyOf(day)}`;

export const asideKey = (now: number, key: string): string => `${ASIDE_PREFIX}${now}/${key}`;

export interface LogRows {
  readonly base: Row | null;
  /** In the order of their keys. */
  readonly entries: readonly Row[];
  readonly days: readonly Row[];
  /** What did not hold at an earlier start. */
  readonly aside: readonly Row[];
}

export function logRowsOf(rows: readonly Row[]): LogRows {
  const own = rows
    .filter(({ table }) => table === 'audit')
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    base: own.find(({ key }) => key === BASE_KEY) ?? null,
    entries: own.filter(({ key }) => ENTRY_KEY.test(key)),
    days: own.filter(({ key }) => key.startsWith(DAY_PREFIX)),
    aside: own.filter(({ key }) => key.startsWith(ASIDE_PREFIX)),
  };
}
