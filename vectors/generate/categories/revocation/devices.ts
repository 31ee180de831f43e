/** Who may revoke a device, and what the signature covers (L-C07). */
import type { VectorValue } from '../../../vector-file.ts';
import { type Draft, type Grounds, invalid, valid } from '../../category.ts';
import { base64url, filled, flip, fromBase64url, hex, seededUuid } from '../../primitives/bytes.ts';
import { canonicalBytes, type JsonObject } from '../../primitives/canonical-json.ts';
import { blake3 } from '../../primitives/hash.ts';
import { rfcKey, seededKey, sign, signed } from '../../primitives/signature.ts';
import { eachChanged, eachDropped } from '../../variation.ts';
import { grounds } from './grounds.ts';

const DEVICE_ID = '550e8400-e29b-41d4-a716-446655440000';

const USER = 'alice@example.org';

/** TV §13. */
export const DEVICE: JsonObject = {
  type: 'device_revoke',
  user_id: USER,
  device_id: DEVICE_ID,
  reason: 'compromised',
  effective: 1_734_905_000,
};

export function signs(name: string, body: JsonObject): Draft {
  const bytes = canonicalBytes(body);
  return valid(
    grounds.value,
    name,
    { function: 'sign-device-revoke', message: body, secret_key: hex(rfcKey.secret) },
    {
      canonical_hex: hex(bytes),
      blake3: hex(blake3(bytes)),
      signature: hex(sign(rfcKey, bytes)),
    },
  );
}

export const master = seededKey('user master');

export const server = seededKey('home server');

const other = seededKey('other device');

const foreign = seededKey('device of somebody else');

const ended = seededKey('revoked device');

const OTHER_ID = seededUuid('other device');

const FOREIGN_ID = seededUuid('foreign device');

const ENDED_ID = seededUuid('ended device');

const SCENE = {
  server_id: 'example.org',
  server_public_key: hex(server.public),
  user_master_public_key: hex(master.public),
  devices: [
    { device_id: DEVICE_ID, user_id: USER, public_key: hex(rfcKey.public), revoked: false },
    { device_id: OTHER_ID, user_id: USER, public_key: hex(other.public), revoked: false },
    {
      device_id: FOREIGN_ID,
      user_id: 'mallory@example.org',
      public_key: hex(foreign.public),
      revoked: false,
    },
    { device_id: ENDED_ID, user_id: USER, public_key: hex(ended.public), revoked: true },
  ],
};

const verify = (body: JsonObject, change: object = {}): VectorValue => ({
  function: 'verify-device-revoke',
  message: body,
  ...SCENE,
  ...change,
});

export function devices(): Draft[] {
  const { user_master_public_key: _, ...withoutMaster } = SCENE;
  const by = (signer: string, key = rfcKey, change: JsonObject = {}): JsonObject =>
    signed(key, { ...DEVICE, signer, ...change });
  const right = by('user_master', master);
  const { signature, ...unsigned } = right;
  const bytes = fromBase64url(String(signature));
  const refuse = (about: Grounds, name: string, body: JsonObject, change: object = {}): Draft =>
    invalid(about, `device-${name}`, verify(body, change));
  return [
    valid(grounds.device, 'device-by-the-master-key', verify(right)),
    valid(grounds.device, 'device-by-itself', verify(by(DEVICE_ID))),
    valid(grounds.device, 'device-by-another-of-the-user', verify(by(OTHER_ID, other))),
    valid(
      grounds.device,
      'device-by-the-server',
      verify(by('example.org', server, { reason: 'administrative' })),
    ),
    ...['lost', 'retired'].map((reason) =>
      valid(grounds.device, `device-${reason}`, verify(by('user_master', master, { reason }))),
    ),
    refuse(grounds.device, 'by-the-device-of-another-user', by(FOREIGN_ID, foreign)),
    refuse(grounds.device, 'by-a-revoked-device', by(ENDED_ID, ended)),
    refuse(grounds.device, 'by-an-unknown-device', by(seededUuid('unknown'), foreign)),
    refuse(
      grounds.device,
      'of-another-user-by-the-master-key',
      by('user_master', master, { device_id: FOREIGN_ID }),
    ),
    refuse(
      grounds.device,
      'of-an-unknown-device',
      by('user_master', master, { device_id: seededUuid('unknown') }),
    ),
    refuse(
      grounds.device,
      'of-another-users-device-by-its-own-user',
      by(FOREIGN_ID, foreign, { user_id: 'alice@example.org', device_id: FOREIGN_ID }),
    ),
    ...['compromised', 'lost', 'retired'].map((reason) =>
      refuse(grounds.device, `by-the-server-as-${reason}`, by('example.org', server, { reason })),
    ),
    refuse(
      grounds.device,
      'administrative-by-the-master-key',
      by('user_master', master, { reason: 'administrative' }),
    ),
    refuse(
      grounds.device,
      'administrative-by-a-device',
      by(OTHER_ID, other, { reason: 'administrative' }),
    ),
    refuse(
      grounds.device,
      'by-another-server',
      by('mallory.example.org', foreign, { reason: 'administrative' }),
    ),
    refuse(grounds.device, 'named-master-signed-by-a-device', by('user_master', other)),
    refuse(grounds.device, 'named-device-signed-by-the-master-key', by(OTHER_ID, master)),
    refuse(
      grounds.device,
      'named-server-signed-by-the-master-key',
      by('example.org', master, { reason: 'administrative' }),
    ),
    invalid(grounds.device, 'device-by-a-master-key-that-is-not-there', {
      function: 'verify-device-revoke',
      message: right,
      ...withoutMaster,
    }),
    ...[...eachChanged(unsigned), ...eachDropped(unsigned)].map(([what, changed]) =>
      refuse(grounds.forged, `${what}-after-signing`, { ...changed, signature: signature ?? null }),
    ),
    ...[0, 31, 32, 63].map((at) =>
      refuse(grounds.forged, `signature-byte-${at}-changed`, {
        ...right,
        signature: base64url(flip(bytes, 8 * at)),
      }),
    ),
    refuse(grounds.forged, 'signature-missing', unsigned),
    refuse(grounds.forged, 'signature-zero', { ...right, signature: base64url(filled(64, 0)) }),
    refuse(grounds.forged, 'reason-unknown', by('user_master', master, { reason: 'boredom' })),
    refuse(grounds.forged, 'another-type', by('user_master', master, { type: 'device_register' })),
  ];
}
