/** How a renewal of ours waits, is asked again, and ends (machine renewal, rows 3 to 5). */
import { limits } from '../../../spec/limits.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { type Micros, seconds } from '../../time.ts';
import { refreshStanding } from '../certificate/activation.ts';
import { grantOf, phaseOf } from '../certificate/relationship.ts';
import { backOff } from '../pace.ts';
import { keepPace, keepRelation, keepRenewing } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { paceOf, type Renewing } from '../state.ts';

export function setRenewingTimer(scope: Scope, { peer }: Renewing, wait: Micros): void {
  const at = scope.context.now + wait;
  scope.context.emit({ type: 'set-timer', timer: `trust/renewing/${peer}`, at });
}

export function endRenewing(scope: Scope, run: Renewing): void {
  const { state, context } = scope;
  if (run.published) context.emit({ type: 'withdraw-txt', ...run.published });
  run.published = null;
  state.renewing.delete(run.peer);
  keepRenewing(scope, run.peer, null);
  context.emit({ type: 'cancel-timer', timer: `trust/renewing/${run.peer}` });
}

/** The old certificate runs on; we ask again after a rest, while there is time. */
export function leaveForNow(scope: Scope, run: Renewing, why: string): void {
  const { peer } = run;
  scope.context.emit({ type: 'log', entry: { event: 'noted', detail: `renewal: ${why}`, peer } });
  endRenewing(scope, run);
  const pace = paceOf(scope.state, peer);
  pace.renewQuietUntil = scope.context.now + seconds(limits.trustCooldownSeconds);
  keepPace(scope, peer);
  refreshStanding(scope, peer);
}

/** Row 5: silence. */
export function renewingTimerFired(scope: Scope, peer: string): void {
  const run = scope.state.renewing.get(peer);
  if (!run) return;
  if (isVoid(scope, run)) return endRenewing(scope, run);
  run.attempts += 1;
  keepRenewing(scope, peer, run);
  setRenewingTimer(scope, run, seconds(limits.renewalRetrySeconds));
  scope.link.post(peer, pendingOf(run), scope.context);
}

/**
 * The same bytes again, so that the issuer knows them (T-REN-05). After a response it is the
 * renewal that is sent again: a challenge is usable once (T-CHAL-07).
 */
function pendingOf({ phase, renewal, acknowledgment }: Renewing): NorcMessage {
  return phase === 'acknowledged' && acknowledgment ? acknowledgment : renewal;
}

/** Our acknowledgment has been taken: the issuer has the successor in force too. */
export function renewingTaken(scope: Scope, peer: string, message: NorcMessage): void {
  const run = scope.state.renewing.get(peer);
  const relation = scope.state.relations.get(peer);
  if (message.type !== 'trust_acknowledgment' || run?.phase !== 'acknowledged') return;
  if (!isOf(run, message) || !relation?.outbound) return;
  relation.outbound = { ...relation.outbound, settled: true };
  keepRelation(scope, relation);
  endRenewing(scope, run);
  refreshStanding(scope, peer);
}

/** Row 4, or the end of what was to be renewed. */
function isVoid({ state, context }: Scope, { peer, renewal, phase }: Renewing): boolean {
  const held = grantOf(state, peer, 'outbound', context.now);
  if (!held) return true;
  const now = phaseOf(state, held, 'outbound', context.now);
  const isBase = held.certificate.certificate_id === renewal.existing_certificate_id;
  const isOver = now === 'revoked' || now === 'revoking' || now === 'expired';
  return isOver || (phase !== 'acknowledged' && !isBase);
}

export function renewingUndelivered(scope: Scope, peer: string, message: NorcMessage): void {
  const run = scope.state.renewing.get(peer);
  if (!run || !isOf(run, message)) return;
  setRenewingTimer(scope, run, backOff(scope.context, run.attempts));
}

function isOf({ renewal }: Renewing, message: NorcMessage): boolean {
  if (message.type === 'trust_renewal') return message.renewal_id === renewal.renewal_id;
  return 'request_id' in message && message.request_id === renewal.renewal_id;
}

/** The issuer refuses. After T5 that means that it has taken the successor back. */
export function renewalRefused(scope: Scope, run: Renewing, code: number): void {
  const { peer, phase } = run;
  const relation = scope.state.relations.get(peer);
  const { predecessor = null, settled = true } = relation?.outbound ?? {};
  if (phase === 'acknowledged' && relation && predecessor && !settled) {
    relation.outbound = predecessor;
    keepRelation(scope, relation);
  }
  leaveForNow(scope, run, `the issuer answered ${code}`);
}

export function resumeRenewing(scope: Scope): void {
  for (const run of scope.state.renewing.values()) {
    if (run.published) scope.context.emit({ type: 'publish-txt', ...run.published });
    setRenewingTimer(scope, run, 0);
  }
}
