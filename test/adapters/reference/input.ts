/** Members of a vector's input, each read as what its schema promises. */
import { invariant } from '../../../reference/assert.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import { isObject } from '../../../reference/wire/json.ts';
import type { VectorValue } from '../../../vectors/vector-file.ts';

export interface Input {
  has(name: string): boolean;
  text(name: string): string;
  /** Of lower-case hex. */
  bytes(name: string): Uint8Array;
  number(name: string): number;
  flag(name: string): boolean;
  texts(name: string): readonly string[];
  object(name: string): JsonObject;
  list(name: string): readonly VectorValue[];
  inputs(name: string): readonly Input[];
  input(name: string): Input;
  value(name: string): VectorValue;
  /** All of it. */
  readonly whole: JsonObject;
}

export function inputOf(value: VectorValue): Input {
  const whole = recordOf(value);
  const member = (name: string): VectorValue => {
    const found = Object.hasOwn(whole, name) ? whole[name] : undefined;
    invariant(found !== undefined, `the input has no member ${name}`);
    return found;
  };
  return {
    whole,
    has: (name) => Object.hasOwn(whole, name),
    value: member,
    text: (name) => textOf(member(name), name),
    bytes: (name) => hexBytes(textOf(member(name), name)),
    number: (name) => {
      const found = member(name);
      invariant(typeof found === 'number', `${name} is no number`);
      return found;
    },
    flag: (name) => {
      const found = member(name);
      invariant(typeof found === 'boolean', `${name} is neither true nor false`);
      return found;
    },
    list: (name) => listOf(member(name), name),
    texts: (name) => listOf(member(name), name).map((each) => textOf(each, name)),
    object: (name) => recordOf(member(name)),
    input: (name) => inputOf(member(name)),
    inputs: (name) => listOf(member(name), name).map(inputOf),
  };
}

export function hexBytes(text: string): Uint8Array {
  invariant(/^(?:[0-9a-f]{2})*$/.test(text), `${text} is no hex`);
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function recordOf(value: VectorValue): JsonObject {
  // What has come through JSON is nobody else's, and may be handed on as it is.
  const json = value as JsonObject;
  invariant(isObject(json), 'the input is no object');
  return json;
}

function textOf(value: VectorValue, name: string): string {
  invariant(typeof value === 'string', `${name} is no text`);
  return value;
}

function listOf(value: VectorValue, name: string): readonly VectorValue[] {
  invariant(Array.isArray(value), `${name} is no list`);
  return value;
}
