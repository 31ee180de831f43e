/**
 * Where a relay comes from and which way it took (F-RELAY-02 to F-RELAY-05, -18; L-F03 to L-F05).
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import { type Case, defineCase } from '../../case.ts';
import { checkRefused } from './steps/answers.ts';
import {
  checkDelivered,
  checkNothingCame,
  neighbours,
  relayFor,
  sendRelay,
} from './steps/neighbours.ts';
import { fromAfar, type RelayFault, refusedRelays, withMetadata } from './steps/refused-relays.ts';

const { federation: code } = errorCode;

const faults: readonly RelayFault[] = [
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
    id: 'a-sender-may-lower-the-hop-budget',
    title: 'A relay with more hops than its own max_hops is refused with 5202',
    verifies: 'F-RELAY-03',
    readings: ['L-F05'],
    codes: [code.ttlExpired],
    bend: async (people, stage) => ({
      ...(await fromAfar(3, people, stage)),
      beforeHop: (relay) => ({ ...relay, max_hops: 2 }),
    }),
  },
  {
    id: 'a-sender-may-not-raise-the-hop-budget',
    title: 'A max_hops above ten does not let an eleventh hop through',
    verifies: 'F-RELAY-03',
    readings: ['L-F05'],
    codes: [code.ttlExpired],
    bend: async (people, stage) => ({
      ...(await fromAfar(limits.maxHops + 1, people, stage)),
      beforeHop: (relay) => ({ ...relay, max_hops: 32 }),
    }),
  },
  {
    id: 'a-loop-is-refused',
    title: 'A relay that the subject has already passed on is refused with 5203',
    verifies: 'F-RELAY-04',
    codes: [code.routingLoop],
    bend: async (people, stage) => {
      const { originServer } = await fromAfar(2, people, stage);
      const routePath = [originServer, stage.subject.serverId, people.bravo.serverId];
      return { originServer, routePath };
    },
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

const budget = defineCase({
  id: 'federation/relay-route/the-budget-is-ten-hops',
  title: 'A relay that has come over ten servers is delivered, over eleven it is refused with 5202',
  verifies: ['F-RELAY-03'],
  readings: ['L-F05'],
  async run(stage) {
    const people = await neighbours(stage);
    const ten = await fromAfar(limits.maxHops, people, stage);
    await checkDelivered(stage, 'F-RELAY-03', people, ten);
    const eleven = await fromAfar(limits.maxHops + 1, people, stage);
    const answer = await sendRelay(people.link, relayFor(people, eleven));
    const what = 'an eleventh hop';
    checkRefused(stage, 'F-RELAY-03', answer, { codes: [code.ttlExpired], what });
    await checkNothingCame(stage, 'F-RELAY-03', people.alice, what);
  },
});

export const cases: readonly Case[] = [budget, ...refusedRelays('relay-route', faults)];
