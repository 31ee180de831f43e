import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { bytes, seconds } from '../../schema.ts';

/**
 * C11. What the device has to sign. Unknown users and devices receive one as well, so that nobody
 * learns who exists (C-AUTH-09).
 */
export const authChallenge = defineMessage({
  type: 'auth_challenge',
  row: 'C11',
  layer: 'client',
  code: 0x09,
  codeProposed: true,
  direction: 'server-to-client',
  legalIn: ['authenticating'],
  answeredBy: ['auth_response'],
  shape: 'C-AUTH-02',
  source: ['C 4.1'],
  readings: ['L-C04', 'L-X17'],
  summary: 'Challenges the device to prove its key, whether or not it is known.',
  fields: {
    challenge: bytes(limits.clientChallengeBytes, 'C-AUTH-02'),
    server_timestamp: seconds(),
    expires_at: seconds(),
  },
});
export type AuthChallenge = MessageOf<typeof authChallenge>;
