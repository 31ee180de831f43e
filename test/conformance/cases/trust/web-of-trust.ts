/** The subject as the one who is told recommendations, and what it makes of them (T 6, L-T24). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import type { TrustRecommendationResponse } from '../../../../spec/messages/trust/trust-recommendation-response.ts';
import type { Established, Peer } from '../../actors/peer.ts';
import { type Case, defineCase, type PolicyChange } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { sendRelay } from '../federation/steps/neighbours.ts';
import { set } from './steps/changes.ts';
import { checkRefused, checkUntrusted, freshLink, upTo } from './steps/outcomes.ts';
import { DAY, secondsNow } from './steps/questions.ts';
import {
  acceptedScore,
  askAbout,
  checkUnrecommended,
  byWebOfTrust as needs,
  recommender,
  saying,
} from './steps/recommending.ts';
import { revoke } from './steps/revoking.ts';

const readings = ['L-T19', 'L-T24'] as const;

const accepted = defineCase({
  id: 'trust/web-of-trust/a-recommended-server-is-taken-at-basic',
  title: 'By the word of a server that it trusts, the subject accepts another one, at basic',
  verifies: ['T-REC-03'],
  readings,
  needs,
  async run(stage) {
    const target = await stage.peer();
    await checkUnrecommended(stage, 'T-REC-03', target, 'no recommendation at all');
    await recommender(stage, target);
    await acceptedScore(stage, 'T-REC-03', target, 'a request after a recommendation');
  },
});

const atMostBasic = defineCase({
  id: 'trust/web-of-trust/gives-at-most-basic',
  title: 'By recommendations alone nothing above basic is granted, whatever they recommend',
  verifies: ['T-LVL-05'],
  readings,
  needs,
  async run(stage) {
    const target = await stage.peer();
    await recommender(stage, target);
    const options = { method: 'web_of_trust', level: 'verified' } as const;
    const answer = await upTo(target.trustRun(await freshLink(target), options), 'request');
    const codes = [errorCode.trust.level];
    const what = 'verified by the web of trust';
    checkRefused(stage, 'T-LVL-05', answer, { codes, orRejected: true, what });
  },
});

interface Worthless {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly change: (stage: Stage) => Partial<TrustRecommendationResponse>;
  readonly resign?: false;
}

const worthless: readonly Worthless[] = [
  {
    id: 'for-another-requester-is-none',
    title: 'A recommendation that was given to another server counts for nothing',
    verifies: 'T-REC-01',
    change: (stage) => ({ requesting_server: stage.domain('other') }),
  },
  {
    id: 'with-a-forged-signature-is-none',
    title: 'A recommendation whose signature does not verify counts for nothing',
    verifies: 'T-REC-01',
    change: () => ({ confidence_level: 'medium' }),
    resign: false,
  },
  {
    id: 'that-has-expired-is-none',
    title: 'A recommendation that is over counts for nothing',
    verifies: 'T-REC-01',
    change: (stage) => ({ recommendation_expires: secondsNow(stage) - 1 }),
  },
  {
    id: 'for-more-than-thirty-days-is-none',
    title: 'A recommendation that would hold for longer than thirty days counts for nothing',
    verifies: 'T-REC-01',
    change: (stage) => ({ recommendation_expires: secondsNow(stage) + 31 * DAY }),
  },
  {
    id: 'above-its-author-is-none',
    title: 'A recommendation of a level that its author does not have counts for nothing',
    verifies: 'T-REC-02',
    change: () => ({ recommended_trust_level: 'verified' }),
  },
];

const ofNoWorth = worthless.map(({ id, title, verifies, change, resign }) =>
  defineCase({
    id: `trust/web-of-trust/a-recommendation-${id}`,
    title,
    verifies: [verifies],
    readings,
    needs,
    async run(stage) {
      const target = await stage.peer();
      const { bends } = saying(change(stage));
      await recommender(stage, target, {
        bends: { ...bends, ...(resign === false && { resign }) },
      });
      await checkUnrecommended(stage, verifies, target, title);
    },
  }),
);

const aboutAnother = defineCase({
  id: 'trust/web-of-trust/an-answer-about-another-server-helps-nobody',
  title: 'A recommendation of another server than the one asked about does not help that other',
  verifies: ['T-REC-01'],
  readings,
  needs,
  async run(stage) {
    const [target, mallory] = [await stage.peer(), await stage.peer()];
    await recommender(stage, target, saying({ target_server: mallory.serverId }));
    await checkUnrecommended(stage, 'T-REC-01', mallory, 'an answer that nobody had asked for');
  },
});

const noTrust = defineCase({
  id: 'trust/web-of-trust/a-recommendation-is-no-trust',
  title:
    'A server that a friend recommends may not relay: trust is between two and never handed on',
  verifies: ['T-CAP-08', 'T-OVL-01'],
  behaviour: ['T-CAP-08', 'T-OVL-01'],
  readings: ['L-T23', 'L-T24', 'L-X14'],
  needs,
  async run(stage) {
    const alice = await stage.device();
    const target = await stage.peer();
    await recommender(stage, target);
    const to = [alice.identity.userId];
    const relay = target.composeRelay({ to, recipients: [alice.identity] });
    const answer = await sendRelay(await freshLink(target), relay);
    for (const id of ['T-CAP-08', 'T-OVL-01'] as const) {
      const codes = [errorCode.federation.notTrusted];
      checkRefused(stage, id, answer, { codes, what: 'a relay of a friend of a friend' });
    }
    await checkUntrusted(stage, 'T-CAP-08', target, 'the recommendation of a friend');
  },
});

const undecided = (['neutral', 'declined'] as const).map((recommendation) =>
  defineCase({
    id: `trust/web-of-trust/${recommendation}-is-no-recommendation`,
    title: `An opinion that is ${recommendation} counts for nothing`,
    verifies: ['T-REC-03'],
    readings,
    needs,
    async run(stage) {
      const target = await stage.peer();
      await recommender(stage, target, saying({ recommendation }));
      await checkUnrecommended(stage, 'T-REC-03', target, `an opinion that is ${recommendation}`);
    },
  }),
);

const opposed = defineCase({
  id: 'trust/web-of-trust/a-warning-outweighs-praise',
  title: 'One server that is trusted and warns outweighs one that recommends',
  verifies: ['T-REC-04'],
  readings,
  needs,
  async run(stage) {
    const target = await stage.peer();
    await recommender(stage, target);
    await recommender(stage, target, saying({ recommendation: 'negative' }));
    await checkUnrecommended(stage, 'T-REC-04', target, 'a recommendation and a warning');
  },
});

const revoked = defineCase({
  id: 'trust/web-of-trust/the-word-of-a-revoked-server-is-none',
  title: 'What a server recommended counts for nothing once it is no longer trusted',
  verifies: ['T-REC-02'],
  readings,
  needs,
  async run(stage) {
    const target = await stage.peer();
    const { serverId: server } = await recommender(stage, target);
    await stage.command({ command: 'revoke-trust', server, reason: 'policy_violation' });
    await checkUnrecommended(stage, 'T-REC-02', target, 'the revocation of its recommender');
  },
});

const LASTS_SECONDS = 3600;

/** How the trust in a recommender ends, so that no path leads over it any more. */
interface Gone {
  readonly id: string;
  readonly title: string;
  readonly more?: { readonly waitsSeconds: number; readonly policy: PolicyChange };
  readonly end: (stage: Stage, peer: Peer, established: Established) => Promise<unknown>;
}

const gone: readonly Gone[] = [
  {
    id: 'revoked',
    title: 'whose certificate was revoked',
    end: (stage, { serverId: server }) =>
      stage.command({ command: 'revoke-trust', server, reason: 'policy_violation' }),
  },
  {
    id: 'suspended',
    title: 'whose certificate is suspended',
    end: (_, peer, established) =>
      revoke(peer, established, set({ revocation_scope: 'conditional', grace_period: 86_400 })),
  },
  {
    id: 'expired',
    title: 'whose certificate has expired',
    more: {
      waitsSeconds: LASTS_SECONDS,
      policy: { trust: { ...needs.policy.trust, certificateSeconds: LASTS_SECONDS } },
    },
    end: (stage) => stage.pass((LASTS_SECONDS + 60) * 1000),
  },
];

const overGone = gone.map(({ id, title, more, end }) =>
  defineCase({
    id: `trust/web-of-trust/no-path-leads-over-what-is-${id}`,
    title: `No path of trust leads over a server ${title}: 5815`,
    verifies: ['T-PATH-05', 'T-PATH-03'],
    behaviour: ['T-PATH-05'],
    readings: ['L-T23'],
    needs: { ...needs, ...more },
    async run(stage) {
      const [target, peer] = [await stage.peer(), await stage.peer()];
      const established = await peer.establish();
      await askAbout(stage, peer, target);
      await end(stage, peer, established);
      for (const id of ['T-PATH-05', 'T-PATH-03'] as const) {
        await checkUnrecommended(stage, id, target, `the word of a server ${title}`);
      }
    },
  }),
);

const sybils = defineCase({
  id: 'trust/attacks/S-14-sybils-behind-one-authority-count-once',
  title: 'S-14: five servers that one authority has named lift a score no higher than one does',
  verifies: ['T-REC-05'],
  readings,
  needs,
  async run(stage) {
    const [one, five] = [await stage.peer(), await stage.peer()];
    const first = await recommender(stage, one);
    await askAbout(stage, first, five);
    for (let count = 1; count < 5; count += 1) await recommender(stage, five);
    const alone = await acceptedScore(stage, 'T-REC-05', one, 'one recommendation');
    const together = await acceptedScore(stage, 'T-REC-05', five, 'five behind one authority');
    stage.check('T-REC-05', together <= alone, {
      what: 'the score by five recommenders of one authority, against that by one of them',
      expected: `at most ${alone}`,
      got: together,
    });
  },
});

export const cases: readonly Case[] = [
  accepted,
  atMostBasic,
  ...ofNoWorth,
  aboutAnother,
  noTrust,
  ...undecided,
  opposed,
  revoked,
  ...overGone,
  sybils,
];
