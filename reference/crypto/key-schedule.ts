/**
 * From the shared secrets of a handshake to its keys (L-H06, L-H07, L-H14):
 *
 *   ms    = hkdf(client_nonce ‖ server_nonce, ss_ecdh ‖ [ss_pq], info, 32)
 *   info  = norc:ms:v1 ‖ version ‖ suite (2 bytes) ‖ th ‖ [norc:bind:t:v1 ‖ th_T]
 *   k_*   = hkdf("", ms, label, 32)
 */

import type { Must } from '../assert.ts';
import { invariant } from '../assert.ts';
import { bytesOf, decodeBase64url, encodeBase64url } from '../wire/base64url.ts';
import type { Crypto, SessionInputs, SessionKeys, SuiteId } from './crypto.ts';
import { type HkdfLabel, hkdf, hmacBlake3 } from './hkdf.ts';
import { concat, utf8 } from './octets.ts';
import type { Primitives } from './primitives.ts';
import { erase, secretBytes } from './secrets.ts';

/** One key for each direction (X-KDF-06) and one that only proves possession (X-TRN-07). */
export interface TrafficKeys {
  readonly clientToServer: Uint8Array;
  readonly serverToClient: Uint8Array;
  readonly serverFinished: Uint8Array;
}

const SUITE_BYTES: { readonly [suite in SuiteId]: Uint8Array } = {
  '0001': Uint8Array.of(0x00, 0x01),
  '0101': Uint8Array.of(0x01, 0x01),
};

export type KeySchedule = Pick<Crypto, 'sessionKeys' | 'serverFinished' | 'verifyServerFinished'>;

export function createKeySchedule(primitives: Primitives, must: Must): KeySchedule {
  const finished = (keys: SessionKeys, transcript: string): Uint8Array =>
    hmacBlake3(primitives, trafficKeys(keys).serverFinished, bytesOf(transcript));
  return {
    sessionKeys: (inputs) => ({ secret: deriveTrafficKeys(primitives, inputs) }),
    serverFinished: (keys, transcript) => encodeBase64url(finished(keys, transcript)),
    verifyServerFinished(keys, transcript, claimed) {
      const decoded = decodeBase64url(claimed, must);
      return decoded.ok && primitives.equal(decoded.value, finished(keys, transcript));
    },
  };
}

/** The keys behind the handle. */
export function trafficKeys(keys: SessionKeys): TrafficKeys {
  const { secret } = keys;
  invariant(isTrafficKeys(secret), 'the session keys were made by another provider');
  return secret;
}

const isTrafficKeys = (secret: unknown): secret is TrafficKeys =>
  typeof secret === 'object' && secret !== null && 'serverFinished' in secret;

function deriveTrafficKeys(primitives: Primitives, inputs: SessionInputs): TrafficKeys {
  const ms = masterSecret(primitives, inputs);
  const expanded = (label: HkdfLabel): Uint8Array =>
    hkdf(primitives, { salt: new Uint8Array(0), ikm: ms, label, context: [], lengthBytes: 32 });
  const keys = {
    clientToServer: expanded('norc:tk:c2s:v1'),
    serverToClient: expanded('norc:tk:s2c:v1'),
    serverFinished: expanded('norc:fin:s2c:v1'),
  };
  erase(ms);
  return keys;
}

export function masterSecret(primitives: Primitives, inputs: SessionInputs): Uint8Array {
  const { postQuantum, trustTranscript } = inputs;
  const binding = trustTranscript ? [utf8('norc:bind:t:v1'), bytesOf(trustTranscript)] : [];
  return hkdf(primitives, {
    salt: concat(bytesOf(inputs.clientNonce), bytesOf(inputs.serverNonce)), // X-KDF-03
    // X-KDF-02: the classical secret first.
    ikm: concat(secretBytes(inputs.classical), ...(postQuantum ? [secretBytes(postQuantum)] : [])),
    label: 'norc:ms:v1',
    // X-KDF-04. Injective: only the version has no fixed length, and it holds digits and dots.
    context: [
      utf8(inputs.version),
      SUITE_BYTES[inputs.suite],
      bytesOf(inputs.transcript),
      ...binding,
    ],
    lengthBytes: 32,
  });
}
