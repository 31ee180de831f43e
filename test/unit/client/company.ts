/** The people of the tests: alice and bob with two devices each, and what they say. */
import type { OutgoingText } from '../../../reference/client/device/device.ts';
import { type Actor, uuid, type World } from './world.ts';

export const alice = 'alice@acme.example';
export const bob = 'bob@acme.example';

export function enrolFour(world: World, over: Parameters<World['enrolled']>[1] = {}) {
  const alicePhone = world.enrolled(alice, over);
  const aliceDesk = world.enrolled(alice, over, alicePhone);
  const bobPhone = world.enrolled(bob, over);
  const bobDesk = world.enrolled(bob, over, bobPhone);
  return { alicePhone, aliceDesk, bobPhone, bobDesk };
}

/** A new conversation with bob, and the first message in it. */
export function talk(world: World, from: Actor, text = 'hello') {
  const conversationId = uuid(world.entropy);
  from.command({
    command: 'create-conversation',
    conversationId,
    kind: 'direct',
    name: '',
    members: [bob],
  });
  return { conversationId, messageId: say(world, from, conversationId, [bob], text) };
}

export function say(
  world: World,
  from: Actor,
  conversationId: string,
  recipients: readonly string[],
  text: string,
  more: Partial<OutgoingText> = {},
): string {
  const messageId = uuid(world.entropy);
  from.command({ command: 'send', messageId, conversationId, recipients, text, ...more });
  return messageId;
}

export function statuses(actor: Actor): readonly string[] {
  return actor.of('progressed').map(({ status }) => status);
}
