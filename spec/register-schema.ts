/**
 * The shape of each family of YAML files in this room: a TypeScript type and the JSON Schema that
 * ajv checks it with, side by side. Keys that are not listed are errors.
 */
import type { ReadingId } from './emitted/reading-ids.ts';
import type { RequirementId } from './emitted/requirement-ids.ts';
import type { JsonSchema } from './schema.ts';

export type Keyword = 'MUST' | 'MUST NOT' | 'SHOULD' | 'MAY';
/** How a verdict on a requirement can be reached. */
export type Observe = 'wire' | 'vector' | 'simulation' | 'property' | 'architecture' | 'none';

/** A row of requirements/*.yaml (profile Part 3). */
export interface Requirement {
  readonly id: RequirementId;
  readonly level: Keyword;
  /** True where the documents show a schema or a narrative and the level is ours. */
  readonly assigned: boolean;
  readonly statement: string;
  readonly source: string;
  /** Entries of the ledger on which the verdict hangs. */
  readonly readings: readonly ReadingId[];
  readonly observe: Observe;
  /** How much of the requirement a peer can see without looking inside. */
  readonly box: 'black' | 'partly-white' | 'white';
  /** Present where the duty is a device's alone, so that no server can be judged by it on the wire. */
  readonly subject?: 'device';
  /** What a black-box peer does, and what a simulation or property asserts. */
  readonly check: { readonly wire: string | null; readonly simulation: string | null };
  /** Why nothing on the wire shows it; present exactly for `architecture` and `none`. */
  readonly reason?: string;
  /** What of this project is to come before anything can show it. Gone as soon as something does. */
  readonly unbuilt?: string;
  /** The first protocol version that asks it. Absent: all do. */
  readonly since?: string;
}

export interface ReadingOption {
  readonly key: string;
  readonly text: string;
}

/** An entry of readings.yaml (profile Part 4). */
export interface Reading {
  readonly id: ReadingId;
  readonly title: string;
  readonly problem: string;
  readonly options?: readonly ReadingOption[];
  /** The option taken, where the entry has options. */
  readonly option?: string;
  readonly take: string;
  /** The option that a subject may follow instead, with another verdict on the wire. */
  readonly testable_alternative?: string;
  readonly why: string;
  readonly visible: string;
  /** True where the entry only explains the documents and no requirement or message hangs on it. */
  readonly documentation?: true;
}

export type ErrorCategory =
  | 'authentication'
  | 'authorization'
  | 'message'
  | 'key'
  | 'protocol'
  | 'crypto'
  | 'trust'
  | 'routing'
  | 'rate_limit'
  | 'federation'
  | 'server';

export interface ErrorCodeRow {
  readonly code: number;
  readonly name: string;
  readonly category: ErrorCategory;
  readonly layer: 'common' | 'client' | 'federation' | 'trust';
  readonly meaning: string;
  readonly message: string;
  readonly reasons?: readonly string[];
  readonly retry?: boolean;
  readonly proposed: boolean;
  readonly source: string;
  /** The first protocol version that has it. Absent: all have. */
  readonly since?: string;
}

/** A row of registries/families.yaml. */
export interface Family {
  readonly family: string;
  readonly layer: 'common' | 'client' | 'federation' | 'trust';
  readonly title: string;
}

export interface Transition {
  readonly n: string;
  /** Empty where the row creates the machine. */
  readonly from: readonly string[];
  readonly event: string;
  readonly guard: string | null;
  readonly action: string | null;
  readonly to: string;
  readonly ids: readonly (RequirementId | ReadingId)[];
  readonly proposed?: boolean;
}

/** machines/*.yaml (profile Part 2). */
export interface Machine {
  readonly machine: string;
  readonly title: string;
  readonly source: string;
  readonly states: readonly { readonly state: string; readonly meaning: string }[];
  readonly initial: string;
  readonly final: readonly string[];
  readonly transitions: readonly Transition[];
  readonly invariants: readonly string[];
  readonly notes?: readonly string[];
}

const text: JsonSchema = { type: 'string', minLength: 1 };
const textOrNull: JsonSchema = { anyOf: [text, { const: null }] };
const flag: JsonSchema = { type: 'boolean' };
const version: JsonSchema = { type: 'string', pattern: '^[0-9]+\\.[0-9]+$' };
const name: JsonSchema = { type: 'string', pattern: '^[a-z][a-z0-9_]*$' };
const whole: JsonSchema = { type: 'integer', minimum: 0 };
const names: JsonSchema = { type: 'array', items: name, uniqueItems: true };
const texts: JsonSchema = { type: 'array', items: text };
const readingId: JsonSchema = { type: 'string', pattern: '^L-[A-Z][0-9]{2}$' };
const anyId: JsonSchema = {
  type: 'string',
  pattern: '^(?:L-[A-Z][0-9]{2}|[XCFT]-[A-Z0-9]+-[0-9]{2})$',
};

const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', minItems: 1, items });

/** Members ending in `?` are optional. */
function shape(members: Record<string, JsonSchema>): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const [key, schema] of Object.entries(members)) {
    const member = key.replace('?', '');
    properties[member] = schema;
    if (member === key) required.push(member);
  }
  return { type: 'object', properties, required, additionalProperties: false };
}

const requirement = shape({
  id: { type: 'string', pattern: '^[XCFT]-[A-Z0-9]+-[0-9]{2}$' },
  level: { enum: ['MUST', 'MUST NOT', 'SHOULD', 'MAY'] },
  assigned: flag,
  statement: text,
  source: text,
  readings: { type: 'array', items: readingId, uniqueItems: true },
  observe: { enum: ['wire', 'vector', 'simulation', 'property', 'architecture', 'none'] },
  box: { enum: ['black', 'partly-white', 'white'] },
  'subject?': { const: 'device' },
  check: shape({ wire: textOrNull, simulation: textOrNull }),
  'reason?': text,
  'unbuilt?': text,
  'since?': version,
});

const reading = shape({
  id: readingId,
  title: text,
  problem: text,
  'options?': listOf(shape({ key: { type: 'string', pattern: '^[a-z]$' }, text })),
  'option?': text,
  take: text,
  'testable_alternative?': text,
  why: text,
  visible: text,
  'documentation?': { const: true },
});

const category: JsonSchema = {
  enum: [
    'authentication',
    'authorization',
    'message',
    'key',
    'protocol',
    'crypto',
    'trust',
    'routing',
    'rate_limit',
    'federation',
    'server',
  ],
};

const errorCodes = shape({
  ranges: listOf(shape({ from: whole, to: whole, category })),
  codes: listOf(
    shape({
      code: { type: 'integer', minimum: 1000, maximum: 9999 },
      name,
      category,
      layer: { enum: ['common', 'client', 'federation', 'trust'] },
      meaning: text,
      message: { type: 'string', minLength: 1, maxLength: 60 },
      'reasons?': names,
      'retry?': flag,
      proposed: flag,
      source: text,
      'since?': version,
    }),
  ),
});

const suites = shape({
  suites: listOf(
    shape({
      id: { type: 'string', pattern: '^[0-9a-f]{4}$' },
      value: whole,
      name: text,
      signature: text,
      key_agreement: text,
      kem: textOrNull,
      aead: text,
      hash: text,
      hybrid: flag,
      fips: flag,
      mandatory: flag,
      source: text,
    }),
  ),
});

const levels = shape({
  levels: listOf(
    shape({
      level: name,
      rank: whole,
      grantable: flag,
      threshold: { anyOf: [whole, { const: null }] },
      ca_types: names,
      signing_algorithms: names,
      chain_algorithms: { type: 'array', items: shape({ algorithm: name, min_bits: whole }) },
      certificate_transparency: flag,
      ocsp: flag,
      compliance_standards: names,
      background_check: flag,
      permissions: names,
      max_message_bytes: whole,
      hybrid_pq: { enum: ['optional', 'preferred', 'required'] },
      source: text,
    }),
  ),
  methods: listOf(
    shape({
      method: name,
      automatic: flag,
      max_trust_level: name,
      max_with_ca: { type: 'object', additionalProperties: name },
      needs_chain: flag,
      validation_seconds: whole,
      cost: { enum: ['free', 'low', 'medium', 'high', 'enterprise'] },
      revocation_support: flag,
      source: text,
    }),
  ),
});

const permissions = shape({
  permissions: listOf(
    shape({
      permission: name,
      gates: names,
      condition: textOrNull,
      refusal: whole,
      meaning: text,
      source: text,
    }),
  ),
});

const labelOrNull: JsonSchema = { anyOf: [name, { const: null }] };
const classifications = shape({
  ladders: listOf(shape({ ladder: name, labels: names })),
  default: name,
  refused: names,
  ceilings: listOf(
    shape({ level: name, national: labelOrNull, nato: labelOrNull, by_policy: labelOrNull }),
  ),
});

const labels = shape({
  labels: listOf(
    shape({
      name: { type: 'string', pattern: '^[a-z][A-Za-z]+$' },
      label: text,
      kind: { enum: ['hash', 'hkdf'] },
      use: text,
      source: text,
    }),
  ),
  reserved: texts,
});

const capabilities = shape({
  capabilities: listOf(
    shape({
      capability: { type: 'string', pattern: '^[a-z][a-z0-9_.]*$' },
      layers: listOf({ enum: ['client', 'federation', 'trust'] }),
      gates: names,
      source: text,
    }),
  ),
});

const families = shape({
  families: listOf(
    shape({
      family: { type: 'string', pattern: '^[XCFT]-[A-Z0-9]+$' },
      layer: { enum: ['common', 'client', 'federation', 'trust'] },
      title: text,
    }),
  ),
});

const machine = shape({
  machine: { type: 'string', pattern: '^[a-z][a-z-]*$' },
  title: text,
  source: text,
  states: listOf(shape({ state: name, meaning: text })),
  initial: name,
  final: names,
  transitions: listOf(
    shape({
      n: { type: 'string', pattern: '^[0-9]+[a-z]?$' },
      from: names,
      event: text,
      guard: textOrNull,
      action: textOrNull,
      to: name,
      ids: { type: 'array', items: anyId, uniqueItems: true },
      'proposed?': flag,
    }),
  ),
  invariants: texts,
  'notes?': texts,
});

const duty: JsonSchema = { enum: ['tolerated', 'required', 'refused'] };
const versions = shape({
  amc: shape({
    max_major_distance: whole,
    grammar: text,
    steps: listOf(shape({ step: text, ids: { type: 'array', items: anyId } })),
    examples: listOf(
      shape({
        ours: texts,
        theirs: texts,
        version: { anyOf: [version, { const: null }] },
        compatibility_mode: flag,
        source: text,
      }),
    ),
  }),
  versions: listOf(shape({ version, title: text, meaning: text })),
  features: listOf(
    shape({
      feature: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' },
      title: text,
      at: { type: 'object', propertyNames: version, additionalProperties: duty },
      violation: textOrNull,
      ids: { type: 'array', items: anyId },
    }),
  ),
});

/** One schema a family of files. */
export const fileSchemas = {
  requirements: listOf(requirement),
  readings: listOf(reading),
  'error-codes': errorCodes,
  'cipher-suites': suites,
  levels,
  permissions,
  classifications,
  labels,
  capabilities,
  families,
  machine,
  versions,
} as const;
export type FileFamily = keyof typeof fileSchemas;
