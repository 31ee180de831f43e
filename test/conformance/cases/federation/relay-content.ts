/**
 * What a relay carries, for whom, and how much of it its trust admits (F-RELAY-10, -13, X-CLS-04).
 */
import { classifications, errorCode, levels } from '../../../../spec/emitted/registries.ts';
import type { MessageRelay } from '../../../../spec/messages/federation/message-relay.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused, told } from './steps/answers.ts';
import {
  checkDelivered,
  checkNothingCame,
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from './steps/neighbours.ts';
import { type RelayFault, refusedRelays } from './steps/refused-relays.ts';

const { federation: code, client } = errorCode;

/** Labels of both ladders but the one that basic trust admits (L-T20). */
const barredLabels = Object.values(classifications)
  .flat()
  .filter((label) => label !== 'unclassified');

const labelled: readonly RelayFault[] = barredLabels.map((label) => ({
  id: `basic-trust-does-not-admit-${label.replaceAll('_', '-')}`,
  title: `A relay labelled ${label} is refused at level basic with 5004`,
  verifies: 'X-CLS-04',
  also: 'X-CLS-01',
  readings: ['L-T20', 'L-X02'],
  codes: [code.insufficientTrust],
  bend: () => ({ classification: label }),
}));

const faults: readonly RelayFault[] = [
  {
    id: 'a-relay-without-a-label-is-malformed',
    title: 'A relay that says no classification is malformed, not unclassified',
    verifies: 'X-CLS-06',
    readings: ['L-X02'],
    codes: [code.malformed],
    bend: () => ({ beforeOrigin: ({ classification: _, ...relay }) => relay as MessageRelay }),
  },
  {
    id: 'users-of-another-server-are-refused',
    title: 'A relay that names a user of another server beside one of the target is refused',
    verifies: 'F-RELAY-10',
    codes: [code.userNotFound, client.invalidRecipient],
    bend: ({ alice }, { domain }) => ({
      to: [alice.identity.userId, `eve@${domain('other')}`],
    }),
  },
];

/** Refused as a whole, or acknowledged as failed for that user or device. */
async function checkFailed(
  stage: Stage,
  people: Neighbours,
  { to, codes, what }: { to: readonly string[]; codes: readonly number[]; what: string },
): Promise<void> {
  const answer = await sendRelay(people.link, relayFor(people, { to }));
  const { message } = answer;
  if (message?.type !== 'relay_ack') {
    checkRefused(stage, 'F-RELAY-10', answer, { what, codes });
  } else {
    const { failed_deliveries, delivered_to } = message;
    const told = failed_deliveries.map(({ error_code }) => error_code);
    const isFailed = told.length > 0 && told.every((number) => codes.includes(number));
    stage.check('F-RELAY-10', isFailed && delivered_to.length === 0, {
      what,
      expected: { codes, delivered_to: [] },
      got: { codes: told, delivered_to },
    });
  }
  await checkNothingCame(stage, 'F-RELAY-10', people.alice, what);
}

const strangeDevice = defineCase({
  id: 'federation/relay-content/a-device-of-another-user-gets-nothing',
  title: 'A payload for a device whose user is not addressed is not delivered',
  verifies: ['F-RELAY-10'],
  async run(stage) {
    const people = await neighbours(stage);
    const carol = await stage.device();
    await checkFailed(stage, people, {
      to: [carol.identity.userId],
      codes: [client.invalidRecipient, code.userNotFound],
      what: 'a relay for carol whose only payload is for a device of alice',
    });
    await checkDelivered(stage, 'F-RELAY-10', people);
  },
});

const unknownUser = defineCase({
  id: 'federation/relay-content/an-unknown-user-is-not-found',
  title: 'A relay for a user whom the target does not have fails with 5204',
  verifies: ['F-RELAY-10'],
  async run(stage) {
    const people = await neighbours(stage);
    await checkFailed(stage, people, {
      to: [`nobody@${stage.subject.serverId}`],
      codes: [code.userNotFound, client.invalidRecipient],
      what: 'a relay for a user whom nobody knows',
    });
    await checkDelivered(stage, 'F-RELAY-10', people);
  },
});

const basicBytes = levels.basic.maxMessageBytes;

const tooLarge = defineCase({
  id: 'federation/relay-content/a-relay-above-the-size-of-its-level-is-refused',
  title: 'A relay whose payload alone is above the maximum of its level is refused with 5602',
  verifies: ['F-RELAY-13', 'F-TRUST-04'],
  readings: ['L-T20'],
  async run(stage) {
    const people = await neighbours(stage);
    const text = 'x'.repeat(basicBytes + 1);
    const answer = await sendRelay(people.link, relayFor(people, { text }));
    for (const id of ['F-RELAY-13', 'F-TRUST-04'] as const) {
      const what = `a payload of more than ${basicBytes} bytes at level basic`;
      checkRefused(stage, id, answer, { codes: [code.messageTooLarge], what });
    }
    await checkNothingCame(stage, 'F-RELAY-13', people.alice, 'the refused relay');
    await checkDelivered(stage, 'F-RELAY-13', people, {
      text: 'y'.repeat(Math.floor(basicBytes / 2)),
    });
  },
});

const exact = defineCase({
  id: 'federation/relay-content/payloads-arrive-bit-exact',
  title: 'A device gets the payload that was sealed for it, bit for bit, and no other',
  verifies: ['F-RELAY-12', 'X-META-06'],
  behaviour: ['F-RELAY-12', 'X-META-06'],
  async run(stage) {
    const people = await neighbours(stage);
    const { alice, link } = people;
    const carol = await stage.device();
    const relay = relayFor(people, {
      to: [alice.identity.userId, carol.identity.userId],
      recipients: [alice.identity, carol.identity],
    });
    const answer = await sendRelay(link, relay);
    for (const device of [alice, carol]) {
      const { received, opened } = await device.receiveMessage();
      const expected = relay.encrypted_payloads[device.identity.deviceId];
      const got = received.message.encrypted_content;
      stage.check('F-RELAY-12', same(stage, got, expected) && opened !== null, {
        what: 'the payload that a device gets',
        expected,
        got: opened === null ? told(answer) : got,
      });
      const other = device === alice ? carol : alice;
      const leaks = received.text.includes(other.identity.deviceId);
      stage.check('X-META-06', !leaks, {
        what: 'what a device learns of the device of another recipient',
        expected: 'nothing',
        got: leaks ? 'its device id' : 'nothing',
      });
    }
  },
});

/** Canonical, so that neither order nor spelling of the JSON matters. */
function same({ crypto }: Stage, a: object, b: object | undefined): boolean {
  return b !== undefined && crypto.hash({ ...a }) === crypto.hash({ ...b });
}

export const cases: readonly Case[] = [
  exact,
  strangeDevice,
  unknownUser,
  tooLarge,
  ...refusedRelays('relay-content', [...labelled, ...faults]),
];
