/**
 * Transcript and keys of a link (L-H03, L-H06, L-H13, X-KDF-01 to X-KDF-09): H(norc-f-handshake-v1 ‖
 * canon(handshake) ‖ canon(response without transcript_hash and signature)); X25519, and ML-KEM-768
 * beside it in a hybrid suite, where the answering side encapsulates.
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import type { FederationHandshake } from '../../spec/messages/federation/federation-handshake.ts';
import type { FederationHandshakeResponse } from '../../spec/messages/federation/federation-handshake-response.ts';
import type { Context } from '../core.ts';
import type {
  ExchangeKey,
  Hash,
  JsonObject,
  Secret,
  SessionKeys,
  SuiteId,
} from '../crypto/crypto.ts';
import { without } from '../wire/canonical.ts';
import type { Offer } from './link.ts';
import { type Judged, objection, pass, type Refusal, refusalOf, stop } from './refusal.ts';
import { isHybrid } from './suite.ts';

/** The secrets that both sides come to, before they are bound to the transcript. */
export interface Shared {
  readonly classical: Secret;
  readonly postQuantum?: Secret;
}

/** What the answering side adds to its response. */
export interface Answered extends Shared {
  readonly exchange: ExchangeKey;
  readonly ciphertext?: string;
}

const cryptoError = errorCode.common.cryptoError;

/** Both as received or as sent, signatures of the handshake included. */
export function transcriptOf(
  handshake: JsonObject,
  response: JsonObject,
  { crypto }: Context,
): Hash {
  const bare = without(without(response, 'transcript_hash'), 'signature');
  return crypto.transcript('norc-f-handshake-v1', [handshake, bare]);
}

/** The answering side: a fresh key of its own, and a ciphertext where the suite is hybrid. */
export function answerKeys(
  suite: SuiteId,
  handshake: FederationHandshake,
  context: Context,
): Judged<Answered> {
  const { crypto, entropy } = context;
  const { ephemeral_public_key: theirs, pq_public_key: encapsulationKey } = handshake;
  const refused = incomplete(suite, theirs, encapsulationKey, context);
  if (refused) return stop(refused);
  const exchange = crypto.exchangeKey(entropy(32));
  const agreed = crypto.agree(exchange, theirs ?? '');
  if (!agreed.ok) return stop(refusalOf(agreed.error, cryptoError));
  const classical = agreed.value;
  if (!isHybrid(suite) || encapsulationKey === undefined) return pass({ exchange, classical });
  const sent = crypto.encapsulate(encapsulationKey, entropy(32));
  // X-PQ-03: never on without it.
  if (!sent.ok) return stop(refusalOf(sent.error, cryptoError));
  const { ciphertext, secret: postQuantum } = sent.value;
  return pass({ exchange, classical, ciphertext, postQuantum });
}

/** The dialling side. */
export function offeredKeys(
  suite: SuiteId,
  offer: Offer,
  response: FederationHandshakeResponse,
  context: Context,
): Judged<Shared> {
  const { crypto } = context;
  const { ephemeral_public_key: theirs, pq_ciphertext: ciphertext } = response;
  const refused = incomplete(suite, theirs, ciphertext, context);
  if (refused) return stop(refused);
  const agreed = crypto.agree(offer.exchange, theirs ?? '');
  if (!agreed.ok) return stop(refusalOf(agreed.error, cryptoError));
  const classical = agreed.value;
  if (offer.kem === null || ciphertext === undefined) return pass({ classical });
  const opened = crypto.decapsulate(offer.kem, ciphertext);
  if (!opened.ok) return stop(refusalOf(opened.error, cryptoError));
  return pass({ classical, postQuantum: opened.value });
}

/** X-KDF-03, X-KDF-04: bound to both nonces, the version, the suite and the transcript. */
export function bindKeys(
  shared: Shared,
  bound: { version: string; suite: SuiteId; clientNonce: string; serverNonce: string },
  transcript: Hash,
  { crypto }: Context,
): SessionKeys {
  const { classical, postQuantum } = shared;
  const inputs = { ...bound, transcript, classical, ...(postQuantum && { postQuantum }) };
  return crypto.sessionKeys(inputs);
}

/** X-PQ-02: both artefacts in a hybrid suite, and none is run on half of what it needs. */
function incomplete(
  suite: SuiteId,
  classical: string | undefined,
  postQuantum: string | undefined,
  context: Context,
): Refusal | null {
  const isComplete = classical !== undefined && (!isHybrid(suite) || postQuantum !== undefined);
  return objection(context, 'X-PQ-02', isComplete, () => ({
    code: cryptoError,
    detail: `suite ${suite} without its keys`,
  }));
}
