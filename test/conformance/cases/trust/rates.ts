/** How often a server may ask for trust, and requests that cross (T-REQ-11, T-REQ-12; L-T27). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { Answer, Peer } from '../../actors/peer.ts';
import { type Case, defineCase, Untestable } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { codeOf, told } from '../federation/steps/answers.ts';
import { asking } from './steps/asking.ts';
import {
  checkRefused,
  checkTaken,
  checkTrusted,
  freshLink,
  onFrom,
  upTo,
} from './steps/outcomes.ts';

const { federation } = errorCode;
/** What the profile has where an operator says nothing. */
const PER_HOUR = limits.trustRequestsPerHour;

/** Refused at once, for it comes without capabilities; it has been asked all the same (X-RATE-08). */
async function ask(peer: Peer): Promise<Answer> {
  return peer.trustRun(await freshLink(peer)).request();
}

const isTooOften = (answer: Answer): boolean => codeOf(answer) === federation.messageRate;

async function flood(stage: Stage): Promise<Peer> {
  const peer = await stage.peer();
  for (let nth = 1; nth <= PER_HOUR; nth += 1) {
    const answer = await ask(peer);
    stage.check('T-REQ-12', !isTooOften(answer), {
      what: `request ${nth} of ${PER_HOUR} in an hour`,
      expected: 'judged by what it says',
      got: told(answer),
    });
  }
  return peer;
}

const flooded = defineCase({
  id: 'trust/rates/the-sixth-request-of-an-hour-is-refused',
  title:
    'Five requests in an hour are judged, the sixth is refused for its pace, of one peer alone',
  verifies: ['T-REQ-12'],
  async run(stage) {
    const peer = await flood(stage);
    const sixth = await ask(peer);
    const { message } = sixth;
    const waits = message && 'retry_after' in message ? Number(message.retry_after) : 0;
    stage.check('T-REQ-12', isTooOften(sixth) && waits > 0 && waits <= 3600, {
      what: 'the sixth request',
      expected: { code: federation.messageRate, retry_after: '1 to 3600' },
      got: told(sixth),
    });
    const other = await stage.peer();
    const answer = await upTo(other.trustRun(await freshLink(other)), 'request');
    checkTaken(stage, 'T-REQ-12', answer, { step: 'request', what: 'a request of another server' });
  },
});

const later = defineCase({
  id: 'trust/rates/after-an-hour-it-may-ask-again',
  title: 'A server that has asked too often is heard again after an hour',
  verifies: ['T-REQ-12'],
  needs: { waitsSeconds: 3601 },
  async run(stage) {
    const peer = await flood(stage);
    const sixth = await ask(peer);
    stage.check('T-REQ-12', isTooOften(sixth), {
      what: 'the sixth request',
      expected: federation.messageRate,
      got: told(sixth),
    });
    await stage.pass(3_601_000);
    const answer = await upTo(peer.trustRun(await freshLink(peer)), 'request');
    checkTaken(stage, 'T-REQ-12', answer, { step: 'request', what: 'a request an hour later' });
  },
});

/** A server of ours whose name sorts before or after that of the subject. */
function nameThat(stage: Stage, sorts: 'before' | 'after'): string {
  const { serverId } = stage.subject;
  const name = stage.domain(sorts === 'before' ? 'aa' : 'zz');
  if (name < serverId === (sorts === 'before')) return name;
  throw new Untestable(`no name of the suite sorts ${sorts} ${serverId}`);
}

const lowerGoesOn = defineCase({
  id: 'trust/attacks/S-23-of-crossed-requests-the-lower-name-goes-on',
  title: 'S-23: our request, which crosses that of the subject, goes on when our name sorts lower',
  verifies: ['T-REQ-11'],
  accepts: ['T-REQ-11'],
  readings: ['L-T27'],
  async run(stage) {
    const serverId = nameThat(stage, 'before');
    const { bravo } = await asking(stage, { serverId, leaves: ['trust_request'] });
    await bravo.heard('trust_request'); // which nobody answers
    const run = bravo.trustRun(await freshLink(bravo));
    const answer = await upTo(run, 'request');
    const what = 'our request while that of the subject is open';
    checkTaken(stage, 'T-REQ-11', answer, { step: 'request', what });
    await onFrom(run, 'respond');
    await checkTrusted(stage, 'T-REQ-11', bravo, 'our run');
  },
});

const higherGivesWay = defineCase({
  id: 'trust/attacks/S-23-of-crossed-requests-the-higher-name-gives-way',
  title:
    'S-23: our request, which crosses that of the subject, is refused when our name sorts higher',
  verifies: ['T-REQ-11'],
  readings: ['L-T27'],
  async run(stage) {
    const serverId = nameThat(stage, 'after');
    const { bravo } = await asking(stage, { serverId, leaves: ['trust_request'] });
    await bravo.heard('trust_request');
    const answer = await upTo(bravo.trustRun(await freshLink(bravo)), 'request');
    const what = 'our request while that of the subject is open';
    checkRefused(stage, 'T-REQ-11', answer, { what });
  },
});

export const cases: readonly Case[] = [flooded, later, lowerGoesOn, higherGivesWay];
