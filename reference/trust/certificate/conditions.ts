/**
 * Conditions of a certificate (T8, T-COND). Both sides hold the same signed record, so both know
 * when a deadline goes by; whether a condition is met the issuer says, by its operator.
 */
import { type Level, levelNames } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import {
  autoActions,
  conditionFrequencies,
  conditionTypes,
} from '../../../spec/messages/trust/enumerations.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustCondition } from '../../../spec/messages/trust/trust-condition.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import { isExpired } from '../../guard/freshness.ts';
import { type Micros, toSeconds } from '../../time.ts';
import type { TrustPolicy } from '../../trust-policy.ts';
import { rankOf, thresholdTenths } from '../policy.ts';
import type { Condition } from '../state.ts';

const [QUARTERLY] = conditionFrequencies;

type Stated = TrustDecision['trust_conditions'][number];

/** Those of the certificate, and those that only the decision states (L-T13): neither is lost. */
export function conditionsOf(
  { conditions }: NorcTrustCertificate,
  stated: readonly Stated[],
): Condition[] {
  const carried = conditions.map((record) => ({
    type: record.condition_type,
    action: record.auto_action,
    isQuarterly: record.parameters.frequency === QUARTERLY,
    dueSeconds: record.deadline,
    missed: 0,
  }));
  const others = stated.flatMap(onlyStated).filter((one) => {
    return !carried.some((each) => each.type === one.type && each.dueSeconds === one.dueSeconds);
  });
  return [...carried, ...others];
}

/** L-T13: auto_revoke revokes, its absence notifies. What has no date is never due. */
function onlyStated({ condition, deadline, auto_revoke, frequency, next_audit }: Stated) {
  const dueSeconds = deadline ?? next_audit;
  if (dueSeconds === undefined) return [];
  const action = auto_revoke === true ? ('revoke' as const) : ('notify' as const);
  return [{ type: condition, action, isQuarterly: frequency === QUARTERLY, dueSeconds, missed: 0 }];
}

/** What policy asks of a newcomer at this level, with this score. Unknown words ask nothing. */
export function conditionsFor(
  policy: TrustPolicy,
  { level, scoreTenths, now }: { level: Level; scoreTenths: number; now: Micros },
): TrustCondition[] {
  const isNarrow = scoreTenths < thresholdTenths(policy, level) + policy.narrowTenths;
  return policy.conditions.flatMap((rule) => {
    const type = conditionTypes.find((name) => name === rule.condition);
    const action = autoActions.find((name) => name === rule.action);
    const isDue = rule.level === level && (rule.when !== 'narrow' || isNarrow);
    if (!type || !action || !isDue) return [];
    const dueSeconds = toSeconds(now) + rule.withinSeconds;
    return recordOf({ type, action, isQuarterly: rule.quarterly, dueSeconds, missed: 0 });
  });
}

/** As a certificate carries it. */
export function recordOf({ type, action, isQuarterly, dueSeconds }: Condition): TrustCondition[] {
  if (dueSeconds === null) return [];
  const parameters = isQuarterly ? { frequency: QUARTERLY, next_audit: dueSeconds } : {};
  return [{ condition_type: type, parameters, deadline: dueSeconds, auto_action: action }];
}

/** The decision's form of the same (L-T13). */
export function decisionFormOf(record: TrustCondition): TrustDecision['trust_conditions'][number] {
  const isQuarterly = record.parameters.frequency === QUARTERLY;
  return {
    condition: record.condition_type,
    deadline: record.deadline,
    auto_revoke: record.auto_action === 'revoke',
    ...(isQuarterly && { frequency: QUARTERLY, next_audit: record.deadline }),
  };
}

// --- time ----------------------------------------------------------------------------------------

/** T-COND-01, T-COND-02: how often it was unmet at a deadline, until now. */
export function missesAt(condition: Condition, now: Micros): number {
  const { dueSeconds: due, missed, isQuarterly } = condition;
  if (due === null || !isExpired(now, due)) return missed;
  return missed + (isQuarterly ? quartersSince(due, now) : 1);
}

function quartersSince(dueSeconds: number, now: Micros): number {
  return 1 + Math.floor((toSeconds(now) - dueSeconds) / limits.quarterSeconds);
}

export function missedOnce(condition: Condition): Condition {
  return { ...condition, missed: condition.missed + 1, dueSeconds: null };
}

/** Deadlines that have gone by are counted, and the next one is set (T-COND-02). */
export function missedQuarters(condition: Condition, now: Micros): Condition {
  const { dueSeconds: due } = condition;
  if (due === null) return condition;
  const next = due + quartersSince(due, now) * limits.quarterSeconds;
  return { ...condition, missed: missesAt(condition, now), dueSeconds: next };
}

/** The operator has seen evidence that it is met for this time. */
export function met(condition: Condition): Condition {
  const { dueSeconds: due, isQuarterly } = condition;
  if (due === null) return condition;
  return { ...condition, dueSeconds: isQuarterly ? due + limits.quarterSeconds : null };
}

/** What the deadlines that went by have done to the certificate. */
export interface Consequence {
  /** Level in force: one lower for each miss of a condition that downgrades (T-COND-03). */
  readonly level: Level;
  /** A condition that revokes was missed, or there was no lower level to go to. */
  readonly lapsed: boolean;
}

export function consequenceOf(level: Level, conditions: readonly Condition[]): Consequence {
  const missesOf = (action: Condition['action']): number =>
    conditions
      .filter((condition) => condition.action === action)
      .reduce((total, { missed }) => total + missed, 0);
  const rank = rankOf(level) - missesOf('downgrade');
  const lowered = levelNames.find((name) => rankOf(name) === rank);
  const hasFallen = lowered === undefined || rank < rankOf('basic');
  return { level: hasFallen ? 'basic' : lowered, lapsed: hasFallen || missesOf('revoke') > 0 };
}
