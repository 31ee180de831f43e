/** What follows from a handshake, whichever side has dialled (profile 2.2 rows 5 and 7). */
import type { Context } from '../core.ts';
import { timerOf } from './exchange.ts';
import type { Link, Session } from './link.ts';
import type { Refusal } from './refusal.ts';
import { recordHybrid } from './relay-sequence.ts';
import { reaches, settleLink } from './standing.ts';
import { type Federation, governing } from './state.ts';
import { isHybrid } from './suite.ts';

export function beginSession(
  federation: Federation,
  link: Link,
  session: Session,
  context: Context,
): void {
  link.session = session;
  context.emit({ type: 'cancel-timer', timer: timerOf(link, 'handshake') });
  recordVersion(federation, link, session, context);
  const { status, level } = governing(federation, link, context.now);
  const isVerified = status === 'active' && reaches(level, 'verified');
  // X-PQ-05: from now on nothing less.
  if (isVerified && isHybrid(session.suite)) {
    recordHybrid(federation.sequences, link.peer, context);
  }
  settleLink(federation, link, context);
}

/** X-AUD-05: downgrades and refused identities are security events. */
export function recordRefusedHandshake(
  { config }: Federation,
  link: Link,
  { code, requirement }: Refusal,
  { emit }: Context,
): void {
  emit({
    type: 'audit',
    event: {
      event: 'handshake_refused',
      target: link.peer,
      actor: config.serverId,
      action: 'federation_handshake',
      parameters: { error_code: code, requirement },
      result: 'failure',
      risk: 'medium',
    },
  });
}

/** X-AMC-12; and X-AMC-11 where the version is not the best of either side. */
function recordVersion(
  { config }: Federation,
  link: Link,
  session: Session,
  { emit }: Context,
): void {
  const { version, trustVersion, suite, compatibilityMode } = session;
  emit({
    type: 'audit',
    event: {
      event: 'version_negotiated',
      target: link.peer,
      actor: config.serverId,
      action: 'federation_handshake',
      parameters: {
        version,
        norc_t_version: trustVersion,
        cipher_suite: suite,
        compatibility_mode: compatibilityMode,
      },
      result: 'success',
      risk: 'low',
    },
  });
  if (!compatibilityMode) return;
  const detail = `version ${version}`;
  emit({ type: 'log', entry: { event: 'compatibility-mode', detail, peer: link.peer } });
}
