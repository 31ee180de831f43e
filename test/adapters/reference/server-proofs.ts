/** Proofs between servers: of requests, of a domain, of a key; and the time that one tells. */
import { requestProofBytes } from '../../../reference/crypto/request-proof.ts';
import { createSeenProofs, judgeProof } from '../../../reference/federation/request-proof.ts';
import { isCredibleOffset } from '../../../reference/guard/freshness.ts';
import { seconds } from '../../../reference/time.ts';
import { canonicalBytes, without } from '../../../reference/wire/canonical.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import { createValidator } from '../../../reference/wire/validate.ts';
import type { Answer } from '../protocol/answer.ts';
import { hexOf, type Input } from './input.ts';
import { allowed, byFunction, output, rejected, unlessImpossible } from './results.ts';
import { contextAt, crypto, hexOfWire, must, primitives, signatures, wireOf } from './tools.ts';

const validate = createValidator({ must });

function signRequest(input: Input): Answer {
  const timestampSeconds = input.number('timestamp');
  const proof = {
    ...{ type: input.text('type'), requester: input.text('requesting_server') },
    ...{ target: input.text('target_server'), timestampSeconds, body: input.object('body') },
  };
  return unlessImpossible(() => {
    const signature = crypto.signRequest(signatures.signingKey(input.bytes('secret_key')), proof);
    const signed = hexOf(requestProofBytes(primitives, proof));
    return output({ signed_hex: signed, header: `ts=${timestampSeconds};sig=${signature}` });
  });
}

/** The type that is proven is that of the body. */
function verifyRequest(input: Input): Answer {
  const body = input.object('body');
  if (body.type !== input.text('type')) return rejected('F-AUTH-01: another type');
  const now = input.number('now');
  const seen = createSeenProofs();
  for (const header of input.texts('seen')) seen.times.set(header, now);
  const claim = {
    ...{ header: input.text('header'), requester: input.text('requesting_server') },
    ...{ target: input.text('target_server'), body, key: wireOf(input.text('public_key')) },
  };
  const refusal = judgeProof(seen, claim, contextAt(seconds(now)));
  return allowed(refusal === null, refusal?.requirement ?? '');
}

export const requestProof = byFunction({ sign: signRequest, verify: verifyRequest });

const domainValue = (input: Input): string =>
  crypto.domainValue({
    requester: input.text('requesting_server'),
    challenger: input.text('challenging_server'),
    requestId: input.text('request_id'),
    challengeId: input.text('challenge_id'),
    publicKey: wireOf(input.text('server_public_key')),
    nonce: wireOf(input.text('nonce')),
  });

export const domainProof = byFunction({
  value: (input) => output({ value: domainValue(input) }),
  check: (input) => allowed(input.text('expected_value') === domainValue(input), 'T-CHAL-05'),
  observe: (input) => {
    const isTimely = input.number('observed_at') < input.number('deadline');
    const isThere = input.texts('txt_records').includes(domainValue(input));
    return allowed(isTimely && isThere, 'T-RESP-04');
  },
});

const trustProofObject = (input: Input): JsonObject => ({
  type: 'trust_proof',
  challenge_data: wireOf(input.text('challenge_data')),
  request_id: input.text('request_id'),
  challenge_id: input.text('challenge_id'),
  requesting_server: input.text('requesting_server'),
  challenging_server: input.text('challenging_server'),
  transcript_hash: wireOf(input.text('transcript_hash')),
});

export const trustProof = byFunction({
  sign: (input) => {
    const proof = trustProofObject(input);
    const signature = crypto.sign(signatures.signingKey(input.bytes('secret_key')), proof);
    return output({ signed_hex: hexOf(canonicalBytes(proof)), signature: hexOfWire(signature) });
  },
  verify: (input) => {
    const [key = '', made = ''] = ['public_key', 'signature'].map((n) => wireOf(input.text(n)));
    return allowed(crypto.verify(key, trustProofObject(input), made), 'T-RESP-05');
  },
});

/** The canonical form of a message, and a signature over it. */
export function signedMessage(input: Input): { canonical: Uint8Array; signature: string } {
  const message = input.object('message');
  const signature = crypto.sign(signatures.signingKey(input.bytes('secret_key')), message);
  return { canonical: canonicalBytes(message), signature: hexOfWire(signature) };
}

export function isSignedBy(key: string, message: JsonObject, member = 'signature'): boolean {
  const signature = message[member];
  return typeof signature === 'string' && crypto.verify(key, without(message, member), signature);
}

function applyTime(input: Input): Answer {
  const valid = validate(input.object('message'), '2.0');
  if (!valid.ok || valid.value.type !== 'time_sync') return rejected('X-TIME-04');
  const told = input.input('message');
  const key = wireOf(input.text('public_key'));
  const isOwn = told.text('server_id') === input.text('server_id');
  if (!isOwn || !isSignedBy(key, told.whole)) return rejected('X-TIME-04');
  const [server, uncertaintyMs] = [told.number('server_time'), told.number('uncertainty_ms')];
  const local = input.number('local_time');
  const sync = { serverTimeSeconds: server, uncertaintyMs };
  const isCredible = isCredibleOffset(seconds(local), sync, input.number('margin_seconds'));
  return isCredible ? output({ offset_seconds: server - local }) : rejected('X-TIME-06');
}

export const timeSync = byFunction({
  sign: (input) => {
    const { canonical, signature } = signedMessage(input);
    return output({ canonical_hex: hexOf(canonical), signature });
  },
  apply: applyTime,
});
