/** What faults do to single messages: which are lost, and what is left of those that are damaged. */
import type { JsonObject } from '../../reference/crypto/crypto.ts';
import { canonicalBytes } from '../../reference/wire/canonical.ts';
import type { Json } from '../../spec/schema.ts';
import { bodyBytes, type Parcel } from '../network/parcel.ts';
import type { Place } from '../network/pipeline.ts';
import type { Stream } from '../philox.ts';

/** `burst`: so many of a direction are lost together, the drawn one first. */
export function lossOf(params: JsonObject, stream: Stream): (place: Place) => boolean {
  const [share, burst] = [Number(params.share ?? 0), Number(params.burst ?? 1)];
  const left = new Map<string, number>();
  return ({ from, to }) => {
    const way = `${from}>${to}`;
    const still = left.get(way) ?? 0;
    const isLost = still > 0 || stream.chance(share);
    if (isLost) left.set(way, (still > 0 ? still : burst) - 1);
    return isLost;
  };
}

export type Damage = 'bit' | 'field';

/** Null: there is nothing in it to damage. */
export const damage: {
  readonly [what in Damage]: (parcel: Parcel, stream: Stream) => Parcel | null;
} = {
  bit(parcel, stream) {
    const bytes = bytesOf(parcel);
    if (bytes === null) return null;
    const bit = stream.below(bytes.length * 8);
    const damaged = Uint8Array.from(bytes);
    damaged[bit >>> 3] = (damaged[bit >>> 3] as number) ^ (1 << (bit & 7));
    return { ...parcel, body: { kind: 'text', bytes: damaged } };
  },
  field(parcel, stream) {
    if (parcel.message === null) return null;
    const value = parcel.message as unknown as JsonObject;
    const names = Object.keys(value).filter((name) => name !== 'type');
    const name = names[stream.below(Math.max(1, names.length))];
    if (name === undefined) return null;
    const damaged = { ...value, [name]: another(value[name] as Json) };
    return { ...parcel, body: { kind: 'text', bytes: canonicalBytes(damaged) } };
  },
};

function bytesOf(parcel: Parcel): Uint8Array | null {
  return parcel.message === null || parcel.body === null ? null : bodyBytes(parcel);
}

/** Of the same kind, where it can be, so that it is the meaning that is wrong. */
function another(value: Json): Json {
  switch (typeof value) {
    case 'string':
      return value.endsWith('A') ? `${value.slice(0, -1)}B` : `${value.slice(0, -1)}A`;
    case 'number':
      return value + 1;
    case 'boolean':
      return !value;
    default:
      return Array.isArray(value) && value.length > 0 ? value.slice(1) : null;
  }
}
