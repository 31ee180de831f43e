/**
 * The same message again, and messages whose time is over (C-MSG-05, C-MSG-09, C-MSG-12, X-SEQ-15).
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { MessageSend } from '../../../../spec/messages/client/message-send.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { acked, acknowledge, couple, heardOf, readReceipt } from './steps/people.ts';
import { checkRefused, reactionOf, secondsOf } from './steps/reaction.ts';

const codes = [errorCode.client.encryptionFailed];

const same = defineCase({
  id: 'client/repeats/the-same-bytes-are-acknowledged-again',
  title: 'A message sent twice is acknowledged twice and delivered once',
  verifies: ['C-MSG-05', 'X-SEQ-15'],
  behaviour: ['X-SEQ-15'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
    const first = await acked(alice, sent.message_id);
    await bob.receiveMessage();
    await alice.connection.send(sent);
    const second = await acked(alice, sent.message_id);
    stage.check('C-MSG-05', second.status === 'sent' && first.status === 'sent', {
      what: 'the acknowledgment of the repeat',
      expected: 'sent',
      got: second.status,
    });
    const again = await heardOf(bob.connection, 'message_received');
    stage.check('X-SEQ-15', again.length === 0, {
      what: 'further deliveries of the message',
      expected: 0,
      got: again.length,
    });
    await checkConflict(stage, 'other bytes under the id', (message) => ({
      ...message,
      metadata: { ...message.metadata, classification: 'secret' as const },
    }));
  },
});

/** An honest message, and then another of its id. */
async function checkConflict(
  stage: Stage,
  what: string,
  bend: (message: MessageSend) => MessageSend,
): Promise<void> {
  const { alice, bob, conversationId } = await couple(stage);
  const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
  await acked(alice, sent.message_id);
  await bob.receiveMessage();
  await alice.connection.send(bend(sent));
  const reaction = await reactionOf(alice.connection);
  checkRefused(stage, 'C-MSG-05', reaction, { what, codes, after: 'open' });
  const got = await heardOf(bob.connection, 'message_received');
  stage.check('C-MSG-05', got.length === 0, {
    what: `deliveries of ${what}`,
    expected: 0,
    got: got.length,
  });
}

const conflict = defineCase({
  id: 'client/repeats/other-bytes-under-the-same-id-are-refused',
  title: 'Another message under an id in use is refused 2002 and not delivered',
  verifies: ['C-MSG-05'],
  async run(stage) {
    await checkConflict(stage, 'another label', (message) => ({
      ...message,
      metadata: { ...message.metadata, classification: 'secret' },
    }));
    await checkConflict(stage, 'a member more', (message) => ({ ...message, chain_depth: 7 }));
  },
});

const stolenId = defineCase({
  id: 'client/repeats/an-id-belongs-to-its-sender',
  title: 'The message of one sender is not acknowledged to another who repeats it',
  verifies: ['C-MSG-05'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
    await acked(alice, sent.message_id);
    await bob.receiveMessage();
    const reply = await bob.composeMessage({ conversationId, to: [alice.identity.userId] });
    await bob.connection.send({ ...reply, message_id: sent.message_id });
    checkRefused(stage, 'C-MSG-05', await reactionOf(bob.connection), {
      what: 'a message of bob under the id of one of alice',
      codes,
    });
  },
});

const remembered = defineCase({
  id: 'client/repeats/a-repeat-after-a-restart-is-one',
  title: 'A server that was killed and started again still knows a repeat',
  verifies: ['C-MSG-05'],
  needs: { restart: true },
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
    await acked(alice, sent.message_id);
    await bob.receiveMessage();
    await acknowledge(stage, bob, sent.message_id);
    await bob.connection.silence();
    await stage.restartSubject();
    const [again, back] = [await alice.reconnect(), await bob.reconnect()];
    await again.connection.send(sent);
    const { status } = await acked(again, sent.message_id);
    const got = await heardOf(back.connection, 'message_received');
    stage.check('C-MSG-05', status !== 'failed' && got.length === 0, {
      what: 'the repeat: its acknowledgment and its deliveries',
      expected: { status: 'sent or delivered', deliveries: 0 },
      got: { status, deliveries: got.length },
    });
    const other = { ...sent, chain_depth: 9 };
    await again.connection.send(other);
    const expected = { what: 'other bytes under the id', codes };
    checkRefused(stage, 'C-MSG-05', await reactionOf(again.connection), expected);
  },
});

const expired = defineCase({
  id: 'client/repeats/an-expired-message-reaches-nobody',
  title: 'A message whose expires_at has passed is not delivered',
  verifies: ['C-MSG-09'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const to = [bob.identity.userId];
    const live = await alice.sendMessage({ conversationId, to, ttlSeconds: 3600 });
    const { received } = await bob.receiveMessage();
    stage.check('C-MSG-09', received.message.message_id === live.message_id, {
      what: 'a message that has an hour to live',
      expected: live.message_id,
      got: received.message.message_id,
    });
    const expires_at = secondsOf(stage) - 1;
    await alice.sendMessage({
      conversationId,
      to,
      send: (message) => ({ ...message, metadata: { ...message.metadata, expires_at } }) as never,
    });
    await alice.connection.silence();
    const got = await heardOf(bob.connection, 'message_received');
    stage.check('C-MSG-09', got.length === 0, {
      what: 'deliveries of a message that had expired when it was sent',
      expected: 0,
      got: got.length,
    });
  },
});

const expiredWaiting = defineCase({
  id: 'client/repeats/a-stored-message-dies-with-its-time',
  title: 'A stored message is deleted when its time is over',
  verifies: ['C-MSG-09'],
  needs: { waitsSeconds: 2 },
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const to = [bob.identity.userId];
    await bob.connection.close();
    const brief = await alice.sendMessage({ conversationId, to, ttlSeconds: 1 });
    await acked(alice, brief.message_id);
    const lasting = await alice.sendMessage({ conversationId, to, ttlSeconds: 3600 });
    await acked(alice, lasting.message_id);
    await stage.pass(2000);
    const back = await bob.reconnect();
    const { received } = await back.receiveMessage();
    const more = await heardOf(back.connection, 'message_received');
    const got = [received, ...more].map((one) =>
      one.message.type === 'message_received' ? one.message.message_id : '',
    );
    stage.check('C-MSG-09', got.join() === lasting.message_id, {
      what: 'what waits for a device after one of two messages has expired',
      expected: [lasting.message_id],
      got,
    });
    // Nor is one delivered at once whose time was over before it was sent.
    const late = await alice.sendMessage({
      conversationId,
      to,
      send: (message) =>
        ({ ...message, metadata: { ...message.metadata, expires_at: 1 } }) as never,
    });
    await alice.connection.silence();
    const strayed = await heardOf(back.connection, 'message_received');
    stage.check('C-MSG-09', strayed.length === 0, {
      what: `deliveries of ${late.message_id}, which expired in 1970`,
      expected: 0,
      got: strayed.length,
    });
  },
});

/** X-TIME-09: valid iff now < expires_at, to the instant. */
const instant = defineCase({
  id: 'client/repeats/the-end-of-a-message-is-exact',
  title: 'At expires_at a message is over, and a moment before it is not',
  verifies: ['X-TIME-09'],
  behaviour: ['X-TIME-09'],
  readings: ['L-T15'],
  needs: { waitsSeconds: 10 },
  async run(stage) {
    for (const earlyMs of [1, 0]) {
      const { alice, bob, conversationId } = await couple(stage);
      await bob.connection.close();
      const to = [bob.identity.userId];
      const sent = await alice.sendMessage({ conversationId, to, ttlSeconds: 5 });
      await acked(alice, sent.message_id);
      const end = (sent.metadata.expires_at ?? 0) * 1_000_000;
      await stage.pass((end - stage.now()) / 1000 - earlyMs);
      const { connection } = await bob.reconnect();
      const got = (await heardOf(connection, 'message_received')).length;
      stage.check('X-TIME-09', got === earlyMs, {
        what: `what waits ${earlyMs} ms before the end`,
        expected: earlyMs,
        got,
      });
    }
  },
});

const replayed = defineCase({
  id: 'client/repeats/a-replay-elsewhere-is-delivered-to-nobody',
  title: 'A recorded message is delivered no second time, on whatever connection it comes again',
  verifies: ['X-SEQ-14'],
  behaviour: ['X-SEQ-14'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
    await acked(alice, sent.message_id);
    await bob.receiveMessage();
    await acknowledge(stage, bob, sent.message_id);
    await bob.connection.silence();
    const again = await alice.reconnect();
    // A further device of the sender makes every message of before one for too few devices: last.
    const sibling = () => stage.device({ userId: alice.identity.userId });
    for (const next of [async () => again, async () => bob, sibling]) {
      const device = await next();
      await device.connection.send(sent);
      await device.connection.silence();
      const got = await heardOf(bob.connection, 'message_received');
      stage.check('X-SEQ-14', got.length === 0, {
        what: `deliveries of a message that ${device.identity.deviceId} sends again`,
        expected: 0,
        got: got.length,
      });
    }
  },
});

const forgotten = defineCase({
  id: 'client/repeats/nothing-waits-longer-than-a-day',
  title: 'A message that nobody fetched within 24 h is not delivered any more',
  verifies: ['C-MSG-12'],
  behaviour: ['C-MSG-12'],
  needs: { waitsSeconds: limits.offlineSeconds },
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    await bob.connection.close();
    const to = [bob.identity.userId];
    const { message_id } = await alice.sendMessage({ conversationId, to });
    await acked(alice, message_id);
    await stage.pass((limits.offlineSeconds - 60) * 1000);
    const soon = await bob.reconnect();
    const before = await heardOf(soon.connection, 'message_received');
    stage.check('C-MSG-12', before.length === 1, {
      what: 'what waits a minute before the day is over',
      expected: 1,
      got: before.length,
    });
    await soon.connection.close();
    await stage.pass(120_000);
    const late = await bob.reconnect();
    const after = await heardOf(late.connection, 'message_received');
    stage.check('C-MSG-12', after.length === 0, {
      what: 'what waits a minute after',
      expected: 0,
      got: after.length,
    });
  },
});

const forged = defineCase({
  id: 'client/repeats/a-receipt-is-for-what-one-got',
  title:
    'A read_receipt for another device, or for a message that one did not get, is refused 2000',
  verifies: ['C-MSG-11'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const mallory = await stage.device();
    const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
    await acked(alice, sent.message_id);
    await bob.receiveMessage();
    const notAuthorized = [errorCode.common.notAuthorized];
    const attempts = [
      {
        what: "mallory's receipt in bob's name",
        by: mallory,
        receipt: readReceipt(stage, bob, sent),
      },
      {
        what: 'a receipt of one who did not get the message',
        by: mallory,
        receipt: readReceipt(stage, mallory, sent),
      },
      {
        what: 'a receipt for a message that does not exist',
        by: bob,
        receipt: readReceipt(stage, bob, { ...sent, message_id: stage.uuid() }),
      },
      {
        what: 'a receipt that names another conversation',
        by: bob,
        receipt: readReceipt(stage, bob, { ...sent, conversation_id: stage.uuid() }),
      },
    ];
    for (const { what, by, receipt } of attempts) {
      await by.connection.send(receipt);
      const reaction = await reactionOf(by.connection);
      checkRefused(stage, 'C-MSG-11', reaction, { what, codes: notAuthorized, after: 'open' });
    }
    const told = await heardOf(alice.connection, 'message_ack');
    stage.check('C-MSG-11', told.length === 0, {
      what: 'what the sender hears of them',
      expected: 0,
      got: told.map(({ message }) => message),
    });
  },
});

const unreadReceipt = defineCase({
  id: 'client/repeats/a-receipt-for-what-expired-unseen-is-refused',
  title: 'A device that never got a message, because it expired, cannot have read it',
  verifies: ['C-MSG-11'],
  needs: { waitsSeconds: 2 },
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    await bob.connection.close();
    const to = [bob.identity.userId];
    const sent = await alice.sendMessage({ conversationId, to, ttlSeconds: 1 });
    await acked(alice, sent.message_id);
    await stage.pass(2000);
    const back = await bob.reconnect();
    await back.connection.send(readReceipt(stage, back, sent));
    checkRefused(stage, 'C-MSG-11', await reactionOf(back.connection), {
      what: 'a receipt for a message that expired while the device was away',
      codes: [errorCode.common.notAuthorized],
      after: 'open',
    });
  },
});

export const cases: readonly Case[] = [
  same,
  conflict,
  stolenId,
  remembered,
  expired,
  expiredWaiting,
  instant,
  replayed,
  forgotten,
  forged,
  unreadReceipt,
];
