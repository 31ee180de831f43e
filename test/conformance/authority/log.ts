/**
 * The suite's log of certificates (RFC 6962): it promises by a timestamp to show a certificate, and
 * shows it in a tree whose head it signs. Faults are a case's to make out of its parts.
 */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { join, partsOf } from './der.ts';

type Bytes = Uint8Array;

export interface CertificateLog {
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Bytes;
  /** What it signs of a certificate: the certificate itself, or its precertificate. */
  timestamp(entry: LogEntry, atMs: number): Bytes;
  /** An entry of `ct_log_proofs` with an inclusion proof, in a tree of so many leaves. */
  inclusion(entry: LogEntry, place: { atMs: number; index: number; size: number }): Bytes;
}

export interface LogEntry {
  readonly kind: 'certificate' | 'precertificate';
  readonly signed: Bytes;
}

const ECDSA_SHA256 = [4, 3];
const ED25519 = [8, 7];

export function createLog(kind: 'ecdsa_p256' | 'ed25519' = 'ecdsa_p256'): CertificateLog {
  const key =
    kind === 'ed25519'
      ? generateKeyPairSync('ed25519').privateKey
      : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const publicKey = Uint8Array.from(createPublicKey(key).export({ type: 'spki', format: 'der' }));
  const timestamp: CertificateLog['timestamp'] = (entry, atMs) => {
    const promise = join([Uint8Array.of(0, 0), timestampedEntry(entry, atMs)]);
    return join([
      Uint8Array.of(0),
      sha256(publicKey),
      long(atMs),
      Uint8Array.of(0, 0),
      digitallySigned(key, promise),
    ]);
  };
  return {
    publicKey,
    timestamp,
    inclusion(entry, { atMs, index, size }) {
      const leaves = Array.from({ length: size }, (_, at) =>
        at === index
          ? sha256(Uint8Array.of(0), Uint8Array.of(0, 0), timestampedEntry(entry, atMs))
          : sha256(Uint8Array.of(0), long(at)),
      );
      const head = join([long(atMs), long(size), rootOf(leaves)]);
      const path = pathTo(index, leaves);
      return join([
        proofOf(1, entry, timestamp(entry, atMs)),
        ...[long(size), long(atMs), rootOf(leaves)],
        digitallySigned(key, join([Uint8Array.of(0, 1), head])),
        long(index),
        Uint8Array.of(path.length),
        ...path,
      ]);
    },
  };
}

/** The first part of an entry of `ct_log_proofs` (choices.md, NORC-T). */
export function proofOf(kind: 0 | 1, entry: LogEntry, timestamp: Bytes): Bytes {
  return join([Uint8Array.of(kind, typeOf(entry)), short(timestamp.length), timestamp]);
}

export function certificateEntry(der: Bytes): LogEntry {
  return { kind: 'certificate', signed: join([short3(der.length), der]) };
}

/** `tbs`: without the timestamps. */
export function precertificateEntry(tbs: Bytes, issuerDer: Bytes): LogEntry {
  const signed = join([sha256(partsOf(issuerDer).spki), short3(tbs.length), tbs]);
  return { kind: 'precertificate', signed };
}

/** The extension value of RFC 6962 3.3: a list of one, inside its own octet string. */
export function timestampList(timestamp: Bytes): Bytes {
  return join([short(timestamp.length + 2), short(timestamp.length), timestamp]);
}

const typeOf = ({ kind }: LogEntry): number => (kind === 'certificate' ? 0 : 1);

function timestampedEntry(entry: LogEntry, atMs: number): Bytes {
  return join([long(atMs), Uint8Array.of(0, typeOf(entry)), entry.signed, Uint8Array.of(0, 0)]);
}

function digitallySigned(key: KeyObject, message: Bytes): Bytes {
  const isEd25519 = key.asymmetricKeyType === 'ed25519';
  const signature = Uint8Array.from(sign(isEd25519 ? null : 'sha256', message, key));
  const algorithm = Uint8Array.from(isEd25519 ? ED25519 : ECDSA_SHA256);
  return join([algorithm, short(signature.length), signature]);
}

/** RFC 6962 2.1: the tree over hashed leaves, split at the largest power of two below their number. */
function rootOf(leaves: readonly Bytes[]): Bytes {
  const [only = new Uint8Array(32)] = leaves;
  if (leaves.length <= 1) return only;
  const [left, right] = split(leaves);
  return sha256(Uint8Array.of(1), rootOf(left), rootOf(right));
}

function pathTo(index: number, leaves: readonly Bytes[]): readonly Bytes[] {
  if (leaves.length <= 1) return [];
  const [left, right] = split(leaves);
  if (index < left.length) return [...pathTo(index, left), rootOf(right)];
  return [...pathTo(index - left.length, right), rootOf(left)];
}

function split(leaves: readonly Bytes[]): [readonly Bytes[], readonly Bytes[]] {
  let at = 1;
  while (at * 2 < leaves.length) at *= 2;
  return [leaves.slice(0, at), leaves.slice(at)];
}

const short = (value: number): Bytes => Uint8Array.of(value >> 8, value & 0xff);
const short3 = (value: number): Bytes =>
  Uint8Array.of(value >> 16, (value >> 8) & 0xff, value & 0xff);

function long(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function sha256(...parts: readonly Bytes[]): Bytes {
  return Uint8Array.from(createHash('sha256').update(join(parts)).digest());
}
