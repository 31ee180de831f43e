/**
 * What others must be told of revocations, again and again until they acknowledge it (profile 2.7
 * rows 1 and 9, L-R07). Written down before it leaves, so no restart loses it.
 */
import { limits } from '../../../spec/limits.ts';
import type { RevocationAcknowledgment } from '../../../spec/messages/trust/revocation-acknowledgment.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import { type Micros, seconds } from '../../time.ts';
import { write } from '../audit.ts';
import { standingOf } from '../certificate/relationship.ts';
import { backOff } from '../pace.ts';
import { keepPush, pushKey } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { asValue, transcriptHash } from '../transcript.ts';
import { revocationOf } from './revocation-id.ts';
import type { Pushed } from './revocation-record.ts';

/** Revocations of others that we pass on to one server at a time; they are their issuer's duty. [P] */
const MOST_PASSED_ON = 64;

/** Every server with which either direction of trust is in force, or may be again. */
export function audience(scope: Scope, except: readonly string[]): readonly string[] {
  const { state, context } = scope;
  return [...state.relations.keys()].filter((peer) => {
    if (except.includes(peer)) return false;
    return (['inbound', 'outbound'] as const).some((direction) => {
      const { status } = standingOf(state, peer, direction, context.now);
      return status === 'active' || status === 'suspended';
    });
  });
}

export function push(scope: Scope, peer: string, message: Pushed['message']): void {
  const { state, context } = scope;
  const transcript = transcriptHash(scope, [asValue(message)]);
  const pushed = { peer, message, since: context.now, transcript, attempts: 1, missed: false };
  const key = pushKey(pushed);
  state.pushes.set(key, pushed);
  keepPush(scope, key, pushed);
  setPushTimer(scope, key, context.now + seconds(limits.revocationAcknowledgmentSeconds));
  scope.link.post(peer, message, context);
}

/** T-REV-14: a revocation of somebody else's reaches those whom it concerns through us as well. */
export function passOn(scope: Scope, message: TrustRevoke, recipients: readonly string[]): void {
  const { state, config } = scope;
  for (const peer of recipients) {
    const passed = [...state.pushes.values()].filter((one) => {
      const { message: other } = one;
      const isForeign = other.type === 'trust_revoke' && other.revoking_server !== config.serverId;
      return one.peer === peer && isForeign;
    });
    if (passed.length < MOST_PASSED_ON) push(scope, peer, message);
  }
}

/** Post again until it is acknowledged or the certificate would be forgotten anyway. */
export function pushTimerFired(scope: Scope, key: string): void {
  const pushed = scope.state.pushes.get(key);
  if (!pushed) return;
  const { now } = scope.context;
  const age = now - pushed.since;
  if (age > seconds(limits.trustAgeSeconds)) return dropPush(scope, pushed);
  if (!pushed.missed && age >= seconds(limits.revocationAuditSeconds)) reportMissed(scope, pushed);
  pushed.attempts += 1;
  keepPush(scope, key, pushed);
  const wait = Math.max(
    backOff(scope.context, pushed.attempts),
    seconds(limits.revocationAcknowledgmentSeconds),
  );
  setPushTimer(scope, key, now + wait);
  scope.link.post(pushed.peer, pushed.message, scope.context);
}

/** T-REV-15: five minutes without an acknowledgment are an event, once. */
function reportMissed(scope: Scope, pushed: Pushed): void {
  pushed.missed = true;
  const action = 'revocation not acknowledged';
  const event = { event: 'security_incident', action, result: 'pending', risk: 'high' } as const;
  write(scope, pushed.peer, event, { revocation_id: revocationOf(pushed.message) });
}

/** The link told us that it did not arrive. */
export function pushUndelivered(scope: Scope, peer: string, message: Pushed['message']): void {
  const key = pushKey({ peer, message });
  const pushed = scope.state.pushes.get(key);
  if (pushed) setPushTimer(scope, key, scope.context.now + backOff(scope.context, pushed.attempts));
}

export function resumePushes(scope: Scope): void {
  for (const key of scope.state.pushes.keys()) setPushTimer(scope, key, scope.context.now);
}

/** What the acknowledgment is for: of a revocation and its clearing, that whose place it has. */
export function pushedFor(
  scope: Scope,
  peer: string,
  acknowledgment: RevocationAcknowledgment,
): Pushed | undefined {
  const { revocation_id: id, transcript_hash: place } = acknowledgment;
  const open = [...scope.state.pushes.values()].filter((pushed) => {
    return pushed.peer === peer && revocationOf(pushed.message) === id;
  });
  return open.find(({ transcript }) => transcript === place) ?? open[0];
}

export function dropPush(scope: Scope, pushed: Pushed): void {
  const key = pushKey(pushed);
  scope.state.pushes.delete(key);
  keepPush(scope, key, null);
  scope.context.emit({ type: 'cancel-timer', timer: `trust/push/${key}` });
}

function setPushTimer(scope: Scope, key: string, at: Micros): void {
  scope.context.emit({ type: 'set-timer', timer: `trust/push/${key}`, at });
}
