/** One thing changed: families of negative vectors are made by these. */
import type { VectorValue } from '../vector-file.ts';
import { flip, fromHex, hex } from './primitives/bytes.ts';
import { type JsonObject, without } from './primitives/canonical-json.ts';

type Variant = readonly [what: string, object: JsonObject];

const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/;
const HEX = /^(?:[0-9a-f]{2})+$/;

/** Another value of the same kind. */
export function changedValue(value: VectorValue): VectorValue {
  switch (typeof value) {
    case 'number':
      return value + 1;
    case 'boolean':
      return !value;
    case 'string':
      if (DECIMAL.test(value)) return String(BigInt(value) + 1n);
      return HEX.test(value) ? hex(flip(fromHex(value), 0)) : changedText(value);
    default:
      if (value === null) return 0;
      if (Array.isArray(value)) return value.length > 1 ? value.toReversed() : [...value, 'x'];
      return { ...value, x_changed: 1 };
  }
}

/** The first letter or digit becomes another one, so that lengths and alphabets stay. */
function changedText(text: string): string {
  const at = text.search(/[A-Za-z0-9]/);
  if (at < 0) return `${text}x`;
  const other = text[at] === 'b' ? 'c' : 'b';
  return text.slice(0, at) + other + text.slice(at + 1);
}

/** A number as a part of a name. */
export const numberWord = (value: number): string => (value < 0 ? `minus-${-value}` : `${value}`);

const wordsOf = (name: string): string => name.replaceAll('_', '-');

/** The object with one member changed, for each of its members. */
export const eachChanged = (object: JsonObject): Variant[] =>
  Object.entries(object).map(([name, value]) => [
    `${wordsOf(name)}-changed`,
    { ...object, [name]: changedValue(value) },
  ]);

/** The object with one member missing, for each of its members. */
export const eachDropped = (object: JsonObject): Variant[] =>
  Object.keys(object).map((name) => [`${wordsOf(name)}-dropped`, without(object, name)]);
