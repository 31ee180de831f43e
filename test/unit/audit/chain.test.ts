/** The audit log: what an entry says, and what the root of a day is. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import { emptyChain, verifyChain } from '../../../reference/audit/chain.ts';
import { eventTypeOf } from '../../../reference/audit/event-type.ts';
import { without } from '../../../reference/wire/canonical.ts';
import { auditEventTypes } from '../../../spec/messages/trust/enumerations.ts';
import { trustAuditEvent } from '../../../spec/messages/trust/trust-audit-event.ts';
import { nodeCrypto } from '../crypto/providers.ts';
import { event, keeper, logOf } from './log.ts';

const must = createMust();
const judge = { crypto: nodeCrypto, publicKey: keeper.key.publicKey, must };
const [first] = logOf([event()]);
if (!first) throw new Error('no entry');

describe('an entry', () => {
  test('X-AUD-01: is hashed onto the one before it, from 32 zero bytes on', () => {
    const [one, two] = logOf([event(), event()]);
    expect(one?.previous).toBe(emptyChain.head);
    expect(two?.previous).toBe(one?.hash);
    expect(one && nodeCrypto.chainHash(emptyChain.head, without(one, 'hash'))).toBe(one?.hash);
  });

  test('T-AUD-01: is signed by the server with its place in the chain', () => {
    const signed = without(without(first, 'hash'), 'signature');
    expect(nodeCrypto.verify(judge.publicKey, signed, first.signature)).toBe(true);
    expect(nodeCrypto.verify(judge.publicKey, { ...signed, sequence: 1 }, first.signature)).toBe(
      false,
    );
  });

  test('has a version 4 event id from the entropy given', () => {
    expect(first.event_id).toBe('00010203-0405-4607-8809-0a0b0c0d0e0f');
  });

  test('has the shape of trust_audit_event', () => {
    const validate = new Ajv2020({ strict: false }).compile(trustAuditEvent.json);
    expect(validate(first)).toBe(true);
    expect(validate(without(first, 'evidence_hash'))).toBe(false);
  });

  test('keeps what the eight types and a server as target cannot say', () => {
    const [entry] = logOf([event({ event: 'rate_abort', target: 'bob@bravo.example' })]);
    expect(entry).toMatchObject({ event_type: 'security_incident', target_server: 'acme.example' });
    expect(entry?.parameters).toEqual({
      level: 'basic',
      logged_as: 'rate_abort',
      concerning: nodeCrypto.pseudonym(keeper.pseudonymKey, 'bob@bravo.example'),
    });
  });

  test('X-AUD-03: shows no user id, wherever it stood', () => {
    const id = 'Bob.Smith+x@bravo.example';
    const [entry] = logOf([
      event({
        target: id,
        actor: id,
        action: `refused ${id}.`,
        parameters: { [id]: [id, { nested: `to <${id}>` }], count: 3, note: null },
      }),
    ]);
    const pseudonym = nodeCrypto.pseudonym(keeper.pseudonymKey, id.toLowerCase());
    expect(JSON.stringify(entry)).not.toContain('@');
    expect(entry).toMatchObject({ actor: pseudonym, action: `refused ${pseudonym}.` });
    expect(entry?.parameters[pseudonym]).toEqual([pseudonym, { nested: `to <${pseudonym}>` }]);
  });

  test('gives one user one pseudonym, and another under another key', () => {
    const key = new Uint8Array(32);
    const one = nodeCrypto.pseudonym(keeper.pseudonymKey, 'bob@bravo.example');
    expect(nodeCrypto.pseudonym(keeper.pseudonymKey, 'bob@bravo.example')).toBe(one);
    expect(nodeCrypto.pseudonym(key, 'bob@bravo.example')).not.toBe(one);
  });
});

describe('event types (L-T29)', () => {
  test.each(auditEventTypes)('%s stays', (type) => {
    expect(eventTypeOf({ event: type, result: 'failure' })).toBe(type);
  });

  test.each([
    ['certificate_stored', 'success', 'security_incident'],
    ['certificate_rejected', 'success', 'access_denied'],
    ['validation_failed', 'failure', 'access_denied'],
    ['device_revoke', 'success', 'security_incident'],
    ['authentication', 'failure', 'access_denied'],
  ] as const)('%s with %s becomes %s', (name, result, type) => {
    expect(eventTypeOf({ event: name, result })).toBe(type);
  });
});

describe('judging a chain', () => {
  const log = logOf([event(), event({ event: 'access_denied' }), event()]);

  test('goes on from where an earlier stretch ended', () => {
    const start = verifyChain(log.slice(0, 1), judge);
    const rest = start.ok ? verifyChain(log.slice(1), judge, start.value) : start;
    expect(rest).toEqual({ ok: true, value: { length: 3, head: log[2]?.hash } });
  });

  test('names the entry that another key has signed, hash and all', () => {
    const mallory = { ...keeper, key: nodeCrypto.signingKey(new Uint8Array(32)) };
    const refused = verifyChain(log, { ...judge, publicKey: mallory.key.publicKey });
    expect(refused).toMatchObject({ ok: false, error: { requirement: 'T-AUD-01', path: '/0' } });
  });

  test('without X-AUD-01 a changed order goes unnoticed', () => {
    const reordered = [log[0], log[2], log[1]].flatMap((entry) => entry ?? []);
    expect(verifyChain(reordered, judge)).toMatchObject({
      ok: false,
      error: { requirement: 'X-AUD-01', path: '/1' },
    });
    const careless = createMust({ off: new Set(['X-AUD-01' as const]) });
    expect(verifyChain(reordered, { ...judge, must: careless }).ok).toBe(true);
  });
});
