/**
 * When a relay was made, when it was sent, and how long it lives (F-RELAY-05, -09; L-F04, L-F07).
 */
import { seconds } from '../../../../reference/time.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../../spec/limits.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from './steps/answers.ts';
import {
  checkDelivered,
  checkNothingCame,
  checkRead,
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from './steps/neighbours.ts';
import { type RelayFault, refusedRelays, withMetadata } from './steps/refused-relays.ts';

const { federation: code } = errorCode;
const skew = limits.federationSkewSeconds;
const ttlCodes = [code.ttlExpired];
/** Far enough from the limit for any machine. */
const marginSeconds = 6;

const lives: readonly RelayFault[] = [0, limits.relayTtlSeconds + 1].map((ttl) => ({
  id: `a-life-of-${ttl}-seconds-is-refused`,
  title: `A relay with a ttl of ${ttl} s is refused`,
  verifies: 'F-RELAY-05',
  readings: ['L-F04'],
  codes: [code.ttlExpired, code.malformed],
  bend: () => ({ ttlSeconds: ttl }),
}));

const skews: readonly RelayFault[] = [-skew - marginSeconds, skew + marginSeconds].map(
  (offset) => ({
    id: `sent-${Math.abs(offset)}-seconds-${offset < 0 ? 'ago' : 'ahead'}-is-refused`,
    title: `A relay whose federation_timestamp is ${offset} s from now is refused`,
    verifies: 'F-RELAY-09',
    also: 'X-TIME-03',
    readings: ['L-F07'],
    bend: (_, stage) => ({
      beforeHop: withMetadata({ federation_timestamp: stage.now() + seconds(offset) }),
    }),
  }),
);

const faults: readonly RelayFault[] = [
  {
    id: 'a-relay-whose-time-is-over-is-refused',
    title: 'A relay whose ttl has run out since its origin made it is refused with 5202',
    verifies: 'F-RELAY-05',
    readings: ['L-F04'],
    codes: ttlCodes,
    bend: (_, stage) => ({
      ttlSeconds: 120,
      beforeOrigin: withMetadata({ original_timestamp: stage.now() - seconds(150) }),
    }),
  },
  {
    id: 'a-relay-from-the-future-is-refused',
    title: 'A relay whose origin says it is made in ten minutes is refused',
    verifies: 'X-TIME-01',
    readings: ['L-F07'],
    bend: (_, stage) => ({
      beforeOrigin: withMetadata({ original_timestamp: stage.now() + seconds(600) }),
    }),
  },
  {
    id: 'seconds-instead-of-microseconds-are-refused',
    title: 'A federation_timestamp in seconds is far outside of the window',
    verifies: 'X-CAN-14',
    readings: ['L-S10'],
    bend: (_, stage) => ({
      beforeHop: withMetadata({ federation_timestamp: Math.floor(stage.now() / 1_000_000) }),
    }),
  },
];

const oldButFresh = defineCase({
  id: 'federation/relay-time/an-old-message-sent-now-is-delivered',
  title: 'A message that waited for hours at its origin is delivered when it is sent just now',
  verifies: ['F-RELAY-05', 'F-RELAY-09'],
  readings: ['L-F07'],
  async run(stage) {
    const people = await neighbours(stage);
    const hoursAgo = withMetadata({ original_timestamp: stage.now() - seconds(6 * 3600) });
    const ttlSeconds = 12 * 3600;
    const old = relayFor(people, { ttlSeconds, beforeOrigin: hoursAgo });
    const answer = await sendRelay(people.link, old);
    stage.check('F-RELAY-05', answer.message?.type === 'relay_ack', {
      what: 'the answer to a message of six hours ago with a ttl of twelve',
      expected: 'relay_ack',
      got: answer.message,
    });
    const { received } = await people.alice.receiveMessage();
    stage.check('F-RELAY-09', received.message.message_id === old.message_id, {
      what: 'the message that alice gets',
      expected: old.message_id,
      got: received.message.message_id,
    });
    await checkLate(stage, people);
  },
});

/** The same two members, each beyond its own limit. */
async function checkLate(stage: Stage, people: Neighbours): Promise<void> {
  const past = withMetadata({ original_timestamp: stage.now() - seconds(6 * 3600) });
  const dead = relayFor(people, { ttlSeconds: 3600, beforeOrigin: past });
  checkRefused(stage, 'F-RELAY-05', await sendRelay(people.link, dead), {
    what: 'a message of six hours ago with a ttl of one',
    codes: ttlCodes,
  });
  const sentAt = withMetadata({ federation_timestamp: stage.now() - seconds(6 * 3600) });
  const stale = relayFor(people, { beforeHop: sentAt });
  const what = 'a message of now that claims to have been sent six hours ago';
  checkRefused(stage, 'F-RELAY-09', await sendRelay(people.link, stale), { what });
}

const exactSkew = defineCase({
  id: 'federation/relay-time/the-window-is-sixty-seconds',
  title: 'A relay is taken sixty seconds after its federation_timestamp and not after sixty-one',
  verifies: ['F-RELAY-09'],
  readings: ['L-F07'],
  needs: { waitsSeconds: skew },
  async run(stage) {
    const people = await neighbours(stage);
    const inTime = relayFor(people, { text: 'just in time' });
    const late = relayFor(people, { text: 'too late' });
    await stage.pass(skew * 1000);
    await checkTaken(stage, 'F-RELAY-09', people, inTime, 'just in time');
    await stage.pass(1000);
    const answer = await sendRelay(people.link, late);
    checkRefused(stage, 'F-RELAY-09', answer, { what: `a relay of ${skew + 1} s ago` });
    const early = { federation_timestamp: stage.now() + seconds(skew) };
    await checkDelivered(stage, 'F-RELAY-09', people, { beforeHop: withMetadata(early) });
    const earlier = { federation_timestamp: stage.now() + seconds(skew + 1) };
    const ahead = relayFor(people, { beforeHop: withMetadata(earlier) });
    checkRefused(stage, 'F-RELAY-09', await sendRelay(people.link, ahead), {
      what: `a relay that is sent in ${skew + 1} s`,
    });
  },
});

async function checkTaken(
  stage: Stage,
  id: RequirementId,
  people: Neighbours,
  relay: ReturnType<typeof relayFor>,
  text: string,
): Promise<void> {
  const answer = await sendRelay(people.link, relay);
  stage.check(id, answer.message?.type === 'relay_ack', {
    what: `the answer to a relay at the edge: ${text}`,
    expected: 'relay_ack',
    got: answer.message,
  });
  await checkRead(stage, id, people.alice, { relay, text });
}

const exactLife = defineCase({
  id: 'federation/relay-time/the-ttl-holds-to-the-second',
  title: 'A relay is taken until original_timestamp and ttl, and not a second longer',
  verifies: ['F-RELAY-05'],
  readings: ['L-F04'],
  needs: { waitsSeconds: 30 },
  async run(stage) {
    const people = await neighbours(stage);
    const ttlSeconds = 30;
    const last = relayFor(people, { ttlSeconds, text: 'in the last second' });
    const late = relayFor(people, { ttlSeconds, text: 'a second late' });
    await stage.pass((ttlSeconds - 1) * 1000);
    await checkTaken(stage, 'F-RELAY-05', people, last, 'in the last second');
    await stage.pass(2000);
    const what = `a relay ${ttlSeconds + 1} s after it was made with a ttl of ${ttlSeconds} s`;
    const answer = await sendRelay(people.link, late);
    checkRefused(stage, 'F-RELAY-05', answer, { what, codes: ttlCodes });
    await checkNothingCame(stage, 'F-RELAY-05', people.alice, what);
  },
});

export const cases: readonly Case[] = [
  oldButFresh,
  exactSkew,
  exactLife,
  ...refusedRelays('relay-time', [...lives, ...skews, ...faults]),
];
