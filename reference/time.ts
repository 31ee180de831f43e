/**
 * Time inside the cores: Unix microseconds, always an argument. Fields on the wire have the unit of
 * profile 5.3, which their declarations carry as `x-unit`; the conversions stand here and nowhere
 * else.
 */

/** Unix time, or a duration, in microseconds. An integer; exact until the year 2255. */
export type Micros = number;

const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_MILLI = 1_000;

export function seconds(count: number): Micros {
  return Math.round(count * MICROS_PER_SECOND);
}

export function millis(count: number): Micros {
  return Math.round(count * MICROS_PER_MILLI);
}

/** The second in which an instant lies: rounded down, so that it never lies in the future. */
export function toSeconds(time: Micros): number {
  return Math.floor(time / MICROS_PER_SECOND);
}

/** Rounded down, as above. */
export function toMillis(time: Micros): number {
  return Math.floor(time / MICROS_PER_MILLI);
}

/** For waits that are announced: rounded up, so that whoever waits has waited long enough. */
export function toWholeSeconds(duration: Micros): number {
  return Math.ceil(duration / MICROS_PER_SECOND);
}
