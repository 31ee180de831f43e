/**
 * How a message or record is declared: one declaration gives the TypeScript type, the JSON Schema,
 * the validator (reference/wire), the generator (spec/arbitrary.ts) and the row of the registry.
 */
import type { ReadingId } from './emitted/reading-ids.ts';
import type { RequirementId } from './emitted/requirement-ids.ts';
import {
  type JsonSchema,
  literal,
  type RecordOf,
  record,
  type Schema,
  type Withdrawn,
} from './schema.ts';

export type Layer = 'common' | 'client' | 'federation' | 'trust';

export type Direction =
  | 'client-to-server'
  | 'server-to-client'
  | 'client-server-both'
  | 'client-to-client' // through the server
  | 'server-to-server'
  | 'requester-to-responder'
  | 'responder-to-requester'
  | 'record'; // carried inside messages, never alone

export interface Declaration {
  /** The `type` member. */
  readonly type: string;
  /** Row of profile Part 1, for example `C2` or `T9`. */
  readonly row: string;
  readonly layer: Layer;
  /** Registry byte, or null for records that never travel alone. */
  readonly code: number | null;
  /** Whether the documents' registry gives the code or we propose it (L-W02). */
  readonly codeStatus: 'registry' | 'proposed' | 'none';
  readonly direction: Direction;
  /** States of the layer's machine (Part 2) in which a peer may send it. Empty for records. */
  readonly legalIn: readonly string[];
  /** Types that may answer it. */
  readonly answeredBy: readonly string[];
  /** The member that carries the signature, and whose key makes it. */
  readonly signed: { readonly member: string; readonly by: string; readonly added: boolean } | null;
  readonly since: '1.0' | '1.1' | '2.0';
  /** Other names of the same message, accepted at 1.0 only (L-W03). */
  readonly aliases: readonly string[];
  /** The form that the master document gives it, accepted at 1.0 only. */
  readonly master?: MasterForm;
  /** The requirement that a message of the wrong shape breaks, where no member names its own. */
  readonly shape: RequirementId;
  readonly source: readonly string[];
  readonly readings: readonly ReadingId[];
  readonly summary: string;
  readonly json: JsonSchema;
}

/** Meant by a message of the type that has no member `unless`. */
export interface MasterForm {
  readonly form: Declaration;
  readonly unless: string;
}

type Members = Record<string, Schema<unknown>>;
type None = Record<never, never>;

export interface Defined<Type extends string, Body> extends Declaration {
  readonly type: Type;
  readonly schema: Schema<Body & { type: Type }>;
}

/** The value of a declared message. Members of the `added` group are optional (L-V12). */
export type MessageOf<D> =
  D extends Defined<string, unknown> ? (D['schema'] extends Schema<infer T> ? T : never) : never;

interface Parts<Type extends string, F extends Members, A extends Members, O extends Members> {
  type: Type;
  row: string;
  layer: Layer;
  code: number | null;
  /** True when the code is ours (L-W02); the documents' registry lacks it. */
  codeProposed?: boolean;
  direction: Direction;
  legalIn?: readonly string[];
  answeredBy?: readonly string[];
  signed?: { member: string; by: string; added?: boolean };
  since?: '1.0' | '1.1' | '2.0';
  aliases?: readonly string[];
  master?: MasterForm;
  shape: RequirementId;
  source: readonly string[];
  readings?: readonly ReadingId[];
  summary: string;
  fields: F;
  added?: A;
  optional?: O;
  /** Members of the published text that may not travel from 1.1 on. */
  withdrawn?: Withdrawn;
}

export function defineMessage<
  const Type extends string,
  F extends Members,
  A extends Members = None,
  O extends Members = None,
>(parts: Parts<Type, F, A, O>): Defined<Type, RecordOf<F, A, O>> {
  const { fields, added, optional, withdrawn, codeProposed, signed, ...rest } = parts;
  const body = record({
    fields: { type: literal(parts.type), ...fields },
    ...(added && { added }),
    ...(optional && { optional }),
    ...(withdrawn && { withdrawn }),
  });
  return {
    legalIn: [],
    answeredBy: [],
    since: '1.0',
    aliases: [],
    readings: [],
    ...rest,
    signed: signed ? { added: false, ...signed } : null,
    codeStatus: parts.code === null ? 'none' : codeProposed ? 'proposed' : 'registry',
    json: body.json,
    schema: body as unknown as Schema<RecordOf<F, A, O> & { type: Type }>,
  };
}

/** A record that other messages carry in place, without a `type` member of its own. */
export interface DefinedRecord<Type extends string, Body> extends Declaration {
  readonly type: Type;
  readonly schema: Schema<Body>;
}

export function defineRecord<
  const Type extends string,
  F extends Members,
  A extends Members = None,
  O extends Members = None,
>(
  parts: Omit<Parts<Type, F, A, O>, 'code' | 'codeProposed' | 'direction' | 'signed'>,
): DefinedRecord<Type, RecordOf<F, A, O>> {
  const { fields, added, optional, withdrawn, ...rest } = parts;
  const body = record({
    fields,
    ...(added && { added }),
    ...(optional && { optional }),
    ...(withdrawn && { withdrawn }),
  });
  return {
    legalIn: [],
    answeredBy: [],
    since: '1.0',
    aliases: [],
    readings: [],
    ...rest,
    code: null,
    codeStatus: 'none',
    direction: 'record',
    signed: null,
    json: body.json,
    schema: body as unknown as Schema<RecordOf<F, A, O>>,
  };
}
