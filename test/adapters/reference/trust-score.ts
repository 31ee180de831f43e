/** The trust score, its thresholds, and what a path is worth (T-SCORE, T-PATH). */
import { type Factors, scoreTenths } from '../../../reference/trust/evidence/score.ts';
import { isLevel, thresholdTenths } from '../../../reference/trust/policy.ts';
import {
  findTrustPath,
  pathScore,
  type TrustGraph,
} from '../../../reference/trust/recommendation/path.ts';
import { defaultTrustPolicy } from '../../../reference/trust-policy.ts';
import { limits } from '../../../spec/limits.ts';
import type { Input } from './input.ts';
import { allowed, byFunction, output, rejected } from './results.ts';

const names = Object.keys(limits.scoreWeights);
const nothing: Factors = {
  ...{ certificate_quality: 0, domain_verification: 0, organization_reputation: 0 },
  ...{ security_posture: 0, compliance_status: 0, historical_reliability: 0 },
};

const isThousandths = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= limits.scoreFactorThousandths;

export const score = byFunction({
  score: (input) => {
    const given = input.object('factors');
    const isKnown = Object.entries(given).every(([n, v]) => names.includes(n) && isThousandths(v));
    if (!isKnown) return rejected('six factors, each from 0 to 1000');
    return output({ score_tenths: scoreTenths({ ...nothing, ...given }) });
  },
  meets: (input) => {
    const level = input.text('level');
    // T-LVL-02: judged before anything is weighed for it.
    if (!isLevel(level) || level === 'untrusted') return rejected('no level that is granted');
    const threshold = thresholdTenths(defaultTrustPolicy, level);
    return allowed(input.number('score_tenths') >= threshold, `below ${threshold}`);
  },
});

function graphOf(edges: readonly Input[]): TrustGraph {
  const graph = new Map<string, Map<string, number>>();
  for (const edge of edges) {
    const from = edge.text('from');
    const trusted = graph.get(from) ?? new Map<string, number>();
    graph.set(from, trusted.set(edge.text('to'), edge.number('score_tenths')));
  }
  return graph;
}

const shown = (value: number): string => value.toFixed(limits.pathScoreDigits);

export const path = byFunction({
  'path-score': (input) =>
    output({ score: shown(pathScore(graphOf(input.inputs('edges')), input.texts('path'))) }),
  'find-path': (input) => {
    const ends = { from: input.text('from'), to: input.text('to') };
    const graph = graphOf(input.inputs('edges'));
    const found = findTrustPath(graph, ends, input.number('max_hops'));
    if (!found) return rejected('no trust path');
    return output({ path: found.servers, score: shown(found.score) });
  },
});
