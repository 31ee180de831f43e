/**
 * The proof that goes with every request of NORC-F (L-F09): made for ours, judged for the
 * subject's.
 */
import { toSeconds } from '../../../reference/time.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import { limits } from '../../../spec/limits.ts';
import { requestProofHeader } from '../../../spec/messages/federation/signed-objects.ts';
import type { ProofParts } from './peer.ts';
import { type PeerState, subjectId, subjectKey } from './peer-state.ts';

export function proofFor(
  peer: PeerState,
  body: JsonObject,
  bend: Partial<ProofParts> = {},
): string {
  const { environment, serverId, key } = peer;
  const parts: ProofParts = {
    type: typeOf(body),
    requester: serverId,
    target: subjectId(peer),
    timestampSeconds: toSeconds(environment.subject.now()),
    body,
    key,
    ...bend,
  };
  const { type, requester, target, timestampSeconds } = parts;
  const proof = { type, requester, target, timestampSeconds, body: parts.body };
  const signature = environment.crypto.signRequest(parts.key, proof);
  return `ts=${timestampSeconds};sig=${signature}`;
}

/**
 * Proofs of one link. Two equal requests within one second would have one proof, and the second
 * would be a replay (F-AUTH-03): it is dated a second later.
 */
export function createProofs(peer: PeerState): (body: JsonObject, type?: string) => string {
  const used = new Set<string>();
  return (body, type = typeOf(body)) => {
    for (
      let timestampSeconds = toSeconds(peer.environment.subject.now());
      ;
      timestampSeconds += 1
    ) {
      const proof = proofFor(peer, body, { type, timestampSeconds });
      if (used.has(proof)) continue;
      used.add(proof);
      return proof;
    }
  };
}

/** F-AUTH-01 and the 60 s of F-AUTH-03, for a request of the subject to us. */
export function judgeProof(peer: PeerState, body: JsonObject, proof: string | null): void {
  const { judge, crypto, subject } = peer.environment;
  const { ts, sig } = requestProofHeader.exec(proof ?? '')?.groups ?? {};
  const type = typeOf(body);
  const timestampSeconds = Number(ts);
  const parts = { type, requester: subjectId(peer), target: peer.serverId, timestampSeconds, body };
  const isProven = sig !== undefined && crypto.verifyRequest(subjectKey(peer), parts, sig);
  judge.demand('F-AUTH-01', isProven, {
    what: `the proof of a ${type} of the subject does not verify`,
    expected: `a proof by ${subjectKey(peer)}`,
    got: proof,
  });
  const skewSeconds = Math.abs(toSeconds(subject.now()) - timestampSeconds);
  judge.demand('F-AUTH-03', skewSeconds <= limits.federationSkewSeconds, {
    what: `the proof of a ${type} of the subject is not of now`,
    expected: `at most ${limits.federationSkewSeconds} s`,
    got: `${skewSeconds} s`,
  });
}

const typeOf = ({ type }: JsonObject): string => (typeof type === 'string' ? type : '');
