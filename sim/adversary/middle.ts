/**
 * Whoever sits in the middle of a link: a rule of the pipeline with a mind. It has read TLS, as an
 * attacker who terminates it would, and no key but those that a scenario gives it (`stolen`).
 */
import type { JsonObject } from '../../reference/crypto/crypto.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import { asBytes, type Parcel } from '../network/parcel.ts';
import type { Place, Verdict } from '../network/pipeline.ts';
import { type Keyring, proofOf, signedAnew, withTranscript } from './keyring.ts';

export interface Hands {
  readonly ring: Keyring;
  /** Of true time: an attacker's clock is right. */
  seconds(): number;
  /** The handshake that an answer on this exchange answers, as its sender said it. */
  offerOf(exchange: string): NorcMessage | undefined;
}

/** A message, whoever carries it. */
export interface Crossing {
  readonly parcel: Parcel;
  readonly message: NorcMessage;
  readonly place: Place;
}

export interface MiddleProgram {
  readonly summary: string;
  /** Null: nothing is done about it. */
  begin(hands: Hands, given: JsonObject): (crossing: Crossing) => Verdict | null;
}

/** The parcel with another message, vouched for by what keys there are. */
export function carrying({ parcel, place }: Crossing, message: NorcMessage, hands: Hands): Parcel {
  const { ring, offerOf } = hands;
  const bound = withTranscript(message, offerOf(parcel.exchange), ring);
  const whole = signedAnew(bound, place.from, ring);
  const parties = { from: place.from, to: place.to, timestampSeconds: hands.seconds() };
  const isRequest = parcel.kind === 'request';
  const proof = isRequest ? (proofOf(whole, parties, ring) ?? parcel.proof) : parcel.proof;
  return { ...parcel, message: whole, body: asBytes(whole), proof };
}

/** The parcel with other bytes, which say something else or nothing at all. */
export const withBytes = (parcel: Parcel, bytes: Uint8Array): Parcel => ({
  ...parcel,
  // What the receiver reads is no longer what the sender has said.
  message: parcel.message && { ...parcel.message },
  body: { kind: 'text', bytes },
});
