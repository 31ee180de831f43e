/** Signatures, agreement, sealing, encapsulation and hashes, with the guards above them. */
import { agreeBytes } from '../../../reference/crypto/key-exchange.ts';
import type { AeadAlgorithm } from '../../../reference/crypto/primitives.ts';
import { secretBytes } from '../../../reference/crypto/secrets.ts';
import { limits } from '../../../spec/limits.ts';
import { hexOf, type Input } from './input.ts';
import {
  allowed,
  answered,
  byFunction,
  type CategoryFunction,
  output,
  rejected,
} from './results.ts';
import { crypto, hexOfWire, must, primitives as raw, signatures, wireOf } from './tools.ts';

/** FIPS 203 table 3. It is never on the wire. */
const KEM_SECRET_KEY_BYTES = 2400;

const isSized = (input: Input, name: string, bytes: number): boolean =>
  input.text(name).length === 2 * bytes;

/** Lengths are judged by whoever calls a primitive. */
const sized =
  (sizes: Readonly<Record<string, number>>, run: CategoryFunction): CategoryFunction =>
  (input) => {
    const wrong = Object.entries(sizes).find(([name, bytes]) => !isSized(input, name, bytes));
    return wrong ? rejected(`${wrong[0]} has not ${wrong[1]} bytes`) : run(input);
  };

const aeadSizes = { key: limits.aeadKeyBytes, nonce: limits.aeadNonceBytes };

function aead(algorithm: AeadAlgorithm): readonly [CategoryFunction, CategoryFunction] {
  const useOf = (input: Input) => ({
    ...{ algorithm, key: input.bytes('key') },
    ...{ nonce: input.bytes('nonce'), aad: input.bytes('aad') },
  });
  return [
    sized(aeadSizes, (input) =>
      output({ ciphertext: hexOf(raw.seal(useOf(input), input.bytes('plaintext'))) }),
    ),
    sized(aeadSizes, (input) => {
      const ciphertext = input.bytes('ciphertext');
      if (ciphertext.length < limits.aeadTagBytes) return rejected('no room for a tag');
      const { authentic, plaintext } = raw.open(useOf(input), ciphertext);
      return authentic ? output({ plaintext: hexOf(plaintext) }) : rejected('X-AAD-03');
    }),
  ];
}

const [sealChaCha, openChaCha] = aead('chacha20_poly1305');
const [sealAes, openAes] = aead('aes_256_gcm');

function hashed(hash: (bytes: Uint8Array) => Uint8Array): CategoryFunction {
  return (input) => {
    const message = input.has('pattern_length')
      ? Uint8Array.from({ length: input.number('pattern_length') }, (_, at) => at % 251)
      : input.bytes('message');
    return output({ hash: hexOf(hash(message)) });
  };
}

/** X-PQ-04 is judged where a secret is encapsulated; the secret itself is not asked for here. */
const encapsulated = (input: Input, entropy: Uint8Array) =>
  crypto.encapsulate(wireOf(input.text('public_key')), entropy);

export const primitives = byFunction({
  'ed25519-sign': sized({ secret_key: 32 }, (input) => {
    const key = signatures.signingKey(input.bytes('secret_key'));
    const signature = signatures.signBytes(key, input.bytes('message'));
    return output({ public_key: hexOfWire(key.publicKey), signature: hexOfWire(signature) });
  }),
  'ed25519-verify': (input) => {
    const [key = '', signature = ''] = ['public_key', 'signature'].map((name) =>
      wireOf(input.text(name)),
    );
    return allowed(signatures.verifyBytes(key, input.bytes('message'), signature), 'X-SIG-01');
  },
  x25519: sized({ scalar: 32 }, (input) =>
    answered(
      agreeBytes(raw, must, input.bytes('scalar'), wireOf(input.text('point'))),
      (shared) => ({
        shared_secret: hexOf(shared),
      }),
    ),
  ),
  blake3: hashed((bytes) => raw.blake3(bytes)),
  sha256: hashed((bytes) => raw.sha256(bytes)),
  'chacha20-poly1305-seal': sealChaCha,
  'chacha20-poly1305-open': openChaCha,
  'aes-256-gcm-seal': sealAes,
  'aes-256-gcm-open': openAes,
  'ml-kem-768-keygen': sized({ seed: 64 }, (input) => {
    const key = crypto.kemKey(input.bytes('seed'));
    return output({ public_key: hexOfWire(key.publicKey), secret_key: hexOf(secretBytes(key)) });
  }),
  'ml-kem-768-encapsulate': sized({ randomness: 32 }, (input) =>
    answered(encapsulated(input, input.bytes('randomness')), ({ ciphertext, secret }) => ({
      ciphertext: hexOfWire(ciphertext),
      shared_secret: hexOf(secretBytes(secret)),
    })),
  ),
  'ml-kem-768-decapsulate': sized({ secret_key: KEM_SECRET_KEY_BYTES }, (input) => {
    const key = { publicKey: '', secret: input.bytes('secret_key') };
    return answered(crypto.decapsulate(key, wireOf(input.text('ciphertext'))), (secret) => ({
      shared_secret: hexOf(secretBytes(secret)),
    }));
  }),
  'ml-kem-768-check-key': (input) => answered(encapsulated(input, new Uint8Array(32)), () => ({})),
});
