/** A fresh identifier: lowercase UUID of version 4 (X-CAN-13, L-S09). */
import type { Context } from '../core.ts';
import { uuidOf } from '../wire/uuid.ts';

export function uuid({ entropy }: Pick<Context, 'entropy'>): string {
  return uuidOf(entropy(16));
}

/** What is echoed in an error of ours is well-formed itself (X-CAN-13, L-S09). */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && FORM.test(text);
}

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
