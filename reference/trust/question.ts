/** What holds of every question that a peer asks us beside an exchange (L-H03, L-T08). */
import type { Hash } from '../crypto/crypto.ts';
import type { TrustOrigin } from '../ports.ts';
import type { Check } from './check.ts';
import { peerKeyOf } from './peer-key.ts';
import type { Scope } from './scope.ts';
import { addedSignatureChecks, placeChecks } from './transcript.ts';
import { versionWith } from './versions.ts';

interface Question {
  readonly signature?: string;
  readonly transcript_hash?: Hash;
}

/** The peer has signed it, and its transcript is empty: it begins something. */
export function questionChecks(
  scope: Scope,
  question: Question,
  origin: TrustOrigin,
): readonly Check[] {
  const version = versionWith(scope.state, origin.peer);
  return [
    ...addedSignatureChecks(scope, question, peerKeyOf(scope.state, origin), version),
    ...placeChecks(scope, question, [], version),
  ];
}
