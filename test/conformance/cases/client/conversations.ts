/** C27 as far as messages need it: who opens, who is in, who may send (C-CONV-01 to -03, L-C13). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { ConversationCreate } from '../../../../spec/messages/client/conversation-create.ts';
import type { Device } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { acked, couple } from './steps/people.ts';
import { freshUser } from './steps/proofs.ts';
import { checkRefused, reactionOf, told } from './steps/reaction.ts';

const { notAuthorized } = errorCode.common;

type Role = ConversationCreate['participants'][number]['role'];

function creation(
  stage: Stage,
  participants: readonly { readonly user_id: string; readonly role: Role }[],
  change: Partial<ConversationCreate> = {},
): ConversationCreate {
  return {
    type: 'conversation_create',
    conversation_id: stage.uuid(),
    conversation_type: 'group',
    name: 'a conversation',
    participants: [...participants],
    settings: { is_public: false, history_visible: false, max_members: 100 },
    ...change,
  };
}

const member = (user_id: string) => ({ user_id, role: 'member' as const });

const opened = defineCase({
  id: 'client/conversations/whoever-opens-owns',
  title: 'A conversation is echoed with status ok, and whoever opened it may send in it',
  verifies: ['C-CONV-01'],
  readings: ['L-C13'],
  async run(stage) {
    const alice = await stage.device();
    const bob = await stage.device();
    // Listed as an observer: the one who opens it owns it all the same.
    const request = creation(stage, [
      { user_id: alice.identity.userId, role: 'observer' },
      member(bob.identity.userId),
    ]);
    await alice.connection.send(request);
    const { message: echo } = await alice.connection.receive('conversation_create');
    const got = { id: echo.conversation_id, status: echo.status ?? null };
    stage.check('C-CONV-01', got.id === request.conversation_id && got.status === 'ok', {
      what: 'the echo',
      expected: { id: request.conversation_id, status: 'ok' },
      got,
    });
    const { conversation_id: conversationId } = request;
    const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
    const { status } = await acked(alice, sent.message_id);
    stage.check('C-CONV-01', status === 'sent', {
      what: 'a message of whoever opened it',
      expected: 'sent',
      got: status,
    });
    await checkTaken(stage, bob, request);
  },
});

async function checkTaken(
  stage: Stage,
  by: Device,
  { conversation_id }: ConversationCreate,
): Promise<void> {
  const again = creation(stage, [member(freshUser(stage))], { conversation_id });
  await by.connection.silence();
  await by.connection.send(again);
  checkRefused(stage, 'C-CONV-01', await reactionOf(by.connection), {
    what: 'an id that is taken',
    codes: [notAuthorized],
    after: 'open',
  });
}

const taken = defineCase({
  id: 'client/conversations/ids-are-unique',
  title: 'A conversation under an id in use is refused, and the first one stays as it was',
  verifies: ['C-CONV-01'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const mallory = await stage.device();
    const { userId } = mallory.identity;
    await mallory.connection.send(
      creation(stage, [member(alice.identity.userId)], { conversation_id: conversationId }),
    );
    checkRefused(stage, 'C-CONV-01', await reactionOf(mallory.connection), {
      what: 'a conversation under the id of another',
      codes: [notAuthorized],
    });
    await mallory.sendMessage({ conversationId, to: [bob.identity.userId] });
    const intrusion = await reactionOf(mallory.connection);
    stage.check('C-CONV-01', intrusion.error?.error_code === 2004, {
      what: `a message of ${userId} into it`,
      expected: 2004,
      got: told(intrusion),
    });
  },
});

const direct = defineCase({
  id: 'client/conversations/direct-means-two',
  title: 'A direct conversation of one or of three users is refused 2001',
  verifies: ['C-CONV-02'],
  async run(stage) {
    const alice = await stage.device();
    const self = alice.identity.userId;
    const others = [member(freshUser(stage)), member(freshUser(stage))];
    for (const participants of [[member(self)], others]) {
      const request = creation(stage, participants, { conversation_type: 'direct' });
      await alice.connection.send(request);
      checkRefused(stage, 'C-CONV-02', await reactionOf(alice.connection), {
        what: `a direct conversation with ${participants.length === 1 ? 'oneself' : 'two others'}`,
        codes: [errorCode.client.invalidRecipient],
        after: 'open',
      });
    }
    await alice.createConversation([freshUser(stage)], 'direct');
  },
});

const crowded = defineCase({
  id: 'client/conversations/no-more-than-max-members',
  title: 'A conversation of more users than its settings allow is refused 2000',
  verifies: ['C-CONV-01'],
  async run(stage) {
    const alice = await stage.device();
    const settings = { is_public: false, history_visible: false, max_members: 3 };
    const guests = [1, 2, 3].map(() => member(freshUser(stage)));
    await alice.connection.send(creation(stage, guests.slice(0, 2), { settings }));
    await alice.connection.receive('conversation_create');
    await alice.connection.send(creation(stage, guests, { settings }));
    checkRefused(stage, 'C-CONV-01', await reactionOf(alice.connection), {
      what: 'four users in a conversation of at most three',
      codes: [notAuthorized],
      after: 'open',
    });
  },
});

/** Who may not send by default (L-C13). */
const silentRoles: readonly {
  readonly kind: ConversationCreate['conversation_type'];
  readonly role: Role;
}[] = [
  { kind: 'group', role: 'observer' },
  { kind: 'broadcast', role: 'member' },
  { kind: 'channel', role: 'member' },
];

const silenced: readonly Case[] = silentRoles.map(({ kind, role }) =>
  defineCase({
    id: `client/conversations/${role}-of-a-${kind}-may-not-send`,
    title: `In a ${kind} the messages of an ordinary ${role} are refused 2000`,
    verifies: ['C-CONV-03'],
    readings: ['L-C13'],
    async run(stage) {
      const alice = await stage.device();
      const bob = await stage.device();
      const { userId } = bob.identity;
      const request = creation(stage, [{ user_id: userId, role }], { conversation_type: kind });
      await alice.connection.send(request);
      await alice.connection.receive('conversation_create');
      const { conversation_id: conversationId } = request;
      const sent = await alice.sendMessage({ conversationId, to: [userId] });
      await acked(alice, sent.message_id);
      await bob.sendMessage({ conversationId, to: [alice.identity.userId] });
      const passing = await bob.connection.receive(['error', 'message_ack'], {
        passing: ['message_received'],
      });
      const got = passing.message.type === 'error' ? passing.message.error_code : 'message_ack';
      stage.check('C-CONV-03', got === notAuthorized, {
        what: `a message of ${role} in a ${kind}`,
        expected: notAuthorized,
        got,
      });
    },
  }),
);

const lifetime = defineCase({
  id: 'client/conversations/the-life-of-messages-is-kept-to',
  title: 'In a conversation with message_ttl a message that is older is not delivered',
  verifies: ['C-MSG-09'],
  needs: { waitsSeconds: limits.keepaliveSeconds },
  async run(stage) {
    const alice = await stage.device();
    const bob = await stage.device();
    const { userId } = bob.identity;
    const settings = { is_public: false, history_visible: false, max_members: 9, message_ttl: 10 };
    const request = creation(stage, [member(userId)], { settings });
    await alice.connection.send(request);
    await alice.connection.receive('conversation_create');
    await bob.connection.close();
    const { conversation_id: conversationId } = request;
    const sent = await alice.sendMessage({ conversationId, to: [userId] });
    await acked(alice, sent.message_id);
    await stage.pass(11_000);
    const { connection } = await bob.reconnect();
    const { others } = await reactionOf(connection);
    stage.check('C-MSG-09', others.length === 0, {
      what: 'what waits 11 s after a message of a conversation of 10 s',
      expected: [],
      got: others.map(({ message }) => message.type),
    });
    // One that is over before it starts shows whether anything looks at the time at all.
    const again = await bob.reconnect();
    await alice.sendMessage({
      conversationId,
      to: [userId],
      send: (message) =>
        ({ ...message, metadata: { ...message.metadata, expires_at: 1 } }) as never,
    });
    await alice.connection.silence();
    const reaction = await reactionOf(again.connection);
    stage.check('C-MSG-09', reaction.others.length === 0, {
      what: 'deliveries of a message that expired in 1970',
      expected: [],
      got: told(reaction),
    });
  },
});

export const cases: readonly Case[] = [opened, taken, direct, crowded, ...silenced, lifetime];
