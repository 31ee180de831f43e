/**
 * AAD_v1 (L-E08, X-AAD-01): what the AEAD of end-to-end content authenticates beside the content.
 *
 *   0  protocol major   u8       11  message id            16 bytes
 *   1  protocol minor   u8       27  ciphertext length     u32, with padding and tag (X-AAD-04)
 *   2  message type     u8       31  previous message hash 32 bytes
 *   3  sequence number  u64      63  transcript hash       32 bytes            95 bytes, big-endian
 */
import { limits } from '../../spec/limits.ts';
import { invariant } from '../assert.ts';

export interface AadFields {
  readonly major: number;
  readonly minor: number;
  /** Registry code of the end-to-end type that carries the content (X-AAD-05). */
  readonly messageTypeCode: number;
  /** 0 when unsequenced (X-AAD-02). */
  readonly sequenceNumber: number;
  /** 16 raw bytes (L-S09). */
  readonly messageId: Uint8Array;
  readonly ciphertextBytes: number;
  /** 32 bytes; zero for the first of a chain. */
  readonly previousHash: Uint8Array;
  /** 32 bytes; zero outside end-to-end sessions (L-E07). */
  readonly transcriptHash: Uint8Array;
}

export function encodeAad(fields: AadFields): Uint8Array {
  const aad = new Uint8Array(limits.aadBytes);
  const view = new DataView(aad.buffer);
  view.setUint8(0, within(fields.major, 0xff, 'major'));
  view.setUint8(1, within(fields.minor, 0xff, 'minor'));
  view.setUint8(2, within(fields.messageTypeCode, 0xff, 'message type'));
  const sequence = within(fields.sequenceNumber, limits.sequenceMaximum, 'sequence number');
  view.setBigUint64(3, BigInt(sequence));
  aad.set(sized(fields.messageId, 16, 'message id'), 11);
  view.setUint32(27, within(fields.ciphertextBytes, 0xffffffff, 'ciphertext length'));
  aad.set(sized(fields.previousHash, limits.hashBytes, 'previous hash'), 31);
  aad.set(sized(fields.transcriptHash, limits.hashBytes, 'transcript hash'), 63);
  return aad;
}

function within(value: number, maximum: number, what: string): number {
  const fits = Number.isInteger(value) && value >= 0 && value <= maximum;
  invariant(fits, `${what} ${value} does not fit AAD_v1`);
  return value;
}

function sized(bytes: Uint8Array, lengthBytes: number, what: string): Uint8Array {
  invariant(bytes.length === lengthBytes, `${what} has ${bytes.length} bytes`);
  return bytes;
}
