/** The shape of a scenario file, as JSON Schema. Unknown members are errors everywhere. */
import { versionNames } from '../../spec/emitted/versions.ts';
import { messages } from '../../spec/messages.ts';
import { middlePrograms } from '../adversary/middle-programs.ts';
import { cryptoTiers } from '../world/world-spec.ts';
import { patterns } from './units.ts';

const duration = { type: 'string', pattern: patterns.duration };
const selector = {
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'array', items: { type: 'string' } },
  ],
};
const pair = { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 };
const group = { type: 'array', items: selector, minItems: 2, maxItems: 2 };
const share = { type: 'string', pattern: patterns.share };
/** Only these; else all. */
const messageType = { enum: Object.keys(messages) };
const version = { enum: [...versionNames] };
const name = { type: 'string', pattern: '^[a-z][a-z0-9]*$' };
const expectationName = { type: 'string', minLength: 1 };

type Schema = { readonly [member: string]: unknown };

const object = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});

const versions = { type: 'array', items: version, minItems: 1, uniqueItems: true };

const server = object({
  count: { type: 'integer', minimum: 1, maximum: 20_000 },
  /** Places of the group that are left empty. */
  absent: { type: 'array', items: { type: 'integer', minimum: 0 }, uniqueItems: true },
  versions,
  region: { type: 'string' },
  users: { type: 'integer', minimum: 0, maximum: 100 },
  clock: object({ offset: duration, drift: { type: 'string', pattern: patterns.drift } }),
  policy: { type: 'object' },
  /** What a server does that the protocol forbids (sim/adversary). */
  program: {
    anyOf: [
      { type: 'string' },
      { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    ],
  },
});

const latency = {
  anyOf: [
    duration,
    object({ regions: { type: 'object', additionalProperties: duration } }, ['regions']),
    object(
      {
        pairs: { type: 'array', items: object({ between: pair, is: duration }, ['between', 'is']) },
        otherwise: duration,
      },
      ['pairs', 'otherwise'],
    ),
  ],
};

const links = object(
  {
    shape: { type: 'string' },
    degree: { type: 'integer', minimum: 1 },
    probability: { type: 'number', minimum: 0, maximum: 1 },
    blocks: { type: 'integer', minimum: 1 },
    /** For `explicit`. */
    between: { type: 'array', items: pair },
    /** For `edge-list`, relative to the scenario. */
    file: { type: 'string' },
    latency,
    jitter: duration,
    bandwidth: { type: 'string', pattern: patterns.bandwidth },
  },
  ['shape'],
);

/** What programs of a man in the middle take (sim/adversary/middle-programs.ts). */
const middleParams = {
  set: { type: 'object' },
  member: { type: 'string' },
  value: {},
  bytes: { type: 'integer', minimum: 1 },
} as const;

/** Every kind of plan item: what is its target, and what else it takes. */
export const itemKinds = {
  partition: { target: group, params: { 'one-way': { type: 'boolean' }, flap: duration } },
  reset: { target: group, params: {} },
  slow: { target: group, params: { by: duration } },
  loss: { target: group, params: { share, of: messageType } },
  duplicate: { target: group, params: { share, of: messageType } },
  reorder: { target: group, params: { share, by: duration, of: messageType } },
  hold: { target: group, params: { of: messageType } },
  crash: { target: selector, params: { keep: { enum: ['all', 'synced', 'torn'] } } },
  upgrade: { target: selector, params: { to: versions } },
  clock: {
    target: selector,
    params: { step: duration, drift: { type: 'string', pattern: patterns.drift } },
  },
  'disk-full': { target: selector, params: {} },
  'dns-failure': { target: selector, params: {} },
  establish: { target: group, params: { level: { type: 'string' } } },
  'man-in-the-middle': {
    target: group,
    params: {
      program: { enum: Object.keys(middlePrograms) },
      of: messageType,
      /** Of what is sent by the first of the pair only. */
      'one-way': { type: 'boolean' },
      /** So often at most. */
      most: { type: 'integer', minimum: 1 },
      /** Servers whose keys are known to whoever sits there. */
      stolen: selector,
      ...middleParams,
    },
  },
  revoke: { target: selector, params: { by: selector, reason: { type: 'string' } } },
} as const satisfies { readonly [kind: string]: { target: Schema; params: Schema } };

export type ItemKind = keyof typeof itemKinds;

const timing = { at: duration, for: duration, every: duration, id: { type: 'string' } };

const items = Object.entries(itemKinds).map(([kind, { target, params }]) =>
  object({ ...timing, [kind]: target, ...params }, ['at', kind]),
);

const expectation = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    never: expectationName,
    sometimes: expectationName,
    always: expectationName,
    finally: expectationName,
    within: duration,
    after: expectationName,
    holds: expectationName,
    'leads-to': expectationName,
    converges: expectationName,
  },
};

export const scenarioSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'NORC simulation scenario',
  ...object(
    {
      scenario: { type: 'string', minLength: 1 },
      verifies: { type: 'array', items: { type: 'string' } },
      /** It must fail when a guard of the list, or all of a list in the list, are switched off. */
      'fails-without': { type: 'array', items: selector },
      seed: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      for: duration,
      'most-events': { type: 'integer', minimum: 1 },
      crypto: { enum: [...cryptoTiers] },
      ties: {
        anyOf: [
          { enum: ['fifo', 'random'] },
          object({ pct: { type: 'integer', minimum: 1 } }, ['pct']),
        ],
      },
      'sync-every': duration,
      servers: {
        type: 'object',
        minProperties: 1,
        propertyNames: name,
        additionalProperties: server,
      },
      links,
      trust: object({
        establish: { const: 'along-links' },
        level: { type: 'string' },
        at: duration,
        every: duration,
      }),
      workload: {
        type: 'array',
        items: object(
          {
            relay: object(
              {
                from: selector,
                to: selector,
                rate: { type: 'string', pattern: patterns.rate },
                size: { type: 'string', pattern: patterns.size },
                at: duration,
                for: duration,
              },
              ['from', 'to', 'rate', 'at', 'for'],
            ),
          },
          ['relay'],
        ),
      },
      timeline: { type: 'array', items: { type: 'object' } },
      faults: object(
        {
          count: { type: 'integer', minimum: 1, maximum: 10_000 },
          kinds: { type: 'array', items: { enum: ['partition', 'crash', 'slow', 'reset'] } },
          from: duration,
          to: duration,
          longest: duration,
        },
        ['count', 'kinds', 'from', 'to', 'longest'],
      ),
      expect: { type: 'array', items: expectation, minItems: 1 },
    },
    ['scenario', 'seed', 'for', 'servers', 'links', 'expect'],
  ),
} as const;

/** One schema a kind, so that an error names the member that is wrong and not the kinds there are. */
export const itemSchemas: ReadonlyMap<string, Schema> = new Map(
  Object.keys(itemKinds).map((kind, at) => [kind, items[at] as Schema]),
);
