/**
 * The values that the profile, the RFCs and the authors of the algorithms print come out of the
 * generator, and stand in the files.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { x25519 } from '@noble/curves/ed25519.js';
import { sha3_256, shake128 } from '@noble/hashes/sha3.js';
import { ml_kem768 as kem } from '@noble/post-quantum/ml-kem.js';
import { describe, expect, test } from 'vitest';
import { fromHex, hex } from '../../vectors/generate/primitives/bytes.ts';
import {
  accumulated,
  acvpEncapsulation,
  acvpKeys,
} from '../../vectors/generate/published/ml-kem.ts';
import {
  blake3Official,
  gcm,
  rfc7748,
  rfc7748Iterated,
  rfc8032,
  rfc8439,
} from '../../vectors/generate/published/rfc.ts';
import type { Category, Vector, VectorFile } from '../../vectors/vector-file.ts';

const room = new URL('../../vectors/', import.meta.url);

function vectorsOf(category: Category): readonly Vector[] {
  const file: VectorFile = JSON.parse(readFileSync(new URL(`${category}.json`, room), 'utf8'));
  return file.vectors;
}

function named(category: Category, name: string): Vector {
  const found = vectorsOf(category).find(({ id }) => id === `${category}/${name}`);
  if (!found) throw new Error(`${category} has no ${name}`);
  return found;
}

/** Values of Part 6: category, vector, members of its output. */
const PLAN: readonly (readonly [Category, string, object])[] = [
  ['version', 'highest-of-two-majors', { version: '1.2', compatibility_mode: true }],
  ['version', 'three-against-two', { version: '2.0' }],
  ['version', 'ascending-lists', { version: '2.0' }],
  ['version', 'ten-is-above-nine', { version: '1.10' }],
  ['version', 'preferring-a-lower-one', { version: '2.0' }],
  [
    'canonical-json',
    'auth-request-of-the-plan',
    { blake3: '7dee93e66333804710bc4ae1bc484e5ea62aa1b979a3ac910e2929c60a0e561a' },
  ],
  [
    'transcript',
    'client-of-the-plan',
    { transcript_hash: '7f21824d2e0ca57a2185657446c1650cc285e525c2932bf81ae892ab310f1430' },
  ],
  [
    'key-schedule',
    'master-of-the-plan',
    { master_secret: '3a4cc160c558e2541cc8a8020a2804959fac9bf0c5878de0822f67c4ef87268b' },
  ],
  [
    'key-schedule',
    'master-hybrid-of-the-plan',
    { master_secret: '86bf916a159997fe871c84621a7c68e635c1a8ccb729694abed8a716b0e330af' },
  ],
  [
    'key-schedule',
    'master-hybrid-secrets-swapped',
    { master_secret: expect.stringMatching(/^63bb742b/) },
  ],
  [
    'key-schedule',
    'key-norc-tk-c2s-v1',
    { key: 'ffd11f87ddd02242b7f6ef15d3243ee4a8722d44a7140d053cc3cb0babf3a6e8' },
  ],
  [
    'key-schedule',
    'key-norc-tk-s2c-v1',
    { key: '66c142899c978e94feddf4c45e2a0e51f4d3b06e67bc22df6252a14c067b43b0' },
  ],
  [
    'key-schedule',
    'key-norc-fin-s2c-v1',
    { key: '6388ff047e6e7b3e1a3135c643fcb6f5dcd17f86eb28345a40309959d44e2145' },
  ],
  [
    'key-schedule',
    'finished-of-the-plan',
    { mac: '68fbe63e06d9a319ab707efce46020e8e9b4d0250e025de704cd347e88f84aa0' },
  ],
  [
    'key-schedule',
    'hmac-abc-under-key',
    { mac: 'efa827ba84724d9acc978b6a97141d99914404c8bb3ca23cab12d44972438556' },
  ],
  [
    'primitives',
    'chacha20-poly1305-seals-section-7-with-its-right-tag',
    { ciphertext: expect.stringMatching(/6789e8b5737c543b1feb6f707569ea17$/) },
  ],
  [
    'aad',
    'of-the-plan',
    {
      aad: `0200100000000000000005${'4d3c2b1a09084706bfeeddccbbaa9988'}00000200${'00'.repeat(64)}`,
    },
  ],
  ['padding', 'bucket-of-0-times-10', { ciphertext_length: 512 }],
  ['padding', 'bucket-of-491-times-10', { ciphertext_length: 512 }],
  ['padding', 'bucket-of-492-times-10', { ciphertext_length: 512 }],
  ['padding', 'bucket-of-493-times-10', { ciphertext_length: 1024 }],
  ['padding', 'bucket-of-1004-times-10', { ciphertext_length: 1024 }],
  ['padding', 'bucket-of-1005-times-10', { ciphertext_length: 2048 }],
  ['padding', 'bucket-of-65516-times-10', { ciphertext_length: 65_536 }],
  ['padding', 'bucket-of-65517-times-10', { ciphertext_length: 131_072 }],
  ['padding', 'bucket-of-131053-times-10', { ciphertext_length: 196_608 }],
  ['padding', 'bucket-of-195-times-10', { ciphertext_length: 512 }],
  [
    'wrapping',
    'of-the-plan',
    {
      ephemeral_public_key: expect.stringMatching(/^0faa684e.*0f20$/),
      salt: expect.stringMatching(/^f816fba3.*b1db$/),
      wrap_key: '5b23c946b19a7bcc02b68997ec67b10c8ccc06ca535cfad938036be173492016',
      nonce: 'fb48a938acf4c9e3e2e05422',
      aad_meta: expect.stringMatching(/^.{406}$/),
      wrapped_key:
        '2009d742e1fc9b3a05ee5a9c2c5628a8736a844f6e799d47e52032e851d09ec63bfdc106ee91b7057c8c4807a7229817',
    },
  ],
  ['wrapping', 'nonce-of-section-9', { nonce: '218687863ec756a44cfd68c7' }],
  [
    'message',
    'seals-of-the-plan',
    { content_hash: '67358b84be0e56a1b45d0370d97ab7cb26a314d819430ddb7d410d261cd7e862' },
  ],
  ['client-auth', 'work-of-4', { solution: '35303433', hash: expect.stringMatching(/^0000bbda/) }],
  [
    'revocation',
    'signs-section-13',
    {
      blake3: 'ad9b6cb5da2fee9ba4e2393f93ea4064f1e8b992f8a3226da1607a7aa58f171b',
      signature: expect.stringMatching(/^7458f4df.*d50d$/),
    },
  ],
  ['time-sync', 'signs-section-14', { signature: expect.stringMatching(/^a6522db2.*e600f?$/) }],
  ['request-proof', 'of-the-plan', { signed_hex: expect.stringMatching(/^6e6f7263.*ed4c$/) }],
  [
    'domain-proof',
    'of-the-plan',
    { value: 'norc-trust-0nQKONuXsWAzOL2oz1-4q3oVy7p38e6PzyIL_VSF1DQ' },
  ],
  ['trust-proof', 'of-the-plan', { signature: expect.stringMatching(/^d17db176.*8b05$/) }],
  [
    'audit-chain',
    'of-the-plan',
    {
      hashes: [
        '7e94084bce94902db91a1fcd90448c118e748e57c8c812348e09af0d03830054',
        'ef6cc426a495bf04db14dadbfb4e4209c51b804b5a33bc8439192c60a46b5e48',
      ],
    },
  ],
  ['score', 'all-full', { score_tenths: 1000 }],
  ['score', 'newcomer-without-history', { score_tenths: 900 }],
  ['path', 'no-path', { score: '0.0000' }],
  ['path', 'oneself', { score: '1.0000' }],
  ['path', 'chain-of-2', { score: '0.8550' }],
  ['path', 'chain-of-3', { score: '0.6498' }],
  ['path', 'chain-of-4', { score: '0.4321' }],
];

test.each(PLAN)('%s: %s has the value of the plan', (category, name, output) => {
  expect(named(category, name).output).toMatchObject(output);
});

test('request-proof: the signature of the plan stands in the header', () => {
  const { output } = named('request-proof', 'of-the-plan');
  const [, text = ''] = String((output as { header: string }).header).split('sig=');
  expect(Buffer.from(text, 'base64url').toString('hex')).toMatch(/^8a9173c0.*2f0d$/);
});

test('message: ciphertext and tag of the plan', () => {
  const { output } = named('message', 'seals-of-the-plan');
  const { blob } = output as { blob: { ciphertext: string } };
  const ciphertext = Buffer.from(blob.ciphertext, 'base64url').toString('hex');
  expect(ciphertext).toMatch(/^9bec8ff8db7ebef1.*dbca905cde085467007b3e94dffc28ca$/);
  expect(ciphertext.length).toBe(1024);
});

/** What the plan says must not come out, stands there as refused. */
const TWINS: readonly (readonly [string, string])[] = [
  ['members-not-sorted', '73bf4008a07c825d62fee5364799e171f89d30152ead72e27742e9e4efb4142a'],
  ['without-label', '201b77af350bfff60b5217b8e66abac6ae7ffceefe586c0d82f766053d237d7a'],
  ['bars-between-and-not-sorted', '3941a8f1.*2867'],
];

test.each(TWINS)('the transcript of the plan is not the one %s', (what, hash) => {
  const vector = named('transcript', `client-of-the-plan-${what}`);
  expect(vector.result).toBe('invalid');
  expect(JSON.stringify(vector.input)).toMatch(new RegExp(`"transcript_hash":"${hash}"`));
});

const REFUSED: readonly (readonly [Category, string])[] = [
  ['version', 'adjacent-majors-without-a-common-version'],
  ['version', 'three-and-one-against-one'],
  ['version', 'four-against-two'],
  ['version', 'one-against-two'],
  ['version', 'only-malformed'],
  ['primitives', 'chacha20-poly1305-section-7-with-the-printed-tag'],
  ['window', 'again-119'],
  ['window', 'again-100'],
  ['window', 'late-122-twice'],
  ['window', 'unseen-100-under-head-1124'],
];

test.each(REFUSED)('%s: %s is refused, as the plan has it', (category, name) => {
  expect(named(category, name).result).toBe('invalid');
});

describe('published values', () => {
  test.each(Object.entries(rfc8032))('RFC 8032 7.1 %s', (name, [, key, , signature]) => {
    const { output } = named('primitives', `ed25519-signs-rfc-8032-${name}`);
    expect(output).toEqual({ public_key: key, signature });
  });

  test.each(Object.entries(rfc7748))('RFC 7748 %s', (name, [, , shared]) => {
    expect(named('primitives', `x25519-rfc-7748-${name}`).output).toEqual({
      shared_secret: shared,
    });
  });

  test('RFC 7748 5.2 after a thousand rounds', () => {
    let [k, u] = [fromHex(`09${'00'.repeat(31)}`), fromHex(`09${'00'.repeat(31)}`)];
    for (let round = 0; round < 1000; round += 1) [k, u] = [x25519.scalarMult(k, u), k];
    expect(hex(k)).toBe(rfc7748Iterated);
  });

  test('RFC 8439 2.8.2', () => {
    const { output } = named('primitives', 'chacha20-poly1305-seals-rfc-8439');
    expect(output).toEqual({ ciphertext: rfc8439.ciphertext });
  });

  test.each(Object.entries(gcm))('GCM %s', (name, [, , , , ciphertext]) => {
    expect(named('primitives', `aes-256-gcm-seals-${name}`).output).toEqual({ ciphertext });
  });

  test.each(Object.entries(acvpKeys))('ML-KEM-768 key %s of ACVP', (number, published) => {
    const { output } = named('primitives', `ml-kem-768-keygen-acvp-${number}`);
    const { public_key, secret_key } = output as { readonly [name: string]: string };
    expect(secret_key?.startsWith(published.secretBegins)).toBe(true);
    expect(hex(sha3_256(fromHex(public_key ?? '')))).toBe(published.publicHash);
  });

  test('ML-KEM-768 encapsulation 26 of ACVP', () => {
    const { output } = named('primitives', 'ml-kem-768-encapsulates-acvp-26');
    const { ciphertext, shared_secret } = output as { readonly [name: string]: string };
    expect(shared_secret).toBe(acvpEncapsulation.sharedSecret);
    expect(ciphertext?.endsWith(acvpEncapsulation.ciphertextEnds)).toBe(true);
  });

  test('ML-KEM-768 over a hundred keys, ciphertexts and implicit rejections', () => {
    const drawn = shake128.create();
    const sum = shake128.create({ dkLen: 32 });
    for (let run = 0; run < 100; run += 1) {
      const { publicKey, secretKey } = kem.keygen(drawn.xof(64));
      const { cipherText, sharedSecret } = kem.encapsulate(publicKey, drawn.xof(32));
      expect(hex(kem.decapsulate(cipherText, secretKey))).toBe(hex(sharedSecret));
      const foreign = kem.decapsulate(drawn.xof(1088), secretKey);
      for (const part of [publicKey, cipherText, sharedSecret, foreign]) sum.update(part);
    }
    expect(hex(sum.digest())).toBe(accumulated);
  });

  test.each(Object.entries(blake3Official))('BLAKE3 of %s bytes', (length, hash) => {
    expect(named('primitives', `blake3-official-${length}`).output).toEqual({ hash });
  });
});

test('what strict verification refuses, a lenient verifier takes: the vectors can tell them apart', () => {
  const lenient = vectorsOf('primitives').filter(
    ({ id, result }) => /ed25519-(small-order|non-canonical)-key/.test(id) && result === 'invalid',
  );
  const taken = lenient.filter(({ input }) => {
    const { public_key, message, signature } = input as { [name: string]: string };
    const der = Buffer.from(`302a300506032b6570032100${public_key}`, 'hex');
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const bytes = [message, signature].map((text) => Buffer.from(text ?? '', 'hex'));
    return verify(null, bytes[0] ?? Buffer.alloc(0), key, bytes[1] ?? Buffer.alloc(0));
  });
  expect(taken.length).toBeGreaterThanOrEqual(4);
});

test('SHA-256 is the one of the platform', () => {
  const { output } = named('primitives', 'sha256-abc');
  expect(output).toEqual({ hash: createHash('sha256').update('abc').digest('hex') });
});
