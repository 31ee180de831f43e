/** The master's delivery_ack as the relay_ack that it means (X-AMC-11, L-F08). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import type { Context } from '../../../reference/core.ts';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { translatedAck } from '../../../reference/federation/master-ack.ts';
import { ackObjection } from '../../../reference/federation/relay-ack.ts';
import { createValidator } from '../../../reference/wire/validate.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import type { RelayAck } from '../../../spec/messages/federation/relay-ack.ts';
import { uuidOf } from './world.ts';

const must = createMust();
const context = { must, emit: () => {} } as unknown as Context;
const validate = createValidator({ must });
const MESSAGE = uuidOf(1);

function relayTo(users: number, devices: number): MessageRelay {
  const ids = Array.from({ length: devices }, (_, at) => uuidOf(100 + at));
  return {
    federation_id: uuidOf(2),
    message_id: MESSAGE,
    target_server: 'bravo.example',
    target_users: Array.from({ length: users }, (_, at) => `user${at}@bravo.example`),
    encrypted_payloads: Object.fromEntries(ids.map((id) => [id, {}])),
  } as unknown as MessageRelay;
}

const master = (relay: MessageRelay, reached: number): JsonObject => {
  const devices = Object.keys(relay.encrypted_payloads);
  return {
    type: 'delivery_ack',
    message_id: MESSAGE,
    delivered_to: devices.slice(0, reached),
    failed_devices: devices.slice(reached),
    timestamp: 1_800_000_000,
  };
};

const counts = fc.record({
  users: fc.integer({ min: 1, max: 4 }),
  devices: fc.integer({ min: 1, max: 6 }),
  part: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('a delivery_ack', () => {
  test('is always a whole relay_ack for the relay that it answers', () => {
    fc.assert(
      fc.property(counts, ({ users, devices, part }) => {
        const relay = relayTo(users, devices);
        const ack = translatedAck(relay, master(relay, Math.round(part * devices)), context);
        expect(validate(ack, '1.0').ok).toBe(true);
        const received = { ack: ack as unknown as RelayAck, body: ack, key: null };
        expect(ackObjection(relay, received, context)).toBeNull();
      }),
    );
  });

  test('never says of a user that the message has arrived where some device may have missed it', () => {
    const relay = relayTo(2, 3);
    const reached = (count: number) =>
      (translatedAck(relay, master(relay, count), context) as unknown as RelayAck).delivered_to.map(
        ({ user_id }) => user_id,
      );
    expect(reached(3)).toEqual(relay.target_users);
    expect(reached(2)).toEqual([]);
    expect(reached(0)).toEqual([]);
  });

  test('of one user says which of the devices were missed', () => {
    const relay = relayTo(1, 3);
    const ack = translatedAck(relay, master(relay, 2), context) as unknown as RelayAck;
    expect(ack.status).toBe('partial');
    expect(ack.failed_deliveries[0]?.device_ids).toEqual([uuidOf(102)]);
  });

  test.each([
    ['of another message', { message_id: uuidOf(9) }],
    ['that names a stranger', { delivered_to: [uuidOf(999)], failed_devices: [] }],
    ['that names a device twice', { failed_devices: [uuidOf(100)], delivered_to: [uuidOf(100)] }],
    ['that names nobody', { delivered_to: [], failed_devices: [] }],
  ])('%s is not believed', (_, change) => {
    const relay = relayTo(1, 1);
    const ack = translatedAck(relay, { ...master(relay, 1), ...change }, context);
    const received = { ack: ack as unknown as RelayAck, body: ack, key: null };
    expect(ackObjection(relay, received, context)).not.toBeNull();
  });

  test.each([
    ['lists that are none', { delivered_to: 'all' }],
    ['devices that are none', { delivered_to: [7] }],
    ['a time that is none', { timestamp: 'now' }],
  ])('with %s is malformed', (_, change) => {
    const relay = relayTo(1, 1);
    const ack = translatedAck(relay, { ...master(relay, 1), ...change }, context);
    expect(validate(ack, '1.0').ok).toBe(false);
  });

  test('is an unknown type from 1.1 on', () => {
    const judged = validate(master(relayTo(1, 1), 1), '1.1');
    expect(judged.ok ? '' : judged.error.kind).toBe('unknown-type');
  });

  test('leaves every other answer as it is', () => {
    const body = { type: 'relay_ack', status: 'failed' };
    expect(translatedAck(relayTo(1, 1), body, context)).toBe(body);
  });
});
