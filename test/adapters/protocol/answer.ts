/**
 * What an adapter may say (architecture §7.4). The schemas beside this file are the protocol; this
 * reads a line by them.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { plainText } from '../../../reports/characters.ts';
import type { VectorValue } from '../../../vectors/vector-file.ts';

export interface Identity {
  readonly name: string;
  readonly version: string;
  readonly language: string;
}

export type Answer =
  | { readonly kind: 'output'; readonly output: VectorValue }
  | { readonly kind: 'rejected'; readonly reason: string }
  | { readonly kind: 'unsupported' };

export type Response =
  | Answer
  | { readonly kind: 'hello'; readonly identity: Identity }
  /** The line keeps to no form: why. */
  | { readonly kind: 'bad-line'; readonly fault: string };

interface ResponseLine {
  readonly id: number;
  readonly name?: string;
  readonly version?: string;
  readonly language?: string;
  readonly output?: VectorValue;
  readonly rejected?: string;
}

/** As much of a line of the adapter's as is shown. */
const SHOWN_CHARACTERS = 200;

const forms = ['name', 'output', 'rejected', 'unsupported'];

type Validate = ReturnType<typeof compile>;
/** Compiled when first asked for. */
let validate: Validate | undefined;

/** `id` is 0 where the line names none. */
export function readResponse(line: string): { readonly id: number; readonly response: Response } {
  const value = parsed(line);
  if (value === undefined) return bad(0, 'it is not JSON');
  validate ??= compile();
  if (!validate(value)) return bad(idOf(value), faultOf(value, validate));
  return { id: value.id, response: responseOf(value) };
}

/** A line of the adapter's for a person: bounded, and nothing in it moves the cursor. */
export function shownLine(line: string): string {
  const shown = plainText(line.slice(0, SHOWN_CHARACTERS));
  const rest = line.length - SHOWN_CHARACTERS;
  return rest > 0 ? `${shown}… (${rest} characters more)` : shown;
}

function responseOf(line: ResponseLine): Response {
  const { name, version = '', language = '', output, rejected } = line;
  if (name !== undefined) return { kind: 'hello', identity: { name, version, language } };
  if (output !== undefined) return { kind: 'output', output };
  if (rejected !== undefined) return { kind: 'rejected', reason: rejected };
  return { kind: 'unsupported' };
}

function bad(id: number, fault: string): ReturnType<typeof readResponse> {
  return { id, response: { kind: 'bad-line', fault } };
}

/** The alternatives of the schema in one sentence; for the rest the schema compiler's own words. */
function faultOf(value: unknown, { errors }: Validate): string {
  const choice = errors?.find(({ keyword }) => keyword === 'oneOf');
  const said = forms.filter((form) => isRecord(value) && value[form] !== undefined);
  if (choice && said.length !== 1) {
    const what = said.length === 0 ? 'none' : said.join(' and ');
    return `it must say exactly one of output, rejected, unsupported; it says ${what}`;
  }
  const [first] = errors ?? [];
  return `${first?.instancePath ? `${first.instancePath} ` : 'it '}${first?.message ?? 'is wrong'}`;
}

function idOf(value: unknown): number {
  const id = isRecord(value) ? value.id : 0;
  return typeof id === 'number' && Number.isInteger(id) ? id : 0;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

function compile() {
  const text = readFileSync(new URL('response.schema.json', import.meta.url), 'utf8');
  return new Ajv2020({ validateSchema: false }).compile<ResponseLine>(JSON.parse(text));
}
