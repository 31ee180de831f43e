/** V-PRM: published known answers of every primitive, against both providers. */
import { shake256 } from '@noble/hashes/sha3.js';
import { describe, expect, test } from 'vitest';
import { ascii, counting, filled, hex, littleEndian, toHex } from './octets.ts';
import { node, providers } from './providers.ts';

// RFC 8032 section 7.1: seed, public key, message, signature.
const SIGNATURES = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

// RFC 7748 section 5.2: scalar, u, result. The scalar that TV §5 prints is another one (L-X13).
const AGREEMENTS = [
  [
    'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
    'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
    'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
  ],
  [
    '4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d',
    'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
    '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957',
  ],
] as const;

// The official BLAKE3 vectors: input 0, 1, 2, … 250, 0, … of the given length.
const BLAKE3 = [
  [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
  [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
  [1025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
] as const;

const SUNSCREEN = ascii(
  "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, " +
    'sunscreen would be it.',
);

describe.each(providers)('$name', (provider) => {
  test.each(SIGNATURES)('RFC 8032 7.1 with seed %s signs and verifies', (seed, key, text, made) => {
    const [message, signature] = [hex(text), hex(made)];
    expect(toHex(provider.ed25519PublicKey(hex(seed)))).toBe(key);
    expect(toHex(provider.ed25519Sign(hex(seed), message))).toBe(made);
    expect(provider.ed25519Verify(hex(key), message, signature)).toBe(true);
  });

  test.each(AGREEMENTS)('RFC 7748 5.2 with scalar %s agrees', (scalar, u, shared) => {
    expect(toHex(provider.x25519(hex(scalar), hex(u)))).toBe(shared);
  });

  test('RFC 7748 5.2 gives its result after one iteration', () => {
    const nine = littleEndian(9n);
    expect(toHex(provider.x25519(nine, nine))).toBe(
      '422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079',
    );
  });

  test('RFC 8439 2.8.2 seals and opens', () => {
    const use = {
      algorithm: 'chacha20_poly1305',
      key: counting(32, 0x80),
      nonce: hex('070000004041424344454647'),
      aad: hex('50515253c0c1c2c3c4c5c6c7'),
    } as const;
    const sealed = provider.seal(use, SUNSCREEN);
    expect(toHex(sealed)).toBe(
      'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6' +
        '3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36' +
        '92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc' +
        '3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691',
    );
    expect(provider.open(use, sealed)).toEqual({ authentic: true, plaintext: SUNSCREEN });
  });

  test('the tag printed in TV §7 belongs to RFC 8439 2.8.2 and fails', () => {
    const use = {
      algorithm: 'chacha20_poly1305',
      key: counting(32),
      nonce: hex('000000000000004a00000000'),
      aad: hex('0200100000000000000000054d3c2b1a'),
    } as const;
    const sealed = provider.seal(use, SUNSCREEN);
    expect(toHex(sealed.slice(-16))).toBe('6789e8b5737c543b1feb6f707569ea17');
    const printed = Uint8Array.from([
      ...sealed.slice(0, -16),
      ...hex('1ae10b594f09e26a7e902ecbd0600691'),
    ]);
    expect(provider.open(use, printed).authentic).toBe(false);
  });

  test('AES-256-GCM gives the results of test cases 13 and 14 of its specification', () => {
    const use = {
      algorithm: 'aes_256_gcm',
      key: filled(32, 0),
      nonce: filled(12, 0),
      aad: new Uint8Array(0),
    } as const;
    expect(toHex(provider.seal(use, new Uint8Array(0)))).toBe('530f8afbc74536b9a963b4f1c4cb738b');
    expect(toHex(provider.seal(use, filled(16, 0)))).toBe(
      'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
    );
  });

  test.each(BLAKE3)('BLAKE3 of the official input of %i bytes', (lengthBytes, digest) => {
    const input = Uint8Array.from({ length: lengthBytes }, (_, index) => index % 251);
    expect(toHex(provider.blake3(input))).toBe(digest);
  });

  test('SHA-256 of abc', () => {
    expect(toHex(provider.sha256(ascii('a'), ascii('bc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test('ML-KEM-768 has the sizes of FIPS 203 and both sides agree', () => {
    const { publicKey, secretKey } = provider.kemKeyPair(counting(64));
    const { ciphertext, secret } = provider.kemEncapsulate(publicKey, filled(32, 7));
    expect([publicKey.length, secretKey.length]).toEqual([1184, 2400]);
    expect([ciphertext.length, secret.length]).toEqual([1088, 32]);
    expect(provider.kemDecapsulate(secretKey, ciphertext)).toEqual(secret);
  });

  test('ML-KEM-768 rejects implicitly: a wrong ciphertext gives SHAKE256(z ‖ c)', () => {
    const seed = counting(64);
    const { publicKey, secretKey } = provider.kemKeyPair(seed);
    const { ciphertext } = provider.kemEncapsulate(publicKey, filled(32, 7));
    const wrong = ciphertext.map((byte, index) => (index === 0 ? byte ^ 1 : byte));
    const expected = shake256(Uint8Array.from([...seed.slice(32), ...wrong]), { dkLen: 32 });
    expect(provider.kemDecapsulate(secretKey, wrong)).toEqual(expected);
  });

  test('bytes of different lengths are not equal', () => {
    expect(provider.equal(filled(4, 1), filled(4, 1))).toBe(true);
    expect(provider.equal(filled(4, 1), filled(4, 2))).toBe(false);
    expect(provider.equal(filled(4, 1), filled(5, 1))).toBe(false);
  });
});

test('RFC 7748 5.2 gives its result after a thousand iterations', () => {
  let [k, u] = [littleEndian(9n), littleEndian(9n)];
  for (let round = 0; round < 1000; round += 1) [k, u] = [node.x25519(k, u), k];
  expect(toHex(k)).toBe('684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51');
});
