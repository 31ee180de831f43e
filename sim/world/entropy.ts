/**
 * Bytes that look random to a node and are a function of the seed, of who draws and of how often it
 * has been started: a server keeps its bytes when another is taken away.
 */
import { createStream, type StreamName } from '../philox.ts';

export type Entropy = (lengthBytes: number) => Uint8Array;

export function createEntropy(name: StreamName): Entropy {
  const stream = createStream(name);
  return (lengthBytes) => {
    const bytes = new Uint8Array(lengthBytes);
    let word = 0;
    for (let at = 0; at < lengthBytes; at += 1) {
      if ((at & 3) === 0) word = stream.word();
      bytes[at] = (word >>> ((at & 3) * 8)) & 0xff;
    }
    return bytes;
  };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Version 4 (L-S09). */
export function uuidFrom(entropy: Entropy): string {
  const bytes = entropy(16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => HEX[byte]).join('');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
