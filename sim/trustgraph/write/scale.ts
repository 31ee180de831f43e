/** From values to positions, with ticks at round numbers. */

export interface Scale {
  at(value: number): number;
  readonly ticks: readonly number[];
}

const WANTED_TICKS = 6;

export function scaleOf(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): Scale {
  const width = high > low ? high - low : 1;
  const start = Number.isFinite(low) ? low : 0;
  const step = roundStep((Number.isFinite(width) ? width : 1) / WANTED_TICKS);
  const ticks: number[] = [];
  for (
    let index = Math.ceil(start / step - 1e-9);
    index * step <= start + width * (1 + 1e-9);
    index++
  )
    ticks.push(Number((index * step).toPrecision(12)));
  return {
    at: (value) => Math.round((from + ((value - start) / width) * (to - from)) * 100) / 100,
    ticks,
  };
}

/** The next of 1, 2, 5 times a power of ten. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5].find((each) => each * power >= step * 0.999) ?? 10;
  return factor * power;
}

export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(4))} M`;
  if (size >= 1e3) return `${Number((value / 1e3).toPrecision(4))} k`;
  return String(value);
}
