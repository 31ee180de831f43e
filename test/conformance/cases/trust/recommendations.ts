/** The subject as the one who is asked for a recommendation (T 6.1; profile T12, T13, L-T24). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from '../federation/steps/answers.ts';
import { freshLink } from './steps/outcomes.ts';
import { answerTo, checkSealed, recommendationRequest, secondsNow } from './steps/questions.ts';

const { federation, trust } = errorCode;
const readings = ['L-T24'] as const;
const type = 'trust_recommendation_response';

/** bravo and charlie, both of which the subject trusts. */
async function twoFriends(stage: Stage) {
  const [bravo, charlie] = [await stage.peer(), await stage.peer()];
  const { link } = await bravo.establish();
  await charlie.establish();
  return { bravo, charlie, link };
}

const given = defineCase({
  id: 'trust/recommendations/of-a-trusted-server-is-positive-signed-and-limited',
  title:
    'Asked about a server that it trusts, it answers for the asker alone, signed and with an end',
  verifies: ['T-REC-01'],
  behaviour: ['T-REC-01'],
  readings,
  async run(stage) {
    const { bravo, charlie, link } = await twoFriends(stage);
    const question = recommendationRequest(stage, bravo, charlie.serverId);
    const { message, answer } = await answerTo(stage, 'T-REC-01', link, { question, type });
    checkSealed(stage, 'T-REC-01', { answer, question, member: 'signature' });
    const expected = {
      request_id: question.request_id,
      requesting_server: bravo.serverId,
      recommender_server: stage.subject.serverId,
      target_server: charlie.serverId,
    };
    const { request_id, requesting_server, recommender_server, target_server } = message;
    const got = { request_id, requesting_server, recommender_server, target_server };
    stage.check('T-REC-01', JSON.stringify(got) === JSON.stringify(expected), {
      what: 'for whom and about whom the recommendation is',
      expected,
      got,
    });
    const life = message.recommendation_expires - secondsNow(stage);
    stage.check('T-REC-01', life > 0 && life <= limits.recommendationSeconds, {
      what: 'seconds for which the recommendation is valid',
      expected: `up to ${limits.recommendationSeconds}`,
      got: life,
    });
  },
});

const unknown = defineCase({
  id: 'trust/recommendations/of-an-unknown-server-counts-for-nothing',
  title: 'Of a server that it does not know it recommends nothing, whatever the asker vouches',
  verifies: ['T-REC-01'],
  behaviour: ['T-REC-01'],
  readings,
  async run(stage) {
    const bravo = await stage.peer();
    const { link } = await bravo.establish();
    const question = recommendationRequest(stage, bravo, stage.domain('unknown'));
    const { message } = await answerTo(stage, 'T-REC-01', link, { question, type });
    const { recommendation } = message;
    stage.check('T-REC-01', recommendation === 'neutral' || recommendation === 'declined', {
      what: 'the recommendation of a server that the subject has no relationship with',
      expected: 'neutral or declined',
      got: recommendation,
    });
  },
});

const stranger = defineCase({
  id: 'trust/recommendations/a-stranger-gets-none',
  title: 'A server without trust is not told what the subject thinks of others',
  verifies: ['T-REC-06'],
  readings,
  async run(stage) {
    const [bravo, charlie] = [await stage.peer(), await stage.peer()];
    await charlie.establish();
    const link = await freshLink(bravo);
    const answer = await link.requestRaw(recommendationRequest(stage, bravo, charlie.serverId));
    const codes = [federation.notTrusted];
    checkRefused(stage, 'T-REC-06', answer, { codes, what: 'a question of a stranger' });
  },
});

const inNameOfAnother = defineCase({
  id: 'trust/recommendations/none-in-the-name-of-another',
  title: 'A question in the name of another server is refused',
  verifies: ['T-REC-06'],
  readings,
  async run(stage) {
    const { bravo, charlie, link } = await twoFriends(stage);
    const change = { requesting_server: charlie.serverId };
    const question = recommendationRequest(stage, bravo, charlie.serverId, change);
    const answer = await link.requestRaw(question);
    checkRefused(stage, 'T-REC-06', answer, { what: 'a question in the name of another' });
  },
});

const forged = defineCase({
  id: 'trust/recommendations/a-forged-question-is-refused',
  title: 'A question whose signature is not that of the asker is refused',
  verifies: ['X-SIG-02'],
  readings: ['L-T08', 'L-T24'],
  async run(stage) {
    const { bravo, charlie, link } = await twoFriends(stage);
    const question = recommendationRequest(stage, charlie, charlie.serverId, {
      requesting_server: bravo.serverId,
    });
    const answer = await link.requestRaw(question);
    checkRefused(stage, 'X-SIG-02', answer, {
      codes: [trust.badSignature],
      what: 'a question that another server has signed',
    });
  },
});

export const cases: readonly Case[] = [given, unknown, stranger, inNameOfAnother, forged];
