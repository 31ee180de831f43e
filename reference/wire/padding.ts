/**
 * Padding of end-to-end plaintext (L-E11): u32 length ‖ plaintext ‖ zeros, inside the AEAD, so that
 * the ciphertext with its tag has one of few sizes (X-PAD-01).
 *
 *   ciphertext + tag   512, 1024, … 65 536; above that multiples of 65 536
 */
import { limits } from '../../spec/limits.ts';
import { invariant, type Must } from '../assert.ts';
import { accept, type Result, refuse } from './result.ts';

const LENGTH_BYTES = 4;
const TAG_BYTES = limits.aeadTagBytes;

/** X-PAD-05: 1.0, 1.3, 1.6 or 2.0, in tenths so that sizes are exact. Never disclosed. */
export type PaddingTenths = (typeof limits.paddingMultipliersTenths)[number];

/** Size in bytes of ciphertext and tag for a plaintext of `lengthBytes`. */
export function bucketFor(lengthBytes: number, tenths: PaddingTenths = 10): number {
  const needed = LENGTH_BYTES + lengthBytes + TAG_BYTES;
  // The multiplier comes first and then the next bucket up, so padding never shrinks (L-E11).
  return nextBucket(Math.ceil((needed * tenths) / 10));
}

/** The plaintext to seal: 16 bytes shorter than its bucket, the room of the tag. */
export function pad(plaintext: Uint8Array, tenths: PaddingTenths = 10): Uint8Array {
  invariant(plaintext.length <= 0xffffffff, 'plaintext too long for its length prefix');
  const padded = new Uint8Array(bucketFor(plaintext.length, tenths) - TAG_BYTES);
  new DataView(padded.buffer).setUint32(0, plaintext.length);
  padded.set(plaintext, LENGTH_BYTES);
  return padded;
}

/** Takes the padding off what an AEAD has opened. */
export function unpad(padded: Uint8Array, must: Must): Result<Uint8Array> {
  if (!must('X-PAD-01', isBucket(padded.length + TAG_BYTES))) {
    return refuse('X-PAD-01', `${padded.length + TAG_BYTES} bytes is no bucket`);
  }
  const room = padded.length - LENGTH_BYTES;
  const lengthBytes = declaredLength(padded);
  if (!must('X-PAD-03', lengthBytes <= room)) {
    return refuse('X-PAD-03', `length ${lengthBytes} in ${room} bytes`, { offset: 0 });
  }
  const end = LENGTH_BYTES + Math.min(lengthBytes, Math.max(room, 0));
  if (!must('X-PAD-03', isZeroFrom(padded, end))) {
    return refuse('X-PAD-03', 'padding is not zero', { offset: end });
  }
  return accept(padded.slice(LENGTH_BYTES, end));
}

/** X-PAD-01: whether `sizeBytes` is a size that padded ciphertext may have. */
export function isBucket(sizeBytes: number): boolean {
  return sizeBytes > 0 && sizeBytes === nextBucket(sizeBytes);
}

function nextBucket(sizeBytes: number): number {
  const cap = limits.paddingCapBytes;
  if (sizeBytes > cap) return Math.ceil(sizeBytes / cap) * cap;
  let bucket: number = limits.paddingMinimumBytes;
  while (bucket < sizeBytes) bucket *= 2;
  return bucket;
}

function declaredLength(padded: Uint8Array): number {
  if (padded.length < LENGTH_BYTES) return 0;
  return new DataView(padded.buffer, padded.byteOffset).getUint32(0);
}

/** Reads to the end whatever it meets: the time taken tells nothing of where the fill is wrong. */
function isZeroFrom(bytes: Uint8Array, start: number): boolean {
  let seen = 0;
  for (let at = start; at < bytes.length; at += 1) seen |= bytes[at] ?? 0;
  return seen === 0;
}
