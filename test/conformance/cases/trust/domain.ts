/** The domain proof, seen from several vantage points (T-RESP-04, L-T03), within bounds (S-31). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { fixed, limits } from '../../../../spec/limits.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused, checkTaken, checkUntrusted, freshLink, upTo } from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';

const { trust: code } = errorCode;

const recordOf = ({ serverId }: { readonly serverId: string }): string =>
  `${fixed.dnsChallengePrefix}${serverId}`;

const common = {
  verifies: 'T-RESP-04',
  step: 'respond',
  codes: [code.domainProof],
  readings: ['L-T03'],
} as const;

const partial: readonly RunFault[] = [0, 1].flatMap((vantage) => [
  {
    id: `that-resolver-${vantage + 1}-does-not-show-is-refused`,
    title: `A value that resolver ${vantage + 1} of two does not show is refused with 5805`,
    ...common,
    options(stage, peer) {
      stage.dns.pretendTxt(recordOf(peer), vantage, [`${fixed.dnsValuePrefix}${'A'.repeat(43)}`]);
      return {};
    },
  },
  {
    id: `that-resolver-${vantage + 1}-fails-on-is-refused`,
    title: `A name on which resolver ${vantage + 1} of two fails is refused with 5805`,
    ...common,
    options(stage, peer) {
      stage.dns.fail(recordOf(peer), vantage);
      return {};
    },
  },
]);

const vantages = (stage: Stage, name: string): readonly number[] =>
  stage.dns.queries.filter((query) => query.name === name).map(({ vantage }) => vantage);

const everyPoint = defineCase({
  id: 'trust/attacks/S-31-each-resolver-is-asked-for-a-value-and-no-more',
  title: 'S-31: each of two resolvers is asked for the value, and none again and again',
  verifies: ['T-RESP-04'],
  accepts: ['T-RESP-04'],
  readings: ['L-T03'],
  async run(stage) {
    const peer = await stage.peer();
    const run = peer.trustRun(await freshLink(peer));
    const what = 'a response whose value both resolvers show';
    checkTaken(stage, 'T-RESP-04', await upTo(run, 'respond'), { step: 'respond', what });
    const asked = vantages(stage, recordOf(peer));
    const isBounded = asked.length <= 2 * limits.dnsVantagePoints;
    stage.check('T-RESP-04', new Set(asked).size === limits.dnsVantagePoints && isBounded, {
      what: 'the resolvers that the subject has asked for the record, each time',
      expected: [0, 1],
      got: asked,
    });
  },
});

const unasked = defineCase({
  id: 'trust/attacks/S-31-a-forged-request-makes-nobody-look-anything-up',
  title: 'S-31: a forged request makes the subject ask the DNS nothing about the name',
  verifies: ['T-REQ-02'],
  async run(stage) {
    const peer = await stage.peer();
    const run = peer.trustRun(await freshLink(peer), {
      request: (request) => ({ ...request, timestamp: request.timestamp + 1 }),
      resign: false,
    });
    const what = 'a request whose signature does not hold';
    checkRefused(stage, 'T-REQ-02', await upTo(run, 'request'), { what });
    const asked = vantages(stage, recordOf(peer));
    stage.check('T-REQ-02', asked.length === 0, { what: 'look-ups', expected: [], got: asked });
    await checkUntrusted(stage, 'T-REQ-02', peer, what);
  },
});

export const cases: readonly Case[] = [...refusedRuns('domain', partial), everyPoint, unasked];
