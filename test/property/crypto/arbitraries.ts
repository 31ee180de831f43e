/** Generators of what the crypto interface takes. */
import fc from 'fast-check';
import type {
  ContentHeader,
  DomainChallenge,
  RequestProof,
} from '../../../reference/crypto/crypto.ts';
import { base64url } from '../../unit/crypto/octets.ts';

export const bytes = (lengthBytes: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: lengthBytes, maxLength: lengthBytes });

export const message: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 300 });

const name = fc.string({ maxLength: 12 });
/** Objects with text, integers, lists and objects in them: what messages are made of. */
export const signedObject = fc.dictionary(
  name,
  fc.oneof(name, fc.integer(), fc.boolean(), fc.array(name), fc.dictionary(name, fc.integer())),
);

const base64urlOf = (lengthBytes: number): fc.Arbitrary<string> =>
  bytes(lengthBytes).map(base64url);
const text = fc.string({ unit: 'grapheme', maxLength: 40 });

export const requestProof: fc.Arbitrary<RequestProof> = fc.record({
  type: text,
  requester: text,
  target: text,
  timestampSeconds: fc.maxSafeNat(),
  body: signedObject,
});

export const domainChallenge: fc.Arbitrary<DomainChallenge> = fc.record({
  requester: text,
  challenger: text,
  requestId: fc.uuid({ version: 4 }),
  challengeId: fc.uuid({ version: 4 }),
  publicKey: base64urlOf(32),
  nonce: base64urlOf(32),
});

export const contentHeader: fc.Arbitrary<ContentHeader> = fc.record({
  version: fc.constantFrom('1.0', '1.1', '2.0'),
  messageTypeCode: fc.constantFrom(0x10, 0x40),
  messageId: fc.uuid({ version: 4 }),
  conversationId: fc.uuid({ version: 4 }),
  senderUserId: fc.constantFrom('alice@acme.example', 'bob@bravo.example'),
  senderDeviceId: fc.uuid({ version: 4 }),
  messageType: fc.constantFrom('text', 'file'),
  classification: fc.constantFrom('unclassified', 'secret'),
  sequenceNumber: fc.maxSafeNat(),
  previousHash: base64urlOf(32),
  timestampMicros: fc.maxSafeNat(),
});

export const sessionMaterial = fc.record({
  clientNonce: base64urlOf(12),
  serverNonce: base64urlOf(12),
  classical: bytes(32),
  postQuantum: bytes(32),
  version: fc.constantFrom('1.0', '1.1', '2.0'),
  transcript: base64urlOf(32),
  trustTranscript: base64urlOf(32),
});
