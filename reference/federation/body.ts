/** From the body of a request or an answer to a JSON object (X-FMT-03, X-CAN). */
import { invariant } from '../assert.ts';
import type { Context, Frame } from '../core.ts';
import type { JsonObject } from '../crypto/crypto.ts';
import { isObject } from '../wire/json.ts';
import { parseStrict } from '../wire/parse.ts';
import { accept, type Result, refuse } from '../wire/result.ts';
import { isSettled } from '../wire/settled.ts';

export function sizeOf(frame: Frame): number {
  return frame.kind === 'value' ? frame.sizeBytes : frame.bytes.length;
}

/** The size is judged before anything is read. */
export function readBody(frame: Frame, maxBytes: number, { must }: Context): Result<JsonObject> {
  if (frame.kind === 'value') {
    invariant(isSettled(frame.value), 'only what is settled need not be parsed');
    const fits = must('X-FMT-03', frame.sizeBytes <= maxBytes);
    return fits ? accept(frame.value) : refuse('X-FMT-03', `${frame.sizeBytes} bytes`);
  }
  const parsed = parseStrict(frame.bytes, { maxBytes, must });
  if (!parsed.ok) return parsed;
  return isObject(parsed.value) ? accept(parsed.value) : refuse('X-CAN-01', 'not an object');
}
