/**
 * Bytes that look random to a node and are a function of the seed, of who draws and of how often it
 * has been started: a server keeps its bytes when another is taken away.
 */
import { uuidOf } from '../../reference/wire/uuid.ts';
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

/** Version 4 (L-S09). */
export const uuidFrom = (entropy: Entropy): string => uuidOf(entropy(16));
