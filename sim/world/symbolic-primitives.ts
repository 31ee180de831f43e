/**
 * Public-key cryptography as names: a signature is a code that only the secret of a registered key
 * can have made, a shared secret a function of both secrets, a ciphertext a name for the key that it
 * carries. Lengths and shapes are those of the real ones, so every check of form still judges. Who
 * has not a secret cannot make what it makes: forgery is impossible by construction, not by
 * hardness, and a run shows the protocol's faults alone. Hashes and the sealing of content are real.
 *
 * Every operation is a function of its arguments and of the keys registered in this world; what is
 * no key of this world is handed to the real provider.
 */
import type { Primitives } from '../../reference/crypto/primitives.ts';
import { limits } from '../../spec/limits.ts';

type Bytes = Uint8Array;

const SIGNATURE_BYTES = 64;
/** Of R: below the field, and none of the small orders; of S: below the order of the group. */
const R_TOP = 0x3f;
const S_TOP = 0x0f;
/** Coefficients all zero are in form (FIPS 203 7.2); the seed of the matrix is free to be a name. */
const KEM_NAME_AT = limits.kemPublicKeyBytes - 32;

const encoder = new TextEncoder();
const labels = {
  sign: encoder.encode('symbolic signature'),
  exchange: encoder.encode('symbolic exchange key'),
  agree: encoder.encode('symbolic agreement'),
  kem: encoder.encode('symbolic encapsulation key'),
  wrap: encoder.encode('symbolic ciphertext'),
  unwrap: encoder.encode('symbolic shared secret'),
} as const;

export function symbolicPrimitives(real: Primitives): Primitives {
  return { ...real, ...signatures(real), ...agreement(real), ...encapsulation(real) };
}

/** Public keys are points as they must be; they are computed once each. */
function signatures(real: Primitives) {
  const publics = createRegister();
  const secrets = createRegister();
  const publicKey = (seed: Bytes): Bytes => {
    const known = publics.get(seed);
    if (known) return known.slice();
    const made = real.ed25519PublicKey(seed);
    publics.set(seed, made);
    secrets.set(made, seed);
    return made.slice();
  };
  const sign = (seed: Bytes, message: Bytes): Bytes => {
    const signature = new Uint8Array(SIGNATURE_BYTES);
    const name = real.blake3(labels.sign, seed, message);
    signature.set(name, 0);
    signature.set(real.blake3(name), 32);
    signature[31] = (signature[31] as number) & R_TOP;
    signature[63] = (signature[63] as number) & S_TOP;
    return signature;
  };
  return {
    ed25519PublicKey: publicKey,
    ed25519Sign(seed: Bytes, message: Bytes) {
      publicKey(seed);
      return sign(seed, message);
    },
    ed25519Verify(key: Bytes, message: Bytes, signature: Bytes) {
      const seed = secrets.get(key);
      if (!seed) return real.ed25519Verify(key, message, signature);
      return real.equal(sign(seed, message), signature);
    },
  };
}

function agreement(real: Primitives) {
  const scalars = createRegister();
  return {
    x25519PublicKey(scalar: Bytes) {
      const name = real.blake3(labels.exchange, scalar);
      scalars.set(name, scalar);
      return name.slice();
    },
    x25519(scalar: Bytes, point: Bytes) {
      const other = scalars.get(point);
      if (!other) return real.x25519(scalar, point);
      const both = [textOf(scalar), textOf(other)].sort().join(' ');
      return real.blake3(labels.agree, encoder.encode(both));
    },
  };
}

function encapsulation(real: Primitives) {
  const seeds = createRegister();
  return {
    kemKeyPair(seed: Bytes) {
      const publicKey = new Uint8Array(limits.kemPublicKeyBytes);
      const name = real.blake3(labels.kem, seed);
      publicKey.set(name, KEM_NAME_AT);
      seeds.set(name, seed);
      return { publicKey, secretKey: seed.slice() };
    },
    kemEncapsulate(publicKey: Bytes, entropy: Bytes) {
      const name = publicKey.subarray(KEM_NAME_AT);
      const seed = seeds.get(name);
      if (!seed) return real.kemEncapsulate(publicKey, entropy);
      const ciphertext = new Uint8Array(limits.kemCiphertextBytes);
      ciphertext.set(real.blake3(labels.wrap, name, entropy));
      return { ciphertext, secret: real.blake3(labels.unwrap, seed, ciphertext) };
    },
    kemDecapsulate: (seed: Bytes, ciphertext: Bytes) =>
      real.blake3(labels.unwrap, seed, ciphertext),
  };
}

function createRegister() {
  const values = new Map<string, Bytes>();
  return {
    get: (key: Bytes) => values.get(textOf(key)),
    set: (key: Bytes, value: Bytes) => void values.set(textOf(key), value.slice()),
  };
}

function textOf(bytes: Bytes): string {
  return String.fromCharCode(...bytes);
}
