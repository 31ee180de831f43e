/** What crosses a link between two servers, as HTTP/2 would carry it (profile F1). */
import type { ExchangeId, Frame } from '../../reference/core.ts';
import type { JsonObject } from '../../reference/crypto/crypto.ts';
import { canonicalBytes } from '../../reference/wire/canonical.ts';
import { settle } from '../../reference/wire/settled.ts';
import type { NorcMessage } from '../../spec/messages.ts';

export interface Parcel {
  /** `accept`: the connection itself. `close`: its orderly end. */
  readonly kind: 'accept' | 'request' | 'get' | 'answer' | 'close';
  /** As the dialler calls it; empty where there is none. */
  readonly exchange: ExchangeId;
  readonly path: string;
  readonly proof: string | null;
  /** HTTP status of an answer; 0 otherwise. */
  readonly status: number;
  readonly message: NorcMessage | null;
  readonly body: Frame | null;
}

/**
 * How a message crosses: as bytes that the receiver parses, or as the settled value (wire/settled.ts)
 * with the size that it would have. Only the symbolic tier of cryptography spares the bytes.
 */
export type Carriage = (message: NorcMessage) => Frame;

export const asBytes: Carriage = (message) => ({
  kind: 'text',
  bytes: canonicalBytes(message as unknown as JsonObject),
});

/** As bytes where a reader would have something to say about it. */
export const asValue: Carriage = (message) => {
  const settled = settle(message as unknown as JsonObject);
  if (settled === null) return asBytes(message);
  return { kind: 'value', value: settled.value, sizeBytes: settled.sizeBytes };
};

const empty = { exchange: '', path: '', proof: null, status: 0, message: null, body: null };

export const acceptParcel: Parcel = { ...empty, kind: 'accept' };
export const closeParcel: Parcel = { ...empty, kind: 'close' };

export function parcelOf(
  given: Pick<Parcel, 'kind'> & Partial<Omit<Parcel, 'body'>>,
  carriage: Carriage,
): Parcel {
  const { message = null } = given;
  return { ...empty, ...given, body: message === null ? null : carriage(message) };
}

/** What crosses, byte for byte: for faults and attackers that work on bytes. */
export function bodyBytes({ body }: Parcel): Uint8Array {
  if (body === null) return new Uint8Array();
  return body.kind === 'value' ? canonicalBytes(body.value) : body.bytes;
}

export function sizeOf({ body }: Parcel): number {
  if (body === null) return 0;
  return body.kind === 'value' ? body.sizeBytes : body.bytes.length;
}
