/**
 * Near-valid values: each breaks one rule of a schema, says which, and names the requirement that
 * it breaks. The list of a declaration is always the same. Conformance cases send these, fuzzing
 * draws from them, and property tests hold every validator against them.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { blame, enclosed, optionMeant } from './blame.ts';
import type { RequirementId } from './emitted/requirement-ids.ts';
import { exampleMap, exampleOf, examples } from './example.ts';
import type { Declaration } from './message.ts';
import { type Json, type JsonSchema, tolerant } from './schema.ts';
import { type Spoiled, spoilt } from './spoilt.ts';

type JsonObject = { [name: string]: Json };

export interface NearMiss {
  /** Member names, `0` for the first item of a list, `*` for one entry of a map. */
  readonly path: readonly string[];
  /** What is wrong, for example `one-byte-short`. */
  readonly fault: string;
  readonly requirement: RequirementId;
  /** From which version on it is a fault: absence is tolerated at 1.0 where L-V12 says so. */
  readonly since: '1.0' | '1.1';
  /** Takes a valid value, or undefined where there is none yet, and gives the faulty one. */
  readonly mutate: (value: Json | undefined) => Json;
}

export interface Fault {
  readonly path: string[];
  readonly fault: string;
  readonly requirement: RequirementId;
  readonly since: '1.0' | '1.1';
  /** The same message with this one fault. The message given stays as it is. */
  apply(message: JsonObject): JsonObject;
}

/**
 * All faults of a message. The member `type` stays: with another it would be another message, and
 * unknown ones are ignored (X-ERR-06).
 */
export function faultsOf(declaration: Declaration): Fault[] {
  const isMessage = declaration.json.properties?.type?.const === declaration.type;
  return [...nearMisses(declaration.json, declaration.shape)]
    .filter(({ path }) => path.length > 0 && !(path[0] === 'type' && isMessage))
    .map(({ path, fault, requirement, since, mutate }) => ({
      path: [...path],
      fault,
      requirement,
      since,
      apply: (message) => mutate(message) as JsonObject,
    }));
}

/** All near misses of a schema. `enclosing` is what is broken where no part names its own. */
export function* nearMisses(json: JsonSchema, enclosing: RequirementId): Generator<NearMiss> {
  for (const spoiled of spoilt(json)) yield here(json, spoiled, enclosing);
  const inside = enclosed(json, enclosing);
  if (json.properties) yield* ofRecord(json, json.properties, inside);
  if (json.propertyNames) yield* ofMap(json, json.propertyNames, inside);
  if (json.items) yield* ofList(json, json.items, inside);
  if (json.anyOf) yield* ofOptions(json.anyOf, inside);
}

function here(json: JsonSchema, { fault, make }: Spoiled, enclosing: RequirementId): NearMiss {
  const requirement = blame(json, make(exampleOf(json)), enclosing);
  const mutate = (value: Json | undefined) => make(value ?? exampleOf(json));
  // What is withdrawn was in the published text, so 1.0 peers send it.
  const since = json['x-kind'] === 'withdrawn' ? '1.1' : '1.0';
  return { path: [], fault, requirement, since, mutate };
}

function* ofRecord(
  json: JsonSchema,
  members: Record<string, JsonSchema>,
  enclosing: RequirementId,
): Generator<NearMiss> {
  const added = new Set(json['x-added']);
  for (const name of json.required ?? []) {
    const tolerated = added.has(name);
    yield {
      path: [name],
      fault: 'missing',
      // X-AMC-17: from 1.1 on the members that 1.0 lacks are required (L-V12).
      requirement: tolerated ? 'X-AMC-17' : enclosing,
      since: tolerated ? '1.1' : '1.0',
      mutate: (value) => without(objectOf(json, value), name),
    };
  }
  for (const [name, member] of Object.entries(members)) {
    for (const miss of nearMisses(member, enclosing)) {
      yield within(miss, name, (value) => {
        const whole = objectOf(json, value);
        return { ...whole, [name]: miss.mutate(whole[name]) };
      });
    }
  }
  if (json.additionalProperties === false) {
    yield {
      path: ['unexpected'],
      fault: 'unexpected-member',
      requirement: enclosing,
      since: '1.0',
      mutate: (value) => ({ ...objectOf(json, value), unexpected: 'member' }),
    };
  }
}

function* ofMap(json: JsonSchema, key: JsonSchema, enclosing: RequirementId): Generator<NearMiss> {
  const member = typeof json.additionalProperties === 'object' ? json.additionalProperties : {};
  for (const miss of nearMisses(key, enclosing)) {
    const wrong = miss.mutate(exampleOf(key));
    if (typeof wrong !== 'string') continue; // a name is always text
    yield within({ ...miss, fault: `key-${miss.fault}` }, '*', (value) => ({
      ...objectOf(json, value),
      [wrong]: exampleOf(member),
    }));
  }
  for (const miss of nearMisses(member, enclosing)) {
    yield within(miss, '*', (value) => {
      const whole = value === undefined ? exampleMap(json, 1) : objectOf(json, value);
      const [name = String(exampleOf(key))] = Object.keys(whole);
      return { ...whole, [name]: miss.mutate(whole[name]) };
    });
  }
}

function* ofList(
  json: JsonSchema,
  item: JsonSchema,
  enclosing: RequirementId,
): Generator<NearMiss> {
  for (const miss of nearMisses(item, enclosing)) {
    yield within(miss, '0', (value) => {
      const [first, ...rest] = Array.isArray(value) ? value : examples(item, json.minItems ?? 0);
      return [miss.mutate(first), ...rest];
    });
  }
}

/** The faults of each option that no other option takes for a valid value. */
function* ofOptions(options: readonly JsonSchema[], enclosing: RequirementId): Generator<NearMiss> {
  for (const [nth, option] of options.entries()) {
    // Whatever the message has here may be of another option.
    const example = exampleOf(option);
    for (const miss of nearMisses(option, enclosing)) {
      const faulty = miss.mutate(example);
      if (options.some((other) => takes(other, faulty, miss.since))) continue;
      const meant = optionMeant(options, faulty);
      // Spoilt, it may look like another option spoilt.
      const requirement =
        meant === option ? miss.requirement : blame(meant ?? {}, faulty, enclosing);
      const fault = `option-${nth + 1}-${miss.fault}`;
      yield { ...miss, fault, requirement, mutate: () => faulty };
    }
  }
}

function within(miss: NearMiss, step: string, mutate: NearMiss['mutate']): NearMiss {
  return { ...miss, path: [step, ...miss.path], mutate };
}

function objectOf(json: JsonSchema, value: Json | undefined): JsonObject {
  const whole = value === undefined ? exampleOf(json) : value;
  return typeof whole === 'object' && whole !== null && !Array.isArray(whole) ? whole : {};
}

function without(whole: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = whole;
  return rest;
}

const ajv = new Ajv2020({ strict: false, validateSchema: false });
const tolerantOf = new WeakMap<JsonSchema, JsonSchema>();

function takes(json: JsonSchema, value: Json, since: '1.0' | '1.1'): boolean {
  if (since === '1.1') return ajv.validate(json, value);
  const loose = tolerantOf.get(json) ?? tolerant(json);
  tolerantOf.set(json, loose);
  return ajv.validate(loose, value);
}
