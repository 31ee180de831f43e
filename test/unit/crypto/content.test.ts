/** V-WRP, V-MSG: end-to-end blobs, and everything that must not open. */
import { describe, expect, test } from 'vitest';
import type { SealedBlob } from '../../../reference/crypto/crypto.ts';
import { pad } from '../../../reference/wire/padding.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { ascii, base64url, filled } from './octets.ts';
import { cryptos, mutant, nodeCrypto } from './providers.ts';
import {
  alice,
  bob,
  type Deviation,
  entropy,
  forged,
  header,
  mallory,
  plaintext,
  sealedFor,
} from './sealing.ts';

const carol = {
  userId: 'carol@bravo.example',
  deviceId: 'c0ffee00-0000-4000-8000-000000000001',
  key: nodeCrypto.exchangeKey(filled(32, 0xc0)),
};
const recipientOf = ({ userId, deviceId, key }: typeof bob) => ({
  userId,
  deviceId,
  exchangePublicKey: key.publicKey,
});

test('C-E2E-05: the blob made by hand is the one that is sealed', () => {
  expect(forged()).toEqual(sealedFor(nodeCrypto));
});

describe.each(cryptos)('%s', (_, crypto) => {
  const open = (blob: SealedBlob) => crypto.openContent(header, blob, bob, alice.publicKey);
  const blob = sealedFor(crypto);

  test('what is sealed opens', () => {
    expect(open(blob)).toEqual({ ok: true, value: plaintext });
  });

  test('AES-256-GCM content opens (C18)', () => {
    expect(open(forged({ algorithm: 'aes_256_gcm' }))).toEqual({ ok: true, value: plaintext });
  });

  test('C-E2E-03: all blobs of a message share nonce and ciphertext, and nothing else of use', () => {
    const { blobs } = crypto.sealContent(
      header,
      plaintext,
      [recipientOf(bob), recipientOf(carol)],
      alice,
      entropy,
    );
    const [one, other] = [blobs[bob.deviceId], blobs[carol.deviceId]];
    expect([one?.nonce, one?.ciphertext]).toEqual([other?.nonce, other?.ciphertext]);
    expect(one?.wrapped_key).not.toBe(other?.wrapped_key);
    expect(one?.sender_signature).not.toBe(other?.sender_signature);
  });

  test('a device whose key is of low order gets no blob, and the others get theirs', () => {
    const hostile = { ...recipientOf(carol), exchangePublicKey: base64url(filled(32, 0)) };
    const recipients = [recipientOf(bob), hostile];
    const { blobs } = crypto.sealContent(header, plaintext, recipients, alice, entropy);
    expect(Object.keys(blobs)).toEqual([bob.deviceId]);
  });

  test('C-E2E-09: a blob in another slot does not open', () => {
    const slot = { ...bob, deviceId: carol.deviceId };
    const opened = crypto.openContent(header, blob, slot, alice.publicKey);
    expect(opened).toMatchObject({ ok: false, error: { requirement: 'C-E2E-06' } });
  });

  test('two recipients with one device id are our own mistake', () => {
    const recipients = [recipientOf(bob), { ...recipientOf(carol), deviceId: bob.deviceId }];
    const seal = () => crypto.sealContent(header, plaintext, recipients, alice, entropy);
    expect(seal).toThrow('one device id');
  });

  test('a header of ours without a message id or with a short hash is our own mistake', () => {
    const seal = (own: typeof header) => () =>
      crypto.sealContent(own, plaintext, [recipientOf(bob)], alice, entropy);
    expect(seal({ ...header, messageId: 'f-01' })).toThrow('message id');
    expect(seal({ ...header, previousHash: '' })).toThrow('previous hash');
  });
});

interface Refusal {
  readonly name: string;
  readonly requirement: RequirementId;
  readonly blob: SealedBlob;
  /** Guards that have to go, besides the named one, before the blob opens; null: it never does. */
  readonly also: readonly RequirementId[] | null;
}

const padded = pad(plaintext);
const altered = (change: Partial<SealedBlob>): SealedBlob => ({ ...forged(), ...change });
const deviating = (
  name: string,
  requirement: RequirementId,
  deviation: Deviation,
  also: readonly RequirementId[] | null = [],
): Refusal => ({ name, requirement, blob: forged(deviation), also });

const REFUSALS: readonly Refusal[] = [
  deviating('signed by mallory', 'C-E2E-06', { signer: mallory }),
  deviating('a nonce of 16 bytes', 'C-E2E-02', { nonce: filled(16, 4) }),
  deviating('a wrapped key of 64 bytes', 'C-E2E-04', {
    keyMaterial: Uint8Array.from([...entropy.slice(0, 32), ...filled(16, 0)]),
  }),
  deviating('wrapped for another conversation', 'C-E2E-05', {
    wrappedHeader: { ...header, conversationId: carol.deviceId },
  }),
  // The wrapping key and nonce come from the device id, so even a careless opener gets another key.
  deviating('wrapped for another device', 'C-E2E-05', { wrappedDeviceId: carol.deviceId }, null),
  deviating(
    'sealed as a manifest and sent as a message (X-AAD-05)',
    'C-E2E-05',
    { sealedHeader: { ...header, messageTypeCode: 0x40 } },
    ['X-AAD-03'],
  ),
  deviating('content sealed under another sequence number', 'X-AAD-03', {
    sealedHeader: { ...header, sequenceNumber: 6 },
    wrappedHeader: header,
  }),
  deviating('padding that is not zero', 'X-PAD-03', {
    padded: padded.map((byte, index) => (index === padded.length - 1 ? 1 : byte)),
  }),
  deviating('a size that is no bucket', 'X-PAD-01', {
    padded: Uint8Array.from([...padded, ...filled(16, 0)]),
  }),
  {
    name: 'an algorithm that does not exist',
    requirement: 'C-E2E-07',
    blob: altered({ content_algorithm: 'rot13' as 'aes_256_gcm' }),
    also: [],
  },
  {
    name: 'a key algorithm we publish no keys for',
    requirement: 'C-E2E-07',
    blob: altered({ key_algorithm: 'x25519_mlkem768', pq_ciphertext: 'AAAA' }),
    also: [],
  },
  {
    name: 'a post-quantum ciphertext beside a classical algorithm',
    requirement: 'C-E2E-07',
    blob: altered({ pq_ciphertext: 'AAAA' }),
    also: [],
  },
  {
    name: 'another version of the blob',
    requirement: 'C-E2E-07',
    blob: altered({ v: 2 as 1 }),
    also: [],
  },
  {
    name: 'a low-order ephemeral key',
    requirement: 'X-KDF-07',
    blob: altered({ sender_ephemeral_key: base64url(filled(32, 0)) }),
    also: null,
  },
  {
    name: 'an ephemeral key of 31 bytes',
    requirement: 'X-CAN-16',
    blob: altered({ sender_ephemeral_key: base64url(filled(31, 7)) }),
    also: null,
  },
  {
    name: 'padded base64',
    requirement: 'X-CAN-02',
    blob: altered({ wrapped_key: `${forged().wrapped_key}==` }),
    also: [],
  },
];

describe.each(REFUSALS)('$name', ({ requirement, blob }) => {
  test.each(cryptos)(`${requirement}: is refused by %s`, (_, crypto) => {
    const opened = crypto.openContent(header, blob, bob, alice.publicKey);
    expect(opened).toMatchObject({ ok: false, error: { requirement } });
  });

  test('does not make any careless opener throw', () => {
    const careless = mutant(
      'X-CAN-02',
      'X-CAN-16',
      'C-E2E-02',
      'C-E2E-04',
      'C-E2E-05',
      'C-E2E-06',
      'C-E2E-07',
      'X-KDF-07',
      'X-AAD-03',
      'X-PAD-01',
      'X-PAD-03',
    );
    expect(careless.openContent(header, blob, bob, alice.publicKey).ok).toBe(true);
  });
});

test.each(REFUSALS.filter(({ also }) => also !== null))(
  '$name opens when the guard is gone',
  ({ requirement, blob, also }) => {
    const careless = mutant(requirement, ...(also ?? []));
    expect(careless.openContent(header, blob, bob, alice.publicKey)).toEqual({
      ok: true,
      value: plaintext,
    });
  },
);

test('a retry with another content key under the same ephemeral key repeats the key stream', () => {
  // Why entropy is fresh for every attempt: nonce and wrapping key are functions of the rest
  // (L-E05).
  const retried = Uint8Array.from([...filled(32, 0xff), ...entropy.slice(32)]);
  const wrappedKeys = [entropy, retried].map((bytes) => {
    const sealed = nodeCrypto.sealContent(header, plaintext, [recipientOf(bob)], alice, bytes);
    return Buffer.from(sealed.blobs[bob.deviceId]?.wrapped_key ?? '', 'base64url');
  });
  const [one, other] = wrappedKeys;
  const difference = one?.subarray(0, 32).map((byte, index) => byte ^ (other?.[index] ?? 0));
  expect(difference).toEqual(Buffer.from(entropy.slice(0, 32).map((byte) => byte ^ 0xff)));
});

test('X-PAD-01, X-PAD-02, X-PAD-03: content is padded before it is sealed', () => {
  const lengths = ['', 'x'.repeat(492), 'x'.repeat(493)].map((text) => {
    const sealed = nodeCrypto.sealContent(header, ascii(text), [recipientOf(bob)], alice, entropy);
    return Buffer.from(sealed.blobs[bob.deviceId]?.ciphertext ?? '', 'base64url').length;
  });
  expect(lengths).toEqual([512, 512, 1024]);
});
