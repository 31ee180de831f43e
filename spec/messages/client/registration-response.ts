import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { blob, bytes, signature } from '../../schema.ts';

/**
 * C8. Proves possession of the new key. The signature is over registrationProofMembers, never over the
 * bare challenge, which another server could have chosen (L-C03).
 */
export const registrationResponse = defineMessage({
  type: 'registration_response',
  row: 'C8',
  layer: 'client',
  code: 0x07,
  codeProposed: true,
  direction: 'client-to-server',
  legalIn: ['authenticating'],
  answeredBy: ['registration_success', 'error'],
  signed: { member: 'signature', by: 'device' },
  shape: 'C-REG-03',
  source: ['C 3.2'],
  readings: ['L-C02', 'L-C03'],
  summary: 'Proves possession of the new device key, and the work.',
  fields: {
    challenge: bytes(limits.clientChallengeBytes, 'C-REG-04'),
    signature: signature(),
    proof_solution: blob(64),
  },
});
export type RegistrationResponse = MessageOf<typeof registrationResponse>;
