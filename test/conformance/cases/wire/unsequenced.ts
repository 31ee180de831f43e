/** What 1.0 tolerates and 1.1 refuses (X-AMC-15, X-AMC-17, X-SEQ-09, L-V12). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { MessageSend } from '../../../../spec/messages/client/message-send.ts';
import type { MessageRelay } from '../../../../spec/messages/federation/message-relay.ts';
import { type Case, defineCase, Untestable } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { acked } from '../client/steps/people.ts';
import { checkRefused, checkSilent, reactionOf } from '../client/steps/reaction.ts';
import { told as toldAnswer } from '../federation/steps/answers.ts';
import { relayFor, sendRelay } from '../federation/steps/neighbours.ts';

const unchained = (relay: MessageRelay): JsonObject => {
  const { sequence_number: _, prev_message_hash: __, relay_sequence: ___, ...rest } = relay;
  return { ...rest } as unknown as JsonObject;
};

function bare(message: MessageSend): JsonObject {
  const { sequence_number: _, prev_message_hash: __, ...rest } = message;
  return rest as unknown as JsonObject;
}

const published = { negotiate: { versions: ['1.0'] } } as const;

/** Whatever version the run is at: what counts is that of the session. */
function mustSpeakPublished({ subject }: Stage): void {
  if (!subject.versions.includes('1.0')) throw new Untestable('the subject does not speak 1.0');
}

const tolerated = defineCase({
  id: 'wire/unsequenced/a-1-0-peer-may-lack-the-chain',
  title: 'A message without place in a chain is taken from a device that speaks 1.0',
  verifies: ['X-AMC-15'],
  behaviour: ['X-AMC-15'],
  readings: ['L-V12'],
  async run(stage) {
    mustSpeakPublished(stage);
    const alice = await stage.device(published);
    const bob = await stage.device();
    const conversationId = await alice.createConversation([bob.identity.userId]);
    const to = [bob.identity.userId];
    const sent = await alice.sendMessage({ conversationId, to, send: bare });
    const { status } = await acked(alice, sent.message_id);
    stage.check('X-AMC-15', status === 'sent', {
      what: 'an unsequenced message at 1.0',
      expected: 'sent',
      got: status,
    });
  },
});

const relayed = defineCase({
  id: 'wire/unsequenced/a-1-0-server-may-lack-the-chain',
  title: 'A relay without place in a chain is taken from a server that speaks 1.0',
  verifies: ['X-AMC-15'],
  behaviour: ['X-AMC-15'],
  readings: ['L-V12'],
  async run(stage) {
    mustSpeakPublished(stage);
    const alice = await stage.device(published);
    const bravo = await stage.peer({ versions: ['1.0'] });
    const { link } = await bravo.establish();
    const relay = relayFor({ alice, bravo }, { beforeOrigin: unchained });
    const answer = await sendRelay(link, relay);
    const { message } = answer;
    stage.check('X-AMC-15', message?.type === 'relay_ack' && message.status === 'delivered', {
      what: 'the answer to an unsequenced relay at 1.0',
      expected: 'relay_ack: delivered',
      got: toldAnswer(answer),
    });
    const { message: received } = await alice.connection.receive('message_received');
    stage.check('X-AMC-15', received.message_id === relay.message_id, {
      what: 'what the device gets',
      expected: relay.message_id,
      got: received.message_id,
    });
  },
});

const ignored = defineCase({
  id: 'wire/unsequenced/unknown-types-are-ignored-at-1-0',
  title: 'On a session of 1.0 a message of an unknown type is passed over, and the next one counts',
  verifies: ['X-AMC-15'],
  behaviour: ['X-AMC-15'],
  readings: ['L-X05'],
  async run(stage) {
    mustSpeakPublished(stage);
    const { connection } = await stage.device(published);
    for (const type of ['trust_falls', 'SESSION_KEY_EXCHANGE']) {
      await connection.sendRaw({ type });
      checkSilent(stage, 'X-AMC-15', await reactionOf(connection), `the type ${type} at 1.0`);
    }
  },
});

const required = defineCase({
  id: 'wire/unsequenced/from-1-1-on-the-chain-is-required',
  title: 'A message without place in a chain is refused from a device that speaks 1.1 or later',
  verifies: ['X-AMC-17', 'X-SEQ-09'],
  behaviour: ['X-SEQ-09'],
  readings: ['L-V12'],
  at: ['1.1', '2.0'],
  async run(stage) {
    const alice = await stage.device();
    const bob = await stage.device();
    const conversationId = await alice.createConversation([bob.identity.userId]);
    const to = [bob.identity.userId];
    await alice.sendMessage({ conversationId, to, send: bare });
    const reaction = await reactionOf(alice.connection);
    for (const id of ['X-AMC-17', 'X-SEQ-09'] as const) {
      checkRefused(stage, id, reaction, {
        what: `an unsequenced message at ${stage.at}`,
        codes: [errorCode.client.encryptionFailed, errorCode.common.protocolError],
      });
    }
    const { others } = await reactionOf(bob.connection);
    stage.check('X-SEQ-09', others.length === 0, {
      what: 'what reaches the recipient of it',
      expected: [],
      got: others.map(({ message }) => message.type),
    });
  },
});

export const cases: readonly Case[] = [tolerated, relayed, ignored, required];
