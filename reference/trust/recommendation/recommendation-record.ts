/** A recommendation that we were given and have verified, as it is kept. */
import type { ConfidenceLevel, Recommendation } from '../../../spec/messages/trust/enumerations.ts';

export interface RecommendationRecord {
  readonly recommender: string;
  readonly target: string;
  readonly opinion: Recommendation;
  readonly confidence: ConfidenceLevel;
  readonly level: string;
  readonly expiresSeconds: number;
  /**
   * The root that the recommender's TLS chain ends below. However many servers one authority has
   * named, they count as one voice (T-REC-05).
   */
  readonly anchor: string;
}

/** By `recommendationKey`: a recommender has one opinion of a target, the newest. */
export type Recommendations = Map<string, RecommendationRecord>;

export function recommendationKey(of: {
  readonly target: string;
  readonly recommender: string;
}): string {
  return `${of.target}/${of.recommender}`;
}
