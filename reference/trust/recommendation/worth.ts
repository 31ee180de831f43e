/**
 * What recommendations are worth for one server, now (T-REC-02 to T-REC-05, L-T24):
 *
 *   weight  the recommender's own score with us × confidence (1.0, 0.7, 0.4)
 *   worth   the sum over anchors of the heaviest positive weight of each; nothing at all when
 *           anybody whose word counts says no
 *
 * An anchor is the root that a recommender's chain ends below. A thousand servers behind one
 * authority weigh as much as its heaviest (S-14). The result is evidence for a decision at basic,
 * and never a relationship.
 */
import { limits } from '../../../spec/limits.ts';
import { isExpired } from '../../guard/freshness.ts';
import { standingOf } from '../certificate/relationship.ts';
import { rankOf, thresholdTenths } from '../policy.ts';
import type { Scope } from '../scope.ts';
import { findTrustPath, type TrustGraph, type TrustPath } from './path.ts';
import type { RecommendationRecord } from './recommendation-record.ts';

/** In thousandths: 0…1000. */
export function recommendationScore(scope: Scope, subject: string): number {
  const { must } = scope.context;
  const heard = believed(scope, subject);
  const isOpposed = heard.some(({ opinion }) => opinion === 'negative');
  if (!must('T-REC-04', !isOpposed)) return 0;
  const voices = heard.filter(({ opinion }) => opinion === 'positive');
  const heaviest = new Map<string, number>();
  for (const [at, voice] of voices.entries()) {
    const weight = weightOf(scope, voice);
    const isFirst = !heaviest.has(voice.anchor);
    // Switched off, every voice is an anchor of its own, and sybils add up.
    const anchor = must('T-REC-05', isFirst) && !isFirst ? `${voice.anchor}/${at}` : voice.anchor;
    heaviest.set(anchor, Math.max(weight, heaviest.get(anchor) ?? 0));
  }
  const sum = [...heaviest.values()].reduce((total, weight) => total + weight, 0);
  return Math.min(limits.scoreFactorThousandths, sum);
}

/**
 * The path of trust that leads to `subject`: by those we trust, and by what they say. Null is
 * `no_trust_path` (5815).
 */
export function trustPathTo(scope: Scope, subject: string): TrustPath | null {
  return findTrustPath(liveGraph(scope, subject), { from: scope.config.serverId, to: subject });
}

/** T-PATH-05: what is revoked, expired or suspended is no edge. */
function liveGraph(scope: Scope, subject: string): TrustGraph {
  const { state, config, context } = scope;
  const trusted = [...state.relations.keys()].filter((peer) => {
    return context.must('T-PATH-05', isTrusted(scope, peer));
  });
  const own = new Map(trusted.map((peer) => [peer, scoreTenthsOf(scope, peer)]));
  const spoken = believed(scope, subject).flatMap(({ recommender, opinion, confidence }) => {
    const edge = new Map([[subject, limits.confidenceTenths[confidence] * 100]]);
    return opinion === 'positive' ? [[recommender, edge] as const] : [];
  });
  return new Map([...spoken, [config.serverId, own]]);
}

/** Opinions whose author has a say, of which `declined` and `neutral` say nothing. */
function believed(scope: Scope, subject: string): readonly RecommendationRecord[] {
  const { state, context } = scope;
  const about = [...state.recommendations.values()].filter(({ target }) => target === subject);
  return about.filter(({ recommender, opinion, level, expiresSeconds }) => {
    const speaks = opinion === 'positive' || opinion === 'negative';
    if (!speaks || recommender === subject) return false;
    if (!context.must('T-REC-01', !isExpired(context.now, expiresSeconds))) return false;
    // A warning needs no level: whom we trust at all may give one.
    const floor = opinion === 'negative' ? 'basic' : level;
    return context.must('T-REC-02', isTrusted(scope, recommender, floor));
  });
}

function isTrusted({ state, context }: Scope, peer: string, floor = 'basic'): boolean {
  const { status, level } = standingOf(state, peer, 'inbound', context.now);
  return status === 'active' && rankOf(level) >= rankOf(floor);
}

function weightOf(scope: Scope, { recommender, confidence }: RecommendationRecord): number {
  return Math.floor((scoreTenthsOf(scope, recommender) * limits.confidenceTenths[confidence]) / 10);
}

/**
 * The score with which we granted trust, in tenths of 100: on this scale also thousandths of 1.
 * Where we granted without having scored (a reverse certificate), the least that the level asks.
 */
export function scoreTenthsOf({ state, config }: Scope, peer: string): number {
  const grant = state.relations.get(peer)?.inbound;
  if (!grant) return 0;
  const level = grant.certificate.trust_level;
  return grant.scoreTenths ?? thresholdTenths(config.policy.trust, level);
}
