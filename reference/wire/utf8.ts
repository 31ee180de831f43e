/**
 * UTF-8 as RFC 3629 has it (X-CAN-07): no overlong form, no surrogate, nothing above U+10FFFF. The
 * check is apart from decoding, because a decoder tells neither where the fault is nor a
 * replacement character from one that was sent.
 */

/** What the second byte may be (RFC 3629 section 4), by the first. */
const SECOND_BYTES: { readonly [lead: number]: readonly [number, number] } = {
  224: [0xa0, 0xbf], // below: overlong
  237: [0x80, 0x9f], // above: surrogates
  240: [0x90, 0xbf], // below: overlong
  244: [0x80, 0x8f], // above: beyond Unicode
};
const ANY_SECOND_BYTE = [0x80, 0xbf] as const;

/** Byte at which the first sequence that is not UTF-8 begins, or −1. */
export function invalidUtf8At(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const length = sequenceLength(bytes, at, lead);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

/** Length of the well-formed sequence at `at`, or 0. */
function sequenceLength(bytes: Uint8Array, at: number, lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const second = bytes[at + 1] ?? 0;
  const [lowest, highest] = SECOND_BYTES[lead] ?? ANY_SECOND_BYTE;
  if (second < lowest || second > highest) return 0;
  if (lead < 0xe0) return 2;
  if (!isContinuation(bytes[at + 2])) return 0;
  if (lead < 0xf0) return 3;
  return isContinuation(bytes[at + 3]) ? 4 : 0;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >> 6 === 0b10;
}
