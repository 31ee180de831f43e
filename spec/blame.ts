/**
 * Which requirement a value of the wrong shape breaks. Validators and the faults of the suite ask
 * the same function, so a case never expects another answer than the reference gives.
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

/**
 * The option of an `anyOf` that a value which fits none was meant for: the one with its tags, else
 * the only one of its JSON type. Of several, the one that names a requirement says most of what is
 * wrong; null when none does, and then the value breaks what is around it.
 */
export function optionMeant(options: readonly JsonSchema[], value: Json): JsonSchema | null {
  const tagged = options.filter((option) => hasTagsOf(option, value));
  const alike = options.filter((option) => isOfType(option, value));
  const [only, ...others] = tagged.length > 0 ? tagged : alike;
  if (only && others.length === 0) return only;
  const candidates = alike.length > 0 ? alike : options;
  return candidates.find((option) => option['x-requirement'] !== undefined) ?? null;
}

/** Whether the members that every value of the option has alike are those of `value`. */
function hasTagsOf({ properties = {} }: JsonSchema, value: Json): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const tags = Object.entries(properties).filter(([, member]) => member.const !== undefined);
  return tags.length > 0 && tags.every(([name, member]) => member.const === value[name]);
}

function isOfType({ type, const: fixed }: JsonSchema, value: Json): boolean {
  if (fixed !== undefined) return typeof fixed === typeof value;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return typeof value === 'number';
  return typeof value === type && !Array.isArray(value) && value !== null;
}

const BASE64URL_START = '^[A-Za-z0-9_-]*';

/** Base64url without padding of whole bytes, without stray bits (X-CAN-02). */
function isText(value: string): boolean {
  return Buffer.from(value, 'base64url').toString('base64url') === value;
}
