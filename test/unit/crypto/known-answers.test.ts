/** The computed values of profile Part 6, against both providers. */
import { describe, expect, test } from 'vitest';
import type { RequestProof, SessionInputs } from '../../../reference/crypto/crypto.ts';
import { hkdf, hmacBlake3 } from '../../../reference/crypto/hkdf.ts';
import { masterSecret, trafficKeys } from '../../../reference/crypto/key-schedule.ts';
import { requestProofBytes } from '../../../reference/crypto/request-proof.ts';
import { bytesOf } from '../../../reference/wire/base64url.ts';
import { canonicalText } from '../../../reference/wire/canonical.ts';
import { ascii, base64url, counting, filled, hex, toHex } from './octets.ts';
import { cryptos, noble, node, nodeCrypto, providers } from './providers.ts';

const SEED = hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
const DEVICE_ID = '550e8400-e29b-41d4-a716-446655440000';

// TV §3
const REQUEST = {
  type: 'connection_request',
  client_versions: ['1.2', '2.0'],
  preferred_version: '2.0',
  capabilities: ['messaging', 'e2ee'],
};
const ACCEPTED = {
  type: 'connection_accepted',
  negotiated_version: '2.0',
  server_capabilities: ['messaging', 'e2ee'],
  compatibility_mode: false,
};
const TRANSCRIPT = '7f21824d2e0ca57a2185657446c1650cc285e525c2932bf81ae892ab310f1430';

const INPUTS: SessionInputs = {
  clientNonce: base64url(ascii('clientnonce0')),
  serverNonce: base64url(ascii('servernonce0')),
  classical: {
    secret: hex('c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552'),
  },
  version: '2.0',
  suite: '0001',
  transcript: base64url(hex(TRANSCRIPT)),
};

const REVOKE = {
  type: 'device_revoke',
  user_id: 'alice@example.org',
  device_id: DEVICE_ID,
  reason: 'compromised',
  effective: 1734905000,
};

const PROOF: RequestProof = {
  type: 'user_lookup',
  requester: 'alice.example.org',
  target: 'bob.example.org',
  timestampSeconds: 1734900000,
  body: { type: 'user_lookup' },
};

const REQUEST_ID = '11111111-1111-4111-8111-111111111111';
const CHALLENGE_ID = '22222222-2222-4222-8222-222222222222';

describe.each(cryptos)('%s', (_, crypto) => {
  const key = crypto.signingKey(SEED);
  const hexOf = (text: string): string => toHex(bytesOf(text));

  test('V-CAN: auth_request of TV §2 has its hash', () => {
    const message = {
      type: 'auth_request',
      user_id: 'alice@example.org',
      device_id: DEVICE_ID,
      timestamp: 1734900000,
    };
    expect(hexOf(crypto.hash(message))).toBe(
      '7dee93e66333804710bc4ae1bc484e5ea62aa1b979a3ac910e2929c60a0e561a',
    );
  });

  test('V-TRN: the handshake of TV §3 has its transcript hash', () => {
    expect(hexOf(crypto.transcript('norc-c-handshake-v1', [REQUEST, ACCEPTED]))).toBe(TRANSCRIPT);
  });

  test('V-TRN: swapped messages, a dropped capability or another label give another hash', () => {
    const others = [
      crypto.transcript('norc-c-handshake-v1', [ACCEPTED, REQUEST]),
      crypto.transcript('norc-c-handshake-v1', [{ ...REQUEST, capabilities: ['e2ee'] }, ACCEPTED]),
      crypto.transcript('norc-f-handshake-v1', [REQUEST, ACCEPTED]),
    ].map(hexOf);
    expect(new Set([TRANSCRIPT, ...others]).size).toBe(4);
  });

  test('V-KDF: traffic keys and server_finished of the classical suite', () => {
    const keys = crypto.sessionKeys(INPUTS);
    const { clientToServer, serverToClient, serverFinished } = trafficKeys(keys);
    expect(toHex(clientToServer)).toBe(
      'ffd11f87ddd02242b7f6ef15d3243ee4a8722d44a7140d053cc3cb0babf3a6e8',
    );
    expect(toHex(serverToClient)).toBe(
      '66c142899c978e94feddf4c45e2a0e51f4d3b06e67bc22df6252a14c067b43b0',
    );
    expect(toHex(serverFinished)).toBe(
      '6388ff047e6e7b3e1a3135c643fcb6f5dcd17f86eb28345a40309959d44e2145',
    );
    const finished = crypto.serverFinished(keys, INPUTS.transcript);
    expect(hexOf(finished)).toBe(
      '68fbe63e06d9a319ab707efce46020e8e9b4d0250e025de704cd347e88f84aa0',
    );
    expect(crypto.verifyServerFinished(keys, INPUTS.transcript, finished)).toBe(true);
  });

  test('V-REV: device_revoke of TV §13 has its hash and signature', () => {
    expect(hexOf(crypto.hash(REVOKE))).toBe(
      'ad9b6cb5da2fee9ba4e2393f93ea4064f1e8b992f8a3226da1607a7aa58f171b',
    );
    const signature = crypto.sign(key, REVOKE);
    expect(hexOf(signature)).toMatch(/^7458f4df.*d50d$/);
    expect(crypto.verify(key.publicKey, REVOKE, signature)).toBe(true);
  });

  test('V-TIM: time_sync of TV §14 has its signature', () => {
    const message = {
      type: 'time_sync',
      server_time: 1734900123,
      uncertainty_ms: 35,
      server_id: 'srv1.example.org',
    };
    expect(hexOf(crypto.sign(key, message))).toMatch(/^a6522db2.*4e600f$/);
  });

  test('V-REQ: the request proof has its signature', () => {
    const signature = crypto.signRequest(key, PROOF);
    expect(hexOf(signature)).toMatch(/^8a9173c0.*2f0d$/);
    expect(crypto.verifyRequest(key.publicKey, PROOF, signature)).toBe(true);
  });

  test('V-DNS: the domain value is the one of the inputs', () => {
    const challenge = {
      requester: 'alice.example.org',
      challenger: 'bob.example.org',
      requestId: REQUEST_ID,
      challengeId: CHALLENGE_ID,
      publicKey: key.publicKey,
      nonce: base64url(filled(32, 7)),
    };
    const value = 'norc-trust-0nQKONuXsWAzOL2oz1-4q3oVy7p38e6PzyIL_VSF1DQ';
    expect(crypto.domainValue(challenge)).toBe(value);
    const others = [
      { ...challenge, challenger: 'mallory.example.org' },
      { ...challenge, publicKey: base64url(filled(32, 1)) },
      { ...challenge, requestId: CHALLENGE_ID },
      { ...challenge, challengeId: REQUEST_ID },
      { ...challenge, nonce: base64url(filled(32, 8)) },
    ].map((other) => crypto.domainValue(other));
    expect(new Set([value, ...others]).size).toBe(6);
  });

  test('V-TPR: the trust proof has its signature', () => {
    const proof = {
      type: 'trust_proof',
      challenge_data: base64url(filled(64, 9)),
      request_id: REQUEST_ID,
      challenge_id: CHALLENGE_ID,
      requesting_server: 'alice.example.org',
      challenging_server: 'bob.example.org',
      transcript_hash: base64url(filled(32, 1)),
    };
    const signature = crypto.sign(key, proof);
    expect(hexOf(signature)).toMatch(/^d17db176.*8b05$/);
    const relayed = { ...proof, challenging_server: 'mallory.example.org' };
    expect(crypto.verify(key.publicKey, relayed, signature)).toBe(false);
  });

  test('V-REG: the proof of work is the first decimal that solves it', () => {
    const work = { challenge: base64url(filled(32, 3)), deviceId: DEVICE_ID, difficulty: 4 };
    const solution = crypto.solveProofOfWork(work);
    expect(solution).toBe(base64url(ascii('5043')));
    expect(crypto.checkProofOfWork({ ...work, solution })).toBe(true);
    expect(crypto.checkProofOfWork({ ...work, solution, difficulty: 5 })).toBe(false);
    const digest = crypto.hashBytes(
      base64url(ascii('norc:pow:v1')),
      work.challenge,
      base64url(ascii(DEVICE_ID)),
      solution,
    );
    expect(hexOf(digest)).toMatch(/^0000bbda/);
  });

  test('V-AUD: two entries from the zero genesis have their hashes', () => {
    const first = crypto.chainHash(base64url(filled(32, 0)), { a: 1 });
    expect(hexOf(first)).toBe('7e94084bce94902db91a1fcd90448c118e748e57c8c812348e09af0d03830054');
    expect(hexOf(crypto.chainHash(first, { a: 2 }))).toBe(
      'ef6cc426a495bf04db14dadbfb4e4209c51b804b5a33bc8439192c60a46b5e48',
    );
  });

  test('V-MSG, V-WRP: one message has its ciphertext, wrapped key and chain hash', () => {
    const device = crypto.exchangeKey(filled(32, 0x11));
    const header = {
      version: '2.0',
      messageTypeCode: 0x10,
      messageId: '4d3c2b1a-0908-4706-bfee-ddccbbaa9988',
      conversationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      senderUserId: 'alice@example.org',
      senderDeviceId: '6fa459ea-ee8a-4ca4-894e-db77e160355e',
      messageType: 'text',
      classification: 'unclassified',
      sequenceNumber: 5,
      previousHash: base64url(filled(32, 0)),
      timestampMicros: 1734900000000000,
    };
    const recipient = { userId: 'bob@example.org', deviceId: DEVICE_ID };
    const entropy = Uint8Array.from([
      ...hex('b74f3d0d9a2ebddc14c9e4acd1f2b3a2f1e0d9c8b7a697887766554433221100'),
      ...counting(12),
      ...filled(32, 0x22),
    ]);
    const { blobs, contentHash } = crypto.sealContent(
      header,
      ascii('Hello, NORC!'),
      [{ ...recipient, exchangePublicKey: device.publicKey }],
      key,
      entropy,
    );
    const blob = blobs[DEVICE_ID];
    if (!blob) throw new Error('no blob');
    expect(hexOf(device.publicKey)).toMatch(/^7b4e909b.*3f13$/);
    expect(hexOf(blob.sender_ephemeral_key)).toMatch(/^0faa684e.*0f20$/);
    expect(hexOf(blob.wrapped_key)).toBe(
      '2009d742e1fc9b3a05ee5a9c2c5628a8736a844f6e799d47e52032e851d09ec63bfdc106ee91b7057c8c4807a7229817',
    );
    expect(hexOf(blob.ciphertext).slice(0, 64)).toMatch(/^9bec8ff8db7ebef1.*b9a699$/);
    expect(hexOf(blob.ciphertext)).toMatch(/dbca905cde085467007b3e94dffc28ca$/);
    expect(bytesOf(blob.ciphertext).length).toBe(512);
    expect(hexOf(contentHash)).toBe(
      '67358b84be0e56a1b45d0370d97ab7cb26a314d819430ddb7d410d261cd7e862',
    );
    expect(crypto.contentHash(blob)).toBe(contentHash);
    const opened = crypto.openContent(header, blob, { ...recipient, key: device }, key.publicKey);
    expect(opened).toEqual({ ok: true, value: ascii('Hello, NORC!') });
  });
});

describe.each(providers)('$name', (provider) => {
  test('V-TRN: the negative twins of the transcript are what the profile says', () => {
    const hashOf = (...parts: string[]): string => toHex(provider.blake3(...parts.map(ascii)));
    const label = 'norc-c-handshake-v1';
    const sorted = [canonicalText(REQUEST), canonicalText(ACCEPTED)];
    expect(hashOf(label, JSON.stringify(REQUEST), JSON.stringify(ACCEPTED))).toBe(
      '73bf4008a07c825d62fee5364799e171f89d30152ead72e27742e9e4efb4142a',
    );
    expect(hashOf(...sorted)).toBe(
      '201b77af350bfff60b5217b8e66abac6ae7ffceefe586c0d82f766053d237d7a',
    );
    // The profile's value for literal bars is that of the document's own order of members.
    const documented = [JSON.stringify(REQUEST), JSON.stringify(ACCEPTED)];
    expect(hashOf([label, ...documented].join('||'))).toMatch(/^3941a8f1.*2867$/);
  });

  test('V-KDF: the master secret, classical and hybrid, classical secret first', () => {
    expect(toHex(masterSecret(provider, INPUTS))).toBe(
      '3a4cc160c558e2541cc8a8020a2804959fac9bf0c5878de0822f67c4ef87268b',
    );
    const postQuantum = { secret: filled(32, 0x42) };
    const hybrid: SessionInputs = { ...INPUTS, suite: '0101', postQuantum };
    expect(toHex(masterSecret(provider, hybrid))).toBe(
      '86bf916a159997fe871c84621a7c68e635c1a8ccb729694abed8a716b0e330af',
    );
    const swapped = { ...hybrid, classical: postQuantum, postQuantum: INPUTS.classical };
    expect(toHex(masterSecret(provider, swapped))).toMatch(/^63bb742b/);
  });

  test('V-KDF: HMAC-BLAKE3 of abc under key', () => {
    expect(toHex(hmacBlake3(provider, ascii('key'), ascii('abc')))).toBe(
      'efa827ba84724d9acc978b6a97141d99914404c8bb3ca23cab12d44972438556',
    );
  });

  test('RFC 4231: the HMAC construction, over SHA-256, gives cases 1, 2 and 6', () => {
    const overSha256 = { ...provider, blake3: provider.sha256 };
    const hmac = (key: Uint8Array, text: string): string =>
      toHex(hmacBlake3(overSha256, key, ascii(text)));
    expect(hmac(filled(20, 0x0b), 'Hi There')).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    );
    expect(hmac(ascii('Jefe'), 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    const longKey = 'Test Using Larger Than Block-Size Key - Hash Key First';
    expect(hmac(filled(131, 0xaa), longKey)).toBe(
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    );
  });

  test('V-REQ: the signing bytes of the request proof', () => {
    expect(toHex(requestProofBytes(provider, PROOF))).toMatch(/^6e6f7263.*ed4c$/);
  });

  test('V-REQ: two requests that are the same bytes without lengths differ', () => {
    const one = { ...PROOF, requester: 'a.example.org', target: 'b.org' };
    const other = { ...PROOF, requester: 'a.example.or', target: 'gb.org' };
    expect(one.requester + one.target).toBe(other.requester + other.target);
    expect(requestProofBytes(provider, one)).not.toEqual(requestProofBytes(provider, other));
    const key = nodeCrypto.signingKey(SEED);
    const signature = nodeCrypto.signRequest(key, one);
    expect(nodeCrypto.verifyRequest(key.publicKey, other, signature)).toBe(false);
  });
});

test('V-KDF: a label without norc:, or an unknown one, aborts', () => {
  const derivation = { salt: filled(0, 0), ikm: filled(32, 1), context: [], lengthBytes: 32 };
  for (const label of ['ms:v1', 'norc:unknown:v1'] as string[]) {
    const derive = () => hkdf(node, { ...derivation, label: label as 'norc:ms:v1' });
    expect(derive).toThrow('X-KDF-05');
  }
  expect(hkdf(noble, { ...derivation, label: 'norc:ms:v1' }).length).toBe(32);
});
