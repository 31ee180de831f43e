/** How messages of ours are signed and bent, and how received ones are read for verification. */
import type { Crypto, JsonObject, SigningKey } from '../../../reference/crypto/crypto.ts';
import { bytesOf, encodeBase64url } from '../../../reference/wire/base64url.ts';
import { without } from '../../../reference/wire/canonical.ts';
import type { Bend, Received } from '../stage.ts';

/** A declared message as plain JSON. Absent optional members are absent, so nothing is lost. */
export const asJson = (message: object): JsonObject => message as JsonObject;

/**
 * A message as the subject wrote it, unknown members and aliases kept: what is signed and hashed.
 */
export const asReceived = (received: Pick<Received, 'text'>): JsonObject =>
  JSON.parse(received.text);

export interface Signer {
  readonly crypto: Crypto;
  readonly key: SigningKey;
  /** Name of the signature member. */
  readonly member: string;
}

export function signed<T extends object>(message: T, { crypto, key, member }: Signer): T {
  return { ...message, [member]: crypto.sign(key, without(asJson(message), member)) };
}

/** How a case changes a message of ours. */
export interface Bending<T> {
  readonly bend: Bend<T> | undefined;
  /** `keep`: the signature stays that of the honest message. */
  readonly signature: 'renewed' | 'kept';
}

/** The honest message signed, or the bent one, signed again unless its old signature is kept. */
export function signedAndBent<T extends object>(
  message: T,
  signer: Signer,
  { bend, signature }: Bending<T>,
): JsonObject {
  const honest = signed(message, signer);
  if (!bend) return asJson(honest);
  const bent = bend(honest);
  return signature === 'kept' ? bent : signed(bent, signer);
}

/** Whether `member` of a received message is the signature of this key over the rest. */
export function isSignedBy(
  crypto: Crypto,
  publicKey: string,
  message: JsonObject,
  member: string,
): boolean {
  const signature = message[member];
  return (
    typeof signature === 'string' && crypto.verify(publicKey, without(message, member), signature)
  );
}

export const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Base64url of a text, for members that carry bytes. */
export const encodedText = (text: string): string => encodeBase64url(textBytes(text));

export const decodedText = (encoded: string): string => new TextDecoder().decode(bytesOf(encoded));
