/** Health checks, by the subject and of the subject (T 8.1; profile T16, T17, L-T28). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { TrustHealthCheck } from '../../../../spec/messages/trust/trust-health-check.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from '../federation/steps/answers.ts';
import { set } from './steps/changes.ts';
import { checkTrusted, checkUntrusted, freshLink } from './steps/outcomes.ts';
import { answerTo, checkSealed, DAY, healthCheck, secondsNow } from './steps/questions.ts';

const { federation, trust } = errorCode;
const readings = ['L-T08', 'L-T28'] as const;
const type = 'trust_health_report';

const reported = defineCase({
  id: 'trust/health/a-related-server-gets-a-signed-report',
  title: 'A server that it has a relationship with gets a report about the subject, signed by it',
  verifies: ['T-HLTH-01'],
  behaviour: ['T-HLTH-01'],
  readings,
  async run(stage) {
    const bravo = await stage.peer();
    const { link } = await bravo.establish();
    const question = healthCheck(stage, bravo);
    const { message, answer } = await answerTo(stage, 'T-HLTH-01', link, { question, type });
    checkSealed(stage, 'T-HLTH-01', { answer, question, member: 'signature' });
    stage.check('T-HLTH-01', message.target_server === stage.subject.serverId, {
      what: 'the server that the report is about',
      expected: stage.subject.serverId,
      got: message.target_server,
    });
    const { next_assessment: next } = message;
    stage.check('T-HLTH-01', next > secondsNow(stage), {
      what: 'next_assessment',
      expected: 'in the future',
      got: next,
    });
  },
});

const stranger = defineCase({
  id: 'trust/health/a-stranger-gets-none',
  title: 'A server without a relationship gets no report',
  verifies: ['T-HLTH-01'],
  readings,
  async run(stage) {
    const bravo = await stage.peer();
    const answer = await (await freshLink(bravo)).requestRaw(healthCheck(stage, bravo));
    const codes = [federation.notTrusted];
    checkRefused(stage, 'T-HLTH-01', answer, { codes, what: 'a health check by a stranger' });
  },
});

interface Fault {
  readonly id: string;
  readonly title: string;
  readonly change: (stage: Stage) => Partial<TrustHealthCheck>;
}

const period = (stage: Stage, start: number, end: number): Partial<TrustHealthCheck> => ({
  assessment_period: { start_time: secondsNow(stage) + start, end_time: secondsNow(stage) + end },
});

const faults: readonly Fault[] = [
  {
    id: 'of-a-period-that-ends-before-it-begins-is-refused',
    title: 'A check of a period that ends before it begins is refused',
    change: (stage) => period(stage, -DAY, -2 * DAY),
  },
  {
    id: 'of-the-future-is-refused',
    title: 'A check of a period that has not ended is refused',
    change: (stage) => period(stage, -DAY, DAY),
  },
  {
    id: 'for-another-server-is-refused',
    title: 'A check that is meant for another server is refused',
    change: (stage) => ({ target_server: stage.domain('other') }),
  },
  {
    id: 'in-the-name-of-another-is-refused',
    title: 'A check in the name of another server is refused',
    change: (stage) => ({ monitoring_server: stage.domain('other') }),
  },
];

const refused = faults.map(({ id, title, change }) =>
  defineCase({
    id: `trust/health/a-check-${id}`,
    title,
    verifies: ['T-HLTH-01'],
    readings,
    async run(stage) {
      const bravo = await stage.peer();
      const { link } = await bravo.establish();
      const answer = await link.requestRaw(healthCheck(stage, bravo, change(stage)));
      checkRefused(stage, 'T-HLTH-01', answer, { what: title });
    },
  }),
);

const forged = defineCase({
  id: 'trust/health/a-forged-check-is-refused',
  title: 'A check that another server has signed is refused',
  verifies: ['X-SIG-02'],
  readings,
  async run(stage) {
    const [bravo, charlie] = [await stage.peer(), await stage.peer()];
    const { link } = await bravo.establish();
    const change = { monitoring_server: bravo.serverId };
    const answer = await link.requestRaw(healthCheck(stage, charlie, change));
    const codes = [trust.badSignature];
    checkRefused(stage, 'X-SIG-02', answer, { codes, what: 'a check that another has signed' });
  },
});

// --- the subject as the one who watches ------------------------------------------------------------

const asks = defineCase({
  id: 'trust/health/the-subject-asks-for-a-sane-period-and-signs',
  title: 'A check by the subject is signed and covers a period that is over',
  verifies: ['T-HLTH-01'],
  behaviour: ['T-HLTH-01'],
  readings,
  needs: { commands: true },
  async run(stage) {
    const bravo = await stage.peer();
    await bravo.establish();
    await stage.command({ command: 'check-health', server: bravo.serverId });
    // Signature and period are judged by our server as it answers.
    const heard = await bravo.heard('trust_health_check');
    stage.check('T-HLTH-01', heard[0]?.message.target_server === bravo.serverId, {
      what: 'the check that the subject has sent',
      expected: `trust_health_check of ${bravo.serverId}`,
      got: heard[0]?.message,
    });
  },
});

/** A leaf that ends soon costs some of the score, so there is something to be gained. */
const soonOver = (stage: Stage) => ({
  certificate: { notAfterMs: stage.now() / 1000 + 20 * DAY * 1000 },
});

const neverRaises = defineCase({
  id: 'trust/health/a-good-report-raises-nothing',
  title: 'What a server says well of itself does not lift its score',
  verifies: ['T-HLTH-02'],
  readings,
  needs: { commands: true },
  async run(stage) {
    const bravo = await stage.peer(soonOver(stage));
    const before = await bravo.establish();
    await stage.command({ command: 'check-health', server: bravo.serverId });
    await bravo.heard('trust_health_check');
    const after = await bravo.establish();
    const [first, second] = [before, after].map(({ decision }) => {
      return decision.trust_metadata.trust_score;
    });
    stage.check('T-HLTH-02', (second ?? 0) <= (first ?? 0), {
      what: 'the score after a report of the best health, against that before it',
      expected: `at most ${first}`,
      got: second,
    });
  },
});

const ended = defineCase({
  id: 'trust/health/a-bad-report-ends-trust-where-policy-says-so',
  title: 'Where the operator has set a floor, a report below it ends the trust',
  verifies: ['T-HLTH-03'],
  readings,
  needs: { commands: true, policy: { trust: { revokeBelowHealth: 50 } } },
  async run(stage) {
    const bravo = await stage.peer({ bends: { healthReport: set({ overall_trust_score: 49.9 }) } });
    await bravo.establish();
    await stage.command({ command: 'check-health', server: bravo.serverId });
    await bravo.heard('trust_health_check');
    await bravo.heard('trust_revoke');
    await checkUntrusted(stage, 'T-HLTH-03', bravo, 'a report below the floor');
  },
});

const forgedReport = defineCase({
  id: 'trust/health/a-forged-report-ends-nothing',
  title: 'A report whose signature does not verify has no effect',
  verifies: ['X-SIG-02'],
  readings,
  needs: { commands: true, policy: { trust: { revokeBelowHealth: 50 } } },
  async run(stage) {
    const bends = { healthReport: set({ overall_trust_score: 0 }), resign: false };
    const bravo = await stage.peer({ bends });
    await bravo.establish();
    await stage.command({ command: 'check-health', server: bravo.serverId });
    await bravo.heard('trust_health_check');
    await checkTrusted(stage, 'X-SIG-02', bravo, 'a forged report of the worst health');
  },
});

export const cases: readonly Case[] = [
  reported,
  stranger,
  ...refused,
  forged,
  asks,
  neverRaises,
  ended,
  forgedReport,
];
