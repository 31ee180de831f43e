/** The upgrade and the handshake as a server judges them. */
import { describe, expect, test } from 'vitest';
import type { UpgradeOffer } from '../../../reference/core.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { type Bend, errorOf, negotiate, requestOf } from './honest.ts';
import { createWorld } from './world.ts';

describe('the upgrade', () => {
  const refusals: readonly [string, Partial<UpgradeOffer>, number][] = [
    ['TLS 1.2', { tlsProtocol: 'TLSv1.2' }, 403],
    ['another path', { path: '/other' }, 404],
    ['an unknown subprotocol', { subprotocols: ['chat'] }, 426],
    ['no subprotocol', { subprotocols: [] }, 426],
    ['a version of the future', { subprotocols: ['norc-c-json-v9.0'] }, 426],
    ['a header without a common version', { headers: { 'norc-client-versions': '9.0' } }, 426],
  ];
  test.each(refusals)('refuses %s', (_, offer, status) => {
    const raw = createWorld().connectRaw(offer);
    expect(raw.refusedStatus).toBe(status);
  });

  test('picks the highest subprotocol whatever the order, and tells the version', () => {
    const raw = createWorld().connectRaw({
      subprotocols: ['norc-c-json-v1', 'norc-c-json-v2.0', 'norc-c-json-v1.1'],
    });
    expect(raw.subprotocol).toBe('norc-c-json-v2.0');
    expect(raw.headers).toMatchObject({
      'NORC-Negotiated-Version': '2.0',
      'NORC-Compatibility-Mode': 'false',
    });
  });
});

describe('the handshake', () => {
  test('ends with the transcript, a MAC and the signature of the server', () => {
    const world = createWorld();
    const { raw, transcript } = negotiate(world);
    const confirmation = raw.last('version_confirmation');
    expect(confirmation.transcript_hash).toBe(transcript);
    const { server_signature = '', ...unsigned } = confirmation;
    const { publicKey } = world.config.identity;
    expect(world.crypto.verify(publicKey, unsigned, server_signature)).toBe(true);
  });

  test('never repeats nonce, key or session id for the same request', () => {
    const world = createWorld();
    const request = requestOf(world);
    const runs = [negotiate(world, () => request), negotiate(world, () => request)];
    const [first, second] = runs.map(({ raw }) => raw.last('connection_accepted'));
    expect(first?.server_nonce).not.toBe(second?.server_nonce);
    expect(first?.ephemeral_public_key).not.toBe(second?.ephemeral_public_key);
    expect(runs[0]?.sessionId).not.toBe(runs[1]?.sessionId);
  });

  const members =
    (change: object): Bend =>
    (honest) => ({ ...honest, ...change });
  const without =
    (name: string): Bend =>
    ({ [name]: _, ...rest }) =>
      rest;
  const refusals: readonly [string, Bend, { code: number; reason: string }][] = [
    ['another message', () => ({ type: 'ping', timestamp: 1 }), unexpected()],
    ['an application message', () => ({ type: 'key_request' }), unexpected()],
    ['an unknown message', () => ({ type: 'foo' }), unexpected()],
    ['no list of versions', without('client_versions'), malformed()],
    ['only malformed versions', members({ client_versions: ['v2', '2'] }), malformed()],
    [
      'no common version',
      members({ client_versions: ['2.7'] }),
      { code: 3000, reason: 'no_compatible_version' },
    ],
    [
      'majors too far apart',
      members({ client_versions: ['4.0', '2.0'] }),
      { code: 3000, reason: 'no_compatible_version' },
    ],
    ['no nonce at 2.0', without('client_nonce'), malformed()],
    ['no suite at 2.0', without('cipher_suites'), malformed()],
    ['a short nonce', members({ client_nonce: encodeBase64url(new Uint8Array(11)) }), malformed()],
    [
      'no common suite',
      members({ cipher_suites: ['0002', 'ffff'] }),
      { code: 4000, reason: 'no_common_suite' },
    ],
    [
      'a key of low order',
      members({ ephemeral_public_key: encodeBase64url(new Uint8Array(32)) }),
      { code: 4000, reason: 'invalid_key' },
    ],
    [
      'a hybrid suite without its key',
      members({ cipher_suites: ['0101', '0001'] }),
      { code: 4000, reason: 'pq_required' },
    ],
    [
      'a hybrid suite with an unreduced key',
      members({
        cipher_suites: ['0101'],
        pq_public_key: encodeBase64url(new Uint8Array(1184).fill(255)),
      }),
      { code: 4000, reason: 'invalid_key' },
    ],
  ];
  test.each(refusals)('refuses %s and closes', (_, bend, expected) => {
    const { raw } = negotiate(createWorld(), bend);
    expect(errorOf({ raw })).toEqual(expected);
    expect(raw.closed).toBe(1002);
  });

  test('refuses what is not JSON and closes', () => {
    const raw = createWorld().connectRaw();
    raw.send('{"type":');
    expect(errorOf({ raw })).toEqual(malformed());
    expect(raw.closed).toBe(1002);
  });

  const hints: readonly [string, Partial<UpgradeOffer>][] = [
    ['a header in another order', { headers: { 'norc-client-versions': '2.0, 1.1, 1.0' } }],
    ['a header without the lowest', { headers: { 'norc-client-versions': '1.1,2.0' } }],
    ['another preference', { headers: { 'norc-preferred-version': '1.0' } }],
    ['a version in the URI that is not listed', { queryVersion: '1.9' }],
    ['a subprotocol of another version', { subprotocols: ['norc-c-json-v1.0'] }],
    ['a subprotocol of another major', { subprotocols: ['norc-c-json-v1'] }],
  ];
  test.each(hints)('does not go on with %s', (_, offer) => {
    const world = createWorld();
    const { raw } = negotiate(world, undefined, world.connectRaw(offer));
    expect(errorOf({ raw })).toEqual({ code: 3000, reason: 'negotiation_mismatch' });
    expect(raw.closed).toBe(1002);
  });

  test('goes on when every hint agrees', () => {
    const world = createWorld();
    const raw = world.connectRaw({
      headers: { 'norc-client-versions': '1.0, 1.1,2.0', 'norc-preferred-version': '2.0' },
      queryVersion: '2.0',
    });
    negotiate(world, undefined, raw);
    expect(raw.last('version_confirmation').negotiated_version).toBe('2.0');
  });

  test('marks compatibility mode exactly when the major is below a top major', () => {
    const world = createWorld();
    const raw = world.connectRaw({ subprotocols: ['norc-c-json-v1'] });
    negotiate(world, members({ client_versions: ['1.0', '1.1'] }), raw);
    expect(raw.last('connection_accepted')).toMatchObject({
      negotiated_version: '1.1',
      compatibility_mode: true,
    });
    expect(raw.last('version_confirmation').compatibility_features).not.toEqual([]);
    const same = negotiate(world);
    expect(same.raw.last('version_confirmation').compatibility_features).toEqual([]);
  });

  test('a party under FIPS rules ends on none of our suites', () => {
    const world = createWorld({ policy: { onlySuites: ['0002'] } });
    expect(errorOf(negotiate(world))).toEqual({ code: 4000, reason: 'no_common_suite' });
  });

  test('takes a handshake without keys only at 1.0 and only where policy allows it', () => {
    const bare = without('client_nonce');
    const strict = createWorld({ versions: ['1.0'] });
    expect(errorOf(negotiate(strict, bare))).toEqual({ code: 4000, reason: 'no_common_suite' });
    const lenient = createWorld({ versions: ['1.0'], policy: { allowLegacyHandshake: true } });
    expect(negotiate(lenient, bare).raw.last('version_confirmation').server_finished).toBe(
      undefined,
    );
  });

  test('must be over in ten seconds', () => {
    const world = createWorld();
    const raw = world.connectRaw();
    world.pass(9);
    expect(raw.closed).toBe(null);
    world.pass(2);
    expect(raw.closed).toBe(1008);
  });

  test('an error from the device is never answered', () => {
    const raw = createWorld().connectRaw();
    raw.send({ type: 'error', error_code: 1 });
    expect(raw.received).toEqual([]);
    expect(raw.closed).toBe(null);
  });
});

function unexpected() {
  return { code: 3000, reason: 'unexpected_message' };
}

function malformed() {
  return { code: 3000, reason: 'malformed' };
}
