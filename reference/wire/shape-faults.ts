/**
 * From what a schema validator reports to the requirements that are broken. The walk from the
 * declaration to the sub-schema that refuses gives the enclosing requirement; spec/blame.ts names
 * the rest, the same function by which the suite knows what to expect.
 */
import type { ErrorObject } from 'ajv/dist/2020.js';
import { blame, enclosed, optionMeant } from '../../spec/blame.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Json, JsonSchema } from '../../spec/schema.ts';
import { bytesOf } from './base64url.ts';
import type { Fault } from './result.ts';

/** One fault for each report, in their order. `shape` is what the message breaks as a whole. */
export function faultsOf(
  errors: readonly ErrorObject[],
  schema: JsonSchema,
  shape: RequirementId,
): readonly Fault[] {
  return settle(errors).map((error) => ({
    requirement: requirementOf(error, schema, shape),
    detail: `${error.keyword}: ${error.message ?? 'refused'}`,
    path: pathOf(error),
  }));
}

function requirementOf(error: ErrorObject, root: JsonSchema, shape: RequirementId): RequirementId {
  const { schema, enclosing } = descend(error.schemaPath, root, shape);
  // X-AMC-17: from 1.1 on, what the published documents lack is required (L-V12).
  if (error.keyword === 'required' && schema['x-added']?.includes(error.params.missingProperty)) {
    return 'X-AMC-17';
  }
  // The bounds of a decimal are the record's business, its digits are X-CAN-06 (L-S03).
  if (error.keyword === 'x-kind' && schema['x-kind'] === 'decimal') return 'X-CAN-06';
  // A value that is not base64url has a length all the same, which must not go unjudged.
  if (isWrongLength(error, schema)) return enclosed(schema, enclosing);
  return blame(schema, error.data as Json, enclosing);
}

/** The sub-schema that refused, and what is broken around it. */
function descend(
  schemaPath: string,
  root: JsonSchema,
  shape: RequirementId,
): { schema: JsonSchema; enclosing: RequirementId } {
  let schema = root;
  let enclosing = shape;
  const steps = schemaPath.slice('#/'.length).split('/');
  for (let at = 0; at < steps.length; ) {
    const { child, width } = childOf(schema, steps, at);
    if (!child) break;
    enclosing = enclosed(schema, enclosing);
    schema = child;
    at += width;
  }
  return { schema, enclosing };
}

/** The schema that the steps at `at` lead to, and how many they are; none for a keyword. */
function childOf(
  schema: JsonSchema,
  steps: readonly string[],
  at: number,
): { child: JsonSchema | undefined; width: number } {
  const next = steps[at + 1] ?? '';
  switch (steps[at]) {
    case 'properties':
      return { child: schema.properties?.[next], width: 2 };
    case 'anyOf':
      return { child: schema.anyOf?.[Number.parseInt(next, 10)], width: 2 };
    case 'items':
      return { child: schema.items, width: 1 };
    case 'propertyNames':
      return { child: schema.propertyNames, width: 1 };
    case 'additionalProperties': {
      const child = schema.additionalProperties;
      return { child: typeof child === 'object' ? child : undefined, width: 1 };
    }
    default:
      return { child: undefined, width: 1 };
  }
}

function isWrongLength({ keyword, data }: ErrorObject, schema: JsonSchema): boolean {
  const isLength = keyword === 'minLength' || keyword === 'maxLength';
  const lengthBytes = schema['x-bytes'];
  if (!isLength || lengthBytes === undefined || typeof data !== 'string') return false;
  return bytesOf(data).length !== lengthBytes;
}

/**
 * Leaves out what only follows from another report. A value that fits no option is reported once
 * for every option and once for all; what counts is the option that was meant.
 */
function settle(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let settled = errors.filter(({ keyword }) => keyword !== 'propertyNames');
  for (const choice of errors.filter(({ keyword }) => keyword === 'anyOf')) {
    const options = choice.schema as readonly JsonSchema[];
    const meant = optionMeant(options, choice.data as Json);
    const path = meant && `${choice.schemaPath}/${options.indexOf(meant)}/`;
    settled = settled.filter(
      (error) => !isInside(error, choice) || (path !== null && error.schemaPath.startsWith(path)),
    );
    if (path !== null) settled = settled.filter((error) => error !== choice);
  }
  return settled;
}

function isInside(error: ErrorObject, choice: ErrorObject): boolean {
  return (
    error.schemaPath.startsWith(`${choice.schemaPath}/`) &&
    (error.instancePath === choice.instancePath ||
      error.instancePath.startsWith(`${choice.instancePath}/`))
  );
}

function pathOf({ keyword, instancePath, params }: ErrorObject): string {
  return keyword === 'required' ? `${instancePath}/${params.missingProperty}` : instancePath;
}
