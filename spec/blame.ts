/**
 * Which requirement a value of the wrong shape breaks. Validators and the faults of the suite ask the
 * same function, so a case never expects another answer than the reference gives.
 */
import type { RequirementId } from './emitted/requirement-ids.ts';
import type { Json, JsonSchema } from './schema.ts';

/**
 * `json` is the schema that refuses `value`; `enclosing` is what the structure around it breaks, in
 * the end the declaration's `shape`. Absent members are faults of the structure: ask `enclosed`.
 */
export function blame(json: JsonSchema, value: Json, enclosing: RequirementId): RequirementId {
  if (json.type === 'integer' && typeof value === 'number' && !Number.isSafeInteger(value)) {
    return 'X-CAN-06';
  }
  if (json.pattern?.startsWith(BASE64URL_START) && typeof value === 'string' && !isText(value)) {
    return 'X-CAN-02';
  }
  return enclosed(json, enclosing);
}

/** What is broken inside `json` where a part of it names nothing of its own. */
export function enclosed(json: JsonSchema, enclosing: RequirementId): RequirementId {
  const own = json['x-requirement'];
  // A number out of its own bounds is still a good number: that breaks the rule around it.
  return own === undefined || own === 'X-CAN-06' ? enclosing : own;
}

const BASE64URL_START = '^[A-Za-z0-9_-]*';

/** Base64url without padding of whole bytes, without stray bits (X-CAN-02). */
function isText(value: string): boolean {
  return Buffer.from(value, 'base64url').toString('base64url') === value;
}
