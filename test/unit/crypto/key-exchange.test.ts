/** X-KDF-07 and X-PQ-04: what a peer may not bring to a key exchange. */
import { describe, expect, test } from 'vitest';
import { lowOrderCoordinates } from './degenerate.ts';
import { base64url, counting, filled, toHex } from './octets.ts';
import { cryptos, mutant, nodeCrypto, providers } from './providers.ts';

const SEED = counting(32, 1);
const zeros = new Uint8Array(32);

describe.each(providers)('$name', (provider) => {
  test.each(lowOrderCoordinates.map(toHex))('the raw exchange with %s is zero', (coordinate) => {
    const point = Uint8Array.from(Buffer.from(coordinate, 'hex'));
    expect(provider.x25519(SEED, point)).toEqual(zeros);
  });
});

describe.each(cryptos)('%s', (_, crypto) => {
  const key = crypto.exchangeKey(SEED);
  const kem = crypto.kemKey(counting(64));
  const publicBytes = Uint8Array.from(Buffer.from(kem.publicKey, 'base64url'));

  test.each(lowOrderCoordinates.map(base64url))('a low-order point %s is refused', (peer) => {
    expect(crypto.agree(key, peer)).toMatchObject({
      ok: false,
      error: { requirement: 'X-KDF-07' },
    });
  });

  test.each([0, 31, 33])('an X25519 key of %i bytes is refused', (lengthBytes) => {
    const agreed = crypto.agree(key, base64url(filled(lengthBytes, 9)));
    expect(agreed).toMatchObject({ ok: false, error: { requirement: 'X-CAN-16' } });
  });

  test('both sides agree', () => {
    const peer = crypto.exchangeKey(filled(32, 7));
    expect(crypto.agree(key, peer.publicKey)).toEqual(crypto.agree(peer, key.publicKey));
  });

  test('both sides of an encapsulation have one secret', () => {
    const sent = crypto.encapsulate(kem.publicKey, filled(32, 3));
    if (!sent.ok) throw new Error(sent.error.detail);
    expect(crypto.decapsulate(kem, sent.value.ciphertext)).toEqual({
      ok: true,
      value: sent.value.secret,
    });
  });

  test.each([0, 1183, 1185])('an encapsulation key of %i bytes is refused', (lengthBytes) => {
    const sent = crypto.encapsulate(base64url(filled(lengthBytes, 0)), filled(32, 3));
    expect(sent).toMatchObject({ ok: false, error: { requirement: 'X-PQ-04' } });
  });

  test.each([0, 1, 1150, 1151])('a coefficient of q at byte %i is refused', (at) => {
    const sent = crypto.encapsulate(base64url(unreducedAt(publicBytes, at)), filled(32, 3));
    expect(sent).toMatchObject({ ok: false, error: { requirement: 'X-PQ-04' } });
  });

  test.each([0, 1087, 1089])('a ciphertext of %i bytes is refused', (lengthBytes) => {
    const received = crypto.decapsulate(kem, base64url(filled(lengthBytes, 0)));
    expect(received).toMatchObject({ ok: false, error: { requirement: 'X-PQ-04' } });
  });

  test('a seed of another length is our own mistake', () => {
    expect(() => crypto.exchangeKey(filled(31, 1))).toThrow('entropy');
    expect(() => crypto.kemKey(filled(63, 1))).toThrow('entropy');
    expect(() => crypto.signingKey(filled(33, 1))).toThrow('seed');
  });
});

test('without X-KDF-07 the shared secret is the one everybody knows', () => {
  const careless = mutant('X-KDF-07');
  const agreed = careless.agree(careless.exchangeKey(SEED), base64url(zeros));
  expect(agreed).toEqual({ ok: true, value: { secret: zeros } });
});

test('without X-PQ-04 unreduced and misshapen keys are used', () => {
  const careless = mutant('X-PQ-04');
  const { publicKey } = nodeCrypto.kemKey(counting(64));
  const bytes = Uint8Array.from(Buffer.from(publicKey, 'base64url'));
  for (const key of [unreducedAt(bytes, 0), filled(7, 1), filled(1200, 0xff)]) {
    expect(careless.encapsulate(base64url(key), filled(32, 3)).ok).toBe(true);
  }
  expect(careless.decapsulate(careless.kemKey(counting(64)), base64url(filled(5, 1))).ok).toBe(
    true,
  );
});

/** Sets the coefficient that covers byte `at` to 0xfff, which is more than q − 1. */
function unreducedAt(key: Uint8Array, at: number): Uint8Array {
  const start = at - (at % 3);
  const changed = Uint8Array.from(key);
  // The first of a pair is in byte 0 and the low half of 1, the second in the rest (FIPS 203
  // 4.2.1).
  if (at % 3 === 0) changed.set([0xff, (changed[start + 1] ?? 0) | 0x0f], start);
  else changed.set([(changed[start + 1] ?? 0) | 0xf0, 0xff], start + 1);
  return changed;
}
