/**
 * What recommendations add to the score of a request by the web of trust (T-SCORE-01, T-REC-05; L-T24):
 * the recommender's own score × confidence, the heaviest of each anchor, and no more than a whole
 * factor.
 */
import { limits } from '../../../../spec/limits.ts';
import type { ConfidenceLevel } from '../../../../spec/messages/trust/enumerations.ts';
import type { CertificateOptions, Peer, PeerOptions } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { acceptedScore, askAbout, byWebOfTrust as needs, saying } from './steps/recommending.ts';

const readings = ['L-T16', 'L-T24'] as const;
const WEIGHT = limits.scoreWeights.organization_reputation;

/** Points that come of the word of one who has `score` points. */
const worth = (score: number, confidence: ConfidenceLevel): number =>
  (WEIGHT * score * limits.confidenceTenths[confidence]) / 1000;

/** Sums are cut to tenths. */
const isAbout = (got: number, expected: number): boolean => Math.abs(got - expected) < 0.15;

interface Voice {
  readonly peer: Peer;
  /** What the subject gave it. */
  readonly score: number;
}

async function voice(stage: Stage, options: PeerOptions): Promise<Voice> {
  const peer = await stage.peer(options);
  const { decision } = await peer.establish();
  return { peer, score: decision.trust_metadata.trust_score };
}

const confidence = defineCase({
  id: 'trust/web-of-trust/a-word-weighs-as-much-as-its-author-is-sure',
  title: 'Words of high, medium and low confidence weigh as 10 to 7 to 4',
  verifies: ['T-SCORE-01'],
  behaviour: ['T-SCORE-01'],
  readings,
  needs,
  async run(stage) {
    const scores: number[] = [];
    const words: number[] = [];
    for (const confidence_level of ['high', 'medium', 'low'] as const) {
      const target = await stage.peer();
      const { peer, score } = await voice(stage, saying({ confidence_level }));
      await askAbout(stage, peer, target);
      words.push(worth(score, confidence_level));
      scores.push(await acceptedScore(stage, 'T-SCORE-01', target, confidence_level));
    }
    const [high = 0, medium = 0, low = 0] = scores;
    const [most = 0, some = 0, least = 0] = words;
    const got = [high - medium, medium - low];
    const expected = [most - some, some - least];
    stage.check(
      'T-SCORE-01',
      got.every((each, at) => isAbout(each, expected[at] ?? 0)),
      {
        what: 'points between high and medium, and between medium and low confidence',
        expected,
        got,
      },
    );
  },
});

/** Roots of their own: who stands below two of them is two anchors. */
const anchors: readonly NonNullable<CertificateOptions['authority']>[] = [
  'commercial',
  'government',
  'nato',
];

const distinct = defineCase({
  id: 'trust/web-of-trust/authorities-add-up-to-a-whole-factor',
  title: 'Words of servers below different authorities add up, to 20 points and no more',
  verifies: ['T-REC-05'],
  behaviour: ['T-REC-05'],
  readings,
  needs,
  async run(stage) {
    const scores: number[] = [];
    const voices: Voice[] = [];
    for (const authority of anchors) {
      voices.push(await voice(stage, { certificate: { authority } }));
      const target = await stage.peer();
      for (const { peer } of voices) await askAbout(stage, peer, target);
      scores.push(await acceptedScore(stage, 'T-REC-05', target, `one more: ${authority}`));
    }
    const words = voices.map(({ score }) => worth(score, 'high'));
    const base = (scores[0] ?? 0) - (words[0] ?? 0);
    const sums = words.map((_, at) => words.slice(0, at + 1).reduce((sum, each) => sum + each));
    const expected = sums.map((sum) => base + Math.min(WEIGHT, sum));
    stage.check(
      'T-REC-05',
      scores.every((each, at) => isAbout(each, expected[at] ?? 0)),
      {
        what: 'the score by the word of one, two and three servers of different authorities',
        expected,
        got: scores,
      },
    );
  },
});

export const cases: readonly Case[] = [confidence, distinct];
