/** Signatures of V-PRM: RFC 8032, and what strict verification refuses. */
import { ed25519, ed25519ctx, ed25519ph } from '@noble/curves/ed25519.js';
import { type Draft, type Grounds, invalid, valid } from '../category.ts';
import { concat, filled, flip, fromHex, hex, seeded, utf8 } from '../primitives/bytes.ts';
import {
  forgedSignature,
  forgettingMessage,
  littleEndian,
  nonCanonicalKeys,
  ORDER,
  pointOf,
  smallOrderKeys,
  withOrderAdded,
} from '../primitives/degenerate.ts';
import { seededKey, sign } from '../primitives/signature.ts';
import { rfc8032 } from '../published/rfc.ts';
import { grounds } from './primitives-grounds.ts';

const key = seededKey('primitives');
const message = utf8('{"type":"trust_request"}');
const right = sign(key, message);

interface Claim {
  readonly public_key: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}
const own: Claim = { public_key: key.public, message, signature: right };

const asked = (claim: Claim) => ({
  function: 'ed25519-verify',
  public_key: hex(claim.public_key),
  message: hex(claim.message),
  signature: hex(claim.signature),
});

const refuse = (about: Grounds, name: string, change: Partial<Claim>): Draft =>
  invalid(about, `ed25519-${name}`, asked({ ...own, ...change }));

function published(): Draft[] {
  return Object.entries(rfc8032).flatMap(([name, [secret, public_key, text, signature]]) => [
    valid(
      grounds.signature,
      `ed25519-signs-rfc-8032-${name}`,
      { function: 'ed25519-sign', secret_key: secret, message: text },
      {
        public_key: hex(ed25519.getPublicKey(fromHex(secret))),
        signature: hex(ed25519.sign(fromHex(text), fromHex(secret))),
      },
    ),
    valid(grounds.signature, `ed25519-verifies-rfc-8032-${name}`, {
      function: 'ed25519-verify',
      public_key,
      message: text,
      signature,
    }),
  ]);
}

function wrong(): Draft[] {
  const otherKey = seededKey('another');
  return [
    valid(grounds.signature, 'ed25519-verifies-own', asked(own)),
    ...Array.from({ length: 64 }, (_, at) =>
      refuse(grounds.signature, `byte-${at}-of-the-signature-changed`, {
        signature: flip(right, 8 * at + (at % 7)),
      }),
    ),
    ...[0, 5, 12, 23].map((at) =>
      refuse(grounds.signature, `byte-${at}-of-the-message-changed`, {
        message: flip(message, 8 * at),
      }),
    ),
    refuse(grounds.signature, 'message-empty', { message: new Uint8Array() }),
    refuse(grounds.signature, 'message-longer', { message: concat(message, Uint8Array.of(0)) }),
    refuse(grounds.signature, 'key-of-another', { public_key: otherKey.public }),
    refuse(grounds.signature, 'signature-by-another', { signature: sign(otherKey, message) }),
    refuse(grounds.signature, 'halves-swapped', {
      signature: concat(right.slice(32), right.slice(0, 32)),
    }),
    refuse(grounds.signature, 'all-zero', { signature: filled(64, 0) }),
    refuse(grounds.signature, 'all-ones', { signature: filled(64, 0xff) }),
    refuse(grounds.signature, 'empty', { signature: new Uint8Array() }),
    refuse(grounds.signature, 'signature-of-63-bytes', { signature: right.slice(0, 63) }),
    refuse(grounds.signature, 'signature-of-65-bytes', {
      signature: concat(right, Uint8Array.of(0)),
    }),
    refuse(grounds.signature, 'key-of-31-bytes', { public_key: key.public.slice(1) }),
    refuse(grounds.signature, 'key-of-33-bytes', {
      public_key: concat(key.public, Uint8Array.of(0)),
    }),
    refuse(grounds.signature, 'sign-of-the-key-changed', { public_key: flip(key.public, 255) }),
    refuse(grounds.smallOrder, 'key-not-on-the-curve', { public_key: offCurve() }),
    refuse(grounds.pure, 'prehashed', { signature: ed25519ph.sign(message, key.secret) }),
    refuse(grounds.pure, 'with-a-context', {
      signature: ed25519ctx.sign(message, key.secret, { context: utf8('norc') }),
    }),
    refuse(grounds.pure, 'over-the-hash', { signature: sign(key, seeded('a hash', 32)) }),
  ];
}

/** About half of all y have no x. */
function offCurve(): Uint8Array {
  for (let y = 2n; ; y += 1n) {
    const encoded = littleEndian(y);
    if (!ed25519.utils.isValidPublicKey(encoded, false)) return encoded;
  }
}

function degenerate(): Draft[] {
  const base = pointOf(1n);
  return [
    ...[1n, 2n, 3n].map((times) =>
      refuse(grounds.malleable, `s-plus-${times}-orders`, {
        signature: withOrderAdded(right, times),
      }),
    ),
    refuse(grounds.malleable, 's-is-the-order', {
      signature: concat(right.slice(0, 32), littleEndian(ORDER)),
    }),
    refuse(grounds.malleable, 's-is-the-order-plus-one', {
      signature: concat(right.slice(0, 32), littleEndian(ORDER + 1n)),
    }),
    ...Object.entries(smallOrderKeys).flatMap(([what, point]) => [
      // R = [S]B, and a message for which the key falls out of the equation.
      refuse(grounds.smallOrder, `small-order-key-${what}`, {
        public_key: point,
        message: forgettingMessage(point, base),
        signature: concat(base, littleEndian(1n)),
      }),
      refuse(grounds.smallOrder, `small-order-commitment-${what}`, {
        public_key: pointOf(7n),
        signature: forgedSignature(message, { a: 7n, r: 0n, key: pointOf(7n), commitment: point }),
      }),
    ]),
    ...Object.entries(nonCanonicalKeys).map(([what, point]) =>
      refuse(grounds.smallOrder, `non-canonical-key-${what}`, {
        public_key: point,
        message: forgettingMessage(point, base),
        signature: concat(base, littleEndian(1n)),
      }),
    ),
    ...Object.entries(nonCanonicalKeys).map(([what, point]) =>
      refuse(grounds.smallOrder, `non-canonical-commitment-${what}`, {
        public_key: pointOf(7n),
        signature: forgedSignature(message, { a: 7n, r: 0n, key: pointOf(7n), commitment: point }),
      }),
    ),
  ];
}

export const signatureDrafts = (): Draft[] => [...published(), ...wrong(), ...degenerate()];
