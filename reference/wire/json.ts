/** Values as they are parsed. A member that is null is absent (L-S04, X-CAN-03). */
import type { Json } from '../../spec/schema.ts';

export type { Json } from '../../spec/schema.ts';
export type JsonObject = { [name: string]: Json };

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The same value without null members at any depth; nulls in lists stay, they are items. Parts
 * without any are shared, not copied, so a message that has none costs a walk.
 */
export function dropNulls<T extends Json>(value: T): T;
export function dropNulls(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(dropNulls);
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  let isSame = true;
  const kept: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    const dropped = dropNulls(member);
    if (dropped !== null) kept.push([name, dropped]);
    if (dropped === null || dropped !== member) isSame = false;
  }
  // fromEntries defines members instead of assigning them: `__proto__` stays a member.
  return isSame ? value : Object.fromEntries(kept);
}
