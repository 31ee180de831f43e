/**
 * L-C02: a solution s is one for which H(norc:pow:v1 ‖ challenge ‖ device_id ‖ s) begins with
 * `difficulty` zero hexadecimal digits. Solutions are found in the order 0, 1, 2, … as decimal
 * text.
 */
import { invariant } from '../assert.ts';
import { bytesOf, encodeBase64url } from '../wire/base64url.ts';
import type { Crypto } from './crypto.ts';
import { concat, utf8 } from './octets.ts';
import type { Primitives } from './primitives.ts';

/** Hardest work that is solved: 2^24 hashes. Whoever is asked for more refuses before solving. */
const HARDEST_DIGITS = 6;

type Work = Parameters<Crypto['solveProofOfWork']>[0];

export function createProofOfWork(
  primitives: Primitives,
): Pick<Crypto, 'checkProofOfWork' | 'solveProofOfWork'> {
  return {
    checkProofOfWork: (work) =>
      hasZeroDigits(primitives.blake3(prefixOf(work), bytesOf(work.solution)), work.difficulty),
    solveProofOfWork(work) {
      invariant(work.difficulty <= HARDEST_DIGITS, `proof of work of ${work.difficulty} digits`);
      const prefix = prefixOf(work);
      for (let attempt = 0; ; attempt += 1) {
        const solution = utf8(String(attempt));
        const digest = primitives.blake3(prefix, solution);
        if (hasZeroDigits(digest, work.difficulty)) return encodeBase64url(solution);
      }
    },
  };
}

const prefixOf = ({ challenge, deviceId }: Work): Uint8Array =>
  concat(utf8('norc:pow:v1'), bytesOf(challenge), utf8(deviceId));

function hasZeroDigits(digest: Uint8Array, digits: number): boolean {
  if (digits > 2 * digest.length) return false;
  for (let digit = 0; digit < digits; digit += 1) {
    const byte = digest[digit >> 1] ?? 0;
    if ((digit % 2 === 0 ? byte >> 4 : byte & 0x0f) !== 0) return false;
  }
  return true;
}
