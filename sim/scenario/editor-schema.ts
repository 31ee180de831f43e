/**
 * The schema of scenario files for editors: their shape, and what a reader knows beside it: the names of
 * shapes, programs, requirements and expectations, with a sentence on each.
 */
import { requirementIds } from '../../spec/emitted/requirement-ids.ts';
import { programs } from '../adversary/programs.ts';
import { conditions } from '../monitors/conditions.ts';
import { occurrences } from '../monitors/occurrences.ts';
import { models } from '../topologies/models.ts';
import { itemSchemas, scenarioSchema } from './schema.ts';
import type { Schema } from './schema-parts.ts';

type Names = { readonly [name: string]: { readonly summary: string } };

const named = (names: Names): Schema[] =>
  Object.entries(names).map(([name, { summary }]) => ({ const: name, description: summary }));

const ownShapes: Names = {
  explicit: { summary: 'the pairs of `between`' },
  'edge-list': { summary: 'the pairs of a file' },
};
const event = {
  anyOf: [
    ...named(occurrences),
    { pattern: '^refused\\([A-Z0-9-]+\\)$', description: 'a server refuses for a requirement' },
    { pattern: '^granted\\([a-z0-9.-]+\\)$', description: 'a server is granted trust' },
    { pattern: '^session\\([0-9.]+\\)$', description: 'a session at a version begins' },
  ],
};
const state = { anyOf: named(conditions) };
const requirement = { enum: [...requirementIds] };
const program = { anyOf: named(programs) };

/** What stands in place of what the shape says, by its way through the schema. */
const told: readonly (readonly [way: string, schema: Schema])[] = [
  ['timeline.items', { anyOf: [...itemSchemas.values()] }],
  ['verifies.items', requirement],
  ['links.shape', { anyOf: [...named(ownShapes), ...named(models)] }],
  ['servers.*.program.anyOf.0', program],
  ['servers.*.program.anyOf.1.name', program],
  ...['never', 'sometimes', 'after', 'leads-to'].map(
    (name) => [`expect.items.${name}`, event] as const,
  ),
  ...['always', 'finally', 'holds', 'converges'].map(
    (name) => [`expect.items.${name}`, state] as const,
  ),
];

type Open = { [member: string]: Open };

export function editorSchema(): Schema {
  const schema = structuredClone(scenarioSchema) as unknown as Open;
  for (const [way, replacement] of told) {
    const steps = way.split('.');
    const last = steps.pop() ?? '';
    let place = steps.reduce((at, step) => stepInto(at, step), schema);
    if (place.properties && last in place.properties) place = place.properties;
    if (!(last in place)) throw new Error(`the schema has no ${way}`);
    place[last] = replacement as Open;
  }
  return schema;
}

/** Members of objects by their names, of all others by where the schema has them. */
function stepInto(at: Open, step: string): Open {
  const next = step === '*' ? at.additionalProperties : (at.properties?.[step] ?? at[step]);
  if (!next) throw new Error(`the schema has no ${step}`);
  return next;
}
