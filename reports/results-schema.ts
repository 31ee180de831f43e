/**
 * The JSON Schema of the results file, for whoever reads it in another language, and the check that
 * nothing else is ever written.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Results, verdicts } from './results.ts';

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const texts = { type: 'array', items: text };
const count = { type: 'integer', minimum: 0 };
const verdict = { enum: verdicts };

function closed(properties: Record<string, unknown>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

const run = closed({
  id: text,
  seed: text,
  startedAt: text,
  durationMs: { type: 'number', minimum: 0 },
  ground: { enum: ['sockets', 'in-process', 'adapter'] },
  at: text,
  subject: closed({ name: text, serverId: text, versions: texts, capabilities: texts }),
  readings: texts,
  interrupted: { type: 'boolean' },
  suiteVersion: text,
});

const requirement = closed({
  id: text,
  layer: { enum: ['cross-cutting', 'client', 'federation', 'trust'] },
  level: { enum: ['MUST', 'MUST NOT', 'SHOULD', 'MAY'] },
  assigned: { type: 'boolean' },
  statement: text,
  source: text,
  observe: text,
  readings: texts,
  verdict,
  reason: textOrNull,
  cases: texts,
});

const check = closed({
  requirement: text,
  holds: { type: 'boolean' },
  what: text,
  expected: text,
  got: text,
});

const exchange = closed({
  atMicros: { type: 'number' },
  from: text,
  to: text,
  channel: text,
  type: text,
  text: textOrNull,
  sizeBytes: count,
  invalidBecause: textOrNull,
});

const caseResult = closed(
  {
    id: text,
    title: text,
    verdict,
    verifies: texts,
    readings: texts,
    reason: textOrNull,
    durationMs: { type: 'number', minimum: 0 },
    waitsSeconds: { type: 'number', minimum: 0 },
    checks: { type: 'array', items: check },
    exchange: { type: 'array', items: exchange },
    rerun: text,
  },
  ['waitsSeconds'],
);

const survivor = closed({ requirement: text, case: text, reason: text });

export const resultsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:norc:conformance:results:1',
  title: 'Results of a NORC conformance run',
  ...closed(
    {
      format: { const: 'norc-conformance-results/1' },
      run,
      requirements: { type: 'array', items: requirement },
      cases: { type: 'array', items: caseResult },
      baseline: closed({ known: texts, stale: texts }),
      mutants: closed({
        killed: count,
        survived: count,
        survivors: { type: 'array', items: survivor },
      }),
    },
    ['baseline', 'mutants'],
  ),
};

type Validate = ReturnType<typeof compile>;
const options = { allowUnionTypes: true, validateSchema: false } as const;
const compile = () => new Ajv2020(options).compile<Results>(resultsSchema);
/** Compiled when first asked for: a run is to start quickly. */
let validate: Validate | undefined;

/** Null when `value` is a results document, else what is wrong with it and where. */
export function resultsFault(value: unknown): string | null {
  validate ??= compile();
  if (validate(value)) return null;
  const [first] = validate.errors ?? [];
  return `${first?.instancePath || '/'} ${first?.message ?? 'is wrong'}`;
}
