/** The shape of a scenario file, as JSON Schema. Unknown members are errors everywhere. */
import { cryptoTiers } from '../world/world-spec.ts';
import { itemKinds, type KindOfItem } from './item-kinds.ts';
import {
  bandwidth,
  drift,
  duration,
  object,
  pair,
  type Schema,
  selector,
  signedDuration,
  versions,
} from './schema-parts.ts';
import { patterns } from './units.ts';

const name = { type: 'string', pattern: '^[a-z][a-z0-9]*$' };
const expectationName = { type: 'string', minLength: 1 };

const program = {
  anyOf: [
    { type: 'string' },
    { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  ],
};

const server = object({
  count: { type: 'integer', minimum: 1, maximum: 20_000 },
  /** Places of the group that are left empty. */
  absent: { type: 'array', items: { type: 'integer', minimum: 0 }, uniqueItems: true },
  versions,
  region: { type: 'string' },
  users: { type: 'integer', minimum: 0, maximum: 100 },
  /** When the certificate that it shows in TLS ends, from the start of the run. */
  'certificate-until': signedDuration,
  clock: object({ offset: signedDuration, drift }),
  policy: { type: 'object' },
  /** What a server does that the protocol forbids (sim/adversary). */
  program,
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
    bandwidth,
  },
  ['shape'],
);

const timing = { at: duration, for: duration, every: duration, id: { type: 'string' } };

/** One schema a kind, so that an error names the member that is wrong and not the kinds there are. */
export const itemSchemas: ReadonlyMap<string, Schema> = new Map(
  Object.entries<KindOfItem>(itemKinds).map(
    ([kind, { summary, target, params, required = [] }]) => [
      kind,
      {
        description: summary,
        ...object({ ...timing, [kind]: target, ...params }, ['at', kind, ...required]),
      },
    ],
  ),
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
      /** It must fail when all servers run a program of the list beside what they are. */
      'fails-with': { type: 'array', items: program },
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
