/**
 * Acknowledgments that the subject gets for relays of its own, and must not believe (F-ACK;
 * L-F08).
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { acknowledge, theInboundRelay } from './steps/dialled.ts';
import { correspondents, statusesOf, write } from './steps/sending.ts';

/** What is no acknowledgment of the target for this relay. */
const forgeries: readonly {
  readonly id: string;
  readonly what: string;
  readonly verifies: 'F-ACK-01' | 'F-ACK-02' | 'F-ACK-04';
  readonly bend: (ack: JsonObject, stage: Stage) => JsonObject;
}[] = [
  {
    id: 'a-forged-acknowledgment',
    what: 'that another key has signed',
    verifies: 'F-ACK-04',
    bend: (ack, { crypto, entropy }) => ({
      ...ack,
      signature: crypto.sign(crypto.signingKey(entropy(32)), ack),
    }),
  },
  {
    id: 'an-acknowledgment-of-another-server',
    what: 'in the name of another server',
    verifies: 'F-ACK-04',
    bend: (ack, { domain }) => ({ ...ack, target_server: domain('other') }),
  },
  {
    id: 'an-acknowledgment-of-another-message',
    what: 'for another message',
    verifies: 'F-ACK-04',
    bend: (ack, { uuid }) => ({ ...ack, message_id: uuid() }),
  },
  {
    id: 'an-acknowledgment-that-contradicts-itself',
    what: 'that says delivered beside an empty list and a failure',
    verifies: 'F-ACK-01',
    bend: (ack) => ({ ...ack, status: 'partial' }),
  },
  {
    id: 'an-acknowledgment-of-strange-devices',
    what: 'that names a device which was not addressed',
    verifies: 'F-ACK-02',
    bend: (ack, { uuid, now }) => {
      const [user_id = ''] = usersOf(ack);
      return { ...ack, delivered_to: [{ user_id, device_ids: [uuid()], timestamp: now() }] };
    },
  },
];

const usersOf = ({ delivered_to }: JsonObject): string[] =>
  (delivered_to as { user_id: string }[]).map(({ user_id }) => user_id);

const unbelieved = forgeries.map(({ id, what, verifies, bend }) =>
  defineCase({
    id: `federation/forged-acknowledgments/${id}-is-not-believed`,
    title: `An acknowledgment ${what} does not make the message delivered`,
    verifies: [verifies],
    readings: ['L-F08'],
    async run(stage) {
      const people = await correspondents(stage, { answers: 'manual' });
      const { alice, bravo } = people;
      const forged = await write(people);
      const first = await theInboundRelay(stage, bravo);
      await acknowledge(stage, bravo, first, (ack) => bend(ack, stage));
      const statuses = await statusesOf(stage, alice, forged.message_id, 1000);
      stage.check(verifies, !statuses.includes('delivered'), {
        what: `what the sender is told after an acknowledgment ${what}`,
        expected: 'not that it is delivered',
        got: statuses,
      });
      const honest = await write(people);
      for (;;) {
        const next = await theInboundRelay(stage, bravo);
        await acknowledge(stage, bravo, next);
        if (next.relay.message_id === honest.message_id) break;
      }
      const after = await statusesOf(stage, alice, honest.message_id, 1000);
      stage.check(verifies, after.includes('delivered'), {
        what: 'what the sender is told after an honest acknowledgment',
        expected: 'delivered',
        got: after,
      });
    },
  }),
);

export const cases: readonly Case[] = unbelieved;
