/**
 * DER written by hand (X.690): for what no library of ours should both write and read, and for what
 * no library would write at all.
 */

const encoder = new TextEncoder();

type Bytes = Uint8Array;

export function tlv(tag: number, ...contents: readonly Bytes[]): Bytes {
  const content = join(contents);
  return join([Uint8Array.of(tag), lengthOf(content.length), content]);
}

/** X.690 8.1.3: one byte, or the number of bytes and the length. */
function lengthOf(length: number): Bytes {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

export const sequence = (...parts: readonly Bytes[]): Bytes => tlv(0x30, ...parts);
export const octetString = (bytes: Bytes): Bytes => tlv(0x04, bytes);
export const bitString = (bytes: Bytes): Bytes => tlv(0x03, Uint8Array.of(0), bytes);
export const enumerated = (value: number): Bytes => tlv(0x0a, Uint8Array.of(value));
/** Content as it is: the caller keeps it positive and short. */
export const integer = (content: Bytes): Bytes => tlv(0x02, content);
export const truth: Bytes = tlv(0x01, Uint8Array.of(0xff));
export const nothing: Bytes = tlv(0x05);
/** Constructed, context-specific. */
export const explicit = (tag: number, ...parts: readonly Bytes[]): Bytes =>
  tlv(0xa0 | tag, ...parts);

export function generalizedTime(ms: number): Bytes {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return tlv(0x18, encoder.encode(text));
}

/** Years of two digits: 1950 to 2049. */
export function utcTime(ms: number): Bytes {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return tlv(0x17, encoder.encode(text.slice(2)));
}

export function objectId(dotted: string): Bytes {
  const [first = 0, second = 0, ...arcs] = dotted.split('.').map(Number);
  return tlv(0x06, Uint8Array.from([first * 40 + second, ...arcs.flatMap(base128)]));
}

function base128(arc: number): number[] {
  const bytes = [arc % 128];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
    bytes.unshift(0x80 | (left % 128));
  }
  return bytes;
}

/** The elements inside a constructed value, each with its tag and length. */
export function elementsOf(bytes: Bytes): Bytes[] {
  const found: Bytes[] = [];
  const inside = bytes.subarray(headerOf(bytes).headerBytes);
  for (let at = 0; at < inside.length; ) {
    const { headerBytes, contentBytes } = headerOf(inside.subarray(at));
    found.push(inside.slice(at, at + headerBytes + contentBytes));
    at += headerBytes + contentBytes;
  }
  return found;
}

export function contentOf(bytes: Bytes): Bytes {
  const { headerBytes, contentBytes } = headerOf(bytes);
  return bytes.slice(headerBytes, headerBytes + contentBytes);
}

function headerOf(bytes: Bytes): { headerBytes: number; contentBytes: number } {
  const first = bytes[1] ?? 0;
  if (first < 0x80) return { headerBytes: 2, contentBytes: first };
  const count = first & 0x7f;
  const contentBytes = bytes.slice(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  return { headerBytes: 2 + count, contentBytes };
}

export function join(parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What evidence needs of a certificate (RFC 5280 4.1). */
export interface CertificateParts {
  /** To be signed. */
  readonly tbs: Bytes;
  /** Content of the INTEGER. */
  readonly serial: Bytes;
  /** Name of the issuer, and of the subject: whole elements. */
  readonly issuer: Bytes;
  readonly subject: Bytes;
  /** SubjectPublicKeyInfo, and the key bits inside it. */
  readonly spki: Bytes;
  readonly keyBits: Bytes;
}

export function partsOf(der: Bytes): CertificateParts {
  const [tbs = der] = elementsOf(der);
  // The version, explicit 0, is there in every certificate of version 3.
  const [, serial = der, , issuer = der, , subject = der, spki = der] = elementsOf(tbs);
  const [, bits = der] = elementsOf(spki);
  return {
    ...{ tbs, issuer, subject, spki },
    serial: contentOf(serial),
    keyBits: contentOf(bits).slice(1),
  };
}
