/** Identifiers: lowercase UUIDs of version 4 (X-CAN-13, L-S09). */
import { invariant } from '../assert.ts';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** Version 4 in the seventh byte, the variant in the ninth. */
const VERSION_AT = 6;
const VARIANT_AT = 8;

/** Of 16 bytes; as unpredictable as they are, but for the six bits that say what it is. */
export function uuidOf(bytes: Uint8Array): string {
  invariant(bytes.length === 16, 'a UUID takes 16 bytes');
  let text = '';
  for (let at = 0; at < 16; at += 1) {
    if (at === 4 || at === 6 || at === 8 || at === 10) text += '-';
    text += HEX[marked(bytes[at] as number, at)];
  }
  return text;
}

function marked(byte: number, at: number): number {
  if (at === VERSION_AT) return (byte & 0x0f) | 0x40;
  if (at === VARIANT_AT) return (byte & 0x3f) | 0x80;
  return byte;
}
