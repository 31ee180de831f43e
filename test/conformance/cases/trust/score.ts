/**
 * The score of a decision to the tenth (T-SCORE-01, -02, -05; T 1.3, L-T16): servers of ours whose
 * evidence for each factor is there in full or not at all, so that weights alone make the sum.
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import type { TrustResponse } from '../../../../spec/messages/trust/trust-response.ts';
import type { Answer, Peer, TrustRunOptions } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { told } from '../federation/steps/answers.ts';
import { claiming, nobodysProof } from './organisation.ts';
import { set, setAnswer } from './steps/changes.ts';
import { openTrust } from './steps/levels.ts';
import { checkUntrusted, freshLink, onFrom, upTo } from './steps/outcomes.ts';
import { honestAnswers } from './steps/verified.ts';

const readings = ['L-T16'] as const;
const HOUR_MS = 3_600_000;
/** Longer than what counts as about to expire (L-T35). */
const LIFE_MS = 200 * 24 * HOUR_MS;

/** What a server of ours does not show. */
type Lack = 'chain' | 'organisation' | 'certification';

function whole(stage: Stage): Promise<Peer> {
  return stage.peer({ certificate: { notAfterMs: stage.now() / 1000 + LIFE_MS } });
}

function optionsFor(stage: Stage, peer: Peer, lacks: readonly Lack[]): TrustRunOptions {
  const hasChain = !lacks.includes('chain');
  const good = setAnswer('certificate_validation', () => ({
    ocsp_responses: honestAnswers(stage, peer),
  }));
  const response: Bend<TrustResponse> = (message) => {
    const answered = good(message);
    if (!lacks.includes('organisation')) return answered;
    return nobodysProof(answered as unknown as TrustResponse);
  };
  return {
    method: hasChain ? 'ca_validation' : 'direct_exchange',
    standards: lacks.includes('certification') ? [] : ['fips_140_2'],
    ...(!hasChain && { request: set({ certificate_chain: [] }) }),
    response,
  };
}

/** Whatever is decided: an acceptance and a rejection both say it. */
function scoreIn({ message, ...answer }: Answer): number {
  if (message?.type === 'trust_decision') return message.trust_metadata.trust_score;
  throw new SubjectMisbehaved('no decision', 'trust_decision', told({ message, ...answer }));
}

interface Sum {
  readonly id: string;
  readonly title: string;
  readonly lacks: readonly Lack[];
  readonly score: number;
}

const sums: readonly Sum[] = [
  {
    id: 'everything-but-a-history',
    title: 'A newcomer that shows everything has 90.0: all but the 10 of history',
    lacks: [],
    score: 90,
  },
  {
    id: 'no-certification',
    title: 'Without a certification a newcomer has 10 less: 80.0',
    lacks: ['certification'],
    score: 80,
  },
  {
    id: 'no-organisation',
    title: 'With an organisation that nobody vouches for a newcomer has 20 less: 70.0',
    lacks: ['organisation'],
    score: 70,
  },
  {
    id: 'no-chain',
    title: 'Without a chain a newcomer has 30 less: 60.0',
    lacks: ['chain'],
    score: 60,
  },
  {
    id: 'domain-and-clean-record-alone',
    title: 'What is left without all three is 30.0, and the request is rejected',
    lacks: ['chain', 'organisation', 'certification'],
    score: 30,
  },
];

const exact = sums.map(({ id, title, lacks, score }) =>
  defineCase({
    id: `trust/score/${id}`,
    title,
    verifies: ['T-SCORE-01'],
    behaviour: ['T-SCORE-01'],
    readings,
    needs: { policy: claiming },
    async run(stage) {
      const peer = await whole(stage);
      const run = peer.trustRun(await freshLink(peer), optionsFor(stage, peer, lacks));
      const got = scoreIn(await upTo(run, 'respond'));
      stage.check('T-SCORE-01', got === score, { what: title, expected: score, got });
    },
  }),
);

const hundred = defineCase({
  id: 'trust/score/six-factors-in-full-are-a-hundred',
  title: 'The weights sum to 100: with a history beside all else the score goes from 90.0 to 100.0',
  verifies: ['T-SCORE-02'],
  behaviour: ['T-SCORE-02'],
  readings,
  needs: { policy: claiming, waitsSeconds: openTrust.historySeconds },
  async run(stage) {
    const peer = await whole(stage);
    const scores: number[] = [];
    for (const waitMs of [0, openTrust.historySeconds * 1000]) {
      await stage.pass(waitMs);
      const run = peer.trustRun(await freshLink(peer), optionsFor(stage, peer, []));
      scores.push(scoreIn(await upTo(run, 'respond')));
      await onFrom(run, 'acknowledge');
    }
    stage.check('T-SCORE-02', scores.join() === '90,100', {
      what: 'the score of one server without and with a history, all else in full',
      expected: [90, 100],
      got: scores,
    });
  },
});

/** What the operator's approval after `waitMs` brings: the score that is granted on, or null. */
async function approvedAfter(stage: Stage, waitMs: number): Promise<number | null> {
  const peer = await stage.peer();
  await upTo(peer.trustRun(await freshLink(peer)), 'respond');
  await checkUntrusted(stage, 'T-SCORE-05', peer, 'a response that nobody has approved');
  await stage.pass(waitMs);
  await stage.command({ command: 'approve-trust', server: peer.serverId, decision: 'approve' });
  const inbound = await peer.inbound();
  await inbound?.answer(null);
  const { decision, trust_metadata } = (inbound?.received.message ?? {}) as JsonObject;
  if (decision === undefined || decision === 'reject') return null;
  return Number((trust_metadata as JsonObject).trust_score);
}

const FRESHNESS = 15;

const stale = defineCase({
  id: 'trust/score/a-domain-proof-counts-for-a-day',
  title: 'What is approved a day after the domain was seen is not granted on its freshness',
  verifies: ['T-SCORE-05'],
  behaviour: ['T-SCORE-05'],
  readings,
  needs: {
    policy: { trust: { requireManualApproval: true } },
    commands: true,
    waitsSeconds: 48 * 3600,
  },
  async run(stage) {
    const atOnce = await approvedAfter(stage, 0);
    const sameDay = await approvedAfter(stage, 23 * HOUR_MS);
    stage.check('T-SCORE-05', atOnce !== null && sameDay === atOnce, {
      what: 'the score of what is approved 23 hours after the domain was seen',
      expected: atOnce,
      got: sameDay,
    });
    const nextDay = await approvedAfter(stage, 25 * HOUR_MS);
    const most = (atOnce ?? 0) - FRESHNESS;
    stage.check('T-SCORE-05', nextDay === null || nextDay <= most, {
      what: 'the score of what is approved 25 hours after the domain was seen',
      expected: { atMost: most, or: 'nothing is granted' },
      got: nextDay,
    });
  },
});

export const cases: readonly Case[] = [...exact, hundred, stale];
