/**
 * What an issuer says of its certificates: OCSP answers (RFC 6960) and revocation lists (RFC 5280
 * 5), good unless a case asks for a fault.
 */
import { createHash, type KeyObject, sign } from 'node:crypto';
import {
  bitString,
  enumerated,
  explicit,
  generalizedTime,
  integer,
  join,
  nothing,
  objectId,
  octetString,
  partsOf,
  sequence,
  tlv,
  truth,
} from './der.ts';

type Bytes = Uint8Array;

export interface Signer {
  readonly der: Bytes;
  readonly key: KeyObject;
}

export interface OcspOptions {
  readonly nowMs: number;
  readonly status?: 'good' | 'revoked' | 'unknown';
  /** Default: an hour ago. */
  readonly thisUpdateMs?: number;
  /** Default: in an hour. Null: not said. */
  readonly nextUpdateMs?: number | null;
  /** Whoever signs instead of the issuer; its certificate is enclosed. */
  readonly responder?: Signer;
  /** The number of another certificate of the issuer's. */
  readonly serial?: Bytes;
  /** By which hash the certificate is named. Default: SHA-1, as RFC 5019 has it. */
  readonly naming?: 'sha1' | 'sha256';
  /** One bit of the signature is wrong. */
  readonly isForged?: true;
}

const HOUR_MS = 3_600_000;
const NAMING = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1' };
const OCSP_BASIC = '1.3.6.1.5.5.7.48.1.1';
const CRL_NUMBER = '2.5.29.20';

export function ocspResponse(der: Bytes, issuer: Signer, options: OcspOptions): Bytes {
  const signer = options.responder ?? issuer;
  const data = responseData(der, issuer, signer, options);
  const enclosed = options.responder ? [explicit(0, sequence(options.responder.der))] : [];
  const basic = sequence(...signed(data, signer.key, options.isForged === true), ...enclosed);
  const successful = enumerated(0);
  const bytes = sequence(objectId(OCSP_BASIC), octetString(basic));
  return sequence(successful, explicit(0, bytes));
}

function responseData(der: Bytes, issuer: Signer, signer: Signer, options: OcspOptions): Bytes {
  const { nowMs, thisUpdateMs = nowMs - HOUR_MS, nextUpdateMs = nowMs + HOUR_MS } = options;
  const next = nextUpdateMs === null ? [] : [explicit(0, generalizedTime(nextUpdateMs))];
  const single = sequence(
    certificateId(der, issuer, options),
    statusOf(options.status ?? 'good', thisUpdateMs),
    generalizedTime(thisUpdateMs),
    ...next,
  );
  const byKey = explicit(2, octetString(hash('sha1', partsOf(signer.der).keyBits)));
  return sequence(byKey, generalizedTime(thisUpdateMs), sequence(single));
}

function certificateId(der: Bytes, issuer: Signer, options: OcspOptions): Bytes {
  const naming = options.naming ?? 'sha1';
  const { issuer: name, serial } = partsOf(der);
  return sequence(
    sequence(objectId(NAMING[naming]), nothing),
    octetString(hash(naming, name)),
    octetString(hash(naming, partsOf(issuer.der).keyBits)),
    integer(options.serial ?? serial),
  );
}

function statusOf(status: 'good' | 'revoked' | 'unknown', atMs: number): Bytes {
  if (status === 'revoked') return explicit(1, generalizedTime(atMs));
  return tlv(status === 'good' ? 0x80 : 0x82);
}

export interface CrlOptions {
  readonly nowMs: number;
  readonly thisUpdateMs?: number;
  readonly nextUpdateMs?: number;
  /** Certificates that it lists. */
  readonly revoked?: readonly Bytes[];
  readonly signer?: Signer;
  /** Marks it as a delta (RFC 5280 5.2.4), which says nothing of what it does not list. */
  readonly isDelta?: true;
}

export function revocationList(issuer: Signer, options: CrlOptions): Bytes {
  const { nowMs, thisUpdateMs = nowMs - HOUR_MS, nextUpdateMs = nowMs + HOUR_MS } = options;
  const key = (options.signer ?? issuer).key;
  const entries = (options.revoked ?? []).map((der) =>
    sequence(integer(partsOf(der).serial), generalizedTime(thisUpdateMs)),
  );
  const one = integer(Uint8Array.of(1));
  const number = sequence(objectId(CRL_NUMBER), octetString(one));
  const delta = sequence(objectId('2.5.29.27'), truth, octetString(one));
  const list = sequence(
    one,
    algorithmOf(key),
    partsOf(issuer.der).subject,
    generalizedTime(thisUpdateMs),
    generalizedTime(nextUpdateMs),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    explicit(0, sequence(number, ...(options.isDelta ? [delta] : []))),
  );
  return sequence(...signed(list, key, false));
}

/** What is signed, the algorithm, and the signature. */
export function signed(message: Bytes, key: KeyObject, isForged = false): readonly Bytes[] {
  const digest = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const signature = Uint8Array.from(sign(digest, message, key));
  if (isForged) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
  return [message, algorithmOf(key), bitString(signature)];
}

export function algorithmOf({ asymmetricKeyType }: KeyObject): Bytes {
  if (asymmetricKeyType === 'ed25519') return sequence(objectId('1.3.101.112'));
  if (asymmetricKeyType === 'rsa') return sequence(objectId('1.2.840.113549.1.1.11'), nothing);
  return sequence(objectId('1.2.840.10045.4.3.2'));
}

function hash(algorithm: string, ...parts: readonly Bytes[]): Bytes {
  return Uint8Array.from(createHash(algorithm).update(join(parts)).digest());
}
