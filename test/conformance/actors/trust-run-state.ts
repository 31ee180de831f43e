/** What a trust run of ours as requester has seen so far, and its running transcript (L-H03). */
import type { Hash, SigningKey } from '../../../reference/crypto/crypto.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { Link, TrustRunOptions } from './peer.ts';
import type { PeerState } from './peer-state.ts';

export type SignedStep = 'ask' | 'respond' | 'acknowledge';

export interface RunState {
  readonly peer: PeerState;
  readonly link: Link;
  readonly options: TrustRunOptions;
  readonly requestId: string;
  readonly isMutualWished: boolean;
  /** Whose signature a step bears: in a renewal to another key it changes on the way (L-R11). */
  readonly keyOf: (step: SignedStep) => SigningKey;
  /** As sent and as received, signatures included: the running transcript (L-H03). */
  readonly messages: JsonObject[];
  challenge: TrustChallenge | undefined;
  decision: TrustDecision | undefined;
}

/** What the next message carries: the hash of all messages before it. */
export const transcriptOf = ({ environment }: PeerState, messages: readonly JsonObject[]): Hash =>
  environment.crypto.transcript('norc-t-handshake-v1', messages);
