/** L-E11: u32 length ‖ plaintext ‖ zeros, so that with a tag of 16 bytes it fills a bucket. */
import { concat, filled, integer } from './bytes.ts';

export type Tenths = 10 | 13 | 16 | 20;

const CAP = 65_536;

/** Size of ciphertext and tag. */
export function bucket(plaintextBytes: number, tenths: Tenths = 10): number {
  const needed = Math.ceil(((4 + plaintextBytes + 16) * tenths) / 10);
  if (needed > CAP) return CAP * Math.ceil(needed / CAP);
  return Math.max(512, 2 ** Math.ceil(Math.log2(needed)));
}

export function pad(plaintext: Uint8Array, tenths: Tenths = 10): Uint8Array {
  const zeros = bucket(plaintext.length, tenths) - 16 - 4 - plaintext.length;
  return concat(integer(plaintext.length, 4), plaintext, filled(zeros, 0));
}
