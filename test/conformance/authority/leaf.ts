/**
 * Leaf certificates (RFC 5280 4.1), put together by hand: a run over sockets makes many hundreds, each
 * for a name of its own, and a library takes a hundred times as long over one as its signature does.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  explicit,
  generalizedTime,
  integer,
  objectId,
  octetString,
  sequence,
  tlv,
  utcTime,
} from './der.ts';
import { algorithmOf, signed } from './revocation.ts';

type Bytes = Uint8Array;

export interface LeafKeys {
  readonly privateKey: KeyObject;
  /** DER. */
  readonly spki: Bytes;
  readonly pkcs8: Bytes;
}

export function leafKeys(kind: 'ed25519' | 'ecdsa_p256'): LeafKeys {
  const { privateKey, publicKey } =
    kind === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privateKey,
    spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    pkcs8: new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })),
  };
}

export interface LeafFields {
  /** Content of the INTEGER. */
  readonly serial: Bytes;
  /** A whole Name. */
  readonly issuer: Bytes;
  readonly subject: Bytes;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly spki: Bytes;
  /** Whole Extensions, in order. */
  readonly extensions: readonly Bytes[];
}

export function leafOf(fields: LeafFields, signer: KeyObject): Bytes {
  const version = explicit(0, integer(Uint8Array.of(2)));
  const validity = sequence(timeOf(fields.notBeforeMs), timeOf(fields.notAfterMs));
  const tbs = sequence(
    ...[version, integer(fields.serial), algorithmOf(signer), fields.issuer, validity],
    ...[fields.subject, fields.spki, explicit(3, sequence(...fields.extensions))],
  );
  return sequence(...signed(tbs, signer));
}

/** RFC 5280 4.1.2.5: the short form through 2049. */
const timeOf = (ms: number): Bytes =>
  new Date(ms).getUTCFullYear() < 2050 ? utcTime(ms) : generalizedTime(ms);

const encoder = new TextEncoder();
const COMMON_NAME = objectId('2.5.4.3');
const SUBJECT_ALTERNATIVE_NAME = objectId('2.5.29.17');

/** CN=`text`. */
export const commonName = (text: string): Bytes =>
  sequence(tlv(0x31, sequence(COMMON_NAME, tlv(0x0c, encoder.encode(text)))));

/** The extension of 4.2.1.6; addresses are IPv4. */
export function alternativeNames(dns: readonly string[], addresses: readonly string[]): Bytes {
  const names = dns.map((name) => tlv(0x82, encoder.encode(name)));
  const places = addresses.map((text) => tlv(0x87, Uint8Array.from(text.split('.').map(Number))));
  return sequence(SUBJECT_ALTERNATIVE_NAME, octetString(sequence(...names, ...places)));
}
