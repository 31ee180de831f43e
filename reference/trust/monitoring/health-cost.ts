/**
 * What a report of a server about itself costs it when it is judged anew (L-T28, T-HLTH-02): its
 * own word can lower its score and can never raise it.
 */
import { limits } from '../../../spec/limits.ts';
import { seconds } from '../../time.ts';
import type { Scope } from '../scope.ts';

/** A report of this score neither costs nor could earn anything. [P] */
export const NEUTRAL_SCORE = 80;
/** Thousandths of the security posture that each missing point costs. [P] */
const COST_PER_POINT = 5;

/** What the last report of `peer` costs its security posture, in thousandths. */
export function healthCost({ state, context }: Scope, peer: string): number {
  const report = state.monitoring.reports.get(peer);
  if (!report) return 0;
  const age = context.now - seconds(report.atSeconds);
  if (age > seconds(limits.healthReportSeconds)) return 0;
  // In whole tenths of a point, as scores are: 80 − 79.9 is less than a tenth in binary, and a
  // rounded −0.5 is −0.
  const missingTenths = Math.round((NEUTRAL_SCORE - report.score) * 10);
  if (!context.must('T-HLTH-02', missingTenths >= 0)) return 0;
  return Math.ceil((missingTenths * COST_PER_POINT) / 10);
}
