/**
 * The time that peers tell, and what the subject makes of it (F App A.3, T App A.5; L-F22, L-X10):
 * the median of three trusted ones shifts the instant at which trust is over, and nothing less.
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import type { Answer, Peer } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { told } from '../federation/steps/answers.ts';
import { set } from './steps/changes.ts';
import { checkTrusted, checkUntrusted, freshLink } from './steps/outcomes.ts';
import { DAY, secondsNow, signedBy } from './steps/questions.ts';

/** A subject of its own: its time is shifted for everybody that it knows. */
const shifted = { policy: { trust: { tellTimeSeconds: 30 * DAY } } } as const;
/**
 * One after the other on one subject: none of them leaves three peers behind that it believes. The
 * one after which two honest clocks and one rogue are known comes last.
 */
const unmoved = { policy: { trust: { tellTimeSeconds: 31 * DAY } }, alone: true } as const;
const readings = ['L-F22', 'L-X10'] as const;

/** Trust with `bravo` is over in so many seconds; peers are this far ahead. */
const LEFT_SECONDS = 50;
const AHEAD_SECONDS = 59;

/** Mutual trust that ends soon. */
async function nearlyOver(stage: Stage): Promise<Peer> {
  const bravo = await stage.peer();
  const end = secondsNow(stage) + LEFT_SECONDS;
  await bravo.establish({ certificate: set({ not_after: end }) });
  return bravo;
}

async function trusted(stage: Stage): Promise<Peer> {
  const peer = await stage.peer();
  await peer.establish();
  return peer;
}

/** `signer`: whose key signs; by default the peer's own. */
async function tell(
  stage: Stage,
  peer: Peer,
  aheadSeconds: number,
  signer: Peer = peer,
): Promise<Answer> {
  const message = {
    type: 'time_sync',
    server_time: secondsNow(stage) + aheadSeconds,
    uncertainty_ms: 1000,
    server_id: peer.serverId,
  };
  return (await freshLink(peer)).requestRaw(signedBy(stage, signer, message));
}

const agreed = defineCase({
  id: 'trust/time/three-peers-move-the-end-of-trust',
  title:
    'When three trusted peers agree that it is later, trust that is over by then is over; two do not',
  verifies: ['X-TIME-07'],
  readings,
  needs: shifted,
  async run(stage) {
    const bravo = await nearlyOver(stage);
    for (const peer of [await trusted(stage), await trusted(stage)]) {
      await tell(stage, peer, AHEAD_SECONDS);
    }
    await checkTrusted(stage, 'X-TIME-07', bravo, 'two peers have told another time');
    await tell(stage, await trusted(stage), AHEAD_SECONDS);
    await checkUntrusted(stage, 'X-TIME-07', bravo, 'three peers have told another time');
  },
});

const rogue = defineCase({
  id: 'trust/attacks/S-13-one-rogue-clock-moves-nothing',
  title: 'S-13: one peer that tells a wrong time, again and again, moves no end of trust',
  verifies: ['X-TIME-07'],
  readings,
  needs: unmoved,
  async run(stage) {
    const bravo = await nearlyOver(stage);
    const mallory = await trusted(stage);
    for (let count = 0; count < 3; count += 1) await tell(stage, mallory, AHEAD_SECONDS);
    await checkTrusted(stage, 'X-TIME-07', bravo, 'one peer has told a wrong time three times');
    for (const peer of [await trusted(stage), await trusted(stage)]) await tell(stage, peer, 0);
    await checkTrusted(stage, 'X-TIME-07', bravo, 'two honest peers have told theirs');
  },
});

const tooFar = defineCase({
  id: 'trust/attacks/S-13-a-time-that-is-too-far-off-is-none',
  title: 'S-13: three peers that tell a time an hour ahead move no end of trust',
  verifies: ['X-TIME-06'],
  readings,
  needs: unmoved,
  async run(stage) {
    const bravo = await nearlyOver(stage);
    for (let count = 0; count < 3; count += 1) await tell(stage, await trusted(stage), 3600);
    await checkTrusted(stage, 'X-TIME-06', bravo, 'three peers have told a time an hour ahead');
  },
});

const forged = defineCase({
  id: 'trust/time/a-forged-time-is-none',
  title: 'A time that the server named in it has not signed is passed over',
  verifies: ['X-TIME-04'],
  readings,
  needs: unmoved,
  async run(stage) {
    const bravo = await nearlyOver(stage);
    const stranger = await stage.peer();
    for (let count = 0; count < 3; count += 1) {
      await tell(stage, await trusted(stage), AHEAD_SECONDS, stranger);
    }
    await checkTrusted(stage, 'X-TIME-04', bravo, 'three forged times');
  },
});

const strangers = defineCase({
  id: 'trust/time/the-time-of-strangers-is-none',
  title: 'What servers without trust say of the time is passed over',
  verifies: ['F-TIME-01'],
  readings,
  needs: unmoved,
  async run(stage) {
    const bravo = await nearlyOver(stage);
    for (let count = 0; count < 3; count += 1) await tell(stage, await stage.peer(), AHEAD_SECONDS);
    await checkTrusted(stage, 'F-TIME-01', bravo, 'three strangers have told a time');
  },
});

const own = defineCase({
  id: 'trust/time/what-the-subject-tells-is-signed-and-true',
  title: 'Where the subject answers with its own time, it is signed by it and near the truth',
  verifies: ['X-TIME-04', 'X-TIME-06'],
  behaviour: ['X-TIME-04', 'X-TIME-06'],
  readings,
  needs: unmoved,
  async run(stage) {
    const answer = await tell(stage, await trusted(stage), 0);
    const { message, status, text } = answer;
    // That it tells its time at all is its own choice (F-TIME-01).
    const isSilent = message === null && status >= 200 && status < 300;
    const received: JsonObject = isSilent ? {} : JSON.parse(text);
    const { signature, server_id: id, server_time: time } = received;
    const { publicKey, serverId } = stage.subject;
    const isSigned =
      typeof signature === 'string' &&
      id === serverId &&
      stage.crypto.verify(publicKey, without(received, 'signature'), signature);
    stage.check('X-TIME-04', isSilent || isSigned, {
      what: 'the time of the subject',
      expected: `a time_sync that ${serverId} has signed, or no answer`,
      got: told(answer),
    });
    const off = typeof time === 'number' ? Math.abs(time - secondsNow(stage)) : 0;
    stage.check('X-TIME-06', off <= 60, {
      what: 'seconds between the time of the subject and that of the suite',
      expected: 'at most 60',
      got: off,
    });
  },
});

export const cases: readonly Case[] = [agreed, tooFar, forged, strangers, own, rogue];
