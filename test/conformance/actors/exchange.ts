/**
 * Everything that crosses a wire of a case, in both directions: recorded for the report, and
 * judged. A message of ours that our own schema refuses is a defect of the suite, unless the case
 * bent it; one of the subject's that is malformed breaks the requirement that its fault names.
 */
import { createMust } from '../../../reference/assert.ts';
import type { Micros } from '../../../reference/time.ts';
import { canonicalText } from '../../../reference/wire/canonical.ts';
import { isObject, type Json, type JsonObject } from '../../../reference/wire/json.ts';
import { parseStrict } from '../../../reference/wire/parse.ts';
import { createValidator } from '../../../reference/wire/validate.ts';
import { parseVersion } from '../../../reference/wire/version.ts';
import { limits } from '../../../spec/limits.ts';
import { SuiteError } from '../case.ts';
import type { Received } from '../stage.ts';
import type { Judge } from './judge.ts';

/** Which way a message goes, and in which channel of the case (`device 1`, `link 2`). */
export interface Route {
  readonly from: string;
  readonly to: string;
  readonly channel: string;
}

/** One message, or one event of a channel, as results.json has it. */
export interface Exchanged extends Route {
  /** Since the case began, by the suite's clock. */
  readonly atMicros: Micros;
  /** Message type, or an event in brackets: `(closed 1002)`. */
  readonly type: string;
  /** As on the wire, cut to a sane length; null for events. */
  readonly text: string | null;
  readonly sizeBytes: number;
  readonly valid: boolean;
  readonly invalidBecause: string | null;
}

export interface Exchange {
  readonly entries: readonly Exchanged[];
  event(route: Route, what: string): void;
  /** Text of a valid message of ours. Throws SuiteError when our own schema refuses it. */
  send(route: Route, message: JsonObject, version: string): string;
  /** Text of whatever the case wants to send; bytes and texts stay as they are. */
  sendRaw(route: Route, frame: string | Uint8Array | JsonObject, version: string): string;
  /** The subject's message. Null when its type is unknown, which is to be ignored (X-ERR-06). */
  receive(route: Route, text: string, version: string): Received | null;
  isValid(message: Json, version: string): boolean;
}

/** Longest text that the report keeps of one message. */
const KEPT_CHARACTERS = 16_384;

const must = createMust();
const validate = createValidator({ must });
const encoder = new TextEncoder();

export function createExchange(now: () => Micros, judge: Judge): Exchange {
  const entries: Exchanged[] = [];
  const startedAt = now();

  function record(route: Route, type: string, text: string | null, invalidBecause: string | null) {
    entries.push({
      ...route,
      atMicros: now() - startedAt,
      type,
      text: text === null ? null : shortened(text),
      sizeBytes: text === null ? 0 : Buffer.byteLength(text),
      valid: invalidBecause === null,
      invalidBecause,
    });
  }

  return {
    entries,
    event: (route, what) => record(route, `(${what})`, null, null),
    send(route, message, version) {
      const text = canonicalText(message);
      const judged = validate(message, version);
      record(route, typeOf(message), text, judged.ok ? null : judged.error.detail);
      if (judged.ok) return text;
      const { detail, path = '' } = judged.error;
      throw new SuiteError(`our ${typeOf(message)} is refused by our schema: ${detail} at ${path}`);
    },
    sendRaw(route, frame, version) {
      const text = rawText(frame);
      const value = parsedOurs(text);
      record(route, typeOf(value), text, faultOf(value, version));
      return text;
    },
    receive(route, text, version) {
      const parsed = parseStrict(encoder.encode(text), {
        maxBytes: limits.federationBodyBytes,
        must,
      });
      const judged = parsed.ok ? validate(parsed.value, versionOf(parsed.value, version)) : parsed;
      const type = parsed.ok ? typeOf(parsed.value) : '(not JSON)';
      record(route, type, text, judged.ok ? null : judged.error.detail);
      if (judged.ok) return { message: judged.value, text, at: now() };
      if ('kind' in judged.error && judged.error.kind === 'unknown-type') return null;
      const { requirement, detail, path = '' } = judged.error;
      throw judge.broken(requirement, {
        what: `${type} of the subject is malformed: ${detail}${path && ` at ${path}`}`,
        expected: `a well-formed ${type}`,
        got: shortened(text),
      });
    },
    isValid: (message, version) => validate(message, version).ok,
  };
}

/**
 * The answers that close a negotiation are judged by the version they name: a build that is left
 * with 1.0 may lack what 1.0 lacks (L-V12). Whether that version was rightly chosen is judged
 * afterwards.
 */
function versionOf(message: Json, spoken: string): string {
  if (!isObject(message)) return spoken;
  const named = message.negotiated_version ?? message.accepted_version;
  return typeof named === 'string' && parseVersion(named).ok ? named : spoken;
}

function typeOf(value: Json | undefined): string {
  const type = value !== undefined && isObject(value) ? value.type : undefined;
  return typeof type === 'string' ? type : '(no type)';
}

/**
 * JSON.stringify, not the canonical form: nulls and the order of members stay as the case wants.
 */
function rawText(frame: string | Uint8Array | JsonObject): string {
  if (typeof frame === 'string') return frame;
  return frame instanceof Uint8Array ? new TextDecoder().decode(frame) : JSON.stringify(frame);
}

/** Our own hostile text, read leniently: only to name it in the report and to prove it. */
export function parsedOurs(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faultOf(value: Json | undefined, version: string): string | null {
  if (value === undefined) return 'not JSON';
  const judged = validate(value, version);
  return judged.ok ? null : judged.error.detail;
}

function shortened(text: string): string {
  if (text.length <= KEPT_CHARACTERS) return text;
  const left = text.length - KEPT_CHARACTERS;
  return `${text.slice(0, KEPT_CHARACTERS)}… (${left} more characters)`;
}
