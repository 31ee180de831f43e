/** Recommendations between real trust layers: who is answered, what is believed, and what it is worth. */
import { describe, expect, test } from 'vitest';
import type { TrustRecommendationResponse } from '../../../spec/messages/trust/trust-recommendation-response.ts';
import { auditsOf, bend, brokenAt, countOf, establish, lastOf, revoke } from './deeds.ts';
import {
  ACME,
  BRAVO,
  createWorld,
  pass,
  present,
  restart,
  serverOf,
  settle,
  type World,
} from './pair.ts';

const CHARLIE = 'charlie.example';
const DAY = 86_400;

/** acme and charlie are both trusted by bravo, who is the one asked. */
function three(options: Parameters<typeof createWorld>[0] = {}): World {
  const world = createWorld({ [ACME]: {}, [BRAVO]: {}, [CHARLIE]: {}, ...options });
  establish(world, { from: ACME, to: BRAVO });
  establish(world, { from: CHARLIE, to: BRAVO });
  return world;
}

function askAbout(world: World, about = CHARLIE): TrustRecommendationResponse | undefined {
  const acme = present(world, ACME);
  const order = { command: 'ask-recommendation', server: BRAVO, about } as const;
  acme.layer.inquire(order, acme.context);
  settle(world);
  const isAnswered = countOf(world, 'trust_recommendation_response') > 0;
  return isAnswered ? lastOf(world, 'trust_recommendation_response') : undefined;
}

const opinions = (world: World) =>
  serverOf(world, ACME)
    .store.load()
    .filter(({ table }) => table === 'recommendation')
    .map(({ value }) => value);

describe('the opinion of a server that is asked', () => {
  test('is positive about a server that it trusts, at the level granted, for its requester only', () => {
    const world = three();
    const answer = askAbout(world);
    expect(answer).toMatchObject({
      recommendation: 'positive',
      recommended_trust_level: 'basic',
      requesting_server: ACME,
      target_server: CHARLIE,
      confidence_level: 'low',
    });
    expect(answer?.recommendation_evidence[0]).toMatchObject({ type: 'trust_relationship' });
  });

  test('gains confidence with the time that the relationship has held', () => {
    const world = three();
    pass(world, 20 * DAY);
    expect(askAbout(world)?.confidence_level).toBe('medium');
  });

  test('is declined about the asker, about itself and where policy tells nobody', () => {
    expect(askAbout(three(), ACME)?.recommendation).toBe('declined');
    expect(askAbout(three(), BRAVO)?.recommendation).toBe('declined');
    const silent = three({ [BRAVO]: { policy: { answerRecommendations: false } } });
    expect(askAbout(silent)?.recommendation).toBe('declined');
  });

  test('is neutral about a server that it does not know', () => {
    expect(askAbout(three(), 'delta.example')).toMatchObject({
      recommendation: 'neutral',
      recommended_trust_level: 'untrusted',
    });
  });

  test.each([
    ['policy_violation', 'negative'],
    ['compromised_key', 'negative'],
    ['voluntary', 'neutral'],
  ])('after a revocation for %s is %s', (reason, recommendation) => {
    const world = three();
    revoke(world, BRAVO, CHARLIE, { reason });
    settle(world);
    expect(askAbout(world)).toMatchObject({ recommendation });
  });

  test('outlasts neither thirty days nor the certificate that it rests on', () => {
    const long = three({ [BRAVO]: { policy: { recommendationLifeSeconds: 365 * DAY } } });
    const now = Math.floor(long.now / 1e6);
    expect(askAbout(long)?.recommendation_expires).toBe(now + 30 * DAY);
    const short = { certificateSeconds: 3 * DAY };
    const world = three({ [BRAVO]: { policy: short } });
    const answer = askAbout(world);
    expect(answer?.recommendation_expires).toBeLessThan(now + 3 * DAY);
  });
});

describe('who is answered', () => {
  test('T-REC-06: nobody without trust, and the refusal says nothing of the target', () => {
    const world = createWorld({ [ACME]: {}, [BRAVO]: {}, [CHARLIE]: {} });
    establish(world, { from: CHARLIE, to: BRAVO });
    expect(askAbout(world)).toBeUndefined();
    expect(lastOf(world, 'federation_error')).toMatchObject({ error_code: 5001 });
    expect(brokenAt(world, BRAVO)).toContain('T-REC-06');
  });

  test('T-REC-06: nobody below the level that policy asks of askers', () => {
    const world = three({ [BRAVO]: { policy: { recommendationAskerLevel: 'verified' } } });
    expect(askAbout(world)).toBeUndefined();
    expect(lastOf(world, 'federation_error')).toMatchObject({ error_code: 5001 });
  });

  test('T-REC-06: nobody in the name of another', () => {
    const world = three();
    const inNameOf = { requesting_server: CHARLIE };
    bend(world, 'trust_recommendation', (message) => ({ ...message, ...inNameOf }), 'signature');
    expect(askAbout(world)).toBeUndefined();
    expect(brokenAt(world, BRAVO)).toContain('T-REC-06');
  });
});

describe('what the asker believes', () => {
  const bent = (change: Partial<TrustRecommendationResponse>, signature: string | null): World => {
    const world = three();
    const type = 'trust_recommendation_response';
    bend(world, type, (message) => ({ ...message, ...change }), signature);
    askAbout(world);
    return world;
  };

  test('is what verifies, kept over a restart', () => {
    const world = three();
    askAbout(world);
    expect(opinions(world)).toMatchObject([{ recommender: BRAVO, target: CHARLIE }]);
    restart(world, ACME);
    expect(opinions(world)).toHaveLength(1);
    expect(auditsOf(world, ACME).map(({ action }) => action)).toContain(
      'was given a recommendation',
    );
  });

  test.each([
    ['another target', { target_server: 'delta.example' }],
    ['another requester', { requesting_server: CHARLIE }],
    ['another recommender', { recommender_server: CHARLIE }],
    ['an end that has passed', { recommendation_expires: 1_000_000_000 }],
    ['an end beyond thirty days', { recommendation_expires: 1_900_000_000 }],
  ])('T-REC-01: never one with %s', (_, change) => {
    const world = bent(change, 'signature');
    expect(brokenAt(world, ACME)).toContain('T-REC-01');
    expect(opinions(world)).toEqual([]);
  });

  test('T-REC-01: never one whose signature is of another opinion', () => {
    const world = bent({ recommendation: 'neutral' }, null);
    expect(brokenAt(world, ACME)).toContain('T-REC-01');
    expect(opinions(world)).toEqual([]);
  });

  test('never one that nobody has asked for, nor one that comes twice', () => {
    const world = three();
    const answer = askAbout(world);
    if (!answer) throw new Error('no answer');
    const acme = present(world, ACME);
    const origin = {
      peer: BRAVO,
      tlsKey: null,
      link: 'l',
      exchange: null,
      answers: null,
      federationVersion: '1.1',
      peerFederationVersions: [],
      suite: '',
      encapsulationKey: null,
      anchor: 'another',
    };
    acme.layer.receive(answer, origin, acme.context);
    expect(brokenAt(world, ACME)).toContain('X-ERR-07');
    expect(opinions(world)).toMatchObject([{ anchor: 'Root' }]);
  });

  test('a refusal leaves nothing open: the same may be asked again', () => {
    const world = createWorld({ [ACME]: {}, [BRAVO]: {}, [CHARLIE]: {} });
    askAbout(world);
    establish(world, { from: ACME, to: BRAVO });
    askAbout(world);
    expect(countOf(world, 'trust_recommendation')).toBe(2);
    expect(countOf(world, 'trust_recommendation_response')).toBe(1);
  });
});
