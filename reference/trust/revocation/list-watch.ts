/**
 * Fetches the lists of those whose certificates we hold, every minute (T-REV-15), at once when a
 * revocation seems to be missing (L-R09), and sees to it that trust does not outlive the knowledge
 * that it stands (T-CERT-08).
 */
import { limits } from '../../../spec/limits.ts';
import { seconds, toSeconds } from '../../time.ts';
import { write } from '../audit.ts';
import { refreshStanding } from '../certificate/activation.ts';
import { standingOf } from '../certificate/relationship.ts';
import { keepList } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { isHardened } from '../transcript.ts';
import { versionWith } from '../versions.ts';
import { armPoll, armStatus, borneUntil } from './list-status.ts';

/** While the trust may still be in force. A new certificate begins anew (watchIssuer). */
export function pollTimerFired(scope: Scope, issuer: string): void {
  const { state, context, config } = scope;
  const { status } = standingOf(state, issuer, 'outbound', context.now);
  if (status !== 'active' && status !== 'suspended') return;
  armPoll(scope, issuer, config.policy.trust.revocationPollSeconds);
  scope.link.fetchList(issuer, context);
}

export function fetchNow(scope: Scope, issuer: string): void {
  if (scope.state.lists.has(issuer)) scope.link.fetchList(issuer, scope.context);
}

/** The next poll tries again; the timer of the status decides what it means. */
export function listUnavailable(scope: Scope, issuer: string, why: 'none' | 'failed'): void {
  const { state, context } = scope;
  const watched = state.lists.get(issuer);
  const isPublished = !isHardened(versionWith(state, issuer));
  if (!watched || why !== 'none' || !isPublished || watched.isAbsent) return;
  const changed = { ...watched, isAbsent: true };
  state.lists.set(issuer, changed);
  keepList(scope, changed);
  armStatus(scope, changed);
  const detail = 'no revocation list';
  context.emit({ type: 'log', entry: { event: 'compatibility-mode', detail, peer: issuer } });
}

/** Unknown: written down, and at the end of what is borne the link is suspended. */
export function statusTimerFired(scope: Scope, issuer: string): void {
  const { state, context } = scope;
  const watched = state.lists.get(issuer);
  if (!watched || context.now < seconds(watched.knownUntilSeconds)) return;
  const isBorne = context.now < seconds(borneUntil(watched));
  const isUnknown = !context.must('T-CERT-08', isBorne);
  const isNew = isUnknown !== watched.isUnknown || !watched.isWarned;
  const changed = { ...watched, isUnknown, isWarned: true };
  state.lists.set(issuer, changed);
  armStatus(scope, changed);
  if (!isNew) return;
  keepList(scope, changed);
  const action = isUnknown ? 'suspended: revocation status unknown' : 'revocation status unknown';
  const how = { result: 'pending', risk: isUnknown ? 'high' : 'medium' } as const;
  const parameters = { certificate_id: watched.certificateId };
  write(scope, issuer, { event: 'security_incident', action, ...how }, parameters);
  refreshStanding(scope, issuer);
}

/** After a restart the first look is at once: much may have been revoked meanwhile. */
export function resumeLists(scope: Scope): void {
  for (const issuer of scope.state.lists.keys()) {
    statusTimerFired(scope, issuer);
    armPoll(scope, issuer, 0);
    const watched = scope.state.lists.get(issuer);
    if (watched) armStatus(scope, watched);
  }
}

/** Rows are written for a new list, and else once an hour: what is lost is a little patience. */
export function isWorthKeeping(goodAtSeconds: number, scope: Scope): boolean {
  const age = toSeconds(scope.context.now) - goodAtSeconds;
  return age >= limits.trustCooldownSeconds;
}
