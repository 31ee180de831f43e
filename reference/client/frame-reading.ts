/**
 * From a frame to a JSON object (X-FMT-03, X-CAN). The JSON family speaks in text frames; a binary
 * one is another family's and is malformed here (X-FMT-01). Only what is settled comes as a value.
 */
import type { Json } from '../../spec/schema.ts';
import { invariant, type Must } from '../assert.ts';
import type { Frame } from '../core.ts';
import type { JsonObject } from '../crypto/crypto.ts';
import { parseStrict } from '../wire/parse.ts';
import { accept, type Result, refuse } from '../wire/result.ts';
import { isSettled } from '../wire/settled.ts';

export function sizeOf(frame: Frame): number {
  return frame.kind === 'value' ? frame.sizeBytes : frame.bytes.length;
}

export function readFrame(frame: Frame, maxBytes: number, must: Must): Result<JsonObject> {
  if (frame.kind === 'value') return readValue(frame.value, frame.sizeBytes, maxBytes, must);
  if (!must('X-FMT-01', frame.kind === 'text')) return refuse('X-FMT-01', 'a binary frame');
  const parsed = parseStrict(frame.bytes, { maxBytes, must });
  if (!parsed.ok) return parsed;
  return isObject(parsed.value) ? accept(parsed.value) : refuse('X-CAN-01', 'not an object');
}

function readValue(
  value: JsonObject,
  sizeBytes: number,
  maxBytes: number,
  must: Must,
): Result<JsonObject> {
  invariant(isSettled(value), 'only what is settled need not be parsed');
  if (must('X-FMT-03', sizeBytes <= maxBytes)) return accept(value);
  return refuse('X-FMT-03', `${sizeBytes} bytes, at most ${maxBytes}`);
}

/** The `type` member, or null where there is none to go by. */
export function typeOf(value: JsonObject): string | null {
  return typeof value.type === 'string' ? value.type : null;
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
