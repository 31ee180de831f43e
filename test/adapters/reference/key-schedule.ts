/** HMAC, HKDF and what they derive (X-KDF). */
import type { SessionKeys, SuiteId } from '../../../reference/crypto/crypto.ts';
import { type HkdfLabel, hkdf, hkdfLabels, hmacBlake3 } from '../../../reference/crypto/hkdf.ts';
import { masterSecret } from '../../../reference/crypto/key-schedule.ts';
import { utf8 } from '../../../reference/crypto/octets.ts';
import { parseVersion } from '../../../reference/wire/version.ts';
import { limits } from '../../../spec/limits.ts';
import { hexOf, type Input } from './input.ts';
import { allowed, byFunction, output, rejected, unlessImpossible, unsupported } from './results.ts';
import { crypto, hexOfWire, primitives, wireOf } from './tools.ts';

const suites: readonly SuiteId[] = ['0001', '0101'];
const nothing = new Uint8Array(0);

/**
 * X-TRN-06, X-CAN-15, X-PQ-04: judged by the shapes of the messages that they come in, or so by
 * construction.
 */
const lengths: { readonly [name: string]: number } = {
  client_nonce: limits.handshakeNonceBytes,
  server_nonce: limits.handshakeNonceBytes,
  classical_secret: 32,
  pq_secret: limits.kemSharedSecretBytes,
  transcript_hash: limits.hashBytes,
  trust_transcript_hash: limits.hashBytes,
};

const isSized = (input: Input, name: string): boolean =>
  !input.has(name) || input.bytes(name).length === lengths[name];

const labelOf = (text: string): HkdfLabel | undefined => hkdfLabels.find((label) => label === text);

function expanded(input: Input, label: HkdfLabel): Uint8Array {
  const ikm = input.bytes('master_secret');
  return hkdf(primitives, { salt: nothing, ikm, label, context: [], lengthBytes: 32 });
}

/** A handle on the one key that the finished MAC needs. */
function sessionKeys(input: Input): SessionKeys {
  const serverFinished = expanded(input, 'norc:fin:s2c:v1');
  return { secret: { clientToServer: nothing, serverToClient: nothing, serverFinished } };
}

export const keySchedule = byFunction({
  'hmac-blake3': (input) =>
    output({ mac: hexOf(hmacBlake3(primitives, input.bytes('key'), input.bytes('data'))) }),

  // The reference derives nothing without a label of the protocol.
  'hkdf-blake3': (input) => {
    const info = input.bytes('info');
    const label = hkdfLabels.find((each) => hexOf(info).startsWith(hexOf(utf8(each))));
    if (!label) return unsupported;
    return unlessImpossible(() => {
      const parts = { salt: input.bytes('salt'), ikm: input.bytes('ikm'), label };
      const context = [info.subarray(utf8(label).length)];
      const lengthBytes = input.number('length');
      return output({ okm: hexOf(hkdf(primitives, { ...parts, context, lengthBytes })) });
    });
  },

  'master-secret': (input) => {
    const suite = suites.find((id) => id === input.text('suite'));
    if (input.text('suite') === '0002') return unsupported;
    const isHybrid = input.has('pq_secret');
    if (!suite || isHybrid !== (suite === '0101')) return rejected('X-PQ-02');
    const misfit = Object.keys(lengths).find((name) => !isSized(input, name));
    if (misfit) return rejected(`${misfit} has not ${lengths[misfit]} bytes`);
    if (!parseVersion(input.text('version')).ok) return rejected('X-AMC-09');
    const clientNonce = wireOf(input.text('client_nonce'));
    const serverNonce = wireOf(input.text('server_nonce'));
    const secret = masterSecret(primitives, {
      ...{ clientNonce, serverNonce, suite, version: input.text('version') },
      classical: { secret: input.bytes('classical_secret') },
      ...(isHybrid && { postQuantum: { secret: input.bytes('pq_secret') } }),
      transcript: wireOf(input.text('transcript_hash')),
      ...(input.has('trust_transcript_hash') && {
        trustTranscript: wireOf(input.text('trust_transcript_hash')),
      }),
    });
    return output({ master_secret: hexOf(secret) });
  },

  derive: (input) => {
    const label = labelOf(input.text('label'));
    return label ? output({ key: hexOf(expanded(input, label)) }) : rejected('X-KDF-05');
  },

  finished: (input) => {
    const transcript = wireOf(input.text('transcript_hash'));
    return output({ mac: hexOfWire(crypto.serverFinished(sessionKeys(input), transcript)) });
  },

  'verify-finished': (input) => {
    const [transcript = '', mac = ''] = ['transcript_hash', 'mac'].map((name) =>
      wireOf(input.text(name)),
    );
    return allowed(crypto.verifyServerFinished(sessionKeys(input), transcript, mac), 'X-TRN-07');
  },
});
