/**
 * The proof that goes with every request, in the header norc-signature (F 7.2, L-F09): Ed25519 over
 * type, requester, target, time and body. F-AUTH-01, F-AUTH-03, F-AUTH-04.
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import { requestProofHeader } from '../../spec/messages/federation/signed-objects.ts';
import type { Context } from '../core.ts';
import type { JsonObject, PublicKey, SigningKey } from '../crypto/crypto.ts';
import { isNearSeconds } from '../guard/freshness.ts';
import { toSeconds } from '../time.ts';
import { bounds } from './bounds.ts';
import { objection, type Refusal } from './refusal.ts';

/** Proofs that were accepted on one link, while their time is within the skew. */
export interface SeenProofs {
  /** Header text to its time in seconds, oldest arrival first. */
  readonly times: Map<string, number>;
  /** Proofs of this time and before count as seen: what had to be forgotten is not accepted again. */
  forgottenSeconds: number;
}

export interface ProofClaim {
  readonly header: string | null;
  readonly requester: string;
  /** Us. */
  readonly target: string;
  readonly body: JsonObject;
  readonly key: PublicKey | null;
}

export function createSeenProofs(): SeenProofs {
  return { times: new Map(), forgottenSeconds: -1 };
}

/** The header of a request of ours. */
export function proveRequest(
  key: SigningKey,
  request: { readonly requester: string; readonly target: string; readonly body: JsonObject },
  { now, crypto }: Context,
): string {
  const timestampSeconds = toSeconds(now);
  const proof = { ...request, type: typeOf(request.body), timestampSeconds };
  return `ts=${timestampSeconds};sig=${crypto.signRequest(key, proof)}`;
}

/** Judges the proof of a peer's request and, when it holds, remembers it. */
export function judgeProof(seen: SeenProofs, claim: ProofClaim, context: Context): Refusal | null {
  const header = claim.header ?? '';
  const parts = requestProofHeader.exec(header)?.groups;
  const timestampSeconds = Number(parts?.ts ?? Number.NaN);
  const signature = parts?.sig ?? '';
  const isFor = (target: string) => verifies(claim, target, timestampSeconds, signature, context);

  const isForUs = isFor(claim.target);
  const other = claim.body.target_server;
  // F-AUTH-04: a proof made for another server and carried here (S-3b) is told from a broken one.
  const isForOther = !isForUs && typeof other === 'string' && isFor(other);
  const refused =
    objection(context, 'F-AUTH-01', isForUs || isForOther, () => ({
      code: errorCode.common.cryptoError,
      detail: 'the request proof is missing or does not verify',
      reason: 'request_proof',
    })) ??
    objection(context, 'F-AUTH-04', !isForOther, () => ({
      code: errorCode.common.cryptoError,
      detail: `the request proof is for ${isForOther ? other : 'us'}`,
      reason: 'request_proof',
    })) ??
    // F-AUTH-03: fresh, and on this link for the first time.
    objection(
      context,
      'F-AUTH-03',
      !parts || isNew(seen, header, timestampSeconds, context),
      () => ({
        code: errorCode.common.cryptoError,
        detail: 'the request proof is stale or has been seen',
        reason: 'stale',
      }),
    );
  if (parts && !refused) remember(seen, header, timestampSeconds, context);
  return refused;
}

function verifies(
  { body, requester, key }: ProofClaim,
  target: string,
  timestampSeconds: number,
  signature: string,
  { crypto }: Context,
): boolean {
  if (key === null || signature === '') return false;
  const proof = { type: typeOf(body), requester, target, timestampSeconds, body };
  return crypto.verifyRequest(key, proof, signature);
}

function isNew(seen: SeenProofs, header: string, time: number, { now }: Context): boolean {
  const isFresh = isNearSeconds(now, time, limits.federationSkewSeconds);
  return isFresh && time > seen.forgottenSeconds && !seen.times.has(header);
}

function remember(seen: SeenProofs, header: string, time: number, { now }: Context): void {
  seen.times.set(header, time);
  for (const [oldest, oldestTime] of seen.times) {
    const isStale = oldestTime < toSeconds(now) - limits.federationSkewSeconds;
    if (!isStale && seen.times.size <= bounds.proofsPerLink) return;
    seen.times.delete(oldest);
    if (!isStale) seen.forgottenSeconds = Math.max(seen.forgottenSeconds, oldestTime);
  }
}

function typeOf(body: JsonObject): string {
  return typeof body.type === 'string' ? body.type : '';
}
