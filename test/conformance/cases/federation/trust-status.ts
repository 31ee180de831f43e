/**
 * trust_status: the subject's own view, truthful, and without effect on it (F4, F5; F-TRUST-06,
 * L-F14).
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { TrustStatusResponse } from '../../../../spec/messages/federation/trust-status-response.ts';
import type { Answer } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import { checkRefused, told } from './steps/answers.ts';
import { checkDelivered, neighbours, relayFor, sendRelay } from './steps/neighbours.ts';

const { federation: code } = errorCode;

function statusOf(answer: Answer): TrustStatusResponse {
  if (answer.message?.type === 'trust_status_response') return answer.message;
  throw new SubjectMisbehaved('trust_status was not answered', 'an answer', told(answer));
}

const nothing = defineCase({
  id: 'federation/trust-status/asking-creates-nothing',
  title: 'A stranger that asks for whatever level is told that there is no trust, and has none',
  verifies: ['F-TRUST-06'],
  behaviour: ['F-TRUST-06'],
  readings: ['L-F14'],
  async run(stage) {
    const alice = await stage.device();
    const mallory = await stage.peer();
    const link = await mallory.link();
    for (const level of ['basic', 'verified', 'classified']) {
      const { trust_established, trust_level } = statusOf(await link.trustStatus(level));
      stage.check('F-TRUST-06', !trust_established && trust_level === 'untrusted', {
        what: `what a stranger is told that asks for ${level}`,
        expected: [false, 'untrusted'],
        got: [trust_established, trust_level],
      });
    }
    const answer = await sendRelay(link, relayFor({ alice, bravo: mallory }));
    const what = 'a relay after asking three times';
    checkRefused(stage, 'F-TRUST-06', answer, { what, codes: [code.notTrusted] });
  },
});

const truthful = defineCase({
  id: 'federation/trust-status/it-tells-what-was-granted',
  title: 'A trusted server is told its level and the times of its certificate, and never more',
  verifies: ['F-TRUST-06'],
  behaviour: ['F-TRUST-06'],
  readings: ['L-F14'],
  async run(stage) {
    const people = await neighbours(stage);
    const { link, established } = people;
    const { trust_level, not_after } = established.certificate;
    for (const [level, expected] of [
      ['basic', true],
      ['verified', false],
      ['classified', false],
    ] as const) {
      const answer = await link.trustStatus(level);
      const status = statusOf(answer);
      const got = {
        established: status.trust_established,
        level: status.trust_level,
        ...(expected && { expires: status.expires_at }),
      };
      const wanted = {
        established: expected,
        level: trust_level,
        ...(expected && { expires: not_after }),
      };
      stage.check('F-TRUST-06', JSON.stringify(got) === JSON.stringify(wanted), {
        what: `the answer to a question for ${level}`,
        expected: wanted,
        got,
      });
    }
    await checkDelivered(stage, 'F-TRUST-06', people);
    const above = relayFor(people, { classification: 'official_use_only' });
    const what = 'a label of level verified after asking for it';
    checkRefused(stage, 'F-TRUST-06', await sendRelay(link, above), {
      what,
      codes: [code.insufficientTrust],
    });
  },
});

export const cases: readonly Case[] = [nothing, truthful];
