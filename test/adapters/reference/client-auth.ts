/** What a device signs and works for, to register and to authenticate (C-REG, C-AUTH). */
import {
  authenticationProof,
  kexBinding,
  registrationProof,
} from '../../../reference/client/signed-objects.ts';
import { utf8 } from '../../../reference/crypto/octets.ts';
import { isExpired, isNearSeconds } from '../../../reference/guard/freshness.ts';
import { seconds } from '../../../reference/time.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import { limits } from '../../../spec/limits.ts';
import type { Answer } from '../protocol/answer.ts';
import { hexOf, type Input } from './input.ts';
import { allowed, byFunction, output, rejected, unlessImpossible } from './results.ts';
import { crypto, hexOfWire, primitives, wireOf } from './tools.ts';

const wire = (input: Input, name: string): string => wireOf(input.text(name));

const registration = (input: Input): JsonObject =>
  registrationProof({
    challenge: wire(input, 'challenge'),
    device_id: input.text('device_id'),
    public_key: wire(input, 'public_key'),
    user_id: input.text('user_id'),
    server_id: input.text('server_id'),
    transcript_hash: wire(input, 'transcript_hash'),
    proof_solution: wire(input, 'proof_solution'),
  });

const authentication = (session: Input, timestamp: number): JsonObject =>
  authenticationProof({
    challenge: wire(session, 'challenge'),
    user_id: session.text('user_id'),
    device_id: session.text('device_id'),
    server_id: session.text('server_id'),
    timestamp,
    transcript_hash: wire(session, 'transcript_hash'),
  });

const binding = (input: Input): JsonObject =>
  kexBinding({
    userId: input.text('user_id'),
    deviceId: input.text('device_id'),
    publicKey: wire(input, 'public_key'),
    kexPublicKey: wire(input, 'kex_public_key'),
  });

const signedForm = (value: JsonObject): Answer =>
  output({ signed_hex: hexOf(canonicalBytes(value)) });

const signedBy = (input: Input, value: JsonObject): Answer =>
  allowed(crypto.verify(wire(input, 'public_key'), value, wire(input, 'signature')), 'X-SIG-01');

/** In the order in which a server judges it. */
function verifyAuthentication(input: Input): Answer {
  const [session, response] = [input.input('session'), input.input('response')];
  const now = seconds(input.number('now'));
  const isAsked = response.text('challenge') === session.text('challenge');
  const isLive = isAsked && !session.flag('used') && !isExpired(now, session.number('expires_at'));
  if (!isLive) return rejected('C-AUTH-02');
  const timestamp = response.number('timestamp');
  if (!isNearSeconds(now, timestamp, limits.authenticationSkewSeconds))
    return rejected('X-TIME-02');
  const signature = wire(response, 'signature');
  const isProven = crypto.verify(
    wire(input, 'public_key'),
    authentication(session, timestamp),
    signature,
  );
  return allowed(isProven, 'C-AUTH-03');
}

const workOf = (input: Input) => ({
  challenge: wire(input, 'challenge'),
  deviceId: input.text('device_id'),
  difficulty: input.number('difficulty'),
});

export const clientAuth = byFunction({
  'registration-bytes': (input) => signedForm(registration(input)),
  'authentication-bytes': (input) => signedForm(authentication(input, input.number('timestamp'))),
  'kex-bytes': (input) => signedForm(binding(input)),
  'verify-registration': (input) =>
    crypto.isSigningKey(wire(input, 'public_key'))
      ? signedBy(input, registration(input))
      : rejected('C-REG-02'),
  'verify-kex': (input) => signedBy(input, binding(input)),
  'verify-authentication': verifyAuthentication,
  'solve-work': (input) =>
    unlessImpossible(() => {
      const solution = hexOfWire(crypto.solveProofOfWork(workOf(input)));
      const parts = [utf8('norc:pow:v1'), input.bytes('challenge'), utf8(input.text('device_id'))];
      const hash = primitives.blake3(...parts, Uint8Array.from(Buffer.from(solution, 'hex')));
      return output({ solution, hash: hexOf(hash) });
    }),
  'check-work': (input) => {
    const solution = wire(input, 'solution');
    return allowed(crypto.checkProofOfWork({ ...workOf(input), solution }), 'C-REG-04');
  },
});
