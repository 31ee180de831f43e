/** ML-KEM-768 of V-PRM (FIPS 203, X-PQ-04). */
import { ml_kem768 as kem } from '@noble/post-quantum/ml-kem.js';
import { type Draft, invalid, valid } from '../category.ts';
import { concat, filled, flip, fromHex, hex, seeded } from '../primitives/bytes.ts';
import { acvpEncapsulation, acvpKeys } from '../published/ml-kem.ts';
import { grounds } from './primitives-grounds.ts';

const pairOf = (name: string) => kem.keygen(seeded(`ml-kem ${name}`, 64));

/** The first coefficient becomes q = 3329, which is not reduced. */
function unreduced(publicKey: Uint8Array, coefficient: number): Uint8Array {
  const key = Uint8Array.from(publicKey);
  const at = 3 * (coefficient >> 1);
  if (coefficient % 2 === 0) key.set([0x01, ((key[at + 1] ?? 0) & 0xf0) | 0x0d], at);
  else key.set([((key[at + 1] ?? 0) & 0x0f) | 0x10, 0xd0], at + 1);
  return key;
}

function keygen(name: string, seed: Uint8Array): Draft {
  const { publicKey, secretKey } = kem.keygen(seed);
  const input = { function: 'ml-kem-768-keygen', seed: hex(seed) };
  const output = { public_key: hex(publicKey), secret_key: hex(secretKey) };
  return valid(grounds.kem, `ml-kem-768-keygen-${name}`, input, output);
}

function encapsulates(name: string, publicKey: Uint8Array, randomness: Uint8Array): Draft {
  const { cipherText, sharedSecret } = kem.encapsulate(publicKey, randomness);
  return valid(
    grounds.kem,
    `ml-kem-768-encapsulates-${name}`,
    {
      function: 'ml-kem-768-encapsulate',
      public_key: hex(publicKey),
      randomness: hex(randomness),
    },
    { ciphertext: hex(cipherText), shared_secret: hex(sharedSecret) },
  );
}

const published = (): Draft[] => [
  ...Object.entries(acvpKeys).map(([number, { seed }]) => keygen(`acvp-${number}`, fromHex(seed))),
  encapsulates(
    'acvp-26',
    fromHex(acvpEncapsulation.publicKey),
    fromHex(acvpEncapsulation.randomness),
  ),
];

export function kemDrafts(): Draft[] {
  const names = ['one', 'two', 'three'];
  const { publicKey, secretKey } = pairOf('one');
  const randomness = seeded('ml-kem randomness', 32);
  const { cipherText } = kem.encapsulate(publicKey, randomness);
  const encapsulating = (key: Uint8Array) => ({
    function: 'ml-kem-768-encapsulate',
    public_key: hex(key),
    randomness: hex(randomness),
  });
  const decapsulating = (secret: Uint8Array, ciphertext: Uint8Array) => ({
    function: 'ml-kem-768-decapsulate',
    secret_key: hex(secret),
    ciphertext: hex(ciphertext),
  });
  const decapsulated = (name: string, ciphertext: Uint8Array): Draft =>
    valid(grounds.kem, `ml-kem-768-decapsulates-${name}`, decapsulating(secretKey, ciphertext), {
      shared_secret: hex(kem.decapsulate(ciphertext, secretKey)),
    });
  const badKeys = {
    'first-coefficient-is-q': unreduced(publicKey, 0),
    'second-coefficient-is-q': unreduced(publicKey, 1),
    'last-coefficient-is-q': unreduced(publicKey, 767),
    'all-ones': concat(filled(1152, 0xff), publicKey.slice(1152)),
    'one-byte-short': publicKey.slice(0, -1),
    'one-byte-long': concat(publicKey, Uint8Array.of(0)),
    'of-ml-kem-512-size': publicKey.slice(0, 800),
    empty: new Uint8Array(),
  };
  return [
    ...published(),
    ...names.map((name) => keygen(name, seeded(`ml-kem ${name}`, 64))),
    ...names.map((name) => encapsulates(name, pairOf(name).publicKey, randomness)),
    decapsulated('its-own', cipherText),
    decapsulated('a-changed-first-bit', flip(cipherText, 0)),
    decapsulated('a-changed-last-bit', flip(cipherText, 8 * 1088 - 1)),
    decapsulated('all-zero', filled(1088, 0)),
    ...Object.entries(badKeys).map(([name, key]) =>
      invalid(grounds.kem, `ml-kem-768-key-${name}`, encapsulating(key)),
    ),
    invalid(
      grounds.kem,
      'ml-kem-768-ciphertext-short',
      decapsulating(secretKey, cipherText.slice(1)),
    ),
    invalid(
      grounds.kem,
      'ml-kem-768-ciphertext-long',
      decapsulating(secretKey, concat(cipherText, fromHex('00'))),
    ),
    invalid(grounds.kem, 'ml-kem-768-ciphertext-empty', decapsulating(secretKey, new Uint8Array())),
    invalid(
      grounds.kem,
      'ml-kem-768-secret-key-short',
      decapsulating(secretKey.slice(1), cipherText),
    ),
  ];
}
