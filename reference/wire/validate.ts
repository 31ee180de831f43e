/**
 * Judges the shape of a message by its declaration: what is required from 1.1 on is only expected
 * at 1.0 (L-V12), other names of a message count at 1.0 only (L-W03), null members are absent
 * (L-S04), unknown members are let through (X-EXT-02) and unknown types are told apart from
 * malformed messages, because they are ignored and not answered (X-ERR-06).
 */
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Declaration } from '../../spec/message.ts';
import {
  declarations,
  type IncomingMessage,
  isMessageType,
  type MessageType,
  messages,
  type NorcMessage,
} from '../../spec/messages.ts';
import type { Must } from '../assert.ts';
import { dropNulls, isObject, type Json, type JsonObject } from './json.ts';
import { accept, type Fault, type Refused, type Result } from './result.ts';
import { isSettled } from './settled.ts';
import { type Strictness, shapeOf } from './shape.ts';
import { faultsOf } from './shape-faults.ts';
import { isAtLeast } from './version.ts';

export interface Invalid extends Fault {
  readonly kind: 'malformed' | 'unknown-type';
}

/**
 * `version` is the negotiated one. The value is the message as it is to be understood: without null
 * members and under its own name. Signatures are verified over what was received.
 */
export type Validate = (message: Json, version: string) => Result<NorcMessage, Invalid>;

/** For what a peer asks: besides the present forms, at 1.0, those of the master (L-R01). */
export type ValidateRequest = (message: Json, version: string) => Result<IncomingMessage, Invalid>;

export function createValidator({ must }: { readonly must: Must }): Validate {
  return (received, version) => {
    const judged = judge(received, strictnessAt(version), must, (declaration) => declaration);
    return judged.ok ? accept(judged.value as NorcMessage) : judged;
  };
}

export function createRequestValidator({ must }: { readonly must: Must }): ValidateRequest {
  return (received, version) => {
    const strictness = strictnessAt(version);
    const form = strictness === 'strict' ? (declaration: Declaration) => declaration : meantForm;
    const judged = judge(received, strictness, must, form);
    return judged.ok ? accept(judged.value as IncomingMessage) : judged;
  };
}

function strictnessAt(version: string): Strictness {
  return isAtLeast(version, '1.1') ? 'strict' : 'tolerant';
}

function judge(
  received: Json,
  strictness: Strictness,
  must: Must,
  formOf: (declaration: Declaration, message: JsonObject) => Declaration,
): Result<JsonObject, Invalid> {
  const type = isObject(received) ? received.type : undefined;
  if (!isObject(received) || typeof type !== 'string') {
    return must('X-FMT-05', false) ? unknown() : malformed(NO_TYPE);
  }
  const declaration = declarationOf(type, strictness, must);
  if (!declaration) return unknown();
  const message = renamed(withoutNulls(received), declaration.type);
  const fault = firstFault(message, formOf(declaration, message), strictness, must);
  return fault ? malformed(fault) : accept(message);
}

/** What is settled has none. */
function withoutNulls(received: JsonObject): JsonObject {
  return isSettled(received) ? received : dropNulls(received);
}

/** The master's form of a message, where it is one. */
function meantForm(declaration: Declaration, message: JsonObject): Declaration {
  const { master } = declaration;
  return master && !Object.hasOwn(message, master.unless) ? master.form : declaration;
}

/** Null when the message has its shape, or when every guard that would refuse it is off. */
function firstFault(
  message: JsonObject,
  declaration: Declaration,
  strictness: Strictness,
  must: Must,
): Fault | null {
  const { shape } = declaration;
  const quick = shapeOf(declaration, strictness, 'first');
  if (quick.validate(message)) {
    must(shape, true);
    return null;
  }
  const [first] = faultsOf(quick.validate.errors ?? [], quick.schema, shape);
  if (first && !must(first.requirement, false)) return first;
  // Only a build with that guard off gets here: reporting every fault of a hostile message costs
  // more than the message is worth.
  const thorough = shapeOf(declaration, strictness, 'all');
  thorough.validate(message);
  const judged = new Set<RequirementId | undefined>([first?.requirement]);
  for (const fault of faultsOf(thorough.validate.errors ?? [], thorough.schema, shape)) {
    if (judged.has(fault.requirement)) continue;
    judged.add(fault.requirement);
    if (!must(fault.requirement, false)) return fault;
  }
  return null;
}

function declarationOf(type: string, strictness: Strictness, must: Must): Declaration | null {
  if (isMessageType(type)) return messages[type];
  if (strictness === 'strict') return null;
  const meant = declarations.find(({ aliases }) => aliases.includes(type)) ?? null;
  // X-AMC-11: a build that translates nothing does not know the name.
  return must('X-AMC-11', meant === null) ? null : meant;
}

/** X-AMC-11: a message is off on a session of a version that does not have it. */
export function isSpokenAt(type: MessageType, version: string): boolean {
  return isAtLeast(version, messages[type].since);
}

function renamed(message: JsonObject, type: string): JsonObject {
  return message.type === type ? message : { ...message, type };
}

// A message is an object with a type (M 8.2); without, there is nothing to judge it by.
const NO_TYPE: Fault = { requirement: 'X-FMT-05', detail: 'not an object with a type', path: '' };

function malformed(fault: Fault): Refused<Invalid> {
  return { ok: false, error: { kind: 'malformed', ...fault } };
}

function unknown(): Refused<Invalid> {
  const detail = 'a type that this build does not know';
  return { ok: false, error: { kind: 'unknown-type', requirement: 'X-ERR-06', detail } };
}
