/**
 * From sender to device: what arrives, for whom, and what the sender hears (C-MSG-06 to -08, -12,
 * -16).
 */
import { canonicalText } from '../../../../reference/wire/canonical.ts';
import type { Json } from '../../../../spec/schema.ts';
import type { Device } from '../../actors/device.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import {
  acked,
  acknowledge,
  couple,
  heardOf,
  households,
  membersOf,
  readReceipt,
} from './steps/people.ts';

const text = 'The quick brown fox jumps over the lazy dog';

const endToEnd = defineCase({
  id: 'client/delivery/every-device-can-open-its-own',
  title: "A message reaches all devices of the recipient and the sender's other, and opens there",
  verifies: ['C-MSG-01', 'C-MSG-07'],
  behaviour: ['C-MSG-07'],
  readings: ['L-C09', 'L-E01'],
  async run(stage) {
    const { alice, aliceToo, bob, bobToo, conversationId } = await households(stage);
    const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId], text });
    for (const device of [bob, bobToo, aliceToo]) {
      const { received, opened } = await device.receiveMessage();
      const { deviceId } = device.identity;
      stage.check('C-MSG-07', opened === text && received.message.message_id === sent.message_id, {
        what: `the message as ${deviceId} opens it, sender verified`,
        expected: text,
        got: opened,
      });
      const blob = sent.encrypted_content[deviceId] as unknown as Json;
      const arrived = membersOf(received).encrypted_content;
      const isSame = arrived !== undefined && canonicalText(arrived) === canonicalText(blob);
      stage.check('C-MSG-07', isSame, {
        what: 'the blob as it arrived',
        expected: blob,
        got: arrived,
      });
    }
    await acked(alice, sent.message_id);
    await checkOmitted(stage, alice, bob, conversationId);
  },
});

/** What every device must have: one left out is refused. */
async function checkOmitted(
  stage: Stage,
  alice: Device,
  bob: Device,
  conversationId: string,
): Promise<void> {
  const to = [bob.identity.userId];
  const message = await alice.composeMessage({ conversationId, to });
  const { [bob.identity.deviceId]: _, ...rest } = message.encrypted_content;
  await alice.connection.sendRaw({ ...message, encrypted_content: rest });
  const { message: error } = await alice.connection.receiveError();
  stage.check('C-MSG-01', error.error_code === 2001, {
    what: 'a message without a blob for one device of the recipient',
    expected: 2001,
    got: error.error_code,
  });
}

const ownBlob = defineCase({
  id: 'client/delivery/a-device-sees-its-own-blob-alone',
  title: 'A device receives neither the keys nor the names of other devices',
  verifies: ['X-META-06'],
  behaviour: ['X-META-06'],
  readings: ['L-E01'],
  async run(stage) {
    const { alice, aliceToo, bob, bobToo, conversationId } = await households(stage);
    const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
    for (const device of [bob, bobToo, aliceToo]) {
      const { received } = await device.receiveMessage();
      const others = Object.entries(sent.encrypted_content).filter(
        ([deviceId]) => deviceId !== device.identity.deviceId,
      );
      const seen = others.filter(
        ([deviceId, blob]) =>
          received.text.includes(deviceId) || received.text.includes(blob.wrapped_key),
      );
      stage.check('X-META-06', seen.length === 0, {
        what: `other devices that ${device.identity.deviceId} can see`,
        expected: [],
        got: seen.map(([deviceId]) => deviceId),
      });
    }
  },
});

const untouched = defineCase({
  id: 'client/delivery/unknown-members-of-a-blob-survive',
  title: 'A blob is relayed with every member it has, known or not, and so is its metadata',
  verifies: ['C-MSG-07'],
  behaviour: ['C-MSG-07'],
  readings: ['L-S05'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const { deviceId, userId } = bob.identity;
    const extra = { future: ['member', 1, { deep: true }] };
    await alice.sendMessage({
      conversationId,
      to: [userId],
      send: (message) => {
        const blob = message.encrypted_content[deviceId];
        return { ...message, encrypted_content: { [deviceId]: { ...blob, ...extra } } } as never;
      },
    });
    const { received } = await bob.receiveMessage();
    const arrived = membersOf(received).encrypted_content;
    const isKept = canonicalText(arrived ?? null).includes(canonicalText(extra.future));
    stage.check('C-MSG-07', isKept, {
      what: 'a member of the blob that no schema names',
      expected: extra,
      got: arrived,
    });
  },
});

const authenticated = defineCase({
  id: 'client/delivery/the-sender-is-the-authenticated-one',
  title: 'message_received names user and device of the session, whatever the message claims',
  verifies: ['C-MSG-08'],
  behaviour: ['C-MSG-08'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    const mallory = await stage.device();
    const claim = {
      sender_user_id: mallory.identity.userId,
      sender_device_id: mallory.identity.deviceId,
    };
    const to = [bob.identity.userId];
    await alice.sendMessage({ conversationId, to, send: (message) => ({ ...message, ...claim }) });
    const { received } = await bob.receiveMessage();
    const { sender_user_id, sender_device_id } = received.message;
    const got = [sender_user_id, sender_device_id];
    const expected = [alice.identity.userId, alice.identity.deviceId];
    stage.check('C-MSG-08', got.join() === expected.join(), {
      what: 'the sender that the recipient is told',
      expected,
      got,
    });
    const strayed = await heardOf(mallory.connection, 'message_received');
    stage.check('C-MSG-08', strayed.length === 0, {
      what: 'messages that reach a device which is not addressed',
      expected: 0,
      got: strayed.length,
    });
  },
});

const acks = defineCase({
  id: 'client/delivery/acks-move-forward',
  title: 'A sender hears sent, then delivered when all devices have it, then read',
  verifies: ['C-MSG-06'],
  readings: ['L-C10'],
  async run(stage) {
    const { alice, aliceToo, bob, bobToo, conversationId } = await households(stage);
    const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
    const heard: string[] = [];
    const hear = async () => {
      for (const { message } of await heardOf(alice.connection, 'message_ack')) {
        // Told twice is told.
        if (message.type === 'message_ack' && message.status !== heard.at(-1)) {
          heard.push(message.status);
        }
      }
    };
    await hear();
    checkStatuses(stage, heard, ['sent'], 'on acceptance');
    for (const device of [bob, bobToo, aliceToo]) {
      checkStatuses(stage, heard, ['sent'], `before ${device.identity.deviceId} has it`);
      await device.receiveMessage();
      await acknowledge(stage, device, sent.message_id);
      await device.connection.silence();
      await hear();
    }
    checkStatuses(stage, heard, ['sent', 'delivered'], 'when all devices have it');
    await bob.connection.send(readReceipt(stage, bob, sent));
    await bob.connection.silence();
    await hear();
    checkStatuses(stage, heard, ['sent', 'delivered', 'read'], 'when the recipient has read it');
    await acknowledge(stage, bob, sent.message_id);
    await bobToo.connection.send(readReceipt(stage, bobToo, sent));
    await bobToo.connection.silence();
    await hear();
    checkStatuses(stage, heard, ['sent', 'delivered', 'read'], 'after late acknowledgments');
    await bob.connection.sendRaw({
      type: 'message_ack',
      message_id: sent.message_id,
      status: 'seen',
      timestamp: stage.now(),
    });
    const { message: error } = await bob.connection.receiveError();
    stage.check('C-MSG-06', error.error_code === 3000, {
      what: 'an acknowledgment with a status that does not exist',
      expected: 3000,
      got: error.error_code,
    });
  },
});

function checkStatuses(
  stage: Stage,
  got: readonly string[],
  expected: readonly string[],
  when: string,
): void {
  const what = `what the sender has heard ${when}`;
  stage.check('C-MSG-06', got.join() === expected.join(), { what, expected, got: [...got] });
}

const partial = defineCase({
  id: 'client/delivery/one-device-away-fails-nothing',
  title: 'A device that is away keeps the message from nobody, and fails it for nobody',
  verifies: ['C-MSG-16'],
  behaviour: ['C-MSG-16'],
  readings: ['L-C10'],
  async run(stage) {
    const { alice, aliceToo, bob, bobToo, conversationId } = await households(stage);
    await bobToo.connection.close();
    const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId], text });
    for (const device of [bob, aliceToo]) {
      const { opened } = await device.receiveMessage();
      stage.check('C-MSG-16', opened === text, {
        what: 'the message at a device that is there',
        expected: text,
        got: opened,
      });
      await acknowledge(stage, device, sent.message_id);
      await device.connection.silence();
    }
    const statuses = (await heardOf(alice.connection, 'message_ack')).map(({ message }) =>
      message.type === 'message_ack' ? message.status : '',
    );
    stage.check('C-MSG-16', !statuses.includes('failed'), {
      what: 'what the sender hears',
      expected: 'no failed',
      got: statuses,
    });
  },
});

const stored = defineCase({
  id: 'client/delivery/a-device-that-was-away-gets-all-in-order',
  title:
    'What was sent while a device was away is delivered in order, and not again once confirmed',
  verifies: ['C-MSG-12'],
  behaviour: ['C-MSG-12'],
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    await bob.connection.close();
    const sent = await sendSome(alice, bob, conversationId, 5);
    const back = await bob.reconnect();
    await checkOrder(stage, back, sent, 'the messages that waited');
    for (const id of sent.slice(0, 2)) await acknowledge(stage, back, id);
    await back.connection.silence();
    await back.connection.close();
    const again = await bob.reconnect();
    await checkOrder(stage, again, sent.slice(2), 'those not confirmed, on the next connection');
    const more = await heardOf(again.connection, 'message_received');
    stage.check('C-MSG-12', more.length === 0, {
      what: 'anything beyond them',
      expected: 0,
      got: more.length,
    });
  },
});

async function sendSome(
  alice: Device,
  bob: Device,
  conversationId: string,
  count: number,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const sent = await alice.sendMessage({ conversationId, to: [bob.identity.userId] });
    await acked(alice, sent.message_id);
    ids.push(sent.message_id);
  }
  return ids;
}

async function checkOrder(
  stage: Stage,
  device: Device,
  expected: readonly string[],
  what: string,
): Promise<void> {
  const got: string[] = [];
  while (got.length < expected.length) {
    got.push((await device.receiveMessage()).received.message.message_id);
  }
  stage.check('C-MSG-12', got.join() === expected.join(), { what, expected, got });
}

const restarted = defineCase({
  id: 'client/delivery/a-restart-loses-nothing',
  title: 'What was acknowledged as sent is delivered after the server was killed and started again',
  verifies: ['C-MSG-12'],
  behaviour: ['C-MSG-12'],
  needs: { restart: true },
  async run(stage) {
    const { alice, bob, conversationId } = await couple(stage);
    await bob.connection.close();
    const sent = await sendSome(alice, bob, conversationId, 3);
    await stage.restartSubject();
    await checkOrder(stage, await bob.reconnect(), sent, 'the messages after the restart');
  },
});

export const cases: readonly Case[] = [
  endToEnd,
  ownBlob,
  untouched,
  authenticated,
  acks,
  partial,
  stored,
  restarted,
];
