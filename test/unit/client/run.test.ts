/** Whole runs between devices of the reference and the server of the reference. */
import { describe, expect, test } from 'vitest';
import { alice, bob, enrolFour, say, statuses, talk } from './company.ts';
import { createWorld, type Parcel } from './world.ts';

describe('two users with two devices each', () => {
  const worlds = [
    { versions: ['1.0'] },
    { versions: ['1.1'] },
    { versions: ['1.0', '1.1', '2.0'] },
    { versions: ['2.0'], suites: ['0101', '0001'] },
  ];
  test.each(worlds)('a message is delivered to every device and read, with %j', (options) => {
    const world = createWorld(options);
    const { suites } = options;
    const { alicePhone, aliceDesk, bobPhone, bobDesk } = enrolFour(world, suites && { suites });
    const { conversationId, messageId } = talk(world, alicePhone);

    for (const actor of [aliceDesk, bobPhone, bobDesk]) {
      expect(actor.displayed()).toMatchObject([
        { content: 'hello', sender: alice, device: alicePhone.config.deviceId, gap: false },
      ]);
    }
    expect(statuses(alicePhone)).toEqual(['sent', 'delivered']);
    bobDesk.command({ command: 'read', messageId, conversationId });
    expect(statuses(alicePhone)).toEqual(['sent', 'delivered', 'read']);
    expect(alicePhone.displayed()).toEqual([]);
  });

  test('a conversation goes both ways, each device on a chain of its own', () => {
    const world = createWorld();
    const { alicePhone, bobPhone, bobDesk } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    say(world, bobPhone, conversationId, [alice], 'two');
    say(world, bobDesk, conversationId, [alice], 'three');
    say(world, alicePhone, conversationId, [bob], 'four');
    const contents = (actor: typeof bobPhone) => actor.displayed().map(({ content }) => content);
    expect(contents(alicePhone)).toEqual(['two', 'three']);
    expect(contents(bobPhone)).toEqual(['one', 'three', 'four']);
    expect(contents(bobDesk)).toEqual(['one', 'two', 'four']);
  });

  test('no device sees the id or key of another recipient', () => {
    const world = createWorld();
    const { alicePhone, bobPhone, bobDesk } = enrolFour(world);
    talk(world, alicePhone);
    const received = bobPhone.received.find(({ type }) => type === 'message_received');
    expect(JSON.stringify(received)).not.toContain(bobDesk.config.deviceId);
  });
});

describe('devices that are away', () => {
  test('get what was stored, in chain order, when they are back', () => {
    const world = createWorld();
    const { alicePhone, bobPhone, bobDesk } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    world.cut(bobDesk);
    world.pass(1);
    for (const text of ['two', 'three']) say(world, alicePhone, conversationId, [bob], text);
    expect(statuses(alicePhone)).toEqual(['sent', 'delivered', 'sent', 'sent']);
    expect(bobPhone.displayed()).toHaveLength(3);
    world.pass(3600);
    expect(bobDesk.displayed().map(({ content }) => content)).toEqual(['one', 'two', 'three']);
    expect(statuses(alicePhone)).toHaveLength(6);
  });

  test('get nothing after a day, and the sender is told', () => {
    const world = createWorld();
    const { alicePhone, bobPhone, bobDesk } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    for (const actor of [bobPhone, bobDesk]) actor.command({ command: 'disconnect' });
    say(world, alicePhone, conversationId, [bob], 'two');
    world.pass(86_400 + 61);
    expect(alicePhone.of('progressed').at(-1)).toMatchObject({ status: 'failed', errorCode: 5202 });
    bobDesk.command({ command: 'connect' });
    bobDesk.command({ command: 'authenticate' });
    expect(bobDesk.displayed()).toHaveLength(1);
    expect([...world.server.rows.keys()].filter((key) => key.startsWith('message/'))).toEqual([]);
  });

  test('get nothing that has expired', () => {
    const world = createWorld();
    const { alicePhone, bobPhone, bobDesk } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    for (const actor of [bobPhone, bobDesk]) actor.command({ command: 'disconnect' });
    const expiresAtSeconds = Math.floor(world.now() / 1e6) + 100;
    say(world, alicePhone, conversationId, [bob], 'two', { expiresAtSeconds });
    world.pass(101);
    for (const actor of [bobPhone, bobDesk]) {
      actor.command({ command: 'authenticate' });
      actor.command({ command: 'connect' });
    }
    world.pass(120);
    expect(bobPhone.displayed()).toHaveLength(1);
    expect([...world.server.rows.keys()].filter((key) => key.startsWith('message/'))).toEqual([]);
  });
});

describe('restarts', () => {
  test('the server forgets nothing that it acknowledged', () => {
    const world = createWorld();
    const { alicePhone, bobPhone, bobDesk } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    bobDesk.command({ command: 'disconnect' });
    const messageId = say(world, alicePhone, conversationId, [bob], 'two');
    world.restartServer();
    world.pass(60);
    bobDesk.command({ command: 'connect' });
    bobDesk.command({ command: 'authenticate' });
    world.pass(60);
    expect(bobDesk.displayed().map(({ content }) => content)).toEqual(['one', 'two']);
    expect(alicePhone.of('progressed').at(-1)).toMatchObject({ messageId, status: 'delivered' });
    bobPhone.command({ command: 'read', messageId, conversationId });
    expect(alicePhone.of('progressed').at(-1)).toMatchObject({ messageId, status: 'read' });
  });

  test('X-SEQ-16: a device goes on with its chains and its pins', () => {
    const world = createWorld();
    const { alicePhone, bobPhone } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    for (const actor of [alicePhone, bobPhone]) {
      world.restartDevice(actor);
      actor.command({ command: 'authenticate' });
      actor.command({ command: 'connect' });
    }
    say(world, alicePhone, conversationId, [bob], 'two');
    expect(bobPhone.displayed()).toMatchObject([
      { content: 'one', gap: false },
      { content: 'two', gap: false },
    ]);
  });

  test.each(['message_send', 'message_ack'])('a lost %s is made good, once', (lost) => {
    const world = createWorld();
    const { alicePhone, bobPhone } = enrolFour(world);
    const { conversationId } = talk(world, alicePhone, 'one');
    world.wire.tamper = swallow(lost, alicePhone.config.deviceId);
    say(world, alicePhone, conversationId, [bob], 'two');
    world.wire.tamper = (parcel) => [parcel];
    world.cut(alicePhone);
    world.pass(10);
    say(world, alicePhone, conversationId, [bob], 'three');
    const contents = bobPhone.displayed().map(({ content }) => content);
    expect(contents).toEqual(['one', 'two', 'three']);
    expect(bobPhone.displayed().some(({ gap }) => gap)).toBe(false);
  });

  test.each(['message_send', 'message_ack'])(
    'a %s lost for long is sealed anew and does not break the chain',
    (lost) => {
      const world = createWorld();
      const { alicePhone, bobPhone } = enrolFour(world);
      const { conversationId } = talk(world, alicePhone, 'one');
      world.wire.tamper = swallow(lost, alicePhone.config.deviceId);
      say(world, alicePhone, conversationId, [bob], 'two');
      world.wire.tamper = (parcel) => [parcel];
      alicePhone.command({ command: 'disconnect' });
      world.restartDevice(alicePhone);
      world.pass(1000);
      alicePhone.command({ command: 'authenticate' });
      alicePhone.command({ command: 'connect' });
      say(world, alicePhone, conversationId, [bob], 'three');
      const contents = bobPhone.displayed().map(({ content }) => content);
      expect(contents).toEqual(['one', 'two', 'three']);
      expect(bobPhone.displayed().some(({ gap }) => gap)).toBe(false);
    },
  );
});

/** Loses frames of one type on the connections of one device. */
function swallow(type: string, deviceId: string): (parcel: Parcel) => Parcel[] {
  return (parcel) => {
    const text = new TextDecoder().decode(parcel.bytes);
    const isLost = parcel.connection.startsWith(deviceId) && text.includes(`"type":"${type}"`);
    return isLost ? [] : [parcel];
  };
}
