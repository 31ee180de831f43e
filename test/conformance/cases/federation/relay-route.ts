/** Where a relay comes from and which way it took (F-RELAY-02 to F-RELAY-05, -18; L-F03 to L-F05). */
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { RelayOptions } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from './steps/answers.ts';
import {
  checkDelivered,
  checkNothingCame,
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from './steps/neighbours.ts';

const { federation: code } = errorCode;

interface Fault {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly readings?: Case['readings'];
  readonly codes?: readonly number[];
  readonly bend: (people: Neighbours, stage: Stage) => Partial<RelayOptions>;
}

/** A path of this many servers that ends with the sender. */
function pathOf(length: number, people: Neighbours, stage: Stage): string[] {
  const others = Array.from({ length: length - 1 }, () => stage.domain('hop'));
  return [...others, people.bravo.serverId];
}

const faults: readonly Fault[] = [
  {
    id: 'a-path-that-ends-elsewhere-is-refused',
    title: 'A relay whose path does not end with the server that brings it is refused',
    verifies: 'F-RELAY-02',
    readings: ['L-F03'],
    bend: ({ bravo }, stage) => ({ routePath: [bravo.serverId, stage.domain('elsewhere')] }),
  },
  {
    id: 'a-path-that-begins-elsewhere-is-refused',
    title: 'A relay whose path does not begin with its origin is refused',
    verifies: 'F-RELAY-02',
    readings: ['L-F03'],
    bend: ({ bravo }, stage) => ({ routePath: [stage.domain('elsewhere'), bravo.serverId] }),
  },
  {
    id: 'a-hop-count-above-the-path-is-malformed',
    title: 'A hop_count above the length of the path is malformed',
    verifies: 'F-RELAY-03',
    readings: ['L-F03'],
    codes: [code.malformed],
    bend: () => ({ beforeHop: withMetadata({ hop_count: 2 }) }),
  },
  {
    id: 'a-hop-count-of-zero-is-malformed',
    title: 'A hop_count that was reset is malformed',
    verifies: 'F-RELAY-03',
    readings: ['L-F03'],
    codes: [code.malformed],
    bend: () => ({ beforeHop: withMetadata({ hop_count: 0 }) }),
  },
  {
    id: 'eleven-hops-are-refused',
    title: 'A relay with more hops than the budget is refused with 5202',
    verifies: 'F-RELAY-03',
    readings: ['L-F05'],
    codes: [code.ttlExpired],
    bend: ({ bravo }, stage) => ({
      // It begins and ends with its origin, so nothing but the number of hops is wrong.
      routePath: [bravo.serverId, ...pathOf(limits.maxHops, { bravo } as Neighbours, stage)],
    }),
  },
  {
    id: 'a-sender-may-lower-the-hop-budget',
    title: 'A relay with more hops than its own max_hops is refused with 5202',
    verifies: 'F-RELAY-03',
    readings: ['L-F05'],
    codes: [code.ttlExpired],
    bend: ({ bravo }, stage) => ({
      routePath: [bravo.serverId, stage.domain('hop'), bravo.serverId],
      beforeHop: (relay) => ({ ...relay, max_hops: 2 }),
    }),
  },
  {
    id: 'a-sender-may-not-raise-the-hop-budget',
    title: 'A max_hops above ten does not let an eleventh hop through',
    verifies: 'F-RELAY-03',
    readings: ['L-F05'],
    codes: [code.ttlExpired],
    bend: ({ bravo }, stage) => ({
      routePath: [bravo.serverId, ...pathOf(limits.maxHops, { bravo } as Neighbours, stage)],
      beforeHop: (relay) => ({ ...relay, max_hops: 32 }),
    }),
  },
  {
    id: 'a-loop-is-refused',
    title: 'A relay that the subject has already passed on is refused with 5203',
    verifies: 'F-RELAY-04',
    codes: [code.routingLoop],
    bend: ({ bravo }, stage) => ({
      routePath: [bravo.serverId, stage.subject.serverId, bravo.serverId],
    }),
  },
  {
    id: 'a-sender-of-another-domain-is-refused',
    title: 'An origin that names a user of another domain as sender is refused',
    verifies: 'F-RELAY-18',
    readings: ['L-F01'],
    bend: (_, stage) => ({
      beforeOrigin: (relay) => ({ ...relay, sender_user_id: `alice@${stage.domain('other')}` }),
    }),
  },
  {
    id: 'a-sender-of-the-target-is-refused',
    title: 'A foreign origin cannot speak in the name of a user of the subject',
    verifies: 'F-RELAY-18',
    readings: ['L-F01'],
    bend: ({ alice }) => ({
      beforeOrigin: (relay) => ({ ...relay, sender_user_id: alice.identity.userId }),
    }),
  },
];

function withMetadata(change: object): NonNullable<RelayOptions['beforeHop']> {
  return (relay) => ({ ...relay, metadata: { ...relay.metadata, ...change } });
}

const refused = faults.map(({ id, title, verifies, readings, codes, bend }) =>
  defineCase({
    id: `federation/relay-route/${id}`,
    title,
    verifies: [verifies],
    ...(readings && { readings }),
    async run(stage) {
      const people = await neighbours(stage);
      const answer = await sendRelay(people.link, relayFor(people, bend(people, stage)));
      checkRefused(stage, verifies, answer, { what: title, ...(codes && { codes }) });
      await checkNothingCame(stage, verifies, people.alice, 'the refused relay');
      await checkDelivered(stage, verifies, people);
    },
  }),
);

const tenHops = defineCase({
  id: 'federation/relay-route/ten-hops-are-admitted',
  title: 'A relay that has come over ten servers is delivered',
  verifies: ['F-RELAY-03'],
  readings: ['L-F05'],
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo } = people;
    const routePath = [bravo.serverId, ...pathOf(limits.maxHops - 1, people, stage)];
    await checkDelivered(stage, 'F-RELAY-03', people, { routePath });
  },
});

export const cases: readonly Case[] = [tenHops, ...refused];
