/** From a message to the requirement it breaks; one fault a case. */
import { describe, expect, test } from 'vitest';
import { createMust, type Exercised, InvariantError } from '../../../reference/assert.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import type { Json, JsonObject } from '../../../reference/wire/json.ts';
import { createValidator } from '../../../reference/wire/validate.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { exampleOf } from '../../../spec/example.ts';
import { messages } from '../../../spec/messages.ts';

const validate = createValidator({ must: createMust() });
const key = encodeBase64url(new Uint8Array(32).fill(1));
const request: JsonObject = {
  type: 'connection_request',
  client_versions: ['2.0', '1.0'],
  preferred_version: '2.0',
  capabilities: ['messaging'],
  cipher_suites: ['0001'],
  client_nonce: encodeBase64url(new Uint8Array(12)),
  ephemeral_public_key: key,
};
const without = (name: string) => {
  const { [name]: _, ...rest } = request;
  return rest;
};

describe('a message of the right shape', () => {
  test('is accepted as it is', () => {
    const result = validate(request, '1.1');
    expect(result).toEqual({ ok: true, value: request });
    if (result.ok) expect(result.value).toBe(request);
  });
  test('may have members that nobody knows', () => {
    expect(validate({ ...request, from_the_future: 1.5 }, '2.0')).toMatchObject({ ok: true });
  });
  test('may have null for what may be absent', () => {
    expect(validate({ ...request, pq_public_key: null }, '1.1')).toEqual({
      ok: true,
      value: request,
    });
  });
  test('may be frozen', () => {
    expect(validate(Object.freeze({ ...request }), '1.1')).toMatchObject({ ok: true });
  });
});

describe('a message of the wrong shape names what it breaks', () => {
  test.each<[string, Json, RequirementId, string]>([
    ['no list of versions', without('client_versions'), 'C-CONN-05', '/client_versions'],
    [
      'null for a required member',
      { ...request, client_versions: null },
      'C-CONN-05',
      '/client_versions',
    ],
    [
      'a member of another type',
      { ...request, client_versions: '2.0' },
      'C-CONN-05',
      '/client_versions',
    ],
    ['no nonce', without('client_nonce'), 'X-AMC-17', '/client_nonce'],
    [
      'a padded key',
      { ...request, ephemeral_public_key: `${key}=` },
      'X-CAN-02',
      '/ephemeral_public_key',
    ],
    [
      'a key in plain base64',
      { ...request, ephemeral_public_key: `+${key.slice(1)}` },
      'X-CAN-02',
      '/ephemeral_public_key',
    ],
    [
      'a key with stray bits',
      { ...request, ephemeral_public_key: `${key.slice(0, -1)}B` },
      'X-CAN-02',
      '/ephemeral_public_key',
    ],
    [
      'a key of 31 bytes',
      { ...request, ephemeral_public_key: encodeBase64url(new Uint8Array(31)) },
      'X-CAN-16',
      '/ephemeral_public_key',
    ],
    [
      'a nonce of 13 bytes',
      { ...request, client_nonce: encodeBase64url(new Uint8Array(13)) },
      'X-TRN-06',
      '/client_nonce',
    ],
    [
      'a nested capability',
      { ...request, capabilities: [['messaging']] },
      'X-CAN-17',
      '/capabilities/0',
    ],
    ['a capability twice', { ...request, capabilities: ['a', 'a'] }, 'X-CAN-17', '/capabilities'],
  ])('%s', (_, message, requirement, path) => {
    expect(validate(message, '1.1')).toMatchObject({
      ok: false,
      error: { kind: 'malformed', requirement, path },
    });
    const careless = createValidator({ must: createMust({ off: new Set([requirement]) }) });
    expect(careless(message, '1.1')).toMatchObject({ ok: true });
  });
  test('a decimal of two digits', () => {
    const decision = exampleOf(messages.trust_decision.json) as JsonObject;
    const metadata = decision.trust_metadata as JsonObject;
    const score = (value: number) => ({
      ...decision,
      trust_metadata: { ...metadata, trust_score: value },
    });
    expect(validate(score(87.5), '1.1')).toMatchObject({ ok: true });
    expect(validate(score(87.55), '1.1')).toMatchObject({
      error: { requirement: 'X-CAN-06', path: '/trust_metadata/trust_score' },
    });
  });
  test('a fraction where an integer stands', () => {
    const ping = exampleOf(messages.ping.json) as JsonObject;
    expect(validate({ ...ping, timestamp: 1.5 }, '1.1')).toMatchObject({
      error: { requirement: 'X-CAN-06', path: '/timestamp' },
    });
  });
  test('bits behind the last byte of a value of free length', () => {
    const upload = { type: 'extension', extension_id: 'x', extension_version: '1' };
    expect(validate({ ...upload, extension_data: 'AA' }, '1.1')).toMatchObject({ ok: true });
    expect(validate({ ...upload, extension_data: 'AB' }, '1.1')).toMatchObject({
      error: { requirement: 'X-CAN-02' },
    });
  });
});

describe('several faults', () => {
  const bad = { ...without('client_nonce'), ephemeral_public_key: 'AA', capabilities: ['a', 'a'] };
  test('are refused for one that is not switched off', () => {
    const off = new Set<RequirementId>();
    const met: RequirementId[] = [];
    for (;;) {
      const result = createValidator({ must: createMust({ off }) })(bad, '1.1');
      if (result.ok) break;
      met.push(result.error.requirement);
      off.add(result.error.requirement);
    }
    expect(met.toSorted()).toEqual(['X-AMC-17', 'X-CAN-16', 'X-CAN-17']);
  });
  test('of one key, its text and its length, are both judged', () => {
    const message = { ...request, ephemeral_public_key: 'AAAA=' };
    expect(validate(message, '1.1')).toMatchObject({ error: { requirement: 'X-CAN-02' } });
    const careless = createValidator({ must: createMust({ off: new Set(['X-CAN-02']) }) });
    expect(careless(message, '1.1')).toMatchObject({ error: { requirement: 'X-CAN-16' } });
  });
});

describe('at version 1.0', () => {
  test('what the published documents lack may be absent', () => {
    expect(validate(without('client_nonce'), '1.0')).toMatchObject({ ok: true });
  });
  test('what is there is judged all the same', () => {
    expect(validate({ ...request, client_nonce: 'AA' }, '1.0')).toMatchObject({
      error: { requirement: 'X-TRN-06' },
    });
  });
  test('another name of a message counts, and only there', () => {
    const ack = exampleOf(messages.relay_ack.json) as JsonObject;
    const alias = { ...ack, type: 'delivery_ack' };
    expect(validate(alias, '1.0')).toEqual({ ok: true, value: ack });
    expect(validate(alias, '1.1')).toMatchObject({ error: { kind: 'unknown-type' } });
  });
});

describe('an unknown type', () => {
  test.each(['foo', '', 'constructor', '__proto__', 'toString', 'Ping', 'ping '])('%j', (type) => {
    for (const version of ['1.0', '1.1', '2.0']) {
      expect(validate({ type }, version)).toMatchObject({
        ok: false,
        error: { kind: 'unknown-type', requirement: 'X-ERR-06' },
      });
    }
  });
  test.each<Json>([null, 1, 'ping', true, [], [{ type: 'ping' }], {}, { type: 1 }, { type: null }])(
    '%j is no message at all',
    (message) => {
      expect(validate(message, '1.1')).toMatchObject({
        error: { kind: 'malformed', requirement: 'X-FMT-05' },
      });
    },
  );
});

test('an accepted message counts as a check of its shape', () => {
  const exercised: Exercised = new Map();
  const counting = createValidator({ must: createMust({ exercised }) });
  counting(request, '1.1');
  counting(without('client_versions'), '1.1');
  expect(exercised.get('C-CONN-05')).toEqual({ held: 1, broken: 1 });
});

test('a version that was never negotiated is our own mistake', () => {
  expect(() => validate(request, 'latest')).toThrow(InvariantError);
});
