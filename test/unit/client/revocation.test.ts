/** The end of a device key: who may bring it about, and what ends with it. */
import { describe, expect, test } from 'vitest';
import type { JsonObject, SigningKey } from '../../../reference/crypto/crypto.ts';
import { alice, bob, enrolFour, say, statuses, talk } from './company.ts';
import {
  addDevice,
  answerChallenge,
  askSession,
  chat,
  errorOf,
  errors,
  identityOf,
  messageOf,
  negotiate,
} from './honest.ts';
import { createWorld, type World } from './world.ts';

function revocation(
  world: World,
  { userId, deviceId }: { userId: string; deviceId: string },
  signer: string,
  key: SigningKey,
  over: JsonObject = {},
): JsonObject {
  const effective = Math.floor(world.now() / 1e6);
  const unsigned = {
    type: 'device_revoke',
    user_id: userId,
    device_id: deviceId,
    reason: 'lost',
    effective,
    signer,
    ...over,
  };
  return { ...unsigned, signature: world.crypto.sign(key, unsigned) };
}

describe('a revocation', () => {
  test('ends sessions, sealing and delivery, and is pushed to contacts', () => {
    const world = createWorld();
    const { alicePhone, aliceDesk, bobPhone, bobDesk } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    world.cut(bobDesk);
    say(world, alicePhone, conversationId, [bob], 'two');
    const { deviceId } = bobDesk.config;
    bobPhone.command({ command: 'revoke-device', deviceId, reason: 'lost' });
    expect(alicePhone.of('warned')).toMatchObject([{ warning: 'revoked-device', deviceId }]);
    // It was told as well, and knows no key of bob's to verify it with.
    expect(aliceDesk.received.at(-1)?.type).toBe('device_revoke');
    expect(aliceDesk.of('log').at(-1)?.requirement).toBe('X-KEY-05');
    expect(statuses(alicePhone)).toEqual(['sent', 'delivered', 'sent', 'delivered']);
    world.pass(60);
    expect(bobDesk.displayed()).toHaveLength(1);
    expect(bobDesk.of('refused')).toMatchObject([{ what: 'authentication', errorCode: 1003 }]);
    say(world, alicePhone, conversationId, [bob], 'three');
    expect(bobPhone.displayed()).toHaveLength(3);
  });

  test('closes a live session with 1003', () => {
    const talked = chat(createWorld());
    const { world, bob: target } = talked;
    talked.to.raw.send(revocation(world, target, target.deviceId, target.signingKey));
    expect(errorOf(talked.to).code).toBe(1003);
    expect(talked.to.raw.closed).toBe(1008);
    expect(talked.from.raw.last('device_revoke').device_id).toBe(target.deviceId);
    const again = negotiate(world);
    askSession(world, again, target);
    answerChallenge(world, again, target);
    expect(errorOf(again).code).toBe(1003);
    talked.from.raw.send(messageOf(talked));
    expect(errorOf(talked.from).code).toBe(2001);
  });

  test('sealing for a revoked key is refused with 3003', () => {
    const world = createWorld();
    const talked = chat(world);
    const further = identityOf(world, bob);
    const second = addDevice(world, talked.bob, further);
    const { deviceId, signingKey } = talked.alice;
    talked.from.raw.send(revocation(world, further, deviceId, signingKey));
    expect(second.raw.closed).toBe(null); // alice may not revoke bob's
    talked.to.raw.send(revocation(world, further, talked.bob.deviceId, talked.bob.signingKey));
    expect(second.raw.closed).toBe(1008);
    talked.from.raw.send(messageOf(talked, [talked.bob, further]));
    expect(errorOf(talked.from).code).toBe(3003);
    talked.from.raw.send(messageOf(talked));
    expect(talked.from.raw.last('message_ack').status).toBe('sent');
  });

  test('takes the device out of the directory, unless revoked ones are asked for', () => {
    const talked = chat(createWorld());
    const { world, bob: target } = talked;
    addDevice(world, target, identityOf(world, bob));
    talked.to.raw.send(revocation(world, target, target.deviceId, target.signingKey));
    for (const [device_filter, include_revoked, count] of [
      ['all', false, 1],
      ['all', true, 2],
      ['active', true, 1],
    ] as const) {
      const request_id = '11111111-1111-4111-8111-111111111111';
      const user_ids = [bob];
      talked.from.raw.send({
        type: 'key_request',
        request_id,
        user_ids,
        device_filter,
        include_revoked,
      });
      const listed = talked.from.raw.last('key_response').keys[bob] ?? {};
      expect(Object.keys(listed)).toHaveLength(count);
      if (count === 2) expect(listed[target.deviceId]?.revoked).toBe(true);
    }
  });

  test('takes effect at its time', () => {
    const talked = chat(createWorld());
    const { world, bob: target } = talked;
    const effective = Math.floor(world.now() / 1e6) + 50;
    talked.to.raw.send(
      revocation(world, target, target.deviceId, target.signingKey, { effective }),
    );
    world.pass(49);
    expect(talked.to.raw.closed).toBe(null);
    world.pass(2);
    expect(talked.to.raw.closed).toBe(1008);
  });

  test.each([
    ['another user', (world: World) => world.crypto.signingKey(new Uint8Array(32).fill(5)), {}],
    ['nobody entitled', (world: World) => world.config.identity, {}],
    [
      'a device in the name of the server',
      (_: World, own: SigningKey) => own,
      { reason: 'administrative' },
    ],
  ])('by %s is met with silence and changes nothing', (_, keyOf, over) => {
    const talked = chat(createWorld());
    const { world, bob: target } = talked;
    const forged = revocation(
      world,
      target,
      target.deviceId,
      keyOf(world, target.signingKey),
      over,
    );
    const before = talked.to.raw.received.length;
    talked.to.raw.send(forged);
    expect(talked.to.raw.received).toHaveLength(before);
    expect(errors(talked.to)).toEqual([]);
    talked.from.raw.send(messageOf(talked));
    expect(talked.from.raw.last('message_ack').status).toBe('sent');
    expect(talked.from.raw.received.some(({ type }) => type === 'device_revoke')).toBe(false);
  });

  test('survives a restart, also one that is still to come', () => {
    const world = createWorld();
    const { bobPhone, bobDesk } = enrolFour(world);
    const effectiveSeconds = Math.floor(world.now() / 1e6) + 50;
    const { deviceId } = bobDesk.config;
    bobPhone.command({ command: 'revoke-device', deviceId, reason: 'lost', effectiveSeconds });
    world.restartServer();
    world.pass(30);
    expect(bobDesk.device.phase).toBe('authenticated');
    world.pass(60);
    expect(bobDesk.device.phase).toBe('closed');
  });

  test('X-AUD-03, X-AUD-07: is written to the audit log without a name', () => {
    const world = createWorld();
    const { bobPhone, bobDesk } = enrolFour(world);
    const { deviceId } = bobDesk.config;
    bobPhone.command({ command: 'revoke-device', deviceId, reason: 'lost' });
    const audits = world.effects.filter((effect) => effect.type === 'audit');
    expect(audits.some(({ event }) => event.event === 'device_revoked')).toBe(true);
    expect(JSON.stringify(audits)).not.toContain(alice);
    expect(JSON.stringify(audits)).not.toContain(bob);
  });
});
