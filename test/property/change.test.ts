/**
 * The verdict on any change of a shape, held against messages: where it says that peers do not break,
 * everything that was valid still is, and everything that is valid now was so before.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryOf } from '../../spec/arbitrary.ts';
import { compareTrees } from '../../spec/change/compare.ts';
import { movementOf } from '../../spec/change/movements.ts';
import { declarations } from '../../spec/messages.ts';
import type { Json, JsonSchema } from '../../spec/schema.ts';
import { ownSpec, treeOf } from '../unit/change/planted.ts';

const files = ownSpec();
const SAMPLES = 20;

/** Every node of a schema, itself first. */
function nodesOf(schema: JsonSchema): JsonSchema[] {
  const { properties = {}, items, anyOf = [], additionalProperties } = schema;
  const inner = [...Object.values(properties), ...anyOf, ...(items ? [items] : [])];
  if (typeof additionalProperties === 'object') inner.push(additionalProperties);
  return [schema, ...inner.filter(({ not }) => !not).flatMap(nodesOf)];
}

/** A change in place, drawn by two numbers; false where the node offers nothing to it. */
type Operator = (node: JsonSchema, pick: number, size: number) => boolean;

const bounds = ['minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems'] as const;
const membersOf = (node: JsonSchema): readonly string[] =>
  Object.keys(node.properties ?? {}).filter((name) => name !== 'type');
const at = <T>(list: readonly T[], pick: number): T | undefined => list[pick % list.length];

const operators: { readonly [name: string]: Operator } = {
  'moves a bound': (node, pick, size) => {
    const bound = at(
      bounds.filter((name) => node[name] !== undefined),
      pick,
    );
    if (!bound || node[bound] === size) return false;
    node[bound] = size;
    return true;
  },
  'lifts a bound': (node, pick) => {
    const bound = at(
      bounds.filter((name) => node[name] !== undefined),
      pick,
    );
    if (bound) delete node[bound];
    return bound !== undefined;
  },
  'sets a bound': (node, _, size) => {
    if (node.type !== 'array' || node.maxItems === undefined || node.minItems !== undefined)
      return false;
    node.minItems = size % 3;
    return true;
  },
  'requires or not': (node, pick) => {
    const name = at(membersOf(node), pick);
    if (name === undefined || node.properties?.[name]?.not) return false;
    const required = new Set(node.required ?? []);
    if (!required.delete(name)) required.add(name);
    node.required = [...required];
    return true;
  },
  'drops a member': (node, pick) => {
    const name = at(membersOf(node), pick);
    if (name === undefined) return false;
    delete node.properties?.[name];
    node.required = (node.required ?? []).filter((one) => one !== name);
    return true;
  },
  'adds a member': (node, pick) => {
    if (!node.properties) return false;
    node.properties.novelty = { type: 'string', maxLength: 8, 'x-kind': 'text' };
    if (pick % 2) node.required = [...(node.required ?? []), 'novelty'];
    return true;
  },
  'withdraws a member': (node, pick) => {
    const name = at(membersOf(node), pick);
    if (name === undefined || node.properties?.[name]?.not) return false;
    if (node.properties) node.properties[name] = { not: {}, 'x-kind': 'withdrawn' };
    node.required = (node.required ?? []).filter((one) => one !== name);
    return true;
  },
  'adds a value': (node) => {
    if (!node.enum) return false;
    node.enum = [...node.enum, 'novelty'];
    return true;
  },
  'drops a value': (node, pick) => {
    if (!node.enum || node.enum.length < 2) return false;
    node.enum = node.enum.filter((_, index) => index !== pick % (node.enum?.length ?? 1));
    return true;
  },
  'closes or opens': (node) => {
    if (!node.properties) return false;
    if (node.additionalProperties === false) delete node.additionalProperties;
    else node.additionalProperties = false;
    return true;
  },
  'lets elements repeat or not': (node) => {
    if (node.type !== 'array') return false;
    if (node.uniqueItems) delete node.uniqueItems;
    else node.uniqueItems = true;
    return true;
  },
  'changes the type': (node) => {
    if (node.type !== 'integer') return false;
    node.type = 'number';
    return true;
  },
  'drops an alternative': (node, pick) => {
    if (!node.anyOf || node.anyOf.length < 2) return false;
    node.anyOf = node.anyOf.filter((_, index) => index !== pick % (node.anyOf?.length ?? 1));
    return true;
  },
};

/** No value keeps within bounds that have passed each other. */
function isBeyondMeeting(node: JsonSchema): boolean {
  const pairs = [
    [node.minimum, node.maximum],
    [node.minLength, node.maxLength],
    [node.minItems, node.maxItems],
  ];
  return pairs.some(([least = 0, most = Number.POSITIVE_INFINITY]) => least > most);
}

const plants = fc.record({
  type: fc.constantFrom(...declarations.map(({ type }) => type)),
  operator: fc.constantFrom(...Object.keys(operators)),
  node: fc.nat(200),
  pick: fc.nat(50),
  size: fc.nat(5),
  seed: fc.nat(),
});
type Plant = typeof plants extends fc.Arbitrary<infer T> ? T : never;

/** The shape before and after. */
function change({ type, operator, node, pick, size }: Plant): [JsonSchema, JsonSchema] | null {
  const path = `schemas/1.1/${type}.json`;
  const before = JSON.parse(files.get(path) ?? '{}');
  const after = structuredClone(before);
  const places = nodesOf(after);
  const turned = places.map((_, index) => places[(index + node) % places.length] ?? after);
  const isDone = turned.some((place) => operators[operator]?.(place, pick, size));
  return isDone ? [before, after] : null;
}

/** Of a protocol with this one message. */
function verdictOn(before: JsonSchema, after: JsonSchema) {
  const [old, now] = [before, after].map((shape, at) =>
    treeOf(
      new Map([
        ['versions.yaml', files.get('versions.yaml') ?? ''],
        ['schemas/1.0/message.json', JSON.stringify(shape)],
      ]),
      at === 0 ? 'before' : 'after',
    ),
  );
  if (!old || !now) throw new Error('two trees');
  return compareTrees(old, now);
}

/** Of messages that fit one shape, one that does not fit the other. */
function witness(from: JsonSchema, to: JsonSchema, seed: number): Json | undefined {
  // Nothing can be drawn from it, and most such shapes fit no message at all.
  if (nodesOf(from).some(isBeyondMeeting)) return undefined;
  const ajv = new Ajv2020({ strict: false, validateSchema: false });
  const [bare, other] = [withoutId(from), withoutId(to)];
  const [isValid, isTaken] = [ajv.compile(bare), ajv.compile(other)];
  return fc
    .sample(arbitraryOf(from), { numRuns: SAMPLES, seed })
    .find((message) => isValid(message) && !isTaken(message));
}

const withoutId = (schema: JsonSchema): object => ({ ...schema, $id: undefined });

describe('a verdict', () => {
  test('never says that nobody breaks where a message shows that somebody does', () => {
    let shown = 0;
    fc.assert(
      fc.property(plants, (plant) => {
        const shapes = change(plant);
        if (!shapes) return;
        const [before, after] = shapes;
        const refused = witness(before, after, plant.seed);
        const strange = witness(after, before, plant.seed);
        if (refused === undefined && strange === undefined) return;
        shown += 1;
        const sides = new Set(verdictOn(before, after).changes.map(({ breaks }) => breaks));
        const says = (side: 'sender' | 'receiver') => sides.has(side) || sides.has('both');
        if (refused !== undefined) expect(says('sender')).toBe(true);
        if (strange !== undefined) expect(says('receiver')).toBe(true);
      }),
      { numRuns: 150 },
    );
    // Or the property would hold for want of messages.
    expect(shown).toBeGreaterThan(15);
  });
});

describe('a movement', () => {
  const values = fc.option(fc.jsonValue() as fc.Arbitrary<Json>, { nil: undefined });
  test('is none exactly where the values are the same', () => {
    fc.assert(
      fc.property(values, values, (before, after) => {
        const isSame = JSON.stringify(before) === JSON.stringify(after);
        expect(movementOf('form', before, after) === null).toBe(isSame);
      }),
    );
  });
});
