/** Generates plans for a script from the declarations of its messages. */
import fc from 'fast-check';
import { arbitraryOf } from '../../spec/arbitrary.ts';
import { messages, records } from '../../spec/messages.ts';
import type { Json, JsonSchema } from '../../spec/schema.ts';
import type { ProtocolVersion } from '../conformance/case.ts';
import { faultsFor } from './mutate.ts';
import type { Hand, Mutation, Path, Plan } from './mutation.ts';
import type { Script } from './script.ts';

export interface PlanOptions {
  readonly at: ProtocolVersion;
  /** Time can pass without waiting. */
  readonly virtualTime: boolean;
}

const MOST_MUTATIONS = 3;

export function arbitraryPlan(script: Script, options: PlanOptions): fc.Arbitrary<Plan> {
  const mutation = fc.oneof(
    ...[...script.messages, ...script.carried].map((message) =>
      arbitraryMutation(script, message, options),
    ),
  );
  return fc.array(mutation, { minLength: 1, maxLength: MOST_MUTATIONS });
}

type Weighted = fc.WeightedArbitrary<Mutation>;

function arbitraryMutation(
  script: Script,
  message: string,
  options: PlanOptions,
): fc.Arbitrary<Mutation> {
  const isCarried = script.carried.includes(message);
  return fc.oneof(
    ...rewritings(script, message, options),
    ...(isCarried ? [] : onTheWay(script, message)),
    ...(isCarried ? [] : disorder(script, message, options)),
  );
}

/** What the values become, by whom. */
function rewritings(script: Script, message: string, { at }: PlanOptions): Weighted[] {
  const json = schemaOf(message);
  const places = placesOf(json);
  const hand = handsFor(script, message);
  const values = places.map(({ path, json: inner }) => ({
    // What binds a message stands at its top.
    weight: path.length === 1 ? 4 : 1,
    arbitrary: valueFor(path, inner, at).map((value) => ({ path, value })),
  }));
  const since = at === '1.0' ? ['1.0'] : ['1.0', '1.1'];
  const faults = faultsFor(message).filter((fault) => since.includes(fault.since));
  const broken = faults.map(({ path, fault }) => ({ path, fault }));
  const paths = fc.constantFrom(...places.map(({ path }) => path));
  const weighted: Weighted[] = [
    {
      weight: 6,
      arbitrary: fc
        .tuple(hand, fc.oneof(...values))
        .map(([by, change]) => ({ message, kind: 'replace', hand: by, ...change })),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        ...{ message: fc.constant(message), kind: fc.constant('graft' as const) },
        ...{ hand, path: paths },
      }),
    },
  ];
  if (broken.length === 0) return weighted;
  const breaking = fc
    .tuple(hand, fc.constantFrom(...broken))
    .map(([by, change]) => ({ message, kind: 'break' as const, hand: by, ...change }));
  return [...weighted, { weight: 3, arbitrary: breaking }];
}

function handsFor(script: Script, message: string): fc.Arbitrary<Hand> {
  if (script.carried.includes(message)) return fc.constantFrom('peer', ...script.hands);
  if (!script.bent.includes(message)) return fc.constant('path');
  const others: readonly Hand[] = script.hands.length > 0 ? script.hands : ['peer'];
  return fc.constantFrom('peer', 'peer', 'peer', 'path', ...others);
}

/** What somebody on the path does to whole messages, and to their bytes. */
function onTheWay({ messages: all }: Script, message: string): Weighted[] {
  const earlier = all.slice(0, all.indexOf(message));
  const mutation = (parts: object): fc.Arbitrary<Mutation> =>
    fc.record({ message: fc.constant(message), ...parts }) as fc.Arbitrary<Mutation>;
  const kind = (name: Mutation['kind']) => ({ kind: fc.constant(name) });
  const any = fc.constantFrom(...all);
  return [
    { weight: 1, arbitrary: mutation(kind('drop')) },
    { weight: 2, arbitrary: mutation(kind('duplicate')) },
    ...(earlier.length > 0
      ? [{ weight: 2, arbitrary: mutation({ ...kind('replay'), of: fc.constantFrom(...earlier) }) }]
      : []),
    { weight: 2, arbitrary: mutation({ ...kind('splice'), of: any }) },
    { weight: 2, arbitrary: mutation({ ...kind('insert'), of: any }) },
    { weight: 1, arbitrary: mutation({ ...kind('truncate'), perMille: fc.nat(999) }) },
    { weight: 2, arbitrary: mutation({ ...kind('flip'), bit: fc.nat(1 << 16) }) },
    { weight: 1, arbitrary: mutation({ ...kind('garbage'), text: garbage }) },
  ];
}

const garbage = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 64 }),
  fc.nat(400).map((depth) => '['.repeat(depth)),
  fc.constantFrom('', 'null', '{}', '{"type":"ping"}', '{"type":"error"}', '{"type":"__proto__"}'),
);

/** What the sender does at another time, in another order, or around its messages. */
function disorder(script: Script, message: string, { virtualTime }: PlanOptions): Weighted[] {
  const { steps, deadlines, name } = script;
  const found: Mutation[] = [];
  if (steps.includes(message)) {
    for (const kind of ['skip', 'repeat', 'swap'] as const) found.push({ message, kind });
  }
  const delayMs = deadlines[message];
  if (virtualTime && delayMs !== undefined) found.push({ message, kind: 'delay', delayMs });
  if (message === 'trust_response') {
    for (const what of ['nothing', 'other'] as const) {
      found.push({ message, kind: 'publish', what });
    }
  }
  if (name !== 'client') {
    for (const how of ['absent', 'late', 'of-another'] as const) {
      found.push({ message, kind: 'proof', how });
    }
  }
  const offers = message in offered ? arbitraryOffer(message) : null;
  return [
    ...(found.length > 0 ? [{ weight: 3, arbitrary: fc.constantFrom(...found) }] : []),
    ...(offers ? [{ weight: 2, arbitrary: offers }] : []),
  ];
}

/** What stands before each version in the offer of the channel that the message opens. */
const offered: Readonly<Record<string, readonly string[]>> = {
  connection_request: ['norc-c-json-v', 'norc-c-v', 'norc-x-v'],
  federation_handshake: ['norc-f/', 'norc-c/', 'h'],
};

function arbitraryOffer(message: string): fc.Arbitrary<Mutation> {
  const prefix = fc.constantFrom(...(offered[message] ?? []));
  const one = fc.tuple(prefix, fc.constantFrom('1', '2', ...versions)).map((pair) => pair.join(''));
  // No socket library offers anything twice.
  return fc
    .uniqueArray(one, { maxLength: 3 })
    .map((offer) => ({ message, kind: 'offer' as const, offer }));
}

export function schemaOf(type: string): JsonSchema {
  const all: readonly { readonly type: string; readonly json: JsonSchema }[] = [
    ...Object.values(messages),
    ...records,
  ];
  return all.find((declaration) => declaration.type === type)?.json ?? {};
}

interface Place {
  readonly path: Path;
  readonly json: JsonSchema;
}

/** Deep enough for every member that means something. */
const DEEPEST = 4;

/** Every member of a message and of what is in it; `type` says which message it is and stays. */
export function placesOf(json: JsonSchema, path: Path = []): readonly Place[] {
  const inside = Object.entries(json.properties ?? {})
    .filter(
      ([name, { 'x-kind': kind }]) =>
        !(path.length === 0 && name === 'type') && kind !== 'withdrawn',
    )
    .flatMap(([name, member]) => placesOf(member, [...path, name]));
  const items = json.items && path.length < DEEPEST ? placesOf(json.items, [...path, '0']) : [];
  return [...(path.length > 0 ? [{ path, json }] : []), ...inside, ...items];
}

const versions = ['1.0', '1.1', '2.0', '2.1', '3.0', '9.0'];
const suites = ['0001', '0101', '0002', 'ffff'];

/** Lists of versions and suites are chosen from what could matter; all else as it is declared. */
function valueFor(path: Path, json: JsonSchema, at: ProtocolVersion): fc.Arbitrary<Json> {
  const name = path.at(-1) ?? '';
  if (name.endsWith('_versions')) return fc.shuffledSubarray(versions, { minLength: 1 });
  if (name === 'cipher_suites') return fc.shuffledSubarray(suites, { minLength: 1 });
  if (json['x-kind'] === 'version') return fc.constantFrom(...versions);
  return arbitraryOf(json, { version: at });
}
