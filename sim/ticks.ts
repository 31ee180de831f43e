/** Ticks, the unit of virtual time, and what they are in the units of scenarios and cores. */
import type { Tick } from './kernel/kernel.ts';

const TICK_MICROS = 100;
export const TICKS_PER_SECOND = 1_000_000 / TICK_MICROS;

/** The first tick at which so much time has passed. */
export const ticksOf = (micros: number): Tick => Math.ceil(micros / TICK_MICROS);

export const microsOf = (ticks: Tick): number => ticks * TICK_MICROS;

/** `12.0345 s` */
export const secondsText = (ticks: Tick): string => `${(ticks / TICKS_PER_SECOND).toFixed(4)} s`;
