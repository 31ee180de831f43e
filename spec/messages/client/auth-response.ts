import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { bytes, seconds, signature } from '../../schema.ts';

/**
 * C12. Proves possession of the device key, over authenticationProofMembers: it is worth nothing on
 * another server or in another session (C-AUTH-03).
 */
export const authResponse = defineMessage({
  type: 'auth_response',
  row: 'C12',
  layer: 'client',
  code: 0x04,
  direction: 'client-to-server',
  legalIn: ['authenticating'],
  answeredBy: ['auth_success', 'error'],
  signed: { member: 'signature', by: 'device' },
  shape: 'C-AUTH-03',
  source: ['C 4.1', 'M 3.2.2'],
  readings: ['L-C03', 'L-X17'],
  summary: 'Proves possession of the device key for this session.',
  fields: {
    challenge: bytes(limits.clientChallengeBytes, 'C-AUTH-02'),
    signature: signature(),
    timestamp: seconds(),
  },
});
export type AuthResponse = MessageOf<typeof authResponse>;
