/** Transcript hashes (L-H02, L-H03): label and canonical messages, nothing between. */
import { concat, utf8 } from './bytes.ts';
import { canonicalBytes, type JsonObject, without } from './canonical-json.ts';
import { blake3, sha256 } from './hash.ts';

export type Layer = 'client' | 'federation' | 'trust';

export const labels: Readonly<Record<Layer, string>> = {
  client: 'norc-c-handshake-v1',
  federation: 'norc-f-handshake-v1',
  trust: 'norc-t-handshake-v1',
};

/** Suite 0002 hashes with SHA-256 (L-H10); NORC-T has no suite. */
export function transcriptHash(
  layer: Layer,
  messages: readonly JsonObject[],
  suite = '0001',
): Uint8Array {
  const hash = suite === '0002' ? sha256 : blake3;
  const covered = messages.map((message, at) =>
    layer === 'federation' && at === 1 ? without(message, 'transcript_hash', 'signature') : message,
  );
  return hash(concat(utf8(labels[layer]), ...covered.map(canonicalBytes)));
}

/** What each message of a NORC-T exchange carries: the hash over all before it. */
export const runningHashes = (messages: readonly JsonObject[]): Uint8Array[] =>
  messages.map((_, at) => transcriptHash('trust', messages.slice(0, at)));
