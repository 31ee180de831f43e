/**
 * What a server looks after by itself, once an hour: signs of its own life, certificates that will
 * end (T-HLTH-03: warned of thirty days ahead), and the health of its peers where policy asks.
 */
import { limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import { seconds, toSeconds } from '../../time.ts';
import { write } from '../audit.ts';
import { standingOf } from '../certificate/relationship.ts';
import { settleClock, tellTime } from '../peer-clocks.ts';
import { keepMonitoring } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { checkHealth } from './health-watch.ts';
import { stillRunning } from './measures.ts';

const DAY = 86_400;

export function heartbeat(scope: Scope): void {
  stillRunning(scope);
  warnOfExpiry(scope);
  lookAfterPeers(scope);
  keepTime(scope);
}

function keepTime(scope: Scope): void {
  const { state, context, config } = scope;
  settleClock(scope);
  const interval = config.policy.trust.tellTimeSeconds;
  const { monitoring } = state;
  if (interval === 0 || context.now - monitoring.toldTimeAt < seconds(interval)) return;
  monitoring.toldTimeAt = context.now;
  tellTime(scope);
}

/** Once for each certificate in force, ours and theirs. */
function warnOfExpiry(scope: Scope): void {
  const { state, context } = scope;
  const horizon = toSeconds(context.now) + limits.expiryWarningSeconds + limits.heartbeatSeconds;
  const inForce = certificatesInForce(scope);
  for (const [peer, certificate] of inForce) {
    const { certificate_id: id, not_after: end } = certificate;
    if (end > horizon || state.monitoring.warned.has(id)) continue;
    state.monitoring.warned.set(id, end);
    keepMonitoring(scope, `warned/${id}`, { end });
    const event = { event: 'compliance_check', result: 'pending', risk: 'medium' } as const;
    write(
      scope,
      peer,
      { ...event, action: 'warned of the end of a certificate' },
      { certificate_id: id, not_after: end },
    );
  }
  forgetEnded(scope);
}

function certificatesInForce({
  state,
  context,
}: Scope): readonly (readonly [string, NorcTrustCertificate])[] {
  return [...state.relations.values()].flatMap((relation) =>
    (['inbound', 'outbound'] as const).flatMap((direction) => {
      const { status } = standingOf(state, relation.peer, direction, context.now);
      const grant = relation[direction];
      return grant && status === 'active' ? [[relation.peer, grant.certificate] as const] : [];
    }),
  );
}

function forgetEnded(scope: Scope): void {
  const { warned } = scope.state.monitoring;
  for (const [id, end] of warned) {
    if (end > toSeconds(scope.context.now)) continue;
    warned.delete(id);
    keepMonitoring(scope, `warned/${id}`, null);
  }
}

function lookAfterPeers(scope: Scope): void {
  const { state, context, config } = scope;
  const interval = config.policy.trust.healthCheckSeconds;
  if (interval === 0) return;
  const { askedAt } = state.monitoring;
  for (const peer of state.relations.keys()) {
    const { status } = standingOf(state, peer, 'inbound', context.now);
    const isDue = context.now - (askedAt.get(peer) ?? 0) >= seconds(interval);
    if (status !== 'active' || !isDue) continue;
    askedAt.set(peer, context.now);
    checkHealth(scope, peer, Math.ceil(interval / DAY));
  }
}
