/**
 * relay_ack as the subject gives it: whom it names, what it says, whose it is (F8; L-F06, L-F08).
 */
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RelayAck } from '../../../../spec/messages/federation/relay-ack.ts';
import type { Device, DeviceIdentity } from '../../actors/device.ts';
import type { Answer } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkSilent, told } from './steps/answers.ts';
import {
  checkDelivered,
  checkNothingCame,
  checkRead,
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from './steps/neighbours.ts';
import { withMetadata } from './steps/refused-relays.ts';

function ackOf(answer: Answer): RelayAck {
  if (answer.message?.type === 'relay_ack') return answer.message;
  throw new SubjectMisbehaved('a relay was not acknowledged', 'relay_ack', told(answer));
}

type Entries = readonly {
  readonly user_id: string;
  readonly device_ids: readonly string[];
}[];

const pairsOf = (entries: Entries): string[] =>
  entries.flatMap(({ user_id, device_ids }) => device_ids.map((id) => `${user_id} ${id}`)).sort();

const pairOf = ({ userId, deviceId }: DeviceIdentity): string => `${userId} ${deviceId}`;

/**
 * F-ACK-02: both lists together name every device once; F-ACK-01: the status says what they say.
 */
function checkLists(
  stage: Stage,
  ack: RelayAck,
  expected: { delivered: readonly DeviceIdentity[]; failed: readonly DeviceIdentity[] },
): void {
  const got = {
    delivered: pairsOf(ack.delivered_to),
    failed: pairsOf(ack.failed_deliveries),
  };
  const wanted = {
    delivered: expected.delivered.map(pairOf).sort(),
    failed: expected.failed.map(pairOf).sort(),
  };
  stage.check('F-ACK-02', JSON.stringify(got) === JSON.stringify(wanted), {
    what: 'who is named in the two lists',
    expected: wanted,
    got,
  });
  const some = wanted.delivered.length > 0 ? 'partial' : 'failed';
  const status = wanted.failed.length === 0 ? 'delivered' : some;
  stage.check('F-ACK-01', ack.status === status, {
    what: 'status beside these lists',
    expected: status,
    got: ack.status,
  });
}

/** Alice with two devices, one of them away, and carol with two. */
async function households(stage: Stage): Promise<Neighbours & { readonly devices: Device[] }> {
  const people = await neighbours(stage);
  const aliceToo = await stage.device({ userId: people.alice.identity.userId });
  const carol = await stage.device();
  const carolToo = await stage.device({ userId: carol.identity.userId });
  await aliceToo.connection.close();
  return { ...people, devices: [people.alice, aliceToo, carol, carolToo] };
}

const everyDevice = defineCase({
  id: 'federation/acknowledgments/every-device-is-named-once',
  title: 'Two users with two devices each, one away: the acknowledgment names all four, once',
  verifies: ['F-ACK-01', 'F-ACK-02'],
  behaviour: ['F-ACK-01', 'F-ACK-02'],
  async run(stage) {
    const people = await households(stage);
    const identities = people.devices.map(({ identity }) => identity);
    const to = [...new Set(identities.map(({ userId }) => userId))];
    const relay = relayFor(people, { to, recipients: identities, text: 'to four devices' });
    const ack = ackOf(await sendRelay(people.link, relay));
    // What is stored for a device that is away may be told as delivered or as failed.
    const away = identities[1] as DeviceIdentity;
    const isHeld = pairsOf(ack.delivered_to).includes(pairOf(away));
    const reached = identities.filter((one) => one !== away);
    const delivered = isHeld ? identities : reached;
    checkLists(stage, ack, { delivered, failed: isHeld ? [] : [away] });
    for (const device of people.devices) {
      if (device.identity === away) continue;
      await checkRead(stage, 'F-ACK-02', device, { relay, text: 'to four devices' });
    }
  },
});

const failedToo = defineCase({
  id: 'federation/acknowledgments/a-device-that-cannot-be-reached-is-named-as-failed',
  title: 'A device that nobody has is named as failed beside one that is reached: partial',
  verifies: ['F-ACK-01', 'F-ACK-02'],
  behaviour: ['F-ACK-01', 'F-ACK-02'],
  async run(stage) {
    const people = await neighbours(stage);
    const { identity } = people.alice;
    const nobody: DeviceIdentity = { ...identity, deviceId: stage.uuid() };
    const relay = relayFor(people, { recipients: [identity, nobody], text: 'to one of two' });
    const ack = ackOf(await sendRelay(people.link, relay));
    checkLists(stage, ack, { delivered: [identity], failed: [nobody] });
    await checkRead(stage, 'F-ACK-01', people.alice, { relay, text: 'to one of two' });
    const lost = ackOf(await sendRelay(people.link, relayFor(people, { recipients: [nobody] })));
    checkLists(stage, lost, { delivered: [], failed: [nobody] });
  },
});

const unknownUser = defineCase({
  id: 'federation/acknowledgments/an-unknown-user-fails-beside-a-known-one',
  title: 'A user whom the target does not have fails with 5204, the other is reached',
  verifies: ['F-ACK-01', 'F-ACK-02'],
  behaviour: ['F-ACK-01', 'F-ACK-02'],
  async run(stage) {
    const people = await neighbours(stage);
    const nobody = `nobody@${stage.subject.serverId}`;
    const to = [people.alice.identity.userId, nobody];
    const relay = relayFor(people, { to, text: 'to one of two users' });
    const ack = ackOf(await sendRelay(people.link, relay));
    const failed = ack.failed_deliveries.map(({ user_id, error_code }) => [user_id, error_code]);
    const expected = [[nobody, errorCode.federation.userNotFound]];
    stage.check('F-ACK-02', JSON.stringify(failed) === JSON.stringify(expected), {
      what: 'the users that failed, and why',
      expected,
      got: failed,
    });
    stage.check('F-ACK-01', ack.status === 'partial', {
      what: 'status when one of two users is reached',
      expected: 'partial',
      got: ack.status,
    });
    await checkRead(stage, 'F-ACK-01', people.alice, { relay, text: 'to one of two users' });
  },
});

const signed = defineCase({
  id: 'federation/acknowledgments/the-target-signs-it',
  title: 'The acknowledgment names target, message and relay, and the target signs all of it',
  verifies: ['F-ACK-04'],
  behaviour: ['F-ACK-04'],
  at: ['1.1', '2.0'],
  readings: ['L-F08'],
  async run(stage) {
    const people = await neighbours(stage);
    const relay = relayFor(people);
    const answer = await sendRelay(people.link, relay);
    const { target_server, message_id, federation_id } = ackOf(answer);
    const got = { target_server, message_id, federation_id };
    const expected = {
      target_server: stage.subject.serverId,
      message_id: relay.message_id,
      federation_id: relay.federation_id,
    };
    stage.check('F-ACK-04', JSON.stringify(got) === JSON.stringify(expected), {
      what: 'what the acknowledgment is about',
      expected,
      got,
    });
    const whole = JSON.parse(answer.text);
    const { publicKey } = stage.subject;
    const covered = without(whole, 'signature');
    stage.check('F-ACK-04', stage.crypto.verify(publicKey, covered, whole.signature), {
      what: 'the signature of the acknowledgment',
      expected: `a signature of ${publicKey}`,
      got: whole.signature,
    });
  },
});

const repeated = defineCase({
  id: 'federation/acknowledgments/a-repeat-gets-the-same-bytes',
  title: 'The same relay again gets the same acknowledgment, byte for byte, and is not delivered',
  verifies: ['F-ACK-03', 'F-RELAY-06'],
  behaviour: ['F-ACK-03'],
  readings: ['L-F06'],
  async run(stage) {
    const people = await neighbours(stage);
    const relay = relayFor(people, { text: 'once' });
    const first = await sendRelay(people.link, relay);
    ackOf(first);
    await checkRead(stage, 'F-ACK-03', people.alice, { relay, text: 'once' });
    await stage.pass(1500);
    const second = await sendRelay(people.link, relay);
    stage.check('F-ACK-03', second.text === first.text, {
      what: 'the acknowledgment of a repeat',
      expected: first.text,
      got: second.text || told(second),
    });
    await checkNothingCame(stage, 'F-RELAY-06', people.alice, 'a repeat');
    await checkDelivered(stage, 'F-RELAY-06', people);
  },
});

const unasked = defineCase({
  id: 'federation/acknowledgments/only-who-asks-gets-one',
  title: 'A relay that does not ask for an acknowledgment is delivered and answered with nothing',
  verifies: ['F-RELAY-14'],
  behaviour: ['F-RELAY-14'],
  async run(stage) {
    const people = await neighbours(stage);
    const relay = relayFor(people, {
      text: 'no answer needed',
      beforeOrigin: withMetadata({ delivery_requirements: ['encrypt_transport'] }),
    });
    const answer = await sendRelay(people.link, relay);
    const isEither = answer.message?.type === 'relay_ack';
    // To acknowledge unasked is no offence: only what is asked for is demanded.
    if (!isEither) checkSilent(stage, 'F-RELAY-14', answer, 'a relay that asks for nothing');
    await checkRead(stage, 'F-RELAY-14', people.alice, { relay, text: 'no answer needed' });
    await checkDelivered(stage, 'F-RELAY-14', people);
  },
});

export const cases: readonly Case[] = [
  everyDevice,
  failedToo,
  unknownUser,
  signed,
  repeated,
  unasked,
];
