import { describe, expect, test } from 'vitest';
import { type Actor, createWorld, uuid, type World } from './world.ts';

const alice = 'alice@acme.example';
const bob = 'bob@acme.example';

describe('two users with two devices each', () => {
  test('a message reaches every device, is delivered and then read', () => {
    const world = createWorld();
    const { alicePhone, aliceDesk, bobPhone, bobDesk } = enrolFour(world);
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
});

export function enrolFour(world: World) {
  const alicePhone = world.enrolled(alice);
  const aliceDesk = world.enrolled(alice, {}, alicePhone);
  const bobPhone = world.enrolled(bob);
  const bobDesk = world.enrolled(bob, {}, bobPhone);
  return { alicePhone, aliceDesk, bobPhone, bobDesk };
}

export function talk(world: World, from: Actor, text = 'hello') {
  const conversationId = uuid(world.entropy);
  const messageId = uuid(world.entropy);
  from.command({
    command: 'create-conversation',
    conversationId,
    kind: 'direct',
    name: '',
    members: [bob],
  });
  from.command({ command: 'send', messageId, conversationId, recipients: [bob], text });
  return { conversationId, messageId };
}

export function statuses(actor: Actor): readonly string[] {
  return actor.of('progressed').map(({ status }) => status);
}
