/**
 * What a message carries beside its sealed payloads (F-RELAY-20): a relay is no vehicle for plaintext,
 * whatever its sender puts into members that nobody has defined.
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { messageReceived } from '../../../../spec/messages/client/message-received.ts';
import { messageRelay } from '../../../../spec/messages/federation/message-relay.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Received, Stage } from '../../stage.ts';
import { neighbours, relayFor, sendRelay } from './steps/neighbours.ts';
import { correspondents, write } from './steps/sending.ts';

interface Declaration {
  readonly json: { readonly properties?: object };
}

/** Beside, and inside a record that every message has. */
function tainted(message: object, record: string, plaintext: string): JsonObject {
  const whole = message as JsonObject;
  const inside = (whole[record] ?? {}) as JsonObject;
  return { ...whole, preview: plaintext, [record]: { ...inside, subject_line: plaintext } };
}

function checkNothingElse(
  stage: Stage,
  { message, text }: Pick<Received, 'message' | 'text'>,
  { json }: Declaration,
  plaintext: string,
): void {
  const known = Object.keys(json.properties ?? {});
  const strange = Object.keys(message).filter((member) => !known.includes(member));
  stage.check('F-RELAY-20', strange.length === 0 && !text.includes(plaintext), {
    what: `members of ${message.type} that the schema does not have`,
    expected: [],
    got: text.includes(plaintext) ? [...strange, plaintext] : strange,
  });
}

const outwards = defineCase({
  id: 'federation/beyond-the-schema/is-not-relayed',
  title: 'What a device puts beside its sealed payloads does not go along to other servers',
  verifies: ['F-RELAY-20'],
  behaviour: ['F-RELAY-20'],
  async run(stage) {
    const people = await correspondents(stage);
    const plaintext = `plain-${stage.uuid()}`;
    await write(people, { send: (message) => tainted(message, 'metadata', plaintext) });
    for (const relay of await people.bravo.relayed()) {
      checkNothingElse(stage, relay, messageRelay, plaintext);
    }
  },
});

const inwards = defineCase({
  id: 'federation/beyond-the-schema/is-not-delivered',
  title: 'What a server puts beside the sealed payloads of a relay does not reach the device',
  verifies: ['F-RELAY-20'],
  behaviour: ['F-RELAY-20'],
  async run(stage) {
    const people = await neighbours(stage);
    const plaintext = `plain-${stage.uuid()}`;
    const relay = relayFor(people, {
      beforeOrigin: (honest) => tainted(honest, 'metadata', plaintext),
    });
    await sendRelay(people.link, relay);
    const { received } = await people.alice.receiveMessage();
    checkNothingElse(stage, received, messageReceived, plaintext);
  },
});

export const cases: readonly Case[] = [outwards, inwards];
