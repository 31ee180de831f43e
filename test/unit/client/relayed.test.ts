/** Messages that go to other servers and come from them (DeliveryPort, RoutePort). */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import {
  addDevice,
  type Chat,
  chat,
  createOf,
  errorOf,
  type Identity,
  identityOf,
  messageOf,
} from './honest.ts';
import { createWorld, uuid, type World } from './world.ts';

const carol = 'carol@bravo.example';
const dave = 'dave@charlie.example';

describe('a message for users of another server', () => {
  function group(members: readonly string[]): Chat {
    const talk = chat(createWorld());
    const conversationId = uuid(talk.world.entropy);
    talk.from.raw.send(createOf(conversationId, members, { conversation_type: 'group' }));
    return { ...talk, conversationId };
  }

  test('is handed over with the payloads of that server alone, before it is acknowledged', () => {
    const talk = group(['bob@acme.example', carol]);
    const away = identityOf(talk.world, carol);
    const message = messageOf(talk, [talk.bob, away]);
    talk.from.raw.send(message);
    const sealed = message.encrypted_content as JsonObject;
    expect(talk.world.relays).toMatchObject([
      { targetServer: 'bravo.example', targetUsers: [carol], senderUserId: talk.alice.userId },
    ]);
    expect(talk.world.relays[0]?.payloads).toEqual({ [away.deviceId]: sealed[away.deviceId] });
    expect(talk.from.raw.last('message_ack').status).toBe('sent');
  });

  test('of several servers goes to each only where the device is known', () => {
    const talk = group([carol, dave]);
    const { world } = talk;
    const [one, other] = [identityOf(world, carol), identityOf(world, dave)];
    talk.from.raw.send(messageOf(talk, [one, other]));
    expect(errorOf(talk.from)).toEqual({ code: 2001, reason: 'stale_devices' });
    for (const sender of [one, other]) {
      const relay = {
        ...relayOf(world, sender, [talk.alice]),
        conversation_id: talk.conversationId,
      };
      expect(world.layer().deliver(relay, world.context).failed).toEqual([]);
    }
    talk.from.raw.send(messageOf(talk, [one, other]));
    const shares = world.relays.map(({ targetServer, payloads }) => [
      targetServer,
      Object.keys(payloads),
    ]);
    expect(shares).toEqual([
      ['bravo.example', [one.deviceId]],
      ['charlie.example', [other.deviceId]],
    ]);
  });

  test.each([
    [{ delivered: [{ userId: carol, deviceIds: ['x'] }], failed: [] }, 'delivered', undefined],
    [
      { delivered: [], failed: [{ userId: carol, deviceIds: ['x'], errorCode: 5001 }] },
      'failed',
      5001,
    ],
  ])('is settled as the other server says: %j', (outcome, status, code) => {
    const talk = group([carol]);
    const message = messageOf(talk, [identityOf(talk.world, carol)]);
    talk.from.raw.send(message);
    const { world } = talk;
    world.layer().settle(String(message.message_id), outcome, world.context);
    world.run();
    const ack = talk.from.raw.last('message_ack');
    expect([ack.status, ack.error_code]).toEqual([status, code]);
  });

  test('that fails while it is handed over is sent first and failed then', () => {
    const world = createWorld();
    const talk = chat(world);
    const conversationId = uuid(world.entropy);
    talk.from.raw.send(createOf(conversationId, [carol], { conversation_type: 'group' }));
    const failed = [{ userId: carol, deviceIds: [], errorCode: 5201 }];
    world.route.onRelay = ({ messageId }) =>
      world.layer().settle(messageId, { delivered: [], failed }, world.context);
    talk.from.raw.send(messageOf({ ...talk, conversationId }, [identityOf(world, carol)]));
    const told = talk.from.raw.received.filter(({ type }) => type === 'message_ack');
    expect(told).toMatchObject([{ status: 'sent' }, { status: 'failed', error_code: 5201 }]);
  });
});

describe('a message from another server', () => {
  function deliver(talk: Chat, over: Partial<MessageRelay> = {}, to = [talk.bob]) {
    const relay = { ...relayOf(talk.world, identityOf(talk.world, carol), to), ...over };
    const outcome = talk.world.layer().deliver(relay, talk.world.context);
    talk.world.run();
    return { relay, outcome };
  }

  test('reaches the devices it is for, and makes its conversation known', () => {
    const talk = chat(createWorld());
    const { relay, outcome } = deliver(talk);
    const { deviceId, userId } = talk.bob;
    expect(outcome).toEqual({ delivered: [{ userId, deviceIds: [deviceId] }], failed: [] });
    expect(talk.to.raw.last('message_received')).toMatchObject({
      sender_user_id: carol,
      encrypted_content: relay.encrypted_payloads[deviceId],
    });
    const conversationId = relay.conversation_id ?? '';
    const away = identityOf(talk.world, carol);
    const answering = { ...talk, alice: talk.bob, conversationId };
    talk.to.raw.send(messageOf(answering, [away]));
    expect(talk.world.relays.at(-1)?.targetServer).toBe('bravo.example');
  });

  test('is delivered once, whatever the link does', () => {
    const talk = chat(createWorld());
    const { relay, outcome } = deliver(talk);
    expect(talk.world.layer().deliver(relay, talk.world.context)).toEqual(outcome);
    talk.world.restartServer();
    expect(talk.world.layer().deliver(relay, talk.world.context)).toEqual(outcome);
    const received = talk.to.raw.received.filter(({ type }) => type === 'message_received');
    expect(received).toHaveLength(1);
  });

  test('names every user and device once, in one of the lists', () => {
    const world = createWorld();
    const talk = chat(world);
    const further = identityOf(world, talk.bob.userId);
    addDevice(world, talk.bob, further);
    const nobody = identityOf(world, 'nobody@acme.example');
    const { outcome } = deliver(talk, { target_users: [talk.bob.userId, nobody.userId] }, [
      talk.bob,
      further,
      talk.alice,
    ]);
    expect(outcome.delivered).toEqual([
      { userId: talk.bob.userId, deviceIds: [talk.bob.deviceId, further.deviceId] },
    ]);
    expect(outcome.failed).toEqual([
      { userId: talk.bob.userId, deviceIds: [talk.alice.deviceId], errorCode: 2001 },
      { userId: nobody.userId, deviceIds: [], errorCode: 5204 },
    ]);
  });

  test('into a conversation of others fails', () => {
    const talk = chat(createWorld());
    const { outcome } = deliver(talk, { conversation_id: talk.conversationId });
    expect(outcome.delivered).toEqual([]);
    expect(outcome.failed).toMatchObject([{ errorCode: 2004 }]);
  });

  test('under the id of another message fails', () => {
    const talk = chat(createWorld());
    const message = messageOf(talk);
    talk.from.raw.send(message);
    const { outcome } = deliver(talk, { message_id: String(message.message_id) });
    expect(outcome.failed).toMatchObject([{ errorCode: 2002 }]);
  });

  test('whose time is over is not stored', () => {
    const talk = chat(createWorld());
    const { relay } = deliver(talk);
    talk.world.pass(100);
    const { outcome } = deliver(talk, { metadata: { ...relay.metadata, ttl: 100 } });
    expect(outcome.failed).toMatchObject([{ errorCode: 5202 }]);
  });
});

function relayOf(world: World, sender: Identity, to: readonly Identity[]): MessageRelay {
  const conversationId = uuid(world.entropy);
  const message = messageOf({ world, conversationId, alice: sender, bob: sender }, to);
  const signature = 'A'.repeat(86);
  return {
    type: 'message_relay',
    federation_id: uuid(world.entropy),
    message_id: String(message.message_id),
    origin_server: 'bravo.example',
    target_server: 'acme.example',
    target_users: [...new Set(to.map(({ userId }) => userId))],
    route_path: ['bravo.example'],
    encrypted_payloads: message.encrypted_content as unknown as MessageRelay['encrypted_payloads'],
    metadata: {
      original_timestamp: world.now(),
      federation_timestamp: world.now(),
      hop_count: 1,
      ttl: 86_400,
      priority: 'normal',
      delivery_requirements: ['acknowledge'],
    },
    classification: 'unclassified',
    route_signature: signature,
    origin_signature: signature,
    sender_user_id: sender.userId,
    sender_device_id: sender.deviceId,
    conversation_id: conversationId,
    message_type: 'text',
    sequence_number: 1,
    prev_message_hash: String(message.prev_message_hash),
    relay_sequence: 1,
  };
}
