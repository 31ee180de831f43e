/**
 * The policy file: JSON with any members of `Policy` (reference/config.ts), each of the type that
 * its default has. What it leaves out keeps the default.
 */
import type { Json } from '../../spec/schema.ts';
import { defaultPolicy, type Policy } from '../config.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import { listShapes, mapShapes, wholeShapes } from './policy-shapes.ts';

export interface PolicyReading {
  readonly policy: Policy;
  /** One for each member that does not fit; empty when all do. */
  readonly faults: readonly string[];
}

export function readPolicy(given: Json): PolicyReading {
  const faults: string[] = [];
  const merged = merge(defaultPolicy as unknown as JsonObject, given, '', faults);
  return { policy: merged as unknown as Policy, faults };
}

function merge(known: JsonObject, given: Json, path: string, faults: string[]): JsonObject {
  if (!isObject(given)) {
    faults.push(`${path || 'the file'} must be a JSON object`);
    return known;
  }
  const merged: JsonObject = { ...known };
  for (const [name, value] of Object.entries(given)) {
    const member = path === '' ? name : `${path}.${name}`;
    const shape = shapeOf(known, name, path);
    if (shape === undefined) {
      faults.push(`unknown member ${member}; known here: ${Object.keys(known).join(', ')}`);
      continue;
    }
    merged[name] = mergeMember(shape, value, member, faults);
  }
  return merged;
}

/** A value of the type that the member must have, or undefined when there is no such member. */
function shapeOf(known: JsonObject, name: string, path: string): Json | undefined {
  const member = path === '' ? name : `${path}.${name}`;
  if (Object.hasOwn(mapShapes, path)) return mapShapes[path];
  return Object.hasOwn(known, name) ? (wholeShapes[member] ?? known[name]) : undefined;
}

function mergeMember(shape: Json, value: Json, member: string, faults: string[]): Json {
  const isWhole = Object.hasOwn(wholeShapes, member);
  if (value === null && isWhole) return null;
  const record = listShapes[member];
  if (record !== undefined) return mergeList(record, value, member, faults);
  if (isObject(shape)) {
    const merged = merge(shape, value, member, faults);
    if (isWhole) demandAll(shape, value, member, faults);
    return merged;
  }
  const wanted = describe(shape);
  if (!fits(shape, value)) faults.push(`${member} must be ${wanted}, not ${JSON.stringify(value)}`);
  return value;
}

/** A list of records, each of which has every member. */
function mergeList(record: JsonObject, value: Json, member: string, faults: string[]): Json {
  if (!Array.isArray(value)) {
    faults.push(`${member} must be a list of objects, not ${JSON.stringify(value)}`);
    return [];
  }
  return value.map((item, at) => {
    const path = `${member}[${at}]`;
    const merged = merge(record, item, path, faults);
    demandAll(record, item, path, faults);
    return merged;
  });
}

/** There are no defaults inside a member that is whole or null. */
function demandAll(shape: JsonObject, value: Json, member: string, faults: string[]): void {
  const missing = Object.keys(shape).filter((name) => !isObject(value) || !(name in value));
  for (const name of missing) faults.push(`${member}.${name} is missing`);
}

function fits(shape: Json, value: Json): boolean {
  if (Array.isArray(shape)) {
    return Array.isArray(value) && value.every((item) => typeof item === 'string');
  }
  if (typeof shape === 'number') return Number.isSafeInteger(value) && Number(value) >= 0;
  return typeof value === typeof shape;
}

function describe(shape: Json): string {
  if (Array.isArray(shape)) return 'a list of strings';
  if (typeof shape === 'number') return 'a whole number, 0 or more';
  return typeof shape === 'boolean' ? 'true or false' : `a ${typeof shape}`;
}
