/** What 1.0 tolerates and 1.1 refuses (X-AMC-15, X-AMC-17, X-SEQ-09, L-V12). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { MessageSend } from '../../../../spec/messages/client/message-send.ts';
import { type Case, defineCase } from '../../case.ts';
import { acked } from '../client/steps/people.ts';
import { checkRefused, reactionOf } from '../client/steps/reaction.ts';

function bare(message: MessageSend): JsonObject {
  const { sequence_number: _, prev_message_hash: __, ...rest } = message;
  return rest as unknown as JsonObject;
}

const tolerated = defineCase({
  id: 'wire/unsequenced/a-1-0-peer-may-lack-the-chain',
  title: 'A message without place in a chain is taken from a device that speaks 1.0',
  verifies: ['X-AMC-15'],
  behaviour: ['X-AMC-15'],
  readings: ['L-V12'],
  at: ['1.0'],
  async run(stage) {
    const alice = await stage.device();
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

export const cases: readonly Case[] = [tolerated, required];
