/** The portable provider and the fast one are the same function, byte for byte. */

import { blake3 } from '@noble/hashes/blake3.js';
import { hkdf as nobleHkdf } from '@noble/hashes/hkdf.js';
import { hmac as nobleHmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SealedBlob } from '../../../reference/crypto/crypto.ts';
import { hkdf, hkdfLabels, hmacBlake3 } from '../../../reference/crypto/hkdf.ts';
import { trafficKeys } from '../../../reference/crypto/key-schedule.ts';
import { isEd25519Point } from '../../../reference/crypto/noble-ed25519.ts';
import {
  type MixedChoice,
  mixedSignature,
  nonCanonicalEncodings,
  ORDER,
  smallOrderEncodings,
  withOrderAdded,
} from '../../unit/crypto/degenerate.ts';
import { ascii, base64url, flipped } from '../../unit/crypto/octets.ts';
import { noble, nobleCrypto, node, nodeCrypto } from '../../unit/crypto/providers.ts';
import {
  bytes,
  contentHeader,
  domainChallenge,
  message,
  requestProof,
  sessionMaterial,
  signedObject,
} from './arbitraries.ts';

/** Portable curve arithmetic is slow: these runs are few and large. */
const SLOW = { numRuns: 25 };

const aead = fc.record({
  algorithm: fc.constantFrom('chacha20_poly1305' as const, 'aes_256_gcm' as const),
  key: bytes(32),
  nonce: bytes(12),
  aad: message,
});

describe('primitives', () => {
  test('hash alike, however the input is cut', () =>
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 4 }), (parts) => {
        const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
        expect(node.blake3(...parts)).toEqual(noble.blake3(whole));
        expect(node.sha256(...parts)).toEqual(noble.sha256(whole));
      }),
    ));

  test('seal and open alike, and tell alike what is not authentic', () =>
    fc.assert(
      fc.property(aead, message, fc.nat(), (use, plaintext, bit) => {
        const sealed = node.seal(use, plaintext);
        expect(noble.seal(use, plaintext)).toEqual(sealed);
        for (const input of [sealed, flipped(sealed, bit), sealed.slice(0, bit % 17)]) {
          expect(noble.open(use, input)).toEqual(node.open(use, input));
        }
        expect(node.open(use, sealed)).toEqual({ authentic: true, plaintext });
        expect(node.open(use, flipped(sealed, bit)).authentic).toBe(false);
      }),
    ));

  test('sign and verify alike', () =>
    fc.assert(
      fc.property(bytes(32), message, (seed, text) => {
        const publicKey = node.ed25519PublicKey(seed);
        const signature = node.ed25519Sign(seed, text);
        expect(noble.ed25519PublicKey(seed)).toEqual(publicKey);
        expect(noble.ed25519Sign(seed, text)).toEqual(signature);
        expect(noble.ed25519Verify(publicKey, text, signature)).toBe(true);
        expect(node.ed25519Verify(publicKey, text, signature)).toBe(true);
      }),
      SLOW,
    ));

  test('agree alike on any 32 bytes', () =>
    fc.assert(
      fc.property(bytes(32), bytes(32), (scalar, point) => {
        expect(noble.x25519PublicKey(scalar)).toEqual(node.x25519PublicKey(scalar));
        expect(noble.x25519(scalar, point)).toEqual(node.x25519(scalar, point));
      }),
      SLOW,
    ));

  test('compare alike', () =>
    fc.assert(
      fc.property(message, message, (a, b) => {
        expect(noble.equal(a, b)).toBe(node.equal(a, b));
        expect(noble.equal(a, Uint8Array.from(a))).toBe(true);
      }),
    ));
});

describe('raw verifiers', () => {
  const choice: fc.Arbitrary<MixedChoice> = fc.record({
    a: fc.bigInt(0n, ORDER - 1n),
    r: fc.bigInt(0n, ORDER - 1n),
    keyTorsion: fc.nat(7),
    commitmentTorsion: fc.nat(7),
  });

  test('judge mixed-order keys and commitments alike, which cofactored ones do not', () =>
    fc.assert(
      fc.property(message, choice, (text, mixed) => {
        const { publicKey, signature } = mixedSignature(text, mixed);
        const judgement = node.ed25519Verify(publicKey, text, signature);
        expect(noble.ed25519Verify(publicKey, text, signature)).toBe(judgement);
        const added = withOrderAdded(signature);
        expect(noble.ed25519Verify(publicKey, text, added)).toBe(false);
        expect(node.ed25519Verify(publicKey, text, added)).toBe(false);
      }),
      { numRuns: 60 },
    ));

  test('judge arbitrary bytes, and degenerate keys, alike', () => {
    const degenerate = fc.constantFrom(...smallOrderEncodings, ...nonCanonicalEncodings);
    return fc.assert(
      fc.property(
        fc.oneof(bytes(32), degenerate),
        fc.oneof(bytes(32), degenerate),
        fc.bigInt(0n, ORDER),
        message,
        (publicKey, r, s, text) => {
          const scalar = Array.from({ length: 32 }, (_, i) => Number((s >> BigInt(8 * i)) & 255n));
          const signature = Uint8Array.from([...r, ...scalar]);
          expect(noble.ed25519Verify(publicKey, text, signature)).toBe(
            node.ed25519Verify(publicKey, text, signature),
          );
          expect(nobleCrypto.isSigningKey(base64url(publicKey))).toBe(
            nodeCrypto.isSigningKey(base64url(publicKey)),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a point is what decodes: about half of all bytes', () => {
    const sample = fc.sample(bytes(32), { numRuns: 200, seed: 1 });
    const points = sample.filter(isEd25519Point).length;
    expect(points).toBeGreaterThan(60);
    expect(points).toBeLessThan(140);
  });
});

describe('derivation', () => {
  test('HMAC and HKDF are those of RFC 2104 and RFC 5869, over BLAKE3 and over SHA-256', () => {
    const overSha256 = { ...node, blake3: node.sha256 };
    const lengthBytes = fc.integer({ min: 1, max: 200 });
    const label = fc.constantFrom(...hkdfLabels);
    return fc.assert(
      fc.property(message, message, label, message, lengthBytes, (salt, ikm, tag, rest, length) => {
        const derivation = { salt, ikm, label: tag, context: [rest], lengthBytes: length };
        const info = Uint8Array.from([...ascii(tag), ...rest]);
        const expected = nobleHkdf(blake3, ikm, salt, info, length);
        expect(hkdf(node, derivation)).toEqual(expected);
        expect(hkdf(noble, derivation)).toEqual(expected);
        expect(hkdf(overSha256, derivation)).toEqual(nobleHkdf(sha256, ikm, salt, info, length));
        expect(hmacBlake3(node, salt, ikm)).toEqual(nobleHmac(blake3, salt, ikm));
      }),
    );
  });

  test('session keys are alike, classical and hybrid, bound to trust and not', () =>
    fc.assert(
      fc.property(sessionMaterial, fc.boolean(), fc.boolean(), (material, isHybrid, isBound) => {
        const inputs = {
          ...material,
          suite: isHybrid ? ('0101' as const) : ('0001' as const),
          classical: { secret: material.classical },
        };
        const { postQuantum: _, trustTranscript: __, ...required } = inputs;
        const session = {
          ...required,
          ...(isHybrid && { postQuantum: { secret: material.postQuantum } }),
          ...(isBound && { trustTranscript: material.trustTranscript }),
        };
        const [one, other] = [nobleCrypto, nodeCrypto].map((crypto) => crypto.sessionKeys(session));
        if (!one || !other) throw new Error('no keys');
        expect(trafficKeys(one)).toEqual(trafficKeys(other));
        const finished = nodeCrypto.serverFinished(other, session.transcript);
        expect(nobleCrypto.verifyServerFinished(one, session.transcript, finished)).toBe(true);
      }),
    ));
});

describe('the crypto interface', () => {
  test('hashes, transcripts, chains, domain values and pseudonyms are alike', () =>
    fc.assert(
      fc.property(
        signedObject,
        signedObject,
        domainChallenge,
        bytes(32),
        (a, b, challenge, key) => {
          const [one, other] = [nobleCrypto, nodeCrypto].map((crypto) => [
            crypto.hash(a),
            crypto.transcript('norc-t-handshake-v1', [a, b]),
            crypto.chainHash(crypto.hash(a), b),
            crypto.hashBytes(base64url(key), challenge.nonce),
            crypto.contentHash({ nonce: challenge.nonce, ciphertext: base64url(key) }),
            crypto.domainValue(challenge),
            crypto.pseudonym(key, challenge.requester),
          ]);
          expect(one).toEqual(other);
        },
      ),
    ));

  test('signatures over values and requests are alike and verify across', () =>
    fc.assert(
      fc.property(bytes(32), signedObject, requestProof, (seed, value, proof) => {
        const [one, other] = [nobleCrypto.signingKey(seed), nodeCrypto.signingKey(seed)];
        expect(one).toEqual(other);
        expect(nobleCrypto.sign(one, value)).toBe(nodeCrypto.sign(other, value));
        const signature = nodeCrypto.signRequest(other, proof);
        expect(nobleCrypto.signRequest(one, proof)).toBe(signature);
        expect(nobleCrypto.verifyRequest(one.publicKey, proof, signature)).toBe(true);
      }),
      SLOW,
    ));

  test('proofs of work are alike', () =>
    fc.assert(
      fc.property(bytes(32), fc.uuid(), fc.nat(2), (challenge, deviceId, difficulty) => {
        const work = { challenge: base64url(challenge), deviceId, difficulty };
        const solution = nodeCrypto.solveProofOfWork(work);
        expect(nobleCrypto.solveProofOfWork(work)).toBe(solution);
        expect(nobleCrypto.checkProofOfWork({ ...work, solution })).toBe(true);
      }),
      SLOW,
    ));

  test('key exchange is alike', () =>
    fc.assert(
      fc.property(bytes(64), bytes(32), (seed, entropy) => {
        const [one, other] = [nobleCrypto, nodeCrypto].map((crypto) => {
          const exchange = crypto.exchangeKey(entropy);
          const kem = crypto.kemKey(seed);
          const sent = crypto.encapsulate(kem.publicKey, entropy);
          const received = sent.ok ? crypto.decapsulate(kem, sent.value.ciphertext) : sent;
          return [exchange, kem, sent, received, crypto.agree(exchange, exchange.publicKey)];
        });
        expect(one).toEqual(other);
      }),
      { numRuns: 10 },
    ));

  test('sealed content is alike and opens across', () =>
    fc.assert(
      fc.property(
        contentHeader,
        message,
        bytes(76),
        fc.uuid(),
        (header, text, entropy, deviceId) => {
          const sender = nodeCrypto.signingKey(entropy.slice(0, 32));
          const device = nodeCrypto.exchangeKey(entropy.slice(32, 64));
          const who = { userId: 'bob@bravo.example', deviceId };
          const recipients = [{ ...who, exchangePublicKey: device.publicKey }];
          const sealed = nodeCrypto.sealContent(header, text, recipients, sender, entropy);
          expect(nobleCrypto.sealContent(header, text, recipients, sender, entropy)).toEqual(
            sealed,
          );
          const blob = sealed.blobs[deviceId] as SealedBlob;
          const recipient = { ...who, key: device };
          const opened = nobleCrypto.openContent(header, blob, recipient, sender.publicKey);
          expect(opened).toEqual({ ok: true, value: text });
          expect(nodeCrypto.openContent(header, blob, recipient, sender.publicKey)).toEqual(opened);
        },
      ),
      SLOW,
    ));
});
