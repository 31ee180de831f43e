/**
 * X-SIG-03: degenerate keys and signatures, which verifiers judge differently, are refused by all.
 */
import { ed25519, ed25519ctx, ed25519ph } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { createStrictEd25519 } from '../../../reference/crypto/strict-ed25519.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import {
  mixedSignature,
  nonCanonicalEncodings,
  ORDER,
  smallOrderEncodings,
  withOrderAdded,
} from './degenerate.ts';
import { ascii, base64url, filled, hex, littleEndian, toHex } from './octets.ts';
import { cryptos, mutant, nodeCrypto, providers } from './providers.ts';

const strict = createStrictEd25519();
const MESSAGE = { type: 'ping' };
const SEED = filled(32, 5);

test('eight points of small order have ten encodings, and 38 encodings lie above the field', () => {
  expect(new Set(smallOrderEncodings.map(toHex)).size).toBe(10);
  expect(new Set(nonCanonicalEncodings.map(toHex)).size).toBe(38);
});

test.each(smallOrderEncodings.map(toHex))('small-order key %s is no key', (encoding) => {
  expect(strict.isKey(hex(encoding))).toBe(false);
});

test.each(nonCanonicalEncodings.map(toHex))('non-canonical key %s is no key', (encoding) => {
  expect(strict.isKey(hex(encoding))).toBe(false);
});

test.each([...smallOrderEncodings, ...nonCanonicalEncodings].map(toHex))(
  'R = %s is refused',
  (r) => {
    expect(strict.isSignature(Uint8Array.from([...hex(r), ...littleEndian(1n)]))).toBe(false);
  },
);

test('S is refused from L on', () => {
  const r = nodeCrypto.signingKey(SEED).publicKey;
  const signature = (s: bigint): Uint8Array =>
    Uint8Array.from([...Buffer.from(r, 'base64url'), ...littleEndian(s)]);
  expect(strict.isSignature(signature(ORDER - 1n))).toBe(true);
  expect(strict.isSignature(signature(ORDER))).toBe(false);
  expect(strict.isSignature(signature(2n ** 256n - 1n))).toBe(false);
});

test('a y that is on no point of the curve is no key', () => {
  // Half of all y are; 2 is one of them.
  expect(strict.isKey(littleEndian(2n))).toBe(false);
});

test.each([0, 31, 33])('%i bytes are no key', (lengthBytes) => {
  expect(strict.isKey(filled(lengthBytes, 9))).toBe(false);
});

describe.each(cryptos)('%s', (_, crypto) => {
  const key = crypto.signingKey(SEED);
  const signature = crypto.sign(key, MESSAGE);

  test('a key of small order signs nothing', () => {
    // With A the identity, R = [s]B verifies every message under every lenient verifier.
    const { signature: forged } = forgedUnderIdentity();
    expect(crypto.verify(base64url(littleEndian(1n)), MESSAGE, base64url(forged))).toBe(false);
  });

  test('S + L is not a second signature', () => {
    const added = withOrderAdded(Buffer.from(signature, 'base64url'));
    expect(crypto.verify(key.publicKey, MESSAGE, base64url(added))).toBe(false);
  });

  test('another spelling of the same signature is refused', () => {
    expect(crypto.verify(key.publicKey, MESSAGE, `${signature}=`)).toBe(false);
    expect(crypto.verify(`${key.publicKey}==`, MESSAGE, signature)).toBe(false);
  });

  test.each([0, 63, 65])('a signature of %i bytes is refused', (lengthBytes) => {
    expect(crypto.verify(key.publicKey, MESSAGE, base64url(filled(lengthBytes, 1)))).toBe(false);
  });

  test('isSigningKey tells keys from what looks like one', () => {
    expect(crypto.isSigningKey(key.publicKey)).toBe(true);
    expect(crypto.isSigningKey(base64url(littleEndian(1n)))).toBe(false);
    expect(crypto.isSigningKey(base64url(littleEndian(2n)))).toBe(false);
    expect(crypto.isSigningKey('')).toBe(false);
    expect(crypto.isSigningKey(`${key.publicKey}==`)).toBe(false);
  });

  test('a prehashed signature, or one with a context, is refused (X-SIG-07)', () => {
    const message = canonicalBytes(MESSAGE);
    const prehashed = ed25519ph.sign(message, SEED);
    const inContext = ed25519ctx.sign(message, SEED, { context: ascii('norc') });
    expect(crypto.verify(key.publicKey, MESSAGE, base64url(prehashed))).toBe(false);
    expect(crypto.verify(key.publicKey, MESSAGE, base64url(inContext))).toBe(false);
  });
});

describe.each(providers)('$name', (provider) => {
  test('the raw verifier is lenient about small order, so that the guard above decides', () => {
    const { publicKey, signature } = forgedUnderIdentity();
    expect(provider.ed25519Verify(publicKey, canonicalBytes(MESSAGE), signature)).toBe(true);
  });
});

test('a commitment with torsion passes cofactored verification and none of ours', () => {
  const message = canonicalBytes(MESSAGE);
  const choice = { a: 77n, r: 1234567n, keyTorsion: 0, commitmentTorsion: 1 };
  const { publicKey, signature } = mixedSignature(message, choice);
  expect(ed25519.verify(signature, message, publicKey)).toBe(true);
  for (const provider of providers) {
    expect(provider.ed25519Verify(publicKey, message, signature)).toBe(false);
  }
});

test('without X-SIG-03 a key of small order signs everything', () => {
  const forged = base64url(forgedUnderIdentity().signature);
  const verify = mutant('X-SIG-03').verify;
  expect(verify(base64url(littleEndian(1n)), MESSAGE, forged)).toBe(true);
  expect(verify(base64url(littleEndian(1n)), { type: 'pong' }, forged)).toBe(true);
});

test('without X-SIG-01 any signature will do, and without X-SIG-03 lengths do no harm', () => {
  const { publicKey, sign } = { ...nodeCrypto, ...nodeCrypto.signingKey(SEED) };
  const other = sign(nodeCrypto.signingKey(filled(32, 6)), MESSAGE);
  expect(nodeCrypto.verify(publicKey, MESSAGE, other)).toBe(false);
  expect(mutant('X-SIG-01').verify(publicKey, MESSAGE, other)).toBe(true);
  expect(mutant('X-SIG-03').verify('AA', MESSAGE, 'AA')).toBe(false);
});

/** A = identity: a = 0 makes S = r, whatever the message. */
function forgedUnderIdentity() {
  const choice = { a: 0n, r: 1234567n, keyTorsion: 0, commitmentTorsion: 0 };
  return mixedSignature(canonicalBytes(MESSAGE), choice);
}
