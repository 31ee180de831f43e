/** V-PRM: signatures, agreement, AEAD, hashes and KEM that everything else rests on. */
import { gcm as aesGcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { type CategorySource, type Draft, invalid, valid } from '../category.ts';
import { concat, filled, flip, fromHex, hex, seeded, utf8 } from '../primitives/bytes.ts';
import { lowOrderCoordinates } from '../primitives/degenerate.ts';
import { blake3, sha256 } from '../primitives/hash.ts';
import { blake3Official, gcm, rfc7748, rfc8439, SUNSCREEN } from '../published/rfc.ts';
import { from, octets, octetsOf, optional } from '../shape.ts';
import { grounds } from './primitives-grounds.ts';
import { kemDrafts } from './primitives-kem.ts';
import { signatureDrafts } from './primitives-signatures.ts';

function agreements(): Draft[] {
  const agree = (name: string, scalar: Uint8Array, point: Uint8Array): Draft =>
    valid(
      grounds.agreement,
      `x25519-${name}`,
      { function: 'x25519', scalar: hex(scalar), point: hex(point) },
      { shared_secret: hex(x25519.scalarMult(scalar, point)) },
    );
  const refuse = (name: string, scalar: Uint8Array, point: Uint8Array): Draft =>
    invalid(grounds.lowOrder, `x25519-${name}`, {
      function: 'x25519',
      scalar: hex(scalar),
      point: hex(point),
    });
  const scalar = seeded('x25519 scalar', 32);
  const point = x25519.getPublicKey(seeded('x25519 other', 32));
  const highBit = flip(point, 255);
  return [
    ...Object.entries(rfc7748).map(([name, [k, u]]) =>
      agree(`rfc-7748-${name}`, fromHex(k), fromHex(u)),
    ),
    agree('any-two', scalar, point),
    agree('ignored-top-bit', scalar, highBit),
    agree('scalar-is-clamped', flip(flip(scalar, 0), 255), point),
    agree(
      'coordinate-above-the-prime',
      scalar,
      concat(Uint8Array.of(0xf0), filled(30, 0xff), Uint8Array.of(0x7f)),
    ),
    ...Object.entries(lowOrderCoordinates).map(([what, u]) =>
      refuse(`low-order-${what}`, scalar, u),
    ),
    refuse('point-of-31-bytes', scalar, point.subarray(1)),
    refuse('point-of-33-bytes', scalar, concat(point, Uint8Array.of(0))),
    refuse('empty-point', scalar, new Uint8Array()),
    refuse('scalar-of-31-bytes', scalar.subarray(1), point),
    refuse('scalar-of-33-bytes', concat(scalar, Uint8Array.of(0)), point),
  ];
}

interface Sealing {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  readonly plaintext: Uint8Array;
}
type Aead = 'chacha20-poly1305' | 'aes-256-gcm';

const ciphers = { 'chacha20-poly1305': chacha20poly1305, 'aes-256-gcm': aesGcm };

const seal = (aead: Aead, { key, nonce, aad, plaintext }: Sealing): Uint8Array =>
  ciphers[aead](key, nonce, aad).encrypt(plaintext);

const hexed = (members: object): { [name: string]: string } =>
  Object.fromEntries(Object.entries(members).map(([name, bytes]) => [name, hex(bytes)]));

function sealed(aead: Aead, name: string, sealing: Sealing): Draft[] {
  const ciphertext = seal(aead, sealing);
  const { plaintext, ...opening } = sealing;
  return [
    valid(
      grounds.aead,
      `${aead}-seals-${name}`,
      { function: `${aead}-seal`, ...hexed(sealing) },
      {
        ciphertext: hex(ciphertext),
      },
    ),
    valid(
      grounds.aead,
      `${aead}-opens-${name}`,
      { function: `${aead}-open`, ...hexed({ ...opening, ciphertext }) },
      { plaintext: hex(plaintext) },
    ),
  ];
}

/** TV §7: its own inputs, and the tag that is printed there (L-X13). */
const TV7: Sealing = {
  key: fromHex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'),
  nonce: fromHex('000000000000004a00000000'),
  aad: fromHex('0200100000000000000000054d3c2b1a'),
  plaintext: utf8(SUNSCREEN),
};

function aeads(): Draft[] {
  const published: Sealing = {
    key: fromHex(rfc8439.key),
    nonce: fromHex(rfc8439.nonce),
    aad: fromHex(rfc8439.aad),
    plaintext: utf8(SUNSCREEN),
  };
  const own: Sealing = {
    key: seeded('aead key', 32),
    nonce: seeded('aead nonce', 12),
    aad: seeded('aead data', 95),
    plaintext: seeded('aead text', 40),
  };
  const both: readonly Aead[] = ['chacha20-poly1305', 'aes-256-gcm'];
  const printed = concat(
    seal('chacha20-poly1305', TV7).slice(0, -16),
    fromHex('1ae10b594f09e26a7e902ecbd0600691'),
  );
  return [
    ...sealed('chacha20-poly1305', 'rfc-8439', published),
    ...sealed('chacha20-poly1305', 'section-7-with-its-right-tag', TV7),
    invalid(grounds.printed, 'chacha20-poly1305-section-7-with-the-printed-tag', {
      function: 'chacha20-poly1305-open',
      ...hexed({ key: TV7.key, nonce: TV7.nonce, aad: TV7.aad, ciphertext: printed }),
    }),
    ...Object.entries(gcm).flatMap(([name, [key, nonce, aad, plaintext]]) =>
      sealed('aes-256-gcm', name, {
        key: fromHex(key),
        nonce: fromHex(nonce),
        aad: fromHex(aad),
        plaintext: fromHex(plaintext),
      }),
    ),
    ...both.flatMap((aead) => [
      ...sealed(aead, 'own-text', own),
      ...sealed(aead, 'nothing', { ...own, aad: new Uint8Array(), plaintext: new Uint8Array() }),
      ...broken(aead, own),
    ]),
  ];
}

/** Every byte of the tag, and one bit of everything else. */
function broken(aead: Aead, sealing: Sealing): Draft[] {
  const { plaintext: _, ...opening } = sealing;
  const right = { ...opening, ciphertext: seal(aead, sealing) };
  const { ciphertext } = right;
  const bodyBits = 8 * (ciphertext.length - 16);
  const refuse = (name: string, change: Partial<typeof right>): Draft =>
    invalid(grounds.aead, `${aead}-${name}`, {
      function: `${aead}-open`,
      ...hexed({ ...right, ...change }),
    });
  return [
    ...Array.from({ length: 16 }, (_, at) =>
      refuse(`tag-byte-${at}-changed`, {
        ciphertext: flip(ciphertext, bodyBits + 8 * at + (at % 8)),
      }),
    ),
    refuse('first-bit-of-the-text-changed', { ciphertext: flip(ciphertext, 0) }),
    refuse('last-bit-of-the-text-changed', { ciphertext: flip(ciphertext, bodyBits - 1) }),
    refuse('key-changed', { key: flip(right.key, 0) }),
    refuse('nonce-changed', { nonce: flip(right.nonce, 95) }),
    refuse('first-bit-of-the-data-changed', { aad: flip(right.aad, 0) }),
    refuse('last-bit-of-the-data-changed', { aad: flip(right.aad, 8 * 95 - 1) }),
    refuse('data-cut', { aad: right.aad.slice(0, -1) }),
    refuse('data-missing', { aad: new Uint8Array() }),
    refuse('tag-cut-to-12', { ciphertext: ciphertext.slice(0, -4) }),
    refuse('tag-missing', { ciphertext: ciphertext.slice(0, -16) }),
    refuse('tag-only', { ciphertext: ciphertext.slice(-16) }),
    refuse('tag-zeroed', { ciphertext: concat(ciphertext.slice(0, -16), filled(16, 0)) }),
    refuse('shorter-than-a-tag', { ciphertext: ciphertext.slice(0, 15) }),
    refuse('empty', { ciphertext: new Uint8Array() }),
    refuse('tag-in-front', { ciphertext: concat(ciphertext.slice(-16), ciphertext.slice(0, -16)) }),
    refuse('nonce-of-8-bytes', { nonce: right.nonce.slice(0, 8) }),
    refuse('key-of-16-bytes', { key: right.key.slice(0, 16) }),
  ];
}

function hashes(): Draft[] {
  const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at % 251);
  const short = { empty: '', abc: 'abc', label: 'norc-c-handshake-v1' };
  return [
    ...Object.keys(blake3Official).map((length) =>
      valid(
        grounds.hash,
        `blake3-official-${length}`,
        { function: 'blake3', pattern_length: Number(length) },
        { hash: hex(blake3(pattern(Number(length)))) },
      ),
    ),
    ...Object.entries(short).flatMap(([name, text]) => [
      valid(
        grounds.hash,
        `blake3-${name}`,
        { function: 'blake3', message: hex(utf8(text)) },
        { hash: hex(blake3(utf8(text))) },
      ),
      valid(
        grounds.hash,
        `sha256-${name}`,
        { function: 'sha256', message: hex(utf8(text)) },
        { hash: hex(sha256(utf8(text))) },
      ),
    ]),
  ];
}

const sealShape = { key: octets, nonce: octets, aad: octets, plaintext: octets };
const openShape = { key: octets, nonce: octets, aad: octets, ciphertext: octets };

export const primitives: CategorySource = {
  category: 'primitives',
  title: 'Cryptographic primitives',
  description:
    'Published answers of RFC 8032, RFC 7748, RFC 8439, GCM, BLAKE3 and ML-KEM-768, and what hostile ' +
    'peers send. Ed25519 is strict: S below the group order, R and the key canonical and of no small ' +
    'order, no prehash, no context. X25519 with an all-zero result is rejected.',
  functions: {
    'ed25519-sign': {
      does: 'public key and signature of message under the secret key of 32 bytes.',
      input: { secret_key: octetsOf(32), message: octets },
      output: { public_key: octetsOf(32), signature: octetsOf(64) },
    },
    'ed25519-verify': {
      does: 'whether the signature holds, strictly; else reject.',
      input: { public_key: octets, message: octets, signature: octets },
      output: {},
    },
    x25519: {
      does: 'the shared secret; reject an all-zero one and wrong lengths.',
      input: { scalar: octets, point: octets },
      output: { shared_secret: octetsOf(32) },
    },
    'chacha20-poly1305-seal': {
      does: 'ciphertext with its tag.',
      input: sealShape,
      output: { ciphertext: octets },
    },
    'chacha20-poly1305-open': {
      does: 'the plaintext, or reject.',
      input: openShape,
      output: { plaintext: octets },
    },
    'aes-256-gcm-seal': {
      does: 'ciphertext with its tag.',
      input: sealShape,
      output: { ciphertext: octets },
    },
    'aes-256-gcm-open': {
      does: 'the plaintext, or reject.',
      input: openShape,
      output: { plaintext: octets },
    },
    blake3: {
      does: 'BLAKE3-256 of message, or of pattern_length bytes of which byte i is i mod 251.',
      input: { message: optional(octets), pattern_length: optional(from(0, 1_000_000)) },
      output: { hash: octetsOf(32) },
    },
    sha256: {
      does: 'SHA-256 of message.',
      input: { message: octets },
      output: { hash: octetsOf(32) },
    },
    'ml-kem-768-keygen': {
      does: 'key pair of the seed d ‖ z (FIPS 203 algorithm 16).',
      input: { seed: octets },
      output: { public_key: octetsOf(1184), secret_key: octetsOf(2400) },
    },
    'ml-kem-768-encapsulate': {
      does: 'ciphertext and secret with the given randomness m; a key of wrong length or not reduced is rejected.',
      input: { public_key: octets, randomness: octetsOf(32) },
      output: { ciphertext: octetsOf(1088), shared_secret: octetsOf(32) },
    },
    'ml-kem-768-decapsulate': {
      does: 'the secret; a changed ciphertext gives another one (implicit rejection), a wrong length is rejected.',
      input: { secret_key: octets, ciphertext: octets },
      output: { shared_secret: octetsOf(32) },
    },
  },
  flags: {
    signature: {
      bug: 'Signatures are computed or compared otherwise than RFC 8032 has it.',
      effect: 'Forgery, or nobody can talk to anybody.',
    },
    malleability: {
      bug: 'S is not compared with the group order.',
      effect: 'One message has several valid signatures: replay caches and duplicate checks miss.',
    },
    'small-order': {
      bug: 'Keys or commitments of small order, or second spellings of points, are taken.',
      effect: 'One signature verifies for many messages or keys; bans by key can be walked around.',
    },
    prehash: {
      bug: 'Ed25519ph or a context is accepted in place of pure Ed25519.',
      effect: 'Signatures made for another purpose are taken for messages.',
    },
    'low-order-point': {
      bug: 'An all-zero shared secret is used.',
      effect: 'The peer fixes the secret: whoever listens knows all keys of the session.',
    },
    agreement: {
      bug: 'Clamping, the ignored bit or the reduction of X25519 is wrong.',
      effect: 'Parts of the key space fail to interoperate, or secrets leak through faults.',
    },
    aead: {
      bug: 'The tag is not checked in full, or additional data is left out.',
      effect: 'Ciphertexts and their headers can be changed on the way.',
    },
    'printed-tag': {
      bug: 'The tag printed in the documents is taken for right.',
      effect: 'An implementation that was bent to the misprint accepts forged ciphertexts.',
    },
    hash: {
      bug: 'BLAKE3 is wrong beyond one chunk, or truncated.',
      effect: 'Hashes of long messages collide or do not interoperate.',
    },
    kem: {
      bug: 'Encapsulation keys are not checked, or implicit rejection is made explicit.',
      effect: 'Invalid keys leak bits of secrets; an oracle tells which ciphertexts were whole.',
    },
  },
  drafts: () => [...signatureDrafts(), ...agreements(), ...aeads(), ...hashes(), ...kemDrafts()],
};
