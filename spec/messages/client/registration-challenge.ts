import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { bytes, integer, seconds } from '../../schema.ts';

/**
 * C7. What the new device has to sign, and how much work it has to show. Bound to the connection by
 * the transcript hash in the proof, so it needs no signature.
 */
export const registrationChallenge = defineMessage({
  type: 'registration_challenge',
  row: 'C7',
  layer: 'client',
  code: 0x06,
  codeProposed: true,
  direction: 'server-to-client',
  legalIn: ['authenticating'],
  answeredBy: ['registration_response'],
  shape: 'C-REG-04',
  source: ['C 3.2'],
  readings: ['L-C02', 'L-C04'],
  summary: 'Challenges the new device to prove its key, and to show work.',
  fields: {
    challenge: bytes(limits.clientChallengeBytes, 'C-REG-04'),
    // Leading zero hexadecimal digits; 0 asks for no work (L-C02).
    difficulty: integer(0, 64),
    expires_at: seconds(),
  },
});
export type RegistrationChallenge = MessageOf<typeof registrationChallenge>;
