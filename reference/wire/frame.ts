/**
 * The binary frame (L-W01, X-FMT-01): a header of 62 bytes, big-endian, then the ciphertext.
 *
 *   0  version          u8, the major       22  sequence number  u64, 0 when unsequenced
 *   1  type             u8 (X-FMT-02)       30  previous hash    32 bytes, zero for the first
 *   2  length           u32, of ciphertext  62  ciphertext
 *   6  message id       16 bytes
 */
import { limits } from '../../spec/limits.ts';
import type { Declaration } from '../../spec/message.ts';
import { invariant, type Must } from '../assert.ts';
import { accept, type Result, refuse } from './result.ts';

export interface BinaryFrame {
  readonly major: number;
  /** Registry byte of the message type. */
  readonly code: number;
  /** 16 raw bytes (L-S09). */
  readonly messageId: Uint8Array;
  readonly sequenceNumber: number;
  /** 32 bytes. */
  readonly previousHash: Uint8Array;
  readonly ciphertext: Uint8Array;
}

const HEADER_BYTES = limits.frameHeaderBytes;
const ID_AT = 6;
const SEQUENCE_AT = 22;
const HASH_AT = 30;

export function encodeFrame(frame: BinaryFrame): Uint8Array {
  const { messageId, previousHash, ciphertext } = frame;
  invariant(messageId.length === SEQUENCE_AT - ID_AT, 'a message id has 16 bytes');
  invariant(previousHash.length === limits.hashBytes, 'a previous hash has 32 bytes');
  invariant(isByte(frame.major) && isByte(frame.code), 'version and type are bytes');
  invariant(Number.isSafeInteger(frame.sequenceNumber), 'a sequence number is a safe integer');
  const bytes = new Uint8Array(HEADER_BYTES + ciphertext.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, frame.major);
  view.setUint8(1, frame.code);
  view.setUint32(2, ciphertext.length);
  bytes.set(messageId, ID_AT);
  view.setBigUint64(SEQUENCE_AT, BigInt(frame.sequenceNumber));
  bytes.set(previousHash, HASH_AT);
  bytes.set(ciphertext, HEADER_BYTES);
  return bytes;
}

/**
 * Reads exactly one frame: bytes behind it are a fault, not the next one, since every carrier
 * delimits messages itself. The type byte is not looked up here: an unknown one is ignored by the
 * caller (X-ERR-06), not refused.
 */
export function decodeFrame(
  bytes: Uint8Array,
  { maxBytes, must }: { readonly maxBytes: number; readonly must: Must },
): Result<BinaryFrame> {
  if (!must('X-FMT-03', bytes.length <= maxBytes)) {
    return refuse('X-FMT-03', `${bytes.length} bytes, at most ${maxBytes}`);
  }
  if (!must('X-FMT-01', bytes.length >= HEADER_BYTES)) {
    return refuse('X-FMT-01', 'the header is short', { offset: bytes.length });
  }
  const header = headerOf(bytes);
  const view = new DataView(header.buffer);
  const declared = view.getUint32(2);
  const actual = bytes.length - HEADER_BYTES;
  if (!must('X-FMT-01', declared === actual)) {
    return refuse('X-FMT-01', `length ${declared}, but ${actual} bytes follow`, { offset: 2 });
  }
  const sequenceNumber = Number(view.getBigUint64(SEQUENCE_AT));
  if (!must('X-CAN-06', sequenceNumber <= limits.sequenceMaximum)) {
    return refuse('X-CAN-06', 'the sequence number is out of range', { offset: SEQUENCE_AT });
  }
  return accept({
    major: view.getUint8(0),
    code: view.getUint8(1),
    messageId: header.slice(ID_AT, SEQUENCE_AT),
    sequenceNumber,
    previousHash: header.slice(HASH_AT, HEADER_BYTES),
    ciphertext: bytes.slice(HEADER_BYTES, HEADER_BYTES + declared),
  });
}

/** Which type a code stands for, and back (X-FMT-02, L-W02). Null: not in the registry. */
export interface CodeTable {
  typeOf(code: number): string | null;
  codeOf(type: string): number | null;
}

export function createCodeTable(
  declarations: Iterable<Pick<Declaration, 'type' | 'code'>>,
): CodeTable {
  const types = new Map<number, string>();
  const codes = new Map<string, number>();
  for (const { type, code } of declarations) {
    if (code === null) continue;
    invariant(!types.has(code), `code ${code} stands for ${types.get(code)} and ${type}`);
    types.set(code, type);
    codes.set(type, code);
  }
  return {
    typeOf: (code) => types.get(code) ?? null,
    codeOf: (type) => codes.get(type) ?? null,
  };
}

/** The first 62 bytes; what a short frame lacks (X-FMT-01 switched off) reads as zero. */
function headerOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(HEADER_BYTES);
  header.set(bytes.subarray(0, HEADER_BYTES));
  return header;
}

function isByte(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xff;
}
