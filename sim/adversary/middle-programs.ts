/** What may sit in the middle of a link, by name. */
import type { JsonObject } from '../../reference/crypto/crypto.ts';
import { canonicalText } from '../../reference/wire/canonical.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import { bodyBytes, type Parcel } from '../network/parcel.ts';
import { patched } from './keyring.ts';
import { type Crossing, carrying, type MiddleProgram, withBytes } from './middle.ts';

const encoder = new TextEncoder();

export const middlePrograms: { readonly [name: string]: MiddleProgram } = {
  rewrites: {
    summary: 'puts the members of `set` into every message of type `of`',
    begin:
      (hands, { set }) =>
      (crossing) => {
        const body = crossing.message as unknown as JsonObject;
        const changed = patched(body, set as JsonObject);
        if (canonicalText(changed) === canonicalText(body)) return null;
        const message = changed as unknown as NorcMessage;
        return { verdict: 'mutate', parcel: carrying(crossing, message, hands) };
      },
  },
  'flips-a-bit': {
    summary: 'flips one bit of `member`, a binary one, and leaves all else',
    begin:
      (hands, { member }) =>
      (crossing) => {
        const body = crossing.message as unknown as JsonObject;
        const value = body[String(member)];
        if (typeof value !== 'string') return null;
        const message = { ...body, [String(member)]: flipped(value) } as unknown as NorcMessage;
        return { verdict: 'mutate', parcel: carrying(crossing, message, hands) };
      },
  },
  truncates: {
    summary: 'lets the first half of the bytes through',
    begin: () => bytewise((bytes) => bytes.subarray(0, bytes.length >> 1)),
  },
  'repeats-a-member': {
    summary: 'says `member` a second time, with another value (X-CAN-05)',
    begin: (_, { member, value }) =>
      bytewise((bytes) => {
        const more = encoder.encode(`,${JSON.stringify(member)}:${JSON.stringify(value)}}`);
        return joined(bytes.subarray(0, -1), more);
      }),
  },
  swells: {
    summary: 'adds an unknown member of `bytes` bytes',
    begin: (_, { bytes: size }) =>
      bytewise((bytes) => {
        const more = encoder.encode(`,"x_filling":"${'x'.repeat(Number(size))}"}`);
        return joined(bytes.subarray(0, -1), more);
      }),
  },
  replays: {
    summary: 'sends every request again after the next one on the same way, on whichever link',
    begin: () => {
      const tapes = new Map<string, Parcel>();
      let copies = 0;
      return ({ parcel, place }) => {
        if (parcel.kind !== 'request') return null;
        const way = `${place.from}>${place.to}`;
        const before = tapes.get(way);
        tapes.set(way, parcel);
        copies += 1;
        return before ? { verdict: 'inject', parcels: [copyOf(before, parcel, copies)] } : null;
      };
    },
  },
  'carries-over': {
    summary: 'what one server was told is told the other as well',
    begin: () => {
      const tapes = new Map<string, Parcel>();
      let copies = 0;
      return ({ parcel, place }) => {
        if (parcel.kind !== 'request') return null;
        const others = [...tapes].filter(([to]) => to !== place.to);
        tapes.set(place.to, parcel);
        const parcels = others.map(([, told]) => copyOf(told, parcel, ++copies));
        return parcels.length > 0 ? { verdict: 'inject', parcels } : null;
      };
    },
  },
  splices: {
    summary: 'puts the message of an earlier run in the place of the same of a later run',
    begin: (hands) => {
      const first = new Map<string, NorcMessage>();
      return (crossing) => {
        const { place, message } = crossing;
        const way = `${place.from}>${place.to}`;
        const earlier = first.get(way);
        first.set(way, earlier ?? message);
        if (!earlier) return null;
        return { verdict: 'mutate', parcel: carrying(crossing, { ...earlier }, hands) };
      };
    },
  },
};

/** A request of its own, which nobody has asked and whose answer nobody awaits. */
const copyOf = (parcel: Parcel, after: Parcel, number: number): Parcel => ({
  ...parcel,
  exchange: `${after.exchange}~middle-${number}`,
});

function bytewise(change: (bytes: Uint8Array) => Uint8Array) {
  return ({ parcel }: Crossing) =>
    ({ verdict: 'mutate', parcel: withBytes(parcel, change(bodyBytes(parcel))) }) as const;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}

/** Base64url whose first character stands for another six bits: one of them differs. */
function flipped(text: string): string {
  const at = DIGITS.indexOf(text[0] ?? 'A');
  return (DIGITS[at ^ 1] ?? 'A') + text.slice(1);
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
