/**
 * L-F09: the bytes a federation request proof signs. Each variable field carries its length,
 * because without it (requester a.example.org, target b.org) and (a.example.or, gb.org) are the
 * same bytes.
 *
 *   norc-f-req-v1 ‖ u16 type ‖ u16 requester ‖ u16 target ‖ u64 seconds ‖ H(canon(body)) 32
 */
import { invariant, type Must } from '../assert.ts';
import { canonicalBytes } from '../wire/canonical.ts';
import type { Crypto, RequestProof } from './crypto.ts';
import { concat, isPrefixable, prefixed, u64, utf8 } from './octets.ts';
import type { Primitives } from './primitives.ts';
import type { Signatures } from './signatures.ts';

const LABEL = utf8('norc-f-req-v1');

export function createRequestProofs(
  primitives: Primitives,
  must: Must,
  { signBytes, verifyBytes }: Signatures,
): Pick<Crypto, 'signRequest' | 'verifyRequest'> {
  return {
    signRequest(key, proof) {
      invariant(isEncodable(proof), 'a request proof has texts of u16 length and a time');
      return signBytes(key, requestProofBytes(primitives, proof));
    },
    verifyRequest(publicKey, proof, signature) {
      // F-AUTH-02: what has no encoding would share one with something else.
      if (!must('F-AUTH-02', isEncodable(proof))) return false;
      return verifyBytes(publicKey, requestProofBytes(primitives, proof), signature);
    },
  };
}

export function requestProofBytes(primitives: Primitives, proof: RequestProof): Uint8Array {
  return concat(
    LABEL,
    prefixed(proof.type),
    prefixed(proof.requester),
    prefixed(proof.target),
    u64(proof.timestampSeconds),
    primitives.blake3(canonicalBytes(proof.body)),
  );
}

function isEncodable({ type, requester, target, timestampSeconds }: RequestProof): boolean {
  const isTime = Number.isSafeInteger(timestampSeconds) && timestampSeconds >= 0;
  return isTime && [type, requester, target].every(isPrefixable);
}
