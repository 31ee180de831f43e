/** V-AUT: what devices sign to register and to authenticate (L-C02 to L-C04). */
import type { CategorySource } from '../category.ts';
import { flag, from, objectOf, octets, octetsOf, text } from '../shape.ts';
import { logins } from './client-auth/login.ts';
import { proofs, signedBytes } from './client-auth/proofs.ts';
import { exchange, grounds, registration } from './client-auth/scene.ts';
import { work } from './client-auth/work.ts';

const registrationShape = {
  challenge: octets,
  device_id: text,
  public_key: octets,
  user_id: text,
  server_id: text,
  transcript_hash: octets,
  proof_solution: octets,
};

const kexShape = { user_id: text, device_id: text, public_key: octets, kex_public_key: octets };

const authenticationShape = {
  challenge: octets,
  user_id: text,
  device_id: text,
  server_id: text,
  timestamp: from(0),
  transcript_hash: octets,
};

const { timestamp: _, ...sessionShape } = authenticationShape;

export const clientAuth: CategorySource = {
  category: 'client-auth',
  title: 'Registration and authentication',
  description:
    'Devices sign canonical JSON of objects that both sides build from what they know: type ' +
    'registration_response, auth_response or device_kex_key and the members listed; binary ones are hex ' +
    'here and base64url in the object. Proof of work: BLAKE3("norc:pow:v1" ‖ challenge ‖ device_id ‖ ' +
    'solution) begins with `difficulty` zero hex digits.',
  functions: {
    'registration-bytes': {
      does: 'what registration signs.',
      input: registrationShape,
      output: { signed_hex: octets },
    },
    'authentication-bytes': {
      does: 'what authentication signs.',
      input: authenticationShape,
      output: { signed_hex: octets },
    },
    'kex-bytes': {
      does: 'what vouches for an exchange key.',
      input: kexShape,
      output: { signed_hex: octets },
    },
    'verify-registration': {
      does: 'whether public_key signed it; else reject.',
      input: { ...registrationShape, signature: octets },
      output: {},
    },
    'verify-kex': {
      does: 'whether public_key signed it; else reject.',
      input: { ...kexShape, signature: octets },
      output: {},
    },
    'verify-authentication': {
      does: 'whether the response answers the challenge of the session: the same, unused, before expires_at, timestamp within 5 s of now, signed over what the session knows; else reject.',
      input: {
        session: objectOf({ ...sessionShape, expires_at: from(0), used: flag }),
        now: from(0),
        public_key: octetsOf(32),
        response: objectOf({ challenge: octets, timestamp: from(0), signature: octets }),
      },
      output: {},
    },
    'solve-work': {
      does: 'the first of the texts 0, 1, 2 … that solves it, and its hash.',
      input: { challenge: octets, device_id: text, difficulty: from(0, 6) },
      output: { solution: octets, hash: octetsOf(32) },
    },
    'check-work': {
      does: 'whether solution solves it; else reject.',
      input: { challenge: octets, device_id: text, difficulty: from(0), solution: octets },
      output: {},
    },
  },
  flags: {
    'unbound-proof': {
      bug: 'The signature does not cover server, session, user, device or time.',
      effect: 'A server passes the answer on to another server and is logged in there as the user.',
    },
    'unbound-exchange-key': {
      bug: 'The exchange key is not signed for this device and user.',
      effect: 'The home server puts its own key in place and reads everything.',
    },
    'lasting-challenge': {
      bug: 'A challenge can be used twice, late, or is not compared.',
      effect: 'A recorded answer logs the attacker in.',
    },
    skew: {
      bug: 'The time of the answer is not bounded, or in another unit.',
      effect: 'Answers made in advance are used later.',
    },
    'signing-oracle': {
      bug: 'Raw bytes of a peer are signed, or types are not told apart.',
      effect: 'A peer obtains the device’s signature over whatever it likes.',
    },
    work: {
      bug: 'The proof of work is counted in other digits, or not bound to challenge and device.',
      effect: 'One solution registers any number of devices.',
    },
  },
  drafts: () => [
    ...signedBytes(),
    ...proofs('registration', registration, grounds.registration),
    ...proofs('kex', exchange, grounds.kex),
    ...logins(),
    ...work(),
  ],
};
