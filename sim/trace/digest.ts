/** FNV-1a of 32 bits: tells two runs apart, protects nothing. */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

export function digestOfText(text: string, from = OFFSET): number {
  let hash = from;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), PRIME);
    hash = Math.imul(hash ^ (unit >>> 8), PRIME);
  }
  return hash >>> 0;
}

export function digestOfBytes(bytes: Uint8Array, from = OFFSET): number {
  let hash = from;
  for (let at = 0; at < bytes.length; at += 1)
    hash = Math.imul(hash ^ (bytes[at] as number), PRIME);
  return hash >>> 0;
}
