/** Certificate transparency (RFC 6962) for the cores: what a log signs. Belongs to node-x509. */
import { type KeyObject, verify } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { type Certificate, Extensions } from '@peculiar/asn1-x509';
import { bytesOf } from '../wire/base64url.ts';
import { attempted, certificateOf, hashOf, keyOf, octets } from './node-asn1.ts';
import type { CertificateDer } from './x509.ts';
import type { LogEntryKind, LogSignature } from './x509-evidence.ts';

const TIMESTAMP_LIST = '1.3.6.1.4.1.11129.2.4.2';
/** RFC 5246 7.4.1.4.1 and RFC 8422 5.1.3: hash and signature, a byte each. */
const ECDSA_SHA256 = 0x0403;
const ED25519 = 0x0807;

/** Throws where there is no certificate, or the list inside is malformed. */
export function embeddedTimestamps(der: CertificateDer): Uint8Array[] {
  const extension = extensionsOf(certificateOf(der)).find(
    ({ extnID }) => extnID === TIMESTAMP_LIST,
  );
  if (!extension) return [];
  const list = AsnConvert.parse(extension.extnValue.buffer, OctetString);
  return readList(new Uint8Array(list.buffer));
}

/** `opaque SerializedSCT<1..2^16-1>; SerializedSCT sct_list<1..2^16-1>`. */
function readList(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint16(0) !== bytes.length - 2) throw new RangeError('not one list');
  const found: Uint8Array[] = [];
  for (let at = 2; at < bytes.length; ) {
    const end = at + 2 + view.getUint16(at);
    if (end > bytes.length) throw new RangeError('cut short');
    found.push(bytes.slice(at + 2, end));
    at = end;
  }
  return found;
}

/**
 * RFC 6962 3.2, `signed_entry`. Throws where either is no certificate.
 *
 * | certificate    | length (3), the certificate                                              |
 * | precertificate | SHA-256 of the issuer's key (32), length (3), its TBS without timestamps |
 */
export function logEntry(
  der: CertificateDer,
  issuer: CertificateDer,
  kind: LogEntryKind,
): Uint8Array {
  if (kind === 'certificate') return withLength(bytesOf(der));
  const { subjectPublicKeyInfo } = certificateOf(issuer).tbsCertificate;
  const issuerKey = hashOf('sha256', new Uint8Array(AsnConvert.serialize(subjectPublicKeyInfo)));
  const certificate = certificateOf(der);
  const { tbsCertificate } = certificate;
  const others = extensionsOf(certificate).filter(({ extnID }) => extnID !== TIMESTAMP_LIST);
  tbsCertificate.extensions = new Extensions(others);
  const tbs = withLength(new Uint8Array(AsnConvert.serialize(tbsCertificate)));
  return Uint8Array.from([...issuerKey, ...tbs]);
}

function extensionsOf({ tbsCertificate }: Certificate) {
  return [...(tbsCertificate.extensions ?? [])];
}

function withLength(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  return Uint8Array.from([length >> 16, (length >> 8) & 0xff, length & 0xff, ...bytes]);
}

/** Throws where it is no key: base64url of a SubjectPublicKeyInfo. */
export function logKeyOf(logKey: string): KeyObject {
  return keyOf(new Uint8Array(octets(bytesOf(logKey))));
}

export function verifyLog(
  key: KeyObject,
  message: Uint8Array,
  { algorithm, bytes }: LogSignature,
): boolean {
  return attempted(() => {
    const kind = key.asymmetricKeyType;
    if (algorithm === ED25519) return kind === 'ed25519' && verify(null, message, key, bytes);
    return algorithm === ECDSA_SHA256 && kind === 'ec' && verify('sha256', message, key, bytes);
  }, false);
}
