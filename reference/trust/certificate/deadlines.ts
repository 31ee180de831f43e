/**
 * What happens at the deadline of a condition (T-COND), on the side that issued the certificate and
 * on the side that holds it; and how an operator says that one is met.
 */
import type { ConditionType } from '../../../spec/messages/trust/enumerations.ts';
import { write } from '../audit.ts';
import { bar } from '../pace.ts';
import { revokeCertificate } from '../revocation/revoker.ts';
import { keepRelation } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { Condition, Grant } from '../state.ts';
import { refreshStanding } from './activation.ts';
import { consequenceOf, met, missedOnce, missedQuarters, missesAt } from './conditions.ts';
import { type Direction, grantOf, phaseOf } from './relationship.ts';

/** Of both directions; to be called whenever a deadline may have gone by. */
export function settleConditions(scope: Scope, peer: string): void {
  for (const direction of ['inbound', 'outbound'] as const) settleOne(scope, peer, direction);
}

function settleOne(scope: Scope, peer: string, direction: Direction): void {
  const { state, context } = scope;
  const grant = state.relations.get(peer)?.[direction];
  if (!grant || isOver(scope, peer, direction)) return;
  const missed = grant.conditions.filter((one) => missesAt(one, context.now) > one.missed);
  if (missed.length === 0) return;
  const conditions = grant.conditions.map((one) => afterDeadline(scope, one));
  const { level } = consequenceOf(grant.certificate.trust_level, conditions);
  const isLower = !context.must('T-COND-03', level === grant.level);
  const after = { ...grant, conditions, level: isLower ? level : grant.level };
  replace(scope, peer, direction, after);
  for (const condition of missed) noteMissed(scope, peer, grant, condition);
  if (direction === 'inbound') endLapsed(scope, peer, after);
}

function afterDeadline({ context }: Scope, condition: Condition): Condition {
  const { now, must } = context;
  if (must('T-COND-01', missesAt(condition, now) === condition.missed)) return condition;
  return must('T-COND-02', !condition.isQuarterly)
    ? missedOnce(condition)
    : missedQuarters(condition, now);
}

/**
 * T-COND-01: the issuer takes the certificate back by itself. The subject, who cannot know whether
 * the issuer has seen evidence, stops until it is told.
 */
function endLapsed(scope: Scope, peer: string, { certificate, conditions }: Grant): void {
  if (!consequenceOf(certificate.trust_level, conditions).lapsed) return;
  bar(scope, peer);
  const reason = 'policy_violation';
  const order = { reason, scope: 'full', permissions: [], gracePeriodSeconds: 0 };
  revokeCertificate(scope, peer, certificate, order);
}

function noteMissed(scope: Scope, peer: string, grant: Grant, condition: Condition): void {
  const { certificate_id } = grant.certificate;
  const { type: condition_type, action: auto_action } = condition;
  const event = { event: 'compliance_check', action: 'a condition was not met' } as const;
  const about = { ...event, result: 'failure', risk: 'high' } as const;
  write(scope, peer, about, { certificate_id, condition_type, auto_action });
}

/**
 * An operator has evidence that conditions of this type are met. False: there is none to meet.
 * `issued`: of the certificate that we gave the peer; `held`: of the one that it gave us.
 */
export function meetCondition(
  scope: Scope,
  peer: string,
  given: { readonly condition: string; readonly evidence: string; readonly of: 'issued' | 'held' },
): boolean {
  const { state, context } = scope;
  settleConditions(scope, peer);
  const direction = given.of === 'issued' ? 'inbound' : 'outbound';
  const grant = state.relations.get(peer)?.[direction];
  const isMeant = (one: Condition): boolean =>
    one.type === given.condition && one.dueSeconds !== null;
  if (!grant || isOver(scope, peer, direction) || !grant.conditions.some(isMeant)) return false;
  const conditions = grant.conditions.map((one) => (isMeant(one) ? met(one) : one));
  replace(scope, peer, direction, { ...grant, conditions });
  const event = { event: 'compliance_check', action: 'a condition was met' } as const;
  const about = { ...event, result: 'success', risk: 'low' } as const;
  write(scope, peer, about, {
    certificate_id: grant.certificate.certificate_id,
    condition_type: given.condition as ConditionType,
    evidence_hash: context.crypto.hash({ evidence: given.evidence }),
  });
  refreshStanding(scope, peer);
  return true;
}

function isOver({ state, context }: Scope, peer: string, direction: Direction): boolean {
  const grant = grantOf(state, peer, direction, context.now);
  if (!grant) return true;
  const phase = phaseOf(state, grant, direction, context.now);
  return phase === 'revoked' || phase === 'expired';
}

function replace(scope: Scope, peer: string, direction: Direction, grant: Grant): void {
  const relation = scope.state.relations.get(peer);
  if (!relation) return;
  relation[direction] = grant;
  keepRelation(scope, relation);
}
