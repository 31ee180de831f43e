/** A content key wrapped for a device, and whole messages (C-E2E, L-E01 to L-E06). */
import { wrapNonce, wrapSalt, wrapUse } from '../../../reference/crypto/content-binding.ts';
import { openContent } from '../../../reference/crypto/content-open.ts';
import { sealContent } from '../../../reference/crypto/content-seal.ts';
import type { ContentHeader, SealedBlob } from '../../../reference/crypto/crypto.ts';
import { agreeBytes } from '../../../reference/crypto/key-exchange.ts';
import { concat } from '../../../reference/crypto/octets.ts';
import { limits } from '../../../spec/limits.ts';
import type { Answer } from '../protocol/answer.ts';
import { hexOf, type Input } from './input.ts';
import { answered, byFunction, output, rejected, unlessImpossible } from './results.ts';
import { crypto, hexOfWire, must, primitives, signatures, wireOf } from './tools.ts';

/** Of the header, what wrapping depends on. */
function wrappingHeader(input: Input): ContentHeader {
  return {
    ...{ version: input.text('version'), messageId: input.text('message_id') },
    conversationId: input.text('conversation_id'),
    senderDeviceId: input.text('sender_device_id'),
    ...{ messageTypeCode: 0, senderUserId: '', messageType: '', classification: '' },
    ...{ sequenceNumber: 0, previousHash: '', timestampMicros: 0 },
  };
}

function useFor(input: Input, exchange: Parameters<typeof wrapUse>[3]) {
  const aad = input.bytes('aad');
  return wrapUse(primitives, wrappingHeader(input), input.text('device_id'), exchange, aad);
}

function wrap(input: Input): Answer {
  const secret = input.bytes('ephemeral_secret');
  const ephemeralPublicKey = primitives.x25519PublicKey(secret);
  const recipientPublicKey = input.bytes('recipient_public_key');
  if (input.bytes('content_key').length !== limits.aeadKeyBytes) return rejected('C-E2E-04');
  const agreed = agreeBytes(primitives, must, secret, wireOf(input.text('recipient_public_key')));
  return answered(agreed, (shared) => {
    const keys = { ephemeralPublicKey, recipientPublicKey };
    const use = useFor(input, { shared, ...keys });
    return {
      ephemeral_public_key: hexOf(ephemeralPublicKey),
      salt: hexOf(wrapSalt(primitives, input.text('message_id'), keys)),
      wrap_key: hexOf(use.key),
      nonce: hexOf(use.nonce),
      aad_meta: hexOf(use.aad),
      wrapped_key: hexOf(primitives.seal(use, input.bytes('content_key'))),
    };
  });
}

function unwrap(input: Input): Answer {
  const secret = input.bytes('recipient_secret');
  const wrapped = input.bytes('wrapped_key');
  if (wrapped.length !== limits.wrappedKeyBytes) return rejected('C-E2E-04');
  const agreed = agreeBytes(primitives, must, secret, wireOf(input.text('ephemeral_public_key')));
  if (!agreed.ok) return answered(agreed, () => ({}));
  const ephemeralPublicKey = input.bytes('ephemeral_public_key');
  const recipientPublicKey = primitives.x25519PublicKey(secret);
  const use = useFor(input, { shared: agreed.value, ephemeralPublicKey, recipientPublicKey });
  const { authentic, plaintext } = primitives.open(use, wrapped);
  return authentic ? output({ content_key: hexOf(plaintext) }) : rejected('C-E2E-05');
}

export const wrapping = byFunction({
  wrap,
  unwrap,
  nonce: (input) =>
    output({
      nonce: hexOf(wrapNonce(primitives, input.text('message_id'), input.text('device_id'))),
    }),
});

function headerOf(header: Input): ContentHeader {
  return {
    version: header.text('version'),
    messageTypeCode: header.number('message_type_code'),
    messageId: header.text('message_id'),
    conversationId: header.text('conversation_id'),
    senderUserId: header.text('sender_user_id'),
    senderDeviceId: header.text('sender_device_id'),
    messageType: header.text('message_type'),
    classification: header.text('classification'),
    sequenceNumber: header.number('sequence_number'),
    previousHash: header.text('prev_message_hash'),
    timestampMicros: header.number('timestamp'),
  };
}

const tools = { primitives, must, signatures };

function seal(input: Input): Answer {
  const recipient = input.input('recipient');
  const sealedFor = {
    userId: recipient.text('user_id'),
    deviceId: recipient.text('device_id'),
    exchangePublicKey: wireOf(recipient.text('public_key')),
  };
  const secrets = ['content_key', 'nonce', 'ephemeral_secret'].map((name) => input.bytes(name));
  return unlessImpossible(() => {
    const { blobs, contentHash } = sealContent(
      tools,
      headerOf(input.input('header')),
      input.bytes('plaintext'),
      [sealedFor],
      signatures.signingKey(input.bytes('sender_secret_key')),
      concat(...secrets),
    );
    const blob = blobs[sealedFor.deviceId];
    if (!blob) return rejected('X-KDF-07');
    return output({ blob: { ...blob }, content_hash: hexOfWire(contentHash) });
  });
}

const binaryMembers = [
  ...['nonce', 'ciphertext', 'sender_ephemeral_key', 'wrapped_key', 'sender_signature'],
];

function open(input: Input): Answer {
  const blob = input.object('blob');
  // C-E2E-02: judged by the shape of the message that carries the blob.
  if (!binaryMembers.every((name) => typeof blob[name] === 'string')) return rejected('C-E2E-02');
  const recipient = input.input('recipient');
  const key = crypto.exchangeKey(recipient.bytes('secret_key'));
  const owner = { userId: recipient.text('user_id'), deviceId: recipient.text('device_id'), key };
  const header = headerOf(input.input('header'));
  const sender = wireOf(input.text('sender_public_key'));
  return unlessImpossible(() =>
    answered(
      openContent(tools, header, blob as unknown as SealedBlob, owner, sender),
      (plaintext) => ({
        plaintext: hexOf(plaintext),
      }),
    ),
  );
}

export const message = byFunction({ seal, open });
