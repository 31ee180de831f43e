/** Quantities of scenario files. Each has a unit; a bare number is an error. */
import type { Tick } from '../kernel/kernel.ts';
import { TICKS_PER_SECOND, ticksOf } from '../ticks.ts';
import { threshold } from '../topologies/draw.ts';

const MICROS: { readonly [unit: string]: number } = {
  us: 1,
  ms: 1000,
  s: 1_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
};
const BYTES: { readonly [unit: string]: number } = {
  B: 1,
  kB: 1000,
  MB: 1_000_000,
  KiB: 1024,
  MiB: 1_048_576,
};

/** As JSON Schema patterns. */
export const patterns = {
  duration: '^\\d+(\\.\\d+)?(us|ms|s|min|h|d)$',
  signedDuration: '^-?\\d+(\\.\\d+)?(us|ms|s|min|h|d)$',
  // Not none at all: nothing would ever follow.
  rate: '^(?=.*[1-9].*/)\\d+(\\.\\d+)?/(ms|s|min|h|d)$',
  size: '^\\d+(\\.\\d+)?(B|kB|MB|KiB|MiB)$',
  bandwidth: '^(?=.*[1-9].*/)\\d+(\\.\\d+)?(B|kB|MB|KiB|MiB)/s$',
  share: '^\\d+(\\.\\d+)?%$',
  drift: '^-?\\d+ppm$',
} as const;

const QUANTITY = /^(-?\d+(?:\.\d+)?)(.*)$/;

function split(text: string): readonly [number, string] {
  const [, count = '0', unit = ''] = QUANTITY.exec(text) ?? [];
  return [Number(count), unit];
}

export function microsIn(text: string): number {
  const [count, unit] = split(text);
  return Math.round(count * (MICROS[unit] ?? 0));
}

export const ticksIn = (text: string): Tick => ticksOf(microsIn(text));

/** What `ticksIn` reads as so many ticks. */
export const durationText = (ticks: Tick): string => `${ticks / TICKS_PER_SECOND}s`;

/** Ticks from one to the next. */
export function ticksBetween(rate: string): Tick {
  const [count, unit] = split(rate);
  const micros = MICROS[unit.slice(1)] ?? MICROS.s ?? 0;
  return Math.max(1, Math.round((micros * TICKS_PER_SECOND) / (count * 1_000_000)));
}

export function bytesIn(text: string): number {
  const [count, unit] = split(text);
  return Math.round(count * (BYTES[unit.replace('/s', '')] ?? 0));
}

/** Of 2^32. */
export const thresholdIn = (share: string): number => threshold(split(share)[0] / 100);

export const ppmIn = (drift: string): number => split(drift)[0];
