/** Transcripts of the three handshakes (X-TRN). The reference builds no suite with SHA-256. */
import type { HandshakeLabel } from '../../../reference/crypto/crypto.ts';
import { without } from '../../../reference/wire/canonical.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import type { Input } from './input.ts';
import { allowed, byFunction, type CategoryFunction, output, unsupported } from './results.ts';
import { crypto, hexOfWire } from './tools.ts';

const labels: { readonly [layer: string]: HandshakeLabel } = {
  client: 'norc-c-handshake-v1',
  federation: 'norc-f-handshake-v1',
  trust: 'norc-t-handshake-v1',
};

/** As hex; null where the suite is none of ours. */
function transcriptHash(input: Input): string | null {
  const layer = input.text('layer');
  const label = labels[layer];
  if (!label || (layer !== 'trust' && input.has('suite') && input.text('suite') === '0002'))
    return null;
  const messages = input.inputs('messages').map(({ whole }) => whole);
  return hexOfWire(
    crypto.transcript(label, layer === 'federation' ? answerless(messages) : messages),
  );
}

/** L-H03: the answer cannot cover its own hash and signature. */
function answerless(messages: readonly JsonObject[]): readonly JsonObject[] {
  return messages.map((message, at) =>
    at === 1 ? without(without(message, 'transcript_hash'), 'signature') : message,
  );
}

const withHash =
  (answer: (hash: string, input: Input) => ReturnType<CategoryFunction>): CategoryFunction =>
  (input) => {
    const hash = transcriptHash(input);
    return hash === null ? unsupported : answer(hash, input);
  };

export const transcript = byFunction({
  hash: withHash((hash) => output({ transcript_hash: hash })),
  check: withHash((hash, input) => allowed(hash === input.text('transcript_hash'), 'X-TRN-05')),
  running: (input) => {
    const messages = input.inputs('messages').map(({ whole }) => whole);
    const hashes = messages.map((_, before) =>
      hexOfWire(crypto.transcript('norc-t-handshake-v1', messages.slice(0, before))),
    );
    return output({ transcript_hashes: hashes });
  },
});
