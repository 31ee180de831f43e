/** Numbers of graph files: plain decimals, nothing that `Number` would forgive. */
import { faultAt, type Place } from '../fault.ts';

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

export const isNumber = (text: string) => DECIMAL.test(text);

export function readNumber(text: string, place: Place, what: string): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value))
    throw faultAt(place, `${what} ${quoted(text)} is not a finite number`);
  return value;
}

/** As much of a text as an error message can bear. */
export const quoted = (text: string) =>
  JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
