/** Text to canonical form and its hash (X-CAN). */
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import { parseStrict } from '../../../reference/wire/parse.ts';
import { limits } from '../../../spec/limits.ts';
import type { Answer } from '../protocol/answer.ts';
import { hexOf, type Input } from './input.ts';
import { answered } from './results.ts';
import { must, primitives } from './tools.ts';

export function canonicalJson(input: Input): Answer {
  const maxBytes = limits.federationBodyBytes;
  return answered(parseStrict(input.bytes('json'), { maxBytes, must }), (value) => {
    const bytes = canonicalBytes(value);
    return { canonical: hexOf(bytes), hash: hexOf(primitives.blake3(bytes)) };
  });
}
