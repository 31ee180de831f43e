/**
 * Certificate transparency (T-RESP-06): a log that we know has promised to show the leaf, or shows
 * it already. A proof of a known log that does not hold is a forgery and spoils the rest; logs that
 * we do not know prove nothing, and are passed over.
 */
import { limits } from '../../../spec/limits.ts';
import type { X509 } from '../../crypto/x509.ts';
import { type Micros, millis, seconds } from '../../time.ts';
import { bytesOf } from '../../wire/base64url.ts';
import type { ReadChain } from './chain.ts';
import {
  type Inclusion,
  type LogProof,
  readLogProof,
  readTimestamp,
  timestampMessage,
  treeHeadMessage,
  treeLeaf,
} from './log-proof.ts';

export interface TransparencyEvidence {
  /** Known logs: base64url of each SubjectPublicKeyInfo. */
  readonly logs: readonly string[];
  /** As T4 carries them. */
  readonly proofs: readonly Uint8Array[];
}

export function isTransparent(
  x509: X509,
  read: ReadChain,
  { logs, proofs }: TransparencyEvidence,
  now: Micros,
): boolean {
  const shown = [...proofs.map(readLogProof), ...embedded(x509, read)];
  const verdicts = shown.map((proof) => (proof ? judge(x509, read, logs, proof, now) : 'forged'));
  return verdicts.includes('sound') && !verdicts.includes('forged');
}

/** Inside a certificate stands what was promised for its precertificate (RFC 6962 3.3). */
function embedded(x509: X509, { leaf }: ReadChain): (LogProof | undefined)[] {
  return x509.embeddedTimestamps(leaf).map((bytes) => {
    const timestamp = readTimestamp(bytes);
    return timestamp && { entry: 'precertificate', timestamp, inclusion: null };
  });
}

function judge(
  x509: X509,
  { path: [leaf, issuer] }: ReadChain,
  logs: readonly string[],
  { entry, timestamp, inclusion }: LogProof,
  now: Micros,
): 'sound' | 'forged' | 'unknown log' {
  const log = logs.find((key) => isSame(x509.sha256(bytesOf(key)), timestamp.logId));
  if (log === undefined) return 'unknown log';
  if (leaf === undefined || issuer === undefined) return 'forged';
  const signedEntry = x509.logEntry(leaf, issuer, entry);
  if (!signedEntry || isAhead(timestamp.timestampMs, now)) return 'forged';
  const promise = timestampMessage(timestamp, entry, signedEntry);
  if (!x509.verifyLog(log, promise, timestamp.signature)) return 'forged';
  if (inclusion === null) return 'sound';
  const leafHash = x509.sha256(Uint8Array.of(0), treeLeaf(timestamp, entry, signedEntry));
  return isIncluded(x509, log, inclusion, leafHash, now) ? 'sound' : 'forged';
}

function isAhead(timestampMs: number, now: Micros): boolean {
  return millis(timestampMs) > now + seconds(limits.federationSkewSeconds);
}

function isIncluded(
  x509: X509,
  log: string,
  inclusion: Inclusion,
  leafHash: Uint8Array,
  now: Micros,
): boolean {
  const { signature, treeTimestampMs, rootHash } = inclusion;
  if (isAhead(treeTimestampMs, now)) return false;
  if (!x509.verifyLog(log, treeHeadMessage(inclusion), signature)) return false;
  const root = rootFrom(x509, inclusion, leafHash);
  return root !== undefined && isSame(root, rootHash);
}

/** The root that the path leads to; undefined where it is too long or too short (RFC 9162 2.1.3.2). */
export function rootFrom(
  x509: Pick<X509, 'sha256'>,
  { treeSize, leafIndex, path }: Pick<Inclusion, 'treeSize' | 'leafIndex' | 'path'>,
  leafHash: Uint8Array,
): Uint8Array | undefined {
  if (leafIndex >= treeSize) return undefined;
  const join = (left: Uint8Array, right: Uint8Array) => x509.sha256(Uint8Array.of(1), left, right);
  let place = leafIndex;
  let last = treeSize - 1;
  let hash = leafHash;
  for (const node of path) {
    if (last === 0) return undefined;
    const isRightmost = place === last;
    if (place % 2 === 1 || isRightmost) {
      hash = join(node, hash);
      // A right border goes up without siblings until it is a right child.
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      hash = join(hash, node);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 ? hash : undefined;
}

const half = (value: number): number => Math.floor(value / 2);

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
