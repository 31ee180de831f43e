/** What a mutation makes of a message: values for the sender, bytes for whoever is on the path. */
import { createMust } from '../../reference/assert.ts';
import { canonicalText } from '../../reference/wire/canonical.ts';
import { isObject, type Json, type JsonObject } from '../../reference/wire/json.ts';
import { parseStrict } from '../../reference/wire/parse.ts';
import { type Fault, faultsOf } from '../../spec/faults.ts';
import { limits } from '../../spec/limits.ts';
import { isMessageType, messages } from '../../spec/messages.ts';
import type { Hand, Mutation, Path, Plan } from './mutation.ts';

/** Messages of another run, by type. */
export type Donor = ReadonlyMap<string, JsonObject>;

type Rewriting = Extract<Mutation, { hand: Hand }>;

const isRewriting = (mutation: Mutation): mutation is Rewriting => 'hand' in mutation;

/** Those that this hand does to the values of this message. */
export function rewritings(plan: Plan, type: string, isOfHand: (hand: Hand) => boolean) {
  return plan.filter(
    (mutation): mutation is Rewriting =>
      isRewriting(mutation) &&
      mutation.message === type &&
      isOfHand(mutation.hand) &&
      !isSignedOver(mutation),
  );
}

/** A signature that its own sender changes is made anew right after. */
function isSignedOver({ message, path: [member = ''], hand }: Rewriting): boolean {
  if (!isMessageType(message) || hand === 'path' || hand === 'forger') return false;
  if (hand === 'peer' && message === 'message_relay' && member === 'origin_signature') return true;
  const { layer, signed } = messages[message];
  return layer !== 'client' && signed?.member === member;
}

/**
 * A message that lacks what is to be changed stays as it is. `changed` is told of each change that
 * makes a difference.
 */
export function rewrite(
  message: JsonObject,
  changes: readonly Rewriting[],
  { donor, changed }: { readonly donor: Donor; changed(change: Mutation): void },
): JsonObject {
  return changes.reduce((whole, change) => {
    const next = rewriteOnce(whole, change, donor);
    if (canonicalText(next) !== canonicalText(whole)) changed(change);
    return next;
  }, message);
}

function rewriteOnce(message: JsonObject, change: Rewriting, donor: Donor): JsonObject {
  switch (change.kind) {
    case 'replace':
      return withValue(message, change.path, change.value);
    case 'graft': {
      const value = valueAt(donor.get(change.message), change.path);
      return value === undefined ? message : withValue(message, change.path, value);
    }
    case 'break':
      return faultOf(change)?.apply(message) ?? message;
  }
}

const faults = new Map<string, readonly Fault[]>();

/** All ways to get a message of this type wrong. */
export function faultsFor(type: string): readonly Fault[] {
  const known = faults.get(type) ?? (isMessageType(type) ? faultsOf(messages[type]) : []);
  faults.set(type, known);
  return known;
}

function faultOf({ message, path, fault }: Extract<Mutation, { kind: 'break' }>) {
  const wanted = path.join('.');
  return faultsFor(message).find((each) => each.fault === fault && each.path.join('.') === wanted);
}

export function valueAt(whole: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as JsonObject)[step] : undefined,
    whole,
  );
}

/** Only where there is something: nothing is put where the message has no place for it. */
function withValue<T extends Json>(whole: T, path: Path, value: Json): T {
  const [step, ...rest] = path;
  if (step === undefined) return value as T;
  if (typeof whole !== 'object' || whole === null) return whole;
  const inside = (whole as JsonObject)[step];
  if (rest.length > 0 && inside === undefined) return whole;
  const changed = rest.length === 0 ? value : withValue(inside as Json, rest, value);
  const copy = (Array.isArray(whole) ? [...whole] : { ...(whole as object) }) as JsonObject;
  copy[step] = changed;
  return copy as T;
}

/** The bytes as somebody on the path leaves them. */
export function overwrite(text: string, changes: Plan): Uint8Array {
  return changes.reduce((bytes, change) => overwriteOnce(bytes, change), encoder.encode(text));
}

function overwriteOnce(bytes: Uint8Array<ArrayBuffer>, change: Mutation): Uint8Array<ArrayBuffer> {
  switch (change.kind) {
    case 'truncate':
      return bytes.slice(0, Math.floor((bytes.length * change.perMille) / 1000));
    case 'garbage':
      return encoder.encode(change.text);
    case 'flip':
      return flipped(bytes, change.bit);
    default:
      return bytes;
  }
}

function flipped(bytes: Uint8Array<ArrayBuffer>, bit: number): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  const at = bit % (8 * Math.max(1, copy.length));
  const byte = copy[at >> 3];
  if (byte !== undefined) copy[at >> 3] = byte ^ (1 << (at & 7));
  return copy;
}

const encoder = new TextEncoder();
const must = createMust();

/** What the bytes mean: canonical text, or null where they are no JSON that NORC takes. */
export function meaningOf(bytes: Uint8Array): string | null {
  const parsed = parseStrict(bytes, { maxBytes: limits.federationBodyBytes, must });
  return parsed.ok ? canonicalText(parsed.value) : null;
}

/** Leniently: to know which message it is. */
export function objectOf(text: string): JsonObject | null {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export function typeOf(text: string): string {
  const type = objectOf(text)?.type;
  return typeof type === 'string' ? type : '';
}
