/** What recommendations are worth (L-T24): bounded by anchors, vetoed by a no, lost with trust. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultPolicy, type ServerConfig } from '../../../reference/config.ts';
import { seconds } from '../../../reference/time.ts';
import { createGrant } from '../../../reference/trust/certificate/grant.ts';
import {
  type RecommendationRecord,
  recommendationKey,
} from '../../../reference/trust/recommendation/recommendation-record.ts';
import { recommendationScore, trustPathTo } from '../../../reference/trust/recommendation/worth.ts';
import type { Scope } from '../../../reference/trust/scope.ts';
import { createState } from '../../../reference/trust/state.ts';
import { limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import { ACME, createWorld, present, serverOf } from '../../unit/trust/pair.ts';

const TARGET = 'mallory.example';
const NOW = 1_800_000_000;

interface Voice extends Pick<RecommendationRecord, 'opinion' | 'confidence' | 'anchor'> {
  readonly scoreTenths: number;
  readonly stands: 'trusted' | 'expired' | 'unknown';
  readonly fresh: boolean;
}

const voice: fc.Arbitrary<Voice> = fc.record({
  opinion: fc.constantFrom('positive', 'negative', 'neutral', 'declined'),
  confidence: fc.constantFrom('low', 'medium', 'high'),
  anchor: fc.constantFrom('root a', 'root b', 'root c'),
  scoreTenths: fc.integer({ min: 0, max: 1000 }),
  stands: fc.constantFrom('trusted', 'trusted', 'expired', 'unknown'),
  fresh: fc.boolean(),
});
const voices = fc.array(voice, { maxLength: 12 });

function certificate(subject: string, notAfter: number): NorcTrustCertificate {
  return {
    type: 'norc_trust_certificate',
    version: 1,
    certificate_id: `id of ${subject}`,
    issuer_server: ACME,
    subject_server: subject,
    trust_level: 'basic',
    permissions: ['message_relay'],
    not_before: NOW - 100,
    not_after: notAfter,
    renewable: true,
    revocable: true,
    conditions: [],
    public_key: '',
    key_algorithm: 'ed25519',
    extensions: [],
    signature_algorithm: 'ed25519',
    signature: '',
  };
}

function scopeOf(heard: readonly Voice[]): Scope {
  const world = createWorld({ [ACME]: {} });
  const { config, context } = present(world, ACME);
  const state = createState();
  for (const [at, { scoreTenths, stands, fresh, ...said }] of heard.entries()) {
    const recommender = `s${at}.example`;
    const record: RecommendationRecord = {
      ...said,
      recommender,
      target: TARGET,
      level: 'basic',
      expiresSeconds: fresh ? NOW + 100 : NOW,
    };
    state.recommendations.set(recommendationKey(record), record);
    if (stands === 'unknown') continue;
    const issued = certificate(recommender, stands === 'trusted' ? NOW + 100 : NOW);
    const inbound = createGrant(issued, ['message_relay'], {
      activeFromSeconds: NOW - 100,
      mutual: false,
      maxAgeSeconds: 1000,
      method: 'direct_exchange',
      scoreTenths,
    });
    const relation = { peer: recommender, peerKey: '', inbound, outbound: null, live: true };
    state.relations.set(recommender, relation);
  }
  const still: ServerConfig = { ...config, policy: defaultPolicy };
  const link = { post() {}, answer() {}, fetchList() {}, standingChanged() {} };
  const { audit } = serverOf(world, ACME);
  return { config: still, link, audit, state, context: { ...context, now: seconds(NOW) } };
}

const score = (heard: readonly Voice[]) => recommendationScore(scopeOf(heard), TARGET);
const counts = ({ stands, fresh }: Voice) => stands === 'trusted' && fresh;
const weight = ({ scoreTenths, confidence }: Voice) =>
  Math.floor((scoreTenths * limits.confidenceTenths[confidence]) / 10);

describe('the worth of recommendations', () => {
  test('T-REC-05: is the sum over anchors of the heaviest voice of each', () =>
    fc.assert(
      fc.property(voices, (heard) => {
        const positive = heard.filter((one) => counts(one) && one.opinion === 'positive');
        const best = ['root a', 'root b', 'root c'].map((anchor) =>
          Math.max(0, ...positive.filter((one) => one.anchor === anchor).map(weight)),
        );
        const isOpposed = heard.some((one) => counts(one) && one.opinion === 'negative');
        const sum = Math.min(
          1000,
          best.reduce((total, one) => total + one, 0),
        );
        expect(score(heard)).toBe(isOpposed ? 0 : sum);
      }),
    ));

  test('T-REC-05: S-14: does not grow with the number of sybils behind one anchor', () =>
    fc.assert(
      fc.property(voice, fc.integer({ min: 1, max: 1000 }), (one, count) => {
        const sybil: Voice = { ...one, opinion: 'positive', stands: 'trusted', fresh: true };
        expect(score(Array.from({ length: count }, () => sybil))).toBe(score([sybil]));
      }),
      { numRuns: 10 },
    ));

  test('T-REC-04: is nothing once anybody who counts says no; the undecided change nothing', () =>
    fc.assert(
      fc.property(voices, voice, (heard, one) => {
        const no: Voice = { ...one, opinion: 'negative', stands: 'trusted', fresh: true };
        expect(score([...heard, no])).toBe(0);
        for (const opinion of ['neutral', 'declined'] as const) {
          expect(score([...heard, { ...one, opinion }])).toBe(score(heard));
        }
      }),
    ));

  test('T-REC-02: does not hear those who are not trusted, for or against', () =>
    fc.assert(
      fc.property(voices, voice, fc.constantFrom('expired', 'unknown'), (heard, one, stands) => {
        expect(score([...heard, { ...one, stands }])).toBe(score(heard));
      }),
    ));

  test('T-PATH-05: no path leads over what is not live', () =>
    fc.assert(
      fc.property(voices, (heard) => {
        const path = trustPathTo(scopeOf(heard), TARGET);
        const carriers = heard.filter((one) => {
          return counts(one) && one.opinion === 'positive' && one.scoreTenths > 0;
        });
        expect(path !== null).toBe(carriers.length > 0);
        if (path) expect(path.servers).toHaveLength(3);
      }),
    ));
});
