/** Additional data and padding of end-to-end content (X-AAD, X-PAD). */
import { encodeAad } from '../../../reference/wire/aad.ts';
import { bucketFor, type PaddingTenths, pad, unpad } from '../../../reference/wire/padding.ts';
import { limits } from '../../../spec/limits.ts';
import { hexOf, type Input } from './input.ts';
import { allowed, answered, byFunction, output, rejected, unlessImpossible } from './results.ts';
import { must, primitives } from './tools.ts';

function aadOf(input: Input): Uint8Array {
  return encodeAad({
    major: input.number('major'),
    minor: input.number('minor'),
    messageTypeCode: input.number('message_type'),
    sequenceNumber: Number(input.text('sequence_number')),
    messageId: input.bytes('message_id'),
    ciphertextBytes: input.number('ciphertext_length'),
    previousHash: input.bytes('prev_message_hash'),
    transcriptHash: input.bytes('transcript_hash'),
  });
}

export const aad = byFunction({
  encode: (input) => unlessImpossible(() => output({ aad: hexOf(aadOf(input)) })),
  check: (input) =>
    unlessImpossible(() => allowed(hexOf(aadOf(input)) === input.text('aad'), 'X-AAD-01')),
  open: (input) =>
    unlessImpossible(() => {
      const ciphertext = input.bytes('ciphertext');
      // X-AAD-04: the length that is authenticated is that of what has come.
      if (input.number('ciphertext_length') !== ciphertext.length) return rejected('X-AAD-04');
      const use = { key: input.bytes('key'), nonce: input.bytes('nonce'), aad: aadOf(input) };
      const algorithm = 'chacha20_poly1305';
      const { authentic, plaintext } = primitives.open({ algorithm, ...use }, ciphertext);
      return authentic ? output({ plaintext: hexOf(plaintext) }) : rejected('X-AAD-03');
    }),
});

const tenthsOf = (input: Input): PaddingTenths | undefined =>
  limits.paddingMultipliersTenths.find((tenths) => tenths === input.number('multiplier_tenths'));

export const padding = byFunction({
  bucket: (input) => {
    const tenths = tenthsOf(input);
    if (tenths === undefined) return rejected('X-PAD-05');
    return output({ ciphertext_length: bucketFor(input.number('plaintext_length'), tenths) });
  },
  pad: (input) => {
    const tenths = tenthsOf(input);
    if (tenths === undefined) return rejected('X-PAD-05');
    return output({ padded: hexOf(pad(input.bytes('plaintext'), tenths)) });
  },
  unpad: (input) =>
    answered(unpad(input.bytes('padded'), must), (plaintext) => ({ plaintext: hexOf(plaintext) })),
});
