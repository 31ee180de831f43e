/**
 * Whether anybody can say that a certificate of ours has not been revoked (T-CERT-08, L-T15). The
 * grant itself says so for five minutes, each list of the issuer's until its next update.
 */
import { limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import { seconds, toSeconds } from '../../time.ts';
import { rankOf } from '../policy.ts';
import { keepList } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { TrustState } from '../state.ts';
import type { WatchedList } from './revocation-record.ts';

/** Says whether nobody has known for too long. Our own certificates nobody else can speak of. */
export function isStatusUnknown(
  { lists }: TrustState,
  { issuer_server: issuer, certificate_id: id }: NorcTrustCertificate,
): boolean {
  const watched = lists.get(issuer);
  return watched?.certificateId === id && watched.isUnknown;
}

/** From now on the issuer's list is read. What is known of an earlier certificate's stays. */
export function watchIssuer(scope: Scope, certificate: NorcTrustCertificate): void {
  const { state, context, config } = scope;
  const { issuer_server: issuer, certificate_id: certificateId } = certificate;
  const known = state.lists.get(issuer);
  if (known?.certificateId === certificateId) return;
  const now = toSeconds(context.now);
  const grantedUntil = now + limits.revocationPropagationSeconds;
  const watched: WatchedList = {
    issuer,
    certificateId,
    level: certificate.trust_level,
    number: known?.number ?? -1,
    hash: known?.hash ?? null,
    knownUntilSeconds: Math.max(grantedUntil, known?.knownUntilSeconds ?? 0),
    goodAtSeconds: now,
    isAbsent: known?.isAbsent ?? false,
    isUnknown: false,
    isWarned: false,
    isListed: false,
    contradictions: known?.contradictions ?? [],
  };
  state.lists.set(issuer, watched);
  keepList(scope, watched);
  armStatus(scope, watched);
  armPoll(scope, issuer, config.policy.trust.revocationPollSeconds);
}

export function armPoll({ context }: Scope, issuer: string, waitSeconds: number): void {
  const at = context.now + seconds(waitSeconds);
  context.emit({ type: 'set-timer', timer: `trust/poll/${issuer}`, at });
}

/** Wakes when the status becomes unknown, and when that is no longer borne. */
export function armStatus({ context }: Scope, watched: WatchedList): void {
  const instants = [watched.knownUntilSeconds, borneUntil(watched)].map(seconds);
  const ahead = instants.filter((instant) => instant > context.now && Number.isFinite(instant));
  const timer = `trust/status/${watched.issuer}`;
  if (ahead.length === 0) context.emit({ type: 'cancel-timer', timer });
  else context.emit({ type: 'set-timer', timer, at: Math.min(...ahead) });
}

/** At basic a day without knowledge is borne, above it none (L-T15). */
export function borneUntil(watched: WatchedList): number {
  const { level, knownUntilSeconds, goodAtSeconds, isAbsent } = watched;
  if (rankOf(level) > rankOf('basic')) return knownUntilSeconds;
  // L-V12: what the published 1.0 does not have is not missed at 1.0.
  return isAbsent ? Number.POSITIVE_INFINITY : goodAtSeconds + limits.unknownStatusSeconds;
}
