/**
 * The same relay twice, wherever and whenever (F-RELAY-06, F-RELAY-15, X-SEQ; L-F06; S-3, S-4,
 * S-25).
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../../spec/limits.ts';
import type { MessageRelay } from '../../../../spec/messages/federation/message-relay.ts';
import type { Answer, Link } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused, codeOf, told } from './steps/answers.ts';
import {
  checkDelivered,
  checkNothingCame,
  checkRead,
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from './steps/neighbours.ts';

/** Delivered and acknowledged. */
async function delivered(
  stage: Stage,
  id: RequirementId,
  people: Neighbours,
  relay: MessageRelay,
): Promise<Answer> {
  const answer = await sendRelay(people.link, relay);
  if (answer.message?.type !== 'relay_ack') {
    throw new SubjectMisbehaved('an honest relay was refused', 'relay_ack', told(answer));
  }
  await checkRead(stage, id, people.alice, { relay, text: 'Hello, NORC!' });
  return answer;
}

/** A repeat on this link: the same acknowledgment, and nothing for alice. */
async function checkRepeat(
  stage: Stage,
  people: Neighbours,
  { link, relay, first, what }: { link: Link; relay: MessageRelay; first: Answer; what: string },
): Promise<void> {
  // An acknowledgment that were made anew would have another time.
  await stage.pass(1100);
  const again = await sendRelay(link, relay);
  stage.check('F-RELAY-06', again.text === first.text, {
    what: `the answer to a repeat ${what}`,
    expected: first.text,
    got: again.text || told(again),
  });
  await checkNothingCame(stage, 'F-RELAY-06', people.alice, `a repeat ${what}`);
}

const otherLink = defineCase({
  id: 'federation/replay/on-another-link-of-the-same-server',
  title: 'A relay that is repeated on another link of its sender is acknowledged and not delivered',
  verifies: ['F-RELAY-06'],
  readings: ['L-F06'],
  async run(stage) {
    const people = await neighbours(stage);
    const relay = relayFor(people);
    const first = await delivered(stage, 'F-RELAY-06', people, relay);
    const link = await people.bravo.link();
    await checkRepeat(stage, people, { link, relay, first, what: 'on another link' });
    await checkDelivered(stage, 'F-RELAY-06', { ...people, link });
  },
});

const byAnother = defineCase({
  id: 'federation/replay/by-another-server',
  title: 'A relay that another server has recorded and brings is refused',
  verifies: ['F-RELAY-02'],
  async run(stage) {
    const people = await neighbours(stage);
    const relay = relayFor(people);
    const mallory = await stage.peer();
    const { link } = await mallory.establish();
    // Signed by the hop that brings it, so that nothing but the path tells.
    const { route_signature: _, ...body } = relay;
    const route_signature = stage.crypto.sign(mallory.key, { ...body });
    for (const brought of [relay, { ...body, route_signature }]) {
      const answer = await sendRelay(link, brought);
      const what = 'the relay of bravo, brought by mallory';
      checkRefused(stage, 'F-RELAY-02', answer, { what });
    }
    await checkNothingCame(stage, 'F-RELAY-02', people.alice, 'the relay that mallory brought');
    await delivered(stage, 'F-RELAY-02', people, relay);
  },
});

const restarted = defineCase({
  id: 'federation/replay/after-a-restart',
  title: 'A relay that is repeated after the subject has been killed is not delivered again',
  verifies: ['F-RELAY-06'],
  readings: ['L-F06'],
  needs: { restart: true },
  async run(stage) {
    const people = await neighbours(stage);
    const relay = relayFor(people);
    const first = await delivered(stage, 'F-RELAY-06', people, relay);
    await people.alice.connection.send({
      type: 'message_ack',
      message_id: relay.message_id,
      status: 'delivered',
      timestamp: stage.now(),
    });
    await people.alice.connection.silence();
    await stage.restartSubject();
    const alice = await people.alice.reconnect();
    const link = await people.bravo.link();
    const after = { ...people, alice, link };
    await checkRepeat(stage, after, { link, relay, first, what: 'after a restart' });
    await checkDelivered(stage, 'F-RELAY-06', after);
  },
});

const resigned = defineCase({
  id: 'federation/replay/under-a-new-hop-signature',
  title: 'A repeat that its hop has dated and signed anew is a repeat all the same',
  verifies: ['F-RELAY-06'],
  readings: ['L-F06', 'L-F07'],
  async run(stage) {
    const people = await neighbours(stage);
    const relay = relayFor(people);
    const first = await delivered(stage, 'F-RELAY-06', people, relay);
    const { link, bravo } = people;
    const { route_signature: _, ...body } = relay;
    const metadata = { ...relay.metadata, federation_timestamp: stage.now() };
    const dated = { ...body, metadata, relay_sequence: (relay.relay_sequence ?? 0) + 1 };
    const route_signature = stage.crypto.sign(bravo.key, dated);
    const again = { ...dated, route_signature };
    await checkRepeat(stage, people, { link, relay: again, first, what: 'signed anew' });
  },
});

const hours = 2;

const late = defineCase({
  id: 'federation/replay/hours-later',
  title: 'A relay that is repeated hours later within its ttl is not delivered again',
  verifies: ['F-RELAY-06'],
  readings: ['L-F06'],
  needs: { waitsSeconds: hours * 3600 },
  async run(stage) {
    const people = await neighbours(stage);
    const relay = relayFor(people, { ttlSeconds: (hours + 1) * 3600 });
    const first = await delivered(stage, 'F-RELAY-06', people, relay);
    await stage.pass(hours * 3_600_000);
    const alice = await people.alice.reconnect();
    // What alice has not confirmed comes again; that is not the relay's doing.
    await alice.connection.silence();
    const link = await people.bravo.link();
    const { route_signature: _, ...body } = relay;
    const metadata = { ...relay.metadata, federation_timestamp: stage.now() };
    const dated = { ...body, metadata };
    const again = { ...dated, route_signature: stage.crypto.sign(people.bravo.key, dated) };
    const what = 'hours later';
    await checkRepeat(stage, { ...people, alice }, { link, relay: again, first, what });
  },
});

const window = limits.federationWindow;

/** With this number on the link. */
const numbered = (people: Neighbours, relay_sequence: number): MessageRelay =>
  relayFor(people, { beforeHop: (relay) => ({ ...relay, relay_sequence }) });

/** Neither delivered nor passed on: quarantine may be silent (L-F21). */
async function checkQuarantined(
  stage: Stage,
  id: RequirementId,
  people: Neighbours,
  { number, what }: { number: number; what: string },
): Promise<void> {
  const answer = await sendRelay(people.link, numbered(people, number));
  const isTaken = answer.message?.type === 'relay_ack' && answer.message.status === 'delivered';
  stage.check(id, !isTaken, { what, expected: 'silence', got: told(answer) });
  await checkNothingCame(stage, id, people.alice, what);
}

const numbers = defineCase({
  id: 'federation/replay/a-number-serves-once',
  title: 'A new message under a relay_sequence that was used already is not delivered',
  verifies: ['F-RELAY-15'],
  readings: ['L-E12', 'L-F21'],
  async run(stage) {
    const people = await neighbours(stage);
    const relay = relayFor(people);
    await delivered(stage, 'F-RELAY-15', people, relay);
    const number = relay.relay_sequence ?? 0;
    const what = 'another message under the same relay_sequence';
    await checkQuarantined(stage, 'F-RELAY-15', people, { number, what });
    await checkDelivered(stage, 'F-RELAY-15', people);
  },
});

const windowed = defineCase({
  id: 'federation/replay/the-window-holds-4096',
  title: 'A late number inside a window of 4096 is taken, one at its end is not',
  verifies: ['X-SEQ-04'],
  readings: ['L-E14'],
  async run(stage) {
    const people = await neighbours(stage);
    const base = (relayFor(people).relay_sequence ?? 0) + 1;
    const head = base + 2 * window;
    await delivered(stage, 'X-SEQ-04', people, numbered(people, base));
    await delivered(stage, 'X-SEQ-04', people, numbered(people, head));
    await delivered(stage, 'X-SEQ-04', people, numbered(people, head - window + 1));
    const what = `a number ${window} below the highest`;
    await checkQuarantined(stage, 'X-SEQ-04', people, { number: head - window, what });
  },
});

const jump = defineCase({
  id: 'federation/replay/a-jump-is-bounded',
  title: 'A number more than 2^20 above the highest is not taken and does not move the window',
  verifies: ['X-SEQ-08'],
  readings: ['L-E13'],
  async run(stage) {
    const people = await neighbours(stage);
    const first = relayFor(people);
    await delivered(stage, 'X-SEQ-08', people, first);
    const number = (first.relay_sequence ?? 0) + limits.sequenceJump + 1000;
    await checkQuarantined(stage, 'X-SEQ-08', people, { number, what: 'a jump of 2^20 and more' });
    await checkDelivered(stage, 'X-SEQ-08', people);
  },
});

const poisoned = defineCase({
  id: 'federation/replay/a-forged-number-blocks-nothing',
  title: 'A high number under a signature that does not verify does not move the window',
  verifies: ['X-SEQ-07'],
  behaviour: ['X-SEQ-07'],
  async run(stage) {
    const people = await neighbours(stage);
    const first = relayFor(people);
    await delivered(stage, 'X-SEQ-07', people, first);
    const relay_sequence = (first.relay_sequence ?? 0) + 3 * window;
    const forged = relayFor(people, { afterHop: (relay) => ({ ...relay, relay_sequence }) });
    const answer = await sendRelay(people.link, forged);
    stage.check('X-SEQ-07', codeOf(answer) !== null, {
      what: 'a number that was raised after the hop signed it',
      expected: 'a refusal',
      got: told(answer),
    });
    await checkDelivered(stage, 'X-SEQ-07', people);
  },
});

const reusedId = defineCase({
  id: 'federation/replay/an-id-serves-for-one-message',
  title: 'Another message under an id that was used already is not delivered',
  verifies: ['X-SEQ-15'],
  behaviour: ['X-SEQ-15'],
  async run(stage) {
    const people = await neighbours(stage);
    const relay = relayFor(people);
    await delivered(stage, 'X-SEQ-15', people, relay);
    const other = relayFor(people, { messageId: relay.message_id, text: 'another text' });
    const answer = await sendRelay(people.link, other);
    const codes = Object.values(errorCode.federation) as number[];
    const code = codeOf(answer);
    stage.check('X-SEQ-15', code === null || codes.includes(code) || code >= 4000, {
      what: 'the answer to another message under the same id',
      expected: 'the earlier acknowledgment, silence or a refusal',
      got: told(answer),
    });
    await checkNothingCame(stage, 'X-SEQ-15', people.alice, 'another message under the same id');
  },
});

export const cases: readonly Case[] = [
  otherLink,
  byAnother,
  restarted,
  resigned,
  late,
  numbers,
  windowed,
  jump,
  poisoned,
  reusedId,
];
