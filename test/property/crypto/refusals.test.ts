/** What is signed, derived or sealed is bound to every bit that went into it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ContentHeader, SealedBlob, SessionInputs } from '../../../reference/crypto/crypto.ts';
import { masterSecret } from '../../../reference/crypto/key-schedule.ts';
import { requestProofBytes } from '../../../reference/crypto/request-proof.ts';
import { bytesOf } from '../../../reference/wire/base64url.ts';
import { canonicalText } from '../../../reference/wire/canonical.ts';
import { ascii, base64url, flipped } from '../../unit/crypto/octets.ts';
import { node, nodeCrypto } from '../../unit/crypto/providers.ts';
import { alice, bob, entropy, header, sealedFor } from '../../unit/crypto/sealing.ts';
import {
  bytes,
  contentHeader,
  requestProof,
  sessionMaterial,
  signedObject,
} from './arbitraries.ts';

const flippedText = (text: string, bit: number): string => base64url(flipped(bytesOf(text), bit));

describe('signatures', () => {
  test('any flipped bit of signature or key refuses (X-SIG-01)', () =>
    fc.assert(
      fc.property(bytes(32), signedObject, fc.nat(511), (seed, value, bit) => {
        const { publicKey, ...key } = nodeCrypto.signingKey(seed);
        const signature = nodeCrypto.sign({ publicKey, ...key }, value);
        expect(nodeCrypto.verify(publicKey, value, signature)).toBe(true);
        expect(nodeCrypto.verify(publicKey, value, flippedText(signature, bit))).toBe(false);
        expect(nodeCrypto.verify(flippedText(publicKey, bit), value, signature)).toBe(false);
      }),
      { numRuns: 300 },
    ));

  test('a signature over one value verifies no other (X-SIG-04, X-CAN-09)', () =>
    fc.assert(
      fc.property(bytes(32), signedObject, signedObject, (seed, value, other) => {
        const key = nodeCrypto.signingKey(seed);
        const signature = nodeCrypto.sign(key, value);
        const isSame = canonicalText(value) === canonicalText(other);
        expect(nodeCrypto.verify(key.publicKey, other, signature)).toBe(isSame);
      }),
    ));

  test('any flipped bit of a text member refuses', () =>
    fc.assert(
      fc.property(bytes(32), bytes(48), fc.nat(), (seed, content, bit) => {
        const key = nodeCrypto.signingKey(seed);
        const value = { type: 'trust_proof', challenge_data: base64url(content) };
        const signature = nodeCrypto.sign(key, value);
        const changed = { ...value, challenge_data: base64url(flipped(content, bit)) };
        expect(nodeCrypto.verify(key.publicKey, changed, signature)).toBe(false);
      }),
    ));

  test('garbage is refused, never thrown at', () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), signedObject, (publicKey, signature, value) => {
        expect(nodeCrypto.verify(publicKey, value, signature)).toBe(false);
        expect(nodeCrypto.isSigningKey(publicKey)).toBe(false);
        expect(nodeCrypto.agree(bob.key, publicKey).ok).toBe(false);
        expect(nodeCrypto.encapsulate(publicKey, entropy.slice(0, 32)).ok).toBe(false);
      }),
    ));
});

describe('request proofs (F-AUTH-02)', () => {
  test('equal bytes mean equal requests', () =>
    fc.assert(
      fc.property(requestProof, requestProof, (one, other) => {
        const isSame = canonicalText({ ...one }) === canonicalText({ ...other });
        const [a, b] = [requestProofBytes(node, one), requestProofBytes(node, other)];
        expect(base64url(a) === base64url(b)).toBe(isSame);
      }),
    ));

  test('moving the boundary between two names changes the bytes', () =>
    fc.assert(
      fc.property(requestProof, fc.string({ minLength: 1 }), fc.nat(), (proof, names, cut) => {
        const at = cut % names.length;
        const split = (where: number) =>
          requestProofBytes(node, {
            ...proof,
            requester: names.slice(0, where),
            target: names.slice(where),
          });
        expect(split(at)).not.toEqual(split(at + 1));
      }),
    ));

  test('a proof verifies for its own request only', () =>
    fc.assert(
      fc.property(requestProof, requestProof, (proof, other) => {
        const signature = nodeCrypto.signRequest(alice, proof);
        expect(nodeCrypto.verifyRequest(alice.publicKey, proof, signature)).toBe(true);
        for (const name of ['type', 'requester', 'target', 'timestampSeconds'] as const) {
          const changed = { ...proof, [name]: other[name] };
          const isSame = changed[name] === proof[name];
          expect(nodeCrypto.verifyRequest(alice.publicKey, changed, signature)).toBe(isSame);
        }
      }),
      { numRuns: 50 },
    ));

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    'a time of %d has no proof',
    (timestampSeconds) => {
      const proof = { type: 't', requester: 'a', target: 'b', timestampSeconds, body: {} };
      expect(nodeCrypto.verifyRequest(alice.publicKey, proof, 'AA')).toBe(false);
      expect(() => nodeCrypto.signRequest(alice, proof)).toThrow('u16');
    },
  );
});

describe('session keys (X-KDF-02…04, X-TRN-04)', () => {
  const inputs = sessionMaterial.map(
    (material): SessionInputs => ({
      ...material,
      suite: '0101',
      classical: { secret: material.classical },
      postQuantum: { secret: material.postQuantum },
    }),
  );
  const secretOf = (session: SessionInputs): string => base64url(masterSecret(node, session));

  test('X-TRN-04: every input changes the master secret', () =>
    fc.assert(
      fc.property(inputs, fc.nat(), (session, bit) => {
        const { postQuantum, trustTranscript, ...classical } = session;
        const variants: SessionInputs[] = [
          session,
          { ...session, clientNonce: flippedText(session.clientNonce, bit) },
          { ...session, serverNonce: flippedText(session.serverNonce, bit) },
          { ...session, transcript: flippedText(session.transcript, bit) },
          { ...session, trustTranscript: flippedText(trustTranscript ?? '', bit) },
          { ...session, version: session.version === '2.0' ? '1.1' : '2.0' },
          { ...session, suite: '0001' },
          { ...classical, ...(trustTranscript && { trustTranscript }) },
          { ...classical, ...(postQuantum && { postQuantum }) },
        ];
        expect(new Set(variants.map(secretOf)).size).toBe(variants.length);
      }),
    ));

  test('swapped nonces or secrets are another session', () =>
    fc.assert(
      fc.property(inputs, (session) => {
        const { clientNonce, serverNonce, classical, postQuantum } = session;
        fc.pre(clientNonce !== serverNonce && postQuantum !== undefined);
        const swapped = { ...session, clientNonce: serverNonce, serverNonce: clientNonce };
        const exchanged = {
          ...session,
          classical: postQuantum ?? classical,
          postQuantum: classical,
        };
        const secrets = [session, swapped, exchanged].map(secretOf);
        expect(new Set(secrets).size).toBe(3);
      }),
    ));

  test('a finished MAC is refused with any bit flipped, and for any other transcript', () =>
    fc.assert(
      fc.property(inputs, fc.nat(255), (session, bit) => {
        const keys = nodeCrypto.sessionKeys(session);
        const { transcript } = session;
        const finished = nodeCrypto.serverFinished(keys, transcript);
        const verify = nodeCrypto.verifyServerFinished;
        expect(verify(keys, transcript, finished)).toBe(true);
        expect(verify(keys, transcript, flippedText(finished, bit))).toBe(false);
        expect(verify(keys, flippedText(transcript, bit), finished)).toBe(false);
        expect(verify(keys, transcript, `${finished}=`)).toBe(false);
        expect(verify(keys, transcript, '')).toBe(false);
      }),
    ));
});

describe('end-to-end content', () => {
  const blob = sealedFor(nodeCrypto);
  const open = (under: ContentHeader, sealed: SealedBlob, recipient = bob) =>
    nodeCrypto.openContent(under, sealed, recipient, alice.publicKey);

  test('X-AAD-01, X-AAD-05, C-E2E-06, X-CLS-03: any other value of any header member refuses', () =>
    fc.assert(
      fc.property(contentHeader, (other) => {
        for (const name of Object.keys(header) as (keyof ContentHeader)[]) {
          const changed = { ...header, [name]: other[name] };
          expect(open(changed, blob).ok).toBe(changed[name] === header[name]);
        }
      }),
      { numRuns: 50 },
    ));

  test('any flipped bit of any binary member of a blob refuses', () => {
    const members = [
      'nonce',
      'ciphertext',
      'sender_ephemeral_key',
      'wrapped_key',
      'sender_signature',
    ] as const;
    return fc.assert(
      fc.property(fc.constantFrom(...members), fc.nat(), (member, bit) => {
        const changed = { ...blob, [member]: flippedText(blob[member], bit) };
        expect(open(header, changed).ok).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test('X-AAD-04: any truncation of any binary member refuses', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('nonce', 'ciphertext', 'wrapped_key', 'sender_signature' as const),
        fc.nat(),
        (member, cut) => {
          const whole = bytesOf(blob[member as 'nonce']);
          const shorter = base64url(whole.slice(0, cut % whole.length));
          expect(open(header, { ...blob, [member]: shorter }).ok).toBe(false);
        },
      ),
    ));

  test('C-E2E-09: another recipient, device or user, refuses', () =>
    fc.assert(
      fc.property(fc.uuid(), bytes(32), (deviceId, seed) => {
        const key = nodeCrypto.exchangeKey(seed);
        expect(open(header, blob, { ...bob, deviceId }).ok).toBe(false);
        expect(open(header, blob, { ...bob, userId: 'eve@bravo.example' }).ok).toBe(false);
        expect(open(header, blob, { ...bob, key }).ok).toBe(false);
      }),
      { numRuns: 50 },
    ));

  test('arbitrary text in every member is refused, never thrown at', () => {
    const text = fc.string();
    const garbage = fc.record({
      nonce: text,
      ciphertext: text,
      sender_ephemeral_key: text,
      wrapped_key: text,
      sender_signature: text,
    });
    return fc.assert(
      fc.property(garbage, (members) => {
        expect(open(header, { ...blob, ...members }).ok).toBe(false);
      }),
    );
  });

  test('what is sealed opens to the same, at any length', () =>
    fc.assert(
      fc.property(contentHeader, fc.nat(70_000), (own, lengthBytes) => {
        const text = ascii('n'.repeat(lengthBytes));
        const recipients = [
          { userId: bob.userId, deviceId: bob.deviceId, exchangePublicKey: bob.key.publicKey },
        ];
        const { blobs } = nodeCrypto.sealContent(own, text, recipients, alice, entropy);
        const opened = open(own, blobs[bob.deviceId] as SealedBlob);
        // Not toEqual: it walks typed arrays element by element.
        expect(opened.ok && Buffer.compare(opened.value, text)).toBe(0);
      }),
      { numRuns: 50 },
    ));
});
