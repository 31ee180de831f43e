/** The labels that keep hashes and keys of one purpose from being those of another (profile 5.5). */
import { blake3 } from '@noble/hashes/blake3.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hkdf, hkdfLabels } from '../../../reference/crypto/hkdf.ts';
import { trafficKeys } from '../../../reference/crypto/key-schedule.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import { cryptos, node, nodeCrypto } from '../../unit/crypto/providers.ts';
import { sessionMaterial, signedObject } from './arbitraries.ts';

const handshakes = ['norc-c-handshake-v1', 'norc-f-handshake-v1', 'norc-t-handshake-v1'] as const;

test('X-TRN-01, X-TRN-02: a transcript is the hash of the label of its layer and all messages', () => {
  fc.assert(
    fc.property(fc.constantFrom(...handshakes), fc.array(signedObject), (label, messages) => {
      const bytes = [new TextEncoder().encode(label), ...messages.map(canonicalBytes)];
      const expected = Buffer.from(blake3(Buffer.concat(bytes))).toString('base64url');
      for (const [, crypto] of cryptos) expect(crypto.transcript(label, messages)).toBe(expected);
    }),
    { numRuns: 100 },
  );
});

test('X-KDF-05: keys are derived under the labels of the protocol and no others', () => {
  const derivation = { salt: new Uint8Array(), ikm: new Uint8Array(32), context: [] };
  for (const label of hkdfLabels) {
    expect(label).toMatch(/^norc:/);
    expect(hkdf(node, { ...derivation, label, lengthBytes: 32 })).toHaveLength(32);
  }
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((tail) => `norc:${tail}`),
      ),
      (label) => {
        fc.pre(!hkdfLabels.some((known) => known === label));
        const other = { ...derivation, label: label as never, lengthBytes: 32 };
        expect(() => hkdf(node, other)).toThrow('X-KDF-05');
      },
    ),
  );
});

test('X-KDF-06: each direction and each purpose has a key of its own', () => {
  fc.assert(
    fc.property(sessionMaterial, (material) => {
      const classical = { secret: material.classical };
      const postQuantum = { secret: material.postQuantum };
      const inputs = { ...material, suite: '0101', classical, postQuantum } as const;
      const keys = Object.values(trafficKeys(nodeCrypto.sessionKeys(inputs)));
      const seen = keys.map((key) => Buffer.from(key).toString('hex'));
      expect(new Set(seen).size).toBe(keys.length);
    }),
    { numRuns: 50 },
  );
});
