/**
 * The bytes of certificate transparency (RFC 6962 3.2 to 3.5) and of one entry of `ct_log_proofs`,
 * which the documents leave open (choices.md, NORC-T). All numbers are big-endian.
 */
import type { LogEntryKind, LogSignature } from '../../crypto/x509-evidence.ts';

/** RFC 6962 3.2. */
export interface Timestamp {
  /** 32 bytes: SHA-256 of the log's key. */
  readonly logId: Uint8Array;
  readonly timestampMs: number;
  readonly extensions: Uint8Array;
  readonly signature: LogSignature;
}

/** RFC 6962 3.5, with the place of the entry in the tree and the path to its root. */
export interface Inclusion {
  readonly treeSize: number;
  readonly treeTimestampMs: number;
  readonly rootHash: Uint8Array;
  readonly signature: LogSignature;
  readonly leafIndex: number;
  readonly path: readonly Uint8Array[];
}

export interface LogProof {
  readonly entry: LogEntryKind;
  readonly timestamp: Timestamp;
  /** Null: the promise of the log alone. */
  readonly inclusion: Inclusion | null;
}

export const HASH_BYTES = 32;
const VERSION_1 = 0;
const KINDS: readonly LogEntryKind[] = ['certificate', 'precertificate'];
/** A tree of more leaves than this has no number in JSON. */
const MOST_LEAVES = BigInt(Number.MAX_SAFE_INTEGER);

/** Reads once through the bytes; whoever reads past the end gets undefined from `read`. */
interface Reader {
  uint(lengthBytes: 1 | 2): number;
  long(): number;
  take(lengthBytes: number): Uint8Array;
}

/**
 * | at | bytes | holds                                                       |
 * | -- | ----- | ----------------------------------------------------------- |
 * | 0  | 1     | 0: timestamp, 1: timestamp and inclusion                    |
 * | 1  | 1     | what the log has signed: 0 certificate, 1 precertificate    |
 * | 2  | 2 + n | length, signed certificate timestamp                        |
 * |    | 8     | tree size                                                   |
 * |    | 8     | timestamp of the tree head, milliseconds                    |
 * |    | 32    | root hash                                                   |
 * |    | 4 + n | algorithm (2), length (2), signature of the tree head       |
 * |    | 8     | index of the leaf                                           |
 * |    | 1     | number of nodes                                             |
 * |    | 32·k  | nodes of the path, leaf to root                             |
 */
export function readLogProof(bytes: Uint8Array): LogProof | undefined {
  return readWhole(bytes, (reader) => {
    const kind = reader.uint(1);
    const entry = KINDS[reader.uint(1)];
    const timestamp = readTimestamp(reader.take(reader.uint(2)));
    if (kind > 1 || entry === undefined || !timestamp) return undefined;
    return { entry, timestamp, inclusion: kind === 1 ? readInclusion(reader) : null };
  });
}

/** A timestamp out of a certificate, as the entry that we show. */
export function timestampProof(timestamp: Uint8Array): Uint8Array {
  const { length } = timestamp;
  return Uint8Array.from([0, 1, length >> 8, length & 0xff, ...timestamp]);
}

export function readTimestamp(bytes: Uint8Array): Timestamp | undefined {
  return readWhole(bytes, (reader) => {
    if (reader.uint(1) !== VERSION_1) return undefined;
    return {
      logId: reader.take(HASH_BYTES),
      timestampMs: reader.long(),
      extensions: reader.take(reader.uint(2)),
      signature: readSignature(reader),
    };
  });
}

function readInclusion(reader: Reader): Inclusion {
  return {
    treeSize: reader.long(),
    treeTimestampMs: reader.long(),
    rootHash: reader.take(HASH_BYTES),
    signature: readSignature(reader),
    leafIndex: reader.long(),
    path: Array.from({ length: reader.uint(1) }, () => reader.take(HASH_BYTES)),
  };
}

function readSignature(reader: Reader): LogSignature {
  return { algorithm: reader.uint(2), bytes: reader.take(reader.uint(2)) };
}

/** Undefined where the bytes end too early or too late. */
function readWhole<T>(bytes: Uint8Array, read: (reader: Reader) => T | undefined): T | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let isBroken = false;
  const advance = (lengthBytes: number): number | undefined => {
    const from = at;
    at += lengthBytes;
    if (at <= bytes.length) return from;
    isBroken = true;
    return undefined;
  };
  const found = read({
    uint(lengthBytes) {
      const from = advance(lengthBytes);
      if (from === undefined) return 0;
      return lengthBytes === 1 ? view.getUint8(from) : view.getUint16(from);
    },
    long() {
      const from = advance(8);
      const value = from === undefined ? 0n : view.getBigUint64(from);
      if (value > MOST_LEAVES) isBroken = true;
      return Number(value);
    },
    take(lengthBytes) {
      const from = advance(lengthBytes);
      return from === undefined ? new Uint8Array() : bytes.slice(from, from + lengthBytes);
    },
  });
  return isBroken || at !== bytes.length ? undefined : found;
}

/** What a log signs in a timestamp (RFC 6962 3.2). */
export function timestampMessage(
  { timestampMs, extensions }: Timestamp,
  entry: LogEntryKind,
  signedEntry: Uint8Array,
): Uint8Array {
  return Uint8Array.from([
    VERSION_1,
    0, // certificate_timestamp
    ...timestampedEntry({ timestampMs, extensions }, entry, signedEntry),
  ]);
}

/** The leaf of the tree, to be hashed behind a zero byte (RFC 6962 3.4). */
export function treeLeaf(
  timestamp: Timestamp,
  entry: LogEntryKind,
  signedEntry: Uint8Array,
): Uint8Array {
  // The version and the type of the leaf are both zero.
  return Uint8Array.from([0, 0, ...timestampedEntry(timestamp, entry, signedEntry)]);
}

/** What a log signs in a tree head (RFC 6962 3.5). */
export function treeHeadMessage({ treeTimestampMs, treeSize, rootHash }: Inclusion): Uint8Array {
  return Uint8Array.from([
    VERSION_1,
    1, // tree_hash
    ...longBytes(treeTimestampMs),
    ...longBytes(treeSize),
    ...rootHash,
  ]);
}

function timestampedEntry(
  { timestampMs, extensions }: Pick<Timestamp, 'timestampMs' | 'extensions'>,
  entry: LogEntryKind,
  signedEntry: Uint8Array,
): Uint8Array {
  const { length } = extensions;
  const type = KINDS.indexOf(entry);
  return Uint8Array.from([
    ...longBytes(timestampMs),
    ...[0, type],
    ...signedEntry,
    ...[length >> 8, length & 0xff],
    ...extensions,
  ]);
}

function longBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
