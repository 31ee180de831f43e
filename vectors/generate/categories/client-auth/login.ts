/** The answer to a challenge: its session, its life, its time (L-C03, L-C04). */
import type { VectorValue } from '../../../vector-file.ts';
import { type Draft, type Grounds, invalid, valid } from '../../category.ts';
import { filled, fromHex, hex, seededUuid } from '../../primitives/bytes.ts';
import { canonicalBytes } from '../../primitives/canonical-json.ts';
import { seededKey, sign } from '../../primitives/signature.ts';
import { changedValue, numberWord } from '../../variation.ts';
import {
  authentication,
  CHALLENGE,
  DEVICE_ID,
  device,
  grounds,
  NOW,
  objectFor,
  registration,
  SERVER,
  signatureOf,
  TRANSCRIPT,
  USER,
} from './scene.ts';

interface Login {
  readonly session: { readonly [name: string]: VectorValue };
  readonly now: number;
  readonly public_key: Uint8Array;
  readonly response: {
    readonly challenge: string;
    readonly timestamp: number;
    readonly signature: string;
  };
}

const SESSION = {
  challenge: CHALLENGE,
  user_id: USER,
  device_id: DEVICE_ID,
  server_id: SERVER,
  transcript_hash: TRANSCRIPT,
  expires_at: NOW + 60,
  used: false,
};

function login(change: Partial<Login>, timestamp = NOW): VectorValue {
  const signature = signatureOf('authentication', { ...authentication, timestamp });
  const response = { challenge: CHALLENGE, timestamp, signature };
  const { public_key, ...rest } = {
    session: SESSION,
    now: NOW,
    public_key: device.public,
    response,
    ...change,
  };
  return { function: 'verify-authentication', ...rest, public_key: hex(public_key) };
}

export function logins(): Draft[] {
  const right = signatureOf('authentication', authentication);
  const response = { challenge: CHALLENGE, timestamp: NOW, signature: right };
  const refuse = (about: Grounds, name: string, change: Partial<Login>): Draft =>
    invalid(about, `login-${name}`, login(change));
  const members = ['user_id', 'device_id', 'server_id', 'transcript_hash'] as const;
  const signedAs = (change: object): Partial<Login> => ({
    response: {
      ...response,
      signature: hex(
        sign(device, canonicalBytes({ ...objectFor('authentication', authentication), ...change })),
      ),
    },
  });
  return [
    valid(grounds.authentication, 'login-holds', login({})),
    ...[-5, -4, -1, 1, 4, 5].map((skew) =>
      valid(
        grounds.skew,
        `login-at-a-skew-of-${numberWord(skew)}`,
        login({ now: NOW - skew, session: { ...SESSION, expires_at: NOW + 120 } }),
      ),
    ),
    ...[-6, -7, -60, -3600, 6, 7, 60, 3600].map((skew) =>
      refuse(grounds.skew, `at-a-skew-of-${numberWord(skew)}`, {
        now: NOW - skew,
        session: { ...SESSION, expires_at: NOW + 86_400 },
      }),
    ),
    invalid(grounds.skew, 'login-in-milliseconds', login({}, NOW * 1000)),
    invalid(grounds.skew, 'login-at-no-time', login({}, 0)),
    valid(
      grounds.life,
      'login-a-second-before-the-end',
      login({ session: { ...SESSION, expires_at: NOW + 1 } }),
    ),
    refuse(grounds.life, 'at-the-end-of-the-challenge', {
      session: { ...SESSION, expires_at: NOW },
    }),
    refuse(grounds.life, 'after-the-end-of-the-challenge', {
      session: { ...SESSION, expires_at: NOW - 1 },
    }),
    refuse(grounds.life, 'with-a-used-challenge', { session: { ...SESSION, used: true } }),
    refuse(grounds.life, 'with-another-challenge', {
      response: { ...response, challenge: hex(filled(32, 4)) },
    }),
    refuse(grounds.life, 'with-an-empty-challenge', { response: { ...response, challenge: '' } }),
    refuse(grounds.life, 'with-another-challenge-outstanding', {
      session: { ...SESSION, challenge: hex(filled(32, 4)) },
    }),
    ...members.flatMap((member) => [
      refuse(grounds.authentication, `from-a-session-of-another-${member.replaceAll('_', '-')}`, {
        session: { ...SESSION, [member]: changedValue(SESSION[member]) },
      }),
      refuse(
        grounds.authentication,
        `signed-for-another-${member.replaceAll('_', '-')}`,
        signedAs({ [member]: seededUuid('other') }),
      ),
      refuse(
        grounds.authentication,
        `signed-without-${member.replaceAll('_', '-')}`,
        signedAs({ [member]: null }),
      ),
    ]),
    refuse(grounds.authentication, 'signed-without-timestamp', signedAs({ timestamp: null })),
    refuse(grounds.authentication, 'shown-with-another-timestamp', {
      response: { ...response, timestamp: NOW + 1 },
    }),
    refuse(
      grounds.authentication,
      'signed-with-one-member-more',
      signedAs({ client_version: '2.0.1' }),
    ),
    refuse(grounds.authentication, 'of-another-device-key', {
      public_key: seededKey('stranger').public,
    }),
    refuse(grounds.authentication, 'with-a-signature-of-zeros', {
      response: { ...response, signature: '00'.repeat(64) },
    }),
    refuse(grounds.authentication, 'without-a-signature', {
      response: { ...response, signature: '' },
    }),
    refuse(grounds.oracle, 'signed-over-the-raw-challenge', {
      response: { ...response, signature: hex(sign(device, fromHex(CHALLENGE))) },
    }),
    refuse(grounds.oracle, 'signed-over-the-transcript', {
      response: { ...response, signature: hex(sign(device, fromHex(TRANSCRIPT))) },
    }),
    refuse(grounds.cross, 'with-the-signature-of-a-registration', {
      response: { ...response, signature: signatureOf('registration', registration) },
    }),
    refuse(grounds.cross, 'signed-as-auth-request', signedAs({ type: 'auth_request' })),
    refuse(grounds.cross, 'signed-without-type', signedAs({ type: null })),
  ];
}
