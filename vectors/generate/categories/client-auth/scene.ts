/** What devices sign, of one device. */
import type { Grounds } from '../../category.ts';
import { base64url, filled, fromHex, hex, seeded, utf8 } from '../../primitives/bytes.ts';
import { canonicalBytes, type JsonObject } from '../../primitives/canonical-json.ts';
import { rfcKey, sign } from '../../primitives/signature.ts';

export const grounds = {
  registration: { requirements: ['C-REG-03'], readings: ['L-C03'], flags: ['unbound-proof'] },
  authentication: { requirements: ['C-AUTH-03'], readings: ['L-C03'], flags: ['unbound-proof'] },
  kex: {
    requirements: ['C-REG-09'],
    readings: ['L-E03', 'L-C19'],
    flags: ['unbound-exchange-key'],
  },
  life: { requirements: ['C-AUTH-02'], readings: ['L-C04'], flags: ['lasting-challenge'] },
  skew: { requirements: ['C-AUTH-04', 'X-TIME-02'], readings: ['L-C04'], flags: ['skew'] },
  oracle: {
    requirements: ['X-SIG-05', 'C-AUTH-03'],
    readings: ['L-C03'],
    flags: ['signing-oracle'],
  },
  cross: { requirements: ['X-SIG-04'], readings: ['L-C03', 'L-S11'], flags: ['signing-oracle'] },
  work: { requirements: ['C-REG-05'], readings: ['L-C02'], flags: ['work'] },
} satisfies Record<string, Grounds>;

export type Members = { readonly [name: string]: string | number };

/** Members in hex; they are base64url in what is signed. */
const BINARY = ['challenge', 'public_key', 'kex_public_key', 'transcript_hash', 'proof_solution'];

export const types = {
  registration: 'registration_response',
  authentication: 'auth_response',
  kex: 'device_kex_key',
} as const;

export type Kind = keyof typeof types;

export function objectFor(kind: Kind, members: Members): JsonObject {
  const told = Object.entries(members).map(([name, value]) => [
    name,
    BINARY.includes(name) && typeof value === 'string' ? base64url(fromHex(value)) : value,
  ]);
  return { type: types[kind], ...Object.fromEntries(told) };
}

export const device = rfcKey;

export const DEVICE_ID = '550e8400-e29b-41d4-a716-446655440000';

export const USER = 'alice@example.org';

export const SERVER = 'example.org';

export const NOW = 1_734_900_000;

export const CHALLENGE = hex(filled(32, 3));

export const TRANSCRIPT = hex(seeded('client transcript', 32));

export const registration: Members = {
  challenge: CHALLENGE,
  device_id: DEVICE_ID,
  public_key: hex(device.public),
  user_id: USER,
  server_id: SERVER,
  transcript_hash: TRANSCRIPT,
  proof_solution: hex(utf8('5043')),
};

export const authentication: Members = {
  challenge: CHALLENGE,
  user_id: USER,
  device_id: DEVICE_ID,
  server_id: SERVER,
  timestamp: NOW,
  transcript_hash: TRANSCRIPT,
};

export const exchange: Members = {
  user_id: USER,
  device_id: DEVICE_ID,
  public_key: hex(device.public),
  kex_public_key: hex(seeded('exchange key', 32)),
};

export const bytesOf = (kind: Kind, members: Members): Uint8Array =>
  canonicalBytes(objectFor(kind, members));

export const signatureOf = (kind: Kind, members: Members, key = device): string =>
  hex(sign(key, bytesOf(kind, members)));
