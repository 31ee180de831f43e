/**
 * What a server refuses of a message_send, and in which words (C-MSG-01 to -05, -13, -14, X-CS-06,
 * L-C09).
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import type { ReadingId } from '../../../../spec/emitted/reading-ids.ts';
import { classificationNames, errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../../spec/limits.ts';
import type { MessageSend } from '../../../../spec/messages/client/message-send.ts';
import type { Device } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { acked, couple, type Households, heardOf, households } from './steps/people.ts';
import { checkRefused, reactionOf } from './steps/reaction.ts';

const { encryptionFailed, invalidRecipient, conversationNotFound } = errorCode.client;

interface Refusal {
  readonly name: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly readings?: readonly ReadingId[];
  readonly codes: readonly number[];
  /** From an honest message to the faulty one. */
  readonly bend: (message: MessageSend, people: Households & { stage: Stage }) => JsonObject;
}

const asJson = (message: MessageSend): JsonObject => message as unknown as JsonObject;

function withMetadata(message: MessageSend, change: JsonObject): JsonObject {
  return { ...asJson(message), metadata: { ...message.metadata, ...change } };
}

function withoutBlob(message: MessageSend, { identity }: Device): JsonObject {
  const { [identity.deviceId]: _, ...rest } = message.encrypted_content;
  return { ...asJson(message), encrypted_content: rest };
}

/** The blob of a device that is addressed, in the name of another. */
function withBlobFor(message: MessageSend, deviceId: string): JsonObject {
  const [blob] = Object.values(message.encrypted_content);
  const encrypted_content = { ...message.encrypted_content, [deviceId]: blob };
  return { ...asJson(message), encrypted_content } as JsonObject;
}

const sentAt = (message: MessageSend, offsetSeconds: number): JsonObject =>
  withMetadata(message, { timestamp: message.metadata.timestamp + offsetSeconds * 1_000_000 });

const refusals: readonly Refusal[] = [
  {
    name: 'a-device-of-the-recipient-left-out',
    title: 'A message that lacks a device of the recipient is refused 2001',
    verifies: 'C-MSG-01',
    readings: ['L-C09'],
    codes: [invalidRecipient],
    bend: (message, { bobToo }) => withoutBlob(message, bobToo),
  },
  {
    name: 'an-own-device-left-out',
    title: "A message that lacks another device of the sender's user is refused 2001",
    verifies: 'C-MSG-01',
    readings: ['L-C09'],
    codes: [invalidRecipient],
    bend: (message, { aliceToo }) => withoutBlob(message, aliceToo),
  },
  {
    name: 'a-device-that-does-not-exist',
    title: 'A blob for a device that does not exist is refused 2001',
    verifies: 'C-MSG-02',
    readings: ['L-C09'],
    codes: [invalidRecipient],
    bend: (message, { stage }) => withBlobFor(message, stage.uuid()),
  },
  {
    name: 'a-time-in-seconds',
    title: 'A timestamp in seconds is refused',
    verifies: 'C-MSG-13',
    readings: ['L-S10'],
    codes: [encryptionFailed],
    bend: (message) =>
      withMetadata(message, { timestamp: Math.floor(message.metadata.timestamp / 1_000_000) }),
  },
  {
    name: 'a-time-in-milliseconds',
    title: 'A timestamp in milliseconds is refused',
    verifies: 'C-MSG-13',
    readings: ['L-S10'],
    codes: [encryptionFailed],
    bend: (message) =>
      withMetadata(message, { timestamp: Math.floor(message.metadata.timestamp / 1000) }),
  },
  {
    name: 'an-old-message',
    title: 'A message that was written more than 300 s ago is refused',
    verifies: 'C-MSG-14',
    codes: [encryptionFailed],
    bend: (message) => sentAt(message, -limits.messageFreshnessSeconds - 1),
  },
  {
    name: 'a-message-from-the-future',
    title: 'A message from more than 300 s ahead is refused',
    verifies: 'C-MSG-14',
    codes: [encryptionFailed],
    // Two seconds, because time passes on its way.
    bend: (message) => sentAt(message, limits.messageFreshnessSeconds + 2),
  },
  {
    name: 'plaintext-beside-the-blobs',
    title: 'A message with its content in the clear is refused 2002',
    verifies: 'X-CS-06',
    codes: [encryptionFailed],
    bend: (message) => ({ ...asJson(message), content: 'in the clear' }),
  },
  {
    name: 'plaintext-in-the-metadata',
    title: 'Metadata with content in the clear is refused 2002',
    verifies: 'X-CS-06',
    codes: [encryptionFailed],
    bend: (message) => withMetadata(message, { content: 'in the clear' }),
  },
];

const refused: readonly Case[] = refusals.map(({ name, title, verifies, readings, codes, bend }) =>
  defineCase({
    id: `client/sending/${name}-is-refused`,
    title,
    verifies: [verifies],
    readings: readings ?? [],
    async run(stage) {
      const people = await households(stage);
      const { alice, bob, conversationId } = people;
      const to = [bob.identity.userId];
      await alice.sendMessage({
        conversationId,
        to,
        send: (message) => bend(message, { ...people, stage }),
      });
      const reaction = await reactionOf(alice.connection);
      checkRefused(stage, verifies, reaction, { what: title, codes, after: 'open' });
      await checkUndelivered(stage, verifies, people);
    },
  }),
);

/** Nothing of a refused message is delivered, to nobody (C-MSG-02); an honest one still is. */
async function checkUndelivered(
  stage: Stage,
  id: RequirementId,
  { alice, aliceToo, bob, bobToo, conversationId }: Households,
): Promise<void> {
  for (const device of [bob, bobToo, aliceToo]) {
    const got = await heardOf(device.connection, 'message_received');
    stage.check(id, got.length === 0, {
      what: `messages at ${device.identity.deviceId}`,
      expected: 0,
      got: got.length,
    });
  }
  const honest = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
  await acked(alice, honest.message_id);
}

const fresh = defineCase({
  id: 'client/sending/messages-of-the-last-and-next-300-seconds-are-taken',
  title: 'A message is taken when its time is at most 300 s off',
  verifies: ['C-MSG-14', 'X-TIME-01'],
  behaviour: ['X-TIME-01'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const to = [bob.identity.userId];
    const margin = limits.messageFreshnessSeconds - 2;
    for (const offset of [-margin, 0, margin]) {
      const send = (message: MessageSend) => sentAt(message, offset);
      const { message_id } = await alice.sendMessage({ conversationId, to, send });
      const { status } = await acked(alice, message_id);
      stage.check('C-MSG-14', status === 'sent', {
        what: `a message ${offset} s off`,
        expected: 'sent',
        got: status,
      });
    }
    const beyond = limits.messageFreshnessSeconds + 60;
    await alice.sendMessage({ conversationId, to, send: (message) => sentAt(message, -beyond) });
    const reaction = await reactionOf(alice.connection);
    for (const id of ['C-MSG-14', 'X-TIME-01'] as const) {
      const what = `a message ${beyond} s old`;
      checkRefused(stage, id, reaction, { what, codes: [encryptionFailed] });
    }
  },
});

const hint = defineCase({
  id: 'client/sending/a-missing-device-is-hinted-not-named',
  title: 'The refusal for a missing device says that the list is stale, and names none',
  verifies: ['C-MSG-01', 'X-ERR-04'],
  behaviour: ['X-ERR-04'],
  readings: ['L-C09'],
  async run(stage) {
    const people = await households(stage);
    const { alice, bob, bobToo, conversationId } = people;
    const to = [bob.identity.userId];
    const send = (message: MessageSend) => withoutBlob(message, bobToo);
    await alice.sendMessage({ conversationId, to, send });
    const { message, text } = await alice.connection.receiveError();
    const got = { code: message.error_code, stale: message.details?.stale ?? null };
    stage.check('C-MSG-01', got.code === invalidRecipient && got.stale === true, {
      what: 'a message without one device',
      expected: { code: invalidRecipient, stale: true },
      got,
    });
    const named = [bob, bobToo].filter(({ identity }) => text.includes(identity.deviceId));
    stage.check('X-ERR-04', named.length === 0, {
      what: 'devices that the error names',
      expected: [],
      got: named.map(({ identity }) => identity.deviceId),
    });
  },
});

const foreignDevice = defineCase({
  id: 'client/sending/a-blob-for-somebody-else-is-refused',
  title: 'A blob for a device of a user who is not a recipient is refused, and nothing delivered',
  verifies: ['C-MSG-02'],
  readings: ['L-C09'],
  async run(stage) {
    const people = await households(stage);
    const { alice, bob, conversationId } = people;
    const carol = await stage.device();
    const to = [bob.identity.userId];
    const send = (message: MessageSend) => withBlobFor(message, carol.identity.deviceId);
    await alice.sendMessage({ conversationId, to, send });
    checkRefused(stage, 'C-MSG-02', await reactionOf(alice.connection), {
      what: "a blob for carol's device in a message to bob",
      codes: [invalidRecipient],
    });
    const got = await heardOf(carol.connection, 'message_received');
    stage.check('C-MSG-02', got.length === 0, {
      what: 'messages at carol',
      expected: 0,
      got: got.length,
    });
    await checkUndelivered(stage, 'C-MSG-02', people);
  },
});

const stranger = defineCase({
  id: 'client/sending/a-recipient-outside-the-conversation-is-refused',
  title: 'A recipient who is not in the conversation is refused 2001',
  verifies: ['C-MSG-02'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const carol = await stage.device();
    const to = [bob.identity.userId, carol.identity.userId];
    await alice.sendMessage({ conversationId, to });
    checkRefused(stage, 'C-MSG-02', await reactionOf(alice.connection), {
      what: 'a message to a conversation and somebody else',
      codes: [invalidRecipient],
    });
    const got = await heardOf(bob.connection, 'message_received');
    stage.check('C-MSG-02', got.length === 0, {
      what: 'messages at the recipient who is in the conversation',
      expected: 0,
      got: got.length,
    });
  },
});

const elsewhere = defineCase({
  id: 'client/sending/conversations-of-others-do-not-exist',
  title: 'A conversation of others is refused like one that does not exist, in the same bytes',
  verifies: ['C-MSG-03'],
  async run(stage) {
    const { bob, conversationId } = await couple(stage);
    const mallory = await stage.device();
    await mallory.createConversation([bob.identity.userId]);
    const texts: string[] = [];
    for (const id of [conversationId, stage.uuid()]) {
      await mallory.sendMessage({ conversationId: id, to: [bob.identity.userId] });
      const reaction = await reactionOf(mallory.connection);
      checkRefused(stage, 'C-MSG-03', reaction, {
        what: id === conversationId ? 'a conversation of others' : 'no conversation',
        codes: [conversationNotFound],
        after: 'open',
      });
      texts.push(JSON.stringify({ ...reaction.error, timestamp: 0 }));
    }
    stage.check('C-MSG-03', texts[0] === texts[1], {
      what: 'the two refusals, their times left out',
      expected: texts[1],
      got: texts[0],
    });
    const got = await heardOf(bob.connection, 'message_received');
    stage.check('C-MSG-03', got.length === 0, {
      what: 'messages at a member',
      expected: 0,
      got: got.length,
    });
  },
});

const labels = defineCase({
  id: 'client/sending/labels-are-the-nine',
  title: 'Each of the nine classifications is taken and nothing else is',
  verifies: ['X-CLS-02'],
  readings: ['L-X01'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const to = [bob.identity.userId];
    for (const classification of classificationNames) {
      const { message_id } = await alice.sendMessage({ conversationId, to, classification });
      await acked(alice, message_id);
      const { received, opened } = await bob.receiveMessage();
      const got = received.message.metadata.classification;
      stage.check('X-CLS-02', got === classification && opened !== null, {
        what: 'the label at the recipient, under the signature of the sender',
        expected: classification,
        got,
      });
    }
    for (const classification of ['private', 'restricted', 'SECRET', 'nato']) {
      const send = (message: MessageSend) => withMetadata(message, { classification });
      await alice.sendMessage({ conversationId, to, send });
      checkRefused(stage, 'X-CLS-02', await reactionOf(alice.connection), {
        what: `the label ${classification}`,
        codes: [encryptionFailed, errorCode.common.protocolError],
      });
    }
  },
});

const kinds = defineCase({
  id: 'client/sending/message-types-are-the-seven',
  title: 'Each of the seven message types is taken and nothing else is',
  verifies: ['C-MSG-15'],
  readings: ['L-C11'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const to = [bob.identity.userId];
    for (const messageType of [
      'text',
      'image',
      'video',
      'audio',
      'file',
      'system',
      'call_invite',
    ]) {
      const { message_id } = await alice.sendMessage({ conversationId, to, messageType });
      await acked(alice, message_id);
      const { received } = await bob.receiveMessage();
      stage.check('C-MSG-15', received.message.message_type === messageType, {
        what: 'the type at the recipient',
        expected: messageType,
        got: received.message.message_type,
      });
    }
    for (const message_type of ['poll', 'voice', 'Text']) {
      const send = (message: MessageSend) => ({ ...asJson(message), message_type });
      await alice.sendMessage({ conversationId, to, send });
      checkRefused(stage, 'C-MSG-15', await reactionOf(alice.connection), {
        what: `the type ${message_type}`,
        codes: [encryptionFailed],
      });
    }
  },
});

export const cases: readonly Case[] = [
  ...refused,
  fresh,
  hint,
  foreignDevice,
  stranger,
  elsewhere,
  labels,
  kinds,
];
