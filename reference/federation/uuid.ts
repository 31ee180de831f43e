/** A fresh identifier: lowercase UUID of version 4 (X-CAN-13, L-S09). */
import type { Context } from '../core.ts';

export function uuid({ entropy }: Pick<Context, 'entropy'>): string {
  const bytes = entropy(16);
  const hex = Array.from(bytes, (byte, at) => marked(byte, at).toString(16).padStart(2, '0'));
  const text = hex.join('');
  const groups = [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20)];
  return [...groups, text.slice(20)].join('-');
}

/** What is echoed in an error of ours is well-formed itself (X-CAN-13, L-S09). */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && FORM.test(text);
}

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Version 4 in the seventh byte, the variant in the ninth. */
function marked(byte: number, at: number): number {
  if (at === 6) return (byte & 0x0f) | 0x40;
  if (at === 8) return (byte & 0x3f) | 0x80;
  return byte;
}
