/** Text to canonical form and its hash; the texts that stand for bytes and ids (X-CAN). */
import { isUuid } from '../../../reference/federation/uuid.ts';
import { decodeBase64url } from '../../../reference/wire/base64url.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import { parseStrict } from '../../../reference/wire/parse.ts';
import { limits } from '../../../spec/limits.ts';
import { hexOf } from './input.ts';
import { allowed, answered, byFunction } from './results.ts';
import { must, primitives } from './tools.ts';

const maxBytes = limits.federationBodyBytes;

export const canonicalJson = byFunction({
  canonicalize: (input) =>
    answered(parseStrict(input.bytes('json_hex'), { maxBytes, must }), (value) => {
      const bytes = canonicalBytes(value);
      return { canonical_hex: hexOf(bytes), blake3: hexOf(primitives.blake3(bytes)) };
    }),
  'decode-base64url': (input) =>
    answered(decodeBase64url(input.text('text'), must), (bytes) => ({ hex: hexOf(bytes) })),
  'check-uuid': (input) => allowed(isUuid(input.text('text')), 'X-CAN-13'),
});
