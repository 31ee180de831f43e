/**
 * Relays for a third server, which the subject passes on (F-RELAY-11, -12, -19; L-F03, L-F11;
 * S-8).
 */
import { bytesOf } from '../../../../reference/wire/base64url.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { MessageRelay } from '../../../../spec/messages/federation/message-relay.ts';
import type { Link, Peer, PeerOptions, RelayOptions } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved, Untestable } from '../../case.ts';
import type { Received, Stage } from '../../stage.ts';
import { checkRefused, codeOf, told } from './steps/answers.ts';
import { sendRelay } from './steps/neighbours.ts';

const { federation: code } = errorCode;

interface Chain {
  readonly bravo: Peer;
  /** Of bravo, active. */
  readonly link: Link;
  readonly charlie: Peer;
}

/** The subject trusts both, and both trust it. */
async function chain(stage: Stage, options: PeerOptions = {}): Promise<Chain> {
  const bravo = await stage.peer();
  const charlie = await stage.peer(options);
  await charlie.establish();
  const { link } = await bravo.establish();
  return { bravo, charlie, link };
}

/** Of bravo's user for charlie's. */
function onward({ bravo, charlie }: Chain, options: Partial<RelayOptions> = {}): MessageRelay {
  return bravo.composeRelay({
    to: [charlie.user.userId],
    recipients: [charlie.user],
    targetServer: charlie.serverId,
    ...options,
  });
}

async function arrived({ charlie }: Chain): Promise<Received<MessageRelay>> {
  const [relay] = await charlie.relayed();
  if (relay) return relay;
  throw new SubjectMisbehaved('a relay for a third server was not passed on', 'a relay', null);
}

const passed = defineCase({
  id: 'federation/forwarding/a-relay-is-passed-on-bit-exact',
  title: 'A relay for a third server arrives there with its payloads and origin part unchanged',
  verifies: ['F-RELAY-12', 'F-RELAY-02', 'F-RELAY-03', 'F-RELAY-08'],
  behaviour: ['F-RELAY-12', 'F-RELAY-02', 'F-RELAY-03', 'F-RELAY-08'],
  readings: ['L-F02', 'L-F03', 'L-F11'],
  async run(stage) {
    const people = await chain(stage);
    const relay = onward(people, { text: 'for charlie' });
    const answer = await sendRelay(people.link, relay);
    const { message: got, text } = await arrived(people);
    const isExact =
      stage.crypto.hash(got.encrypted_payloads) === stage.crypto.hash(relay.encrypted_payloads);
    const isSame = got.origin_signature === relay.origin_signature;
    const opened = people.charlie.open(got);
    stage.check('F-RELAY-12', isExact && isSame && opened === 'for charlie', {
      what: 'payloads, origin signature and text at the third server',
      expected: 'as they were sent',
      got: { isExact, isSame, opened },
    });
    const { serverId, publicKey } = stage.subject;
    const path = [people.bravo.serverId, serverId];
    stage.check('F-RELAY-02', got.route_path.join() === path.join(), {
      what: 'route_path at the third server',
      expected: path,
      got: got.route_path,
    });
    stage.check('F-RELAY-03', got.metadata.hop_count === 2, {
      what: 'hop_count at the third server',
      expected: 2,
      got: got.metadata.hop_count,
    });
    const { route_signature, ...covered } = JSON.parse(text);
    stage.check('F-RELAY-08', stage.crypto.verify(publicKey, covered, route_signature), {
      what: 'the signature of the hop that the subject is',
      expected: `a signature of ${publicKey}`,
      got: told(answer),
    });
  },
});

/** Members that 1.0 may leave out (L-V12), of which the end needs each. */
const sequencing = ['sequence_number', 'prev_message_hash', 'conversation_id'] as const;

const unstripped = defineCase({
  id: 'federation/forwarding/a-relay-for-an-older-peer-keeps-its-sequence',
  title: 'A relay that is passed on to a peer of 1.0 keeps the sequence and hash that 1.0 may have',
  verifies: ['X-AMC-16'],
  behaviour: ['X-AMC-16'],
  readings: ['L-V12', 'L-F02'],
  async run(stage) {
    if (!stage.subject.versions.includes('1.0')) throw new Untestable('it does not speak 1.0');
    const people = await chain(stage, { versions: ['1.0'] });
    const relay = onward(people);
    await sendRelay(people.link, relay);
    const { message: got } = await arrived(people);
    const lost = sequencing.filter((name) => got[name] !== relay[name]);
    stage.check('X-AMC-16', lost.length === 0, {
      what: 'sequence and hash members that did not reach a peer of 1.0 as they were',
      expected: [],
      got: lost,
    });
  },
});

const answered = defineCase({
  id: 'federation/forwarding/the-acknowledgment-comes-back',
  title: 'Who sent a relay through the subject gets the acknowledgment of the target, as it was',
  verifies: ['F-ACK-04', 'F-ACK-03'],
  behaviour: ['F-ACK-04', 'F-ACK-03'],
  readings: ['L-F06', 'L-F08'],
  async run(stage) {
    const people = await chain(stage);
    const relay = onward(people);
    const first = await sendRelay(people.link, relay);
    const { charlie } = people;
    const message = first.message?.type === 'relay_ack' ? first.message : null;
    const { signature = '', ...covered } = message ? JSON.parse(first.text) : {};
    const isTarget = message?.target_server === charlie.serverId;
    stage.check(
      'F-ACK-04',
      isTarget && stage.crypto.verify(charlie.key.publicKey, covered, signature),
      {
        what: 'what comes back to the origin',
        expected: `an acknowledgment of ${charlie.serverId}`,
        got: told(first),
      },
    );
    await stage.pass(1100);
    const again = await sendRelay(people.link, relay);
    const relays = await charlie.relayed({ count: 2, withinMs: 500 });
    stage.check('F-ACK-03', again.text === first.text && relays.length === 1, {
      what: 'the answer to a repeat, and the relays that the third server got',
      expected: [first.text, 1],
      got: [again.text, relays.length],
    });
  },
});

const noRoute = defineCase({
  id: 'federation/forwarding/without-a-route-there-is-5201',
  title: 'A relay for a server that the subject has no trust with is refused with 5201',
  verifies: ['F-RELAY-19'],
  readings: ['L-F11'],
  async run(stage) {
    const people = await chain(stage);
    const stranger = await stage.peer({ answers: 'manual' });
    const relay = onward({ ...people, charlie: stranger });
    const answer = await sendRelay(people.link, relay);
    checkRefused(stage, 'F-RELAY-19', answer, {
      what: 'a relay for a server without trust',
      codes: [code.noRoute],
    });
    const targetServer = stage.domain('nobody');
    const lost = onward(people, { targetServer, to: [`bob@${targetServer}`] });
    checkRefused(stage, 'F-RELAY-19', await sendRelay(people.link, lost), {
      what: 'a relay for a server that nobody knows',
      codes: [code.noRoute],
    });
    await sendRelay(people.link, onward(people));
    await arrived(people);
  },
});

const oneWay = defineCase({
  id: 'federation/forwarding/trust-is-needed-with-both-neighbours',
  title: 'A server that trusts the subject but is not trusted by it cannot relay through it',
  verifies: ['F-TRUST-01'],
  readings: ['L-F11'],
  async run(stage) {
    const people = await chain(stage);
    const mallory = await stage.peer();
    const link = await mallory.link();
    const answer = await sendRelay(link, onward({ ...people, bravo: mallory }));
    checkRefused(stage, 'F-TRUST-01', answer, {
      what: 'a relay of a stranger for a third server',
      codes: [code.notTrusted],
    });
    const relays = await people.charlie.relayed({ withinMs: 500 });
    stage.check('F-TRUST-01', relays.length === 0, {
      what: 'relays that reached the third server',
      expected: 0,
      got: relays.length,
    });
  },
});

const lastHop = defineCase({
  id: 'federation/forwarding/the-tenth-server-passes-nothing-on',
  title: 'A relay that has come over ten servers is not passed on: 5202',
  verifies: ['F-RELAY-03'],
  readings: ['L-F05'],
  async run(stage) {
    const people = await chain(stage);
    const origin = await stage.peer();
    await origin.establish();
    const over = (hops: number): Partial<RelayOptions> => {
      const between = Array.from({ length: hops - 2 }, () => stage.domain('hop'));
      const routePath = [origin.serverId, ...between, people.bravo.serverId];
      return { originServer: origin.serverId, routePath };
    };
    await sendRelay(people.link, onward(people, over(limits.maxHops - 1)));
    await arrived(people);
    const answer = await sendRelay(people.link, onward(people, over(limits.maxHops)));
    const what = 'a relay that would need an eleventh hop';
    checkRefused(stage, 'F-RELAY-03', answer, { what, codes: [code.ttlExpired] });
  },
});

const edited = defineCase({
  id: 'federation/forwarding/an-edited-relay-is-not-passed-on',
  title: 'A relay whose origin part was changed is refused by the hop, not only by the target',
  verifies: ['F-RELAY-07'],
  readings: ['L-F02'],
  async run(stage) {
    const people = await chain(stage);
    const origin = await stage.peer();
    await origin.establish();
    const route = {
      originServer: origin.serverId,
      routePath: [origin.serverId, people.bravo.serverId],
    };
    const answer = await sendRelay(
      people.link,
      onward(people, { ...route, beforeHop: (relay) => ({ ...relay, message_id: stage.uuid() }) }),
    );
    stage.check('F-RELAY-07', codeOf(answer) !== null, {
      what: 'a relay for a third server whose message_id was changed on the way',
      expected: 'a refusal',
      got: told(answer),
    });
    const relays = await people.charlie.relayed({ withinMs: 500 });
    stage.check('F-RELAY-07', relays.length === 0, {
      what: 'relays that reached the third server',
      expected: 0,
      got: relays.length,
    });
    await sendRelay(people.link, onward(people, route));
    await arrived(people);
  },
});

const forged = defineCase({
  id: 'federation/forwarding/a-forged-acknowledgment-is-not-passed-back',
  title: 'An acknowledgment that the third server has not signed does not reach the origin',
  verifies: ['F-ACK-04'],
  at: ['1.1', '2.0'],
  async run(stage) {
    const people = await chain(stage, {
      bends: {
        relayAck: (ack) => ({ ...ack, signature: flipped(ack.signature ?? '') }),
        resign: false,
      },
    });
    const answer = await sendRelay(people.link, onward(people));
    const isBelieved = answer.message?.type === 'relay_ack';
    stage.check('F-ACK-04', !isBelieved, {
      what: 'what comes back to the origin',
      expected: 'no acknowledgment',
      got: told(answer),
    });
  },
});

function flipped(signature: string): string {
  const bytes = Uint8Array.from(bytesOf(signature));
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  return Buffer.from(bytes).toString('base64url');
}

const down = defineCase({
  id: 'federation/forwarding/a-server-that-is-down-is-no-route',
  title: 'Who relays through the subject to a server that is down is told so in time',
  verifies: ['F-RELAY-19'],
  behaviour: ['F-RELAY-19'],
  needs: { waitsSeconds: 60 },
  async run(stage) {
    const people = await chain(stage);
    await people.charlie.goOffline();
    const relay = onward(people);
    const answer = await people.link.requestRaw({ ...relay }, { withinMs: 90_000 });
    checkRefused(stage, 'F-RELAY-19', answer, {
      what: 'a relay for a server that is down',
      codes: [code.noRoute],
    });
  },
});

export const cases: readonly Case[] = [
  passed,
  unstripped,
  answered,
  noRoute,
  oneWay,
  lastHop,
  edited,
  forged,
  down,
];
