/**
 * Messages of the subject's devices for users of other servers (F-RELAY-12, -16, -17, F-ACK-04).
 */

import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { limits } from '../../../../spec/limits.ts';
import type { MessageRelay } from '../../../../spec/messages/federation/message-relay.ts';
import {
  relayOriginMembers,
  signedObjectTypes,
} from '../../../../spec/messages/federation/signed-objects.ts';
import type { Peer } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import type { Received, Stage } from '../../stage.ts';
import { acknowledge, type InboundRelay, theInboundRelay } from './steps/dialled.ts';
import { relayFor, sendRelay } from './steps/neighbours.ts';
import { correspondents, statusesOf, write } from './steps/sending.ts';

async function theRelay(peer: Peer): Promise<Received<MessageRelay>> {
  const [relay] = await peer.relayed();
  if (relay) return relay;
  throw new SubjectMisbehaved('nothing was relayed', 'a message_relay', null);
}

const whole = defineCase({
  id: 'federation/outgoing/a-message-is-relayed-whole',
  title: 'A message for a user of another server is relayed there, bit for bit, and can be read',
  verifies: ['F-RELAY-12', 'F-RELAY-01'],
  behaviour: ['F-RELAY-12', 'F-RELAY-01'],
  async run(stage) {
    const people = await correspondents(stage);
    const { bravo, alice } = people;
    const sent = await write(people, { text: 'over there' });
    const { message: relay } = await theRelay(bravo);
    const expected = sent.encrypted_content[bravo.user.deviceId];
    const got = relay.encrypted_payloads[bravo.user.deviceId];
    const isSame =
      expected !== undefined &&
      got !== undefined &&
      stage.crypto.hash({ ...got }) === stage.crypto.hash({ ...expected });
    stage.check('F-RELAY-12', isSame && bravo.open(relay) === 'over there', {
      what: 'the payload as it was sealed, and its text',
      expected,
      got,
    });
    const told = { user: relay.sender_user_id, device: relay.sender_device_id };
    const { userId: user, deviceId: device } = alice.identity;
    const names = { ...told, message: relay.message_id, conversation: relay.conversation_id };
    const wanted = { user, device, message: sent.message_id, conversation: people.conversationId };
    stage.check('F-RELAY-01', JSON.stringify(names) === JSON.stringify(wanted), {
      what: 'what the relay says of the message',
      expected: wanted,
      got: names,
    });
  },
});

const route = defineCase({
  id: 'federation/outgoing/the-relay-begins-here',
  title: 'A relay of the subject has one hop, the present time and both signatures',
  verifies: ['F-RELAY-02', 'F-RELAY-03', 'F-RELAY-07', 'F-RELAY-08', 'F-RELAY-09'],
  behaviour: ['F-RELAY-02', 'F-RELAY-03', 'F-RELAY-07', 'F-RELAY-08', 'F-RELAY-09'],
  readings: ['L-F02', 'L-F03', 'L-F07'],
  async run(stage) {
    const people = await correspondents(stage);
    await write(people);
    const { message: relay, text, at } = await theRelay(people.bravo);
    const { serverId, publicKey } = stage.subject;
    const { route_path, origin_server, metadata, origin_signature = '' } = relay;
    stage.check('F-RELAY-02', [origin_server, ...route_path].join() === `${serverId},${serverId}`, {
      what: 'origin and path',
      expected: [serverId, [serverId]],
      got: [origin_server, route_path],
    });
    stage.check('F-RELAY-03', metadata.hop_count === 1, {
      what: 'hop_count',
      expected: 1,
      got: metadata.hop_count,
    });
    const received: JsonObject = JSON.parse(text);
    const covered = without(received, 'route_signature');
    stage.check('F-RELAY-08', stage.crypto.verify(publicKey, covered, relay.route_signature), {
      what: 'route_signature over the whole',
      expected: `a signature of ${publicKey}`,
      got: relay.route_signature,
    });
    const part = originPart(stage, relay);
    stage.check('F-RELAY-07', stage.crypto.verify(publicKey, part, origin_signature), {
      what: 'origin_signature over what no hop may change',
      expected: `a signature of ${publicKey}`,
      got: origin_signature,
    });
    const skewSeconds = Math.abs(at - metadata.federation_timestamp) / 1_000_000;
    stage.check('F-RELAY-09', skewSeconds <= limits.federationSkewSeconds, {
      what: 'age of federation_timestamp in seconds',
      expected: `at most ${limits.federationSkewSeconds}`,
      got: skewSeconds,
    });
  },
});

/** L-F02: wherever the relay has each member. */
function originPart({ crypto }: Stage, relay: MessageRelay): JsonObject {
  const everything: JsonObject = {
    ...relay,
    ...relay.metadata,
    type: signedObjectTypes.relayOrigin,
    payloads_hash: crypto.hash(relay.encrypted_payloads),
  };
  return Object.fromEntries(
    relayOriginMembers.map((name): [string, JsonObject[string]] => [
      name,
      everything[name] ?? null,
    ]),
  );
}

const split = defineCase({
  id: 'federation/outgoing/each-server-gets-only-its-own',
  title: 'A message for users of two servers is split: each gets its users and their payloads',
  verifies: ['F-RELAY-16', 'X-META-04'],
  behaviour: ['F-RELAY-16', 'X-META-04'],
  async run(stage) {
    const alice = await stage.device();
    const peers = [await stage.peer(), await stage.peer()];
    const to = peers.map(({ user }) => user.userId);
    const conversationId = await alice.createConversation(to, 'group');
    for (const bravo of peers) {
      const { link } = await bravo.establish();
      // What it has said in the conversation tells the subject whose device it is.
      await sendRelay(link, relayFor({ alice, bravo }, { conversationId }));
      await alice.receiveMessage();
    }
    const sent = await alice.sendMessage({ conversationId, to, text: 'to both' });
    for (const peer of peers) {
      const { message: relay, text } = await theRelay(peer);
      const got = {
        message: relay.message_id,
        target: relay.target_server,
        users: relay.target_users,
        devices: Object.keys(relay.encrypted_payloads),
      };
      const { userId, deviceId } = peer.user;
      const expected = {
        message: sent.message_id,
        target: peer.serverId,
        users: [userId],
        devices: [deviceId],
      };
      stage.check('F-RELAY-16', JSON.stringify(got) === JSON.stringify(expected), {
        what: `the copy for ${peer.serverId}`,
        expected,
        got,
      });
      const other = peers.find((one) => one !== peer)?.user;
      const isClean =
        other !== undefined && ![other.userId, other.deviceId].some((id) => text.includes(id));
      stage.check('X-META-04', isClean && !text.includes(alice.identity.exchangeKey.publicKey), {
        what: 'what one server learns of the recipients on another',
        expected: 'nothing',
        got: isClean ? 'nothing' : 'their names',
      });
    }
  },
});

const sequence = defineCase({
  id: 'federation/outgoing/relays-are-numbered',
  title: 'relay_sequence begins within 24 bits and rises by one with every relay',
  verifies: ['X-SEQ-01', 'X-SEQ-02'],
  behaviour: ['X-SEQ-01', 'X-SEQ-02'],
  readings: ['L-E12', 'L-E13'],
  async run(stage) {
    const people = await correspondents(stage);
    for (let count = 1; count <= 3; count += 1) {
      await write(people, { text: `number ${count}` });
      await people.bravo.relayed({ count });
    }
    const relays = await people.bravo.relayed({ count: 3 });
    const numbers = relays.map(({ message }) => message.relay_sequence ?? 0);
    const [first = 0] = numbers;
    const isStart = first >= limits.sequenceStartMinimum && first <= limits.sequenceStartMaximum;
    stage.check('X-SEQ-01', isStart, {
      what: 'the first relay_sequence towards a server',
      expected: `${limits.sequenceStartMinimum} to ${limits.sequenceStartMaximum}`,
      got: first,
    });
    const expected = [first, first + 1, first + 2];
    stage.check('X-SEQ-02', numbers.join() === expected.join(), {
      what: 'three numbers in a row',
      expected,
      got: numbers,
    });
  },
});

const told = defineCase({
  id: 'federation/outgoing/the-sender-learns-of-the-delivery',
  title: 'When the other server has acknowledged, the sender is told that it is delivered',
  verifies: ['C-MSG-06'],
  behaviour: ['C-MSG-06'],
  async run(stage) {
    const people = await correspondents(stage);
    const { message_id } = await write(people);
    const statuses = await statusesOf(stage, people.alice, message_id);
    stage.check('C-MSG-06', statuses.at(-1) === 'delivered', {
      what: 'what the sender is told',
      expected: ['sent', 'delivered'],
      got: statuses,
    });
  },
});

const failed = defineCase({
  id: 'federation/outgoing/the-sender-learns-of-the-failure',
  title: 'When the other server says that nobody was reached, the sender is told that it failed',
  verifies: ['C-MSG-06'],
  behaviour: ['C-MSG-06'],
  async run(stage) {
    const people = await correspondents(stage, { answers: 'manual' });
    const { message_id } = await write(people);
    const found = await theInboundRelay(stage, people.bravo);
    await acknowledge(stage, people.bravo, found, (ack) => ({
      ...ack,
      status: 'failed',
      delivered_to: [],
      failed_deliveries: [
        {
          user_id: people.bravo.user.userId,
          device_ids: [people.bravo.user.deviceId],
          error_code: 2001,
          timestamp: stage.now(),
        },
      ],
    }));
    const statuses = await statusesOf(stage, people.alice, message_id);
    stage.check('C-MSG-06', statuses.at(-1) === 'failed', {
      what: 'what the sender is told',
      expected: ['sent', 'failed'],
      got: statuses,
    });
  },
});

/** Longer than a sixth try takes. */
const triesSeconds = 120;

const again = defineCase({
  id: 'federation/outgoing/it-is-tried-again-under-the-same-ids',
  title: 'A relay without an answer is sent again with the same ids and a new time, ever later',
  verifies: ['F-RELAY-17', 'F-RELAY-09'],
  behaviour: ['F-RELAY-17', 'F-RELAY-09'],
  readings: ['L-F07', 'L-F24'],
  needs: { waitsSeconds: 240 },
  async run(stage) {
    const people = await correspondents(stage, { answers: 'manual' });
    await write(people);
    const tries: InboundRelay[] = [];
    for (let count = 0; count < 6; count += 1) {
      const found = await theInboundRelay(stage, people.bravo, triesSeconds * 1000);
      tries.push(found);
      // It knows no such server for the moment.
      if (count < 5) await found.inbound.answerRaw('', 503);
    }
    const ids = new Set(tries.map(({ relay }) => `${relay.federation_id} ${relay.message_id}`));
    stage.check('F-RELAY-17', ids.size === 1, {
      what: 'federation_id and message_id of six tries',
      expected: 'the same',
      got: [...ids],
    });
    for (const { relay, inbound } of tries) {
      const ageSeconds = (inbound.received.at - relay.metadata.federation_timestamp) / 1_000_000;
      stage.check('F-RELAY-09', Math.abs(ageSeconds) <= 2, {
        what: 'age of federation_timestamp at each try, in seconds',
        expected: 'that of the try, not of the message',
        got: ageSeconds,
      });
    }
    const times = tries.map(({ inbound }) => inbound.received.at);
    const gaps = times.slice(1).map((at, nth) => (at - (times[nth] ?? 0)) / 1_000_000);
    const [first = 0, last = 0] = [gaps.at(0), gaps.at(-1)];
    stage.check('F-RELAY-17', Math.min(...gaps) >= 1 && last >= first * 1.5, {
      what: 'seconds between six tries',
      expected: 'more than one, and rising',
      got: gaps,
    });
  },
});

const offline = defineCase({
  id: 'federation/outgoing/a-server-that-is-down-gets-it-later',
  title: 'A message for a server that is down arrives there once, when it is up again',
  verifies: ['F-RELAY-17', 'X-ERR-10'],
  behaviour: ['F-RELAY-17', 'X-ERR-10'],
  needs: { waitsSeconds: 1200 },
  async run(stage) {
    const people = await correspondents(stage);
    const { bravo } = people;
    await bravo.goOffline();
    const { message_id } = await write(people, { text: 'for later' });
    await stage.pass(60_000);
    await bravo.goOnline();
    await stage.pass(limits.backoffCapSeconds * 2 * 1000);
    const relays = await bravo.relayed();
    const got = relays.map(({ message }) => message.message_id);
    for (const id of ['F-RELAY-17', 'X-ERR-10'] as const) {
      stage.check(id, got.join() === message_id, {
        what: 'what has arrived ten minutes after the server is up again',
        expected: [message_id],
        got,
      });
    }
  },
});

const expired = defineCase({
  id: 'federation/outgoing/at-the-end-of-its-time-it-has-failed',
  title: 'A message that cannot be passed on within its ttl is dropped and the sender is told',
  verifies: ['F-RELAY-17'],
  behaviour: ['F-RELAY-17'],
  needs: { waitsSeconds: 1200 },
  async run(stage) {
    const people = await correspondents(stage);
    const { alice, bravo } = people;
    await bravo.goOffline();
    const { message_id } = await write(people, { ttlSeconds: 120 });
    const early = await statusesOf(stage, alice, message_id, 90_000);
    const late = await statusesOf(stage, alice, message_id, 90_000);
    const got = { early: early.at(-1), late: late.at(-1) };
    stage.check('F-RELAY-17', got.early !== 'failed' && got.late === 'failed', {
      what: 'what the sender is told within 90 s and within 180 s of a message with ttl 120 s',
      expected: { early: 'sent', late: 'failed' },
      got,
    });
    await bravo.goOnline();
    await stage.pass(limits.backoffCapSeconds * 2 * 1000);
    const relays = await bravo.relayed({ withinMs: 1 });
    stage.check('F-RELAY-17', relays.length === 0, {
      what: 'relays of the message after its time',
      expected: 0,
      got: relays.length,
    });
  },
});

export const cases: readonly Case[] = [
  whole,
  route,
  split,
  sequence,
  told,
  failed,
  again,
  offline,
  expired,
];
