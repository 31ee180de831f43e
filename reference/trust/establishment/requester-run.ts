/** How a requester's run ends, waits and is taken up again. */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { TrustRequest } from '../../../spec/messages/trust/trust-request.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { seconds } from '../../time.ts';
import { write } from '../audit.ts';
import type { Refusal } from '../check.ts';
import { backOff, keepQuiet } from '../pace.ts';
import { errorMessage, logRefusal } from '../refusal.ts';
import { revokeCertificate } from '../revocation/revoker.ts';
import { keepAsked, keepPace } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { paceOf, type RequesterRun } from '../state.ts';

/** Failures of one wish on demand after which it waits to be wanted again. [P] */
const MOST_FAILURES = 10;

export function setRequesterTimer(scope: Scope, { peer, deadline }: RequesterRun): void {
  scope.context.emit({ type: 'set-timer', timer: `trust/requester/${peer}`, at: deadline });
}

/**
 * Rows 4, 7 and 8: what the peer sent cannot be accepted. Once it knows our request id it is told,
 * so that it need not wait for the deadline.
 */
export function failRequester(scope: Scope, run: RequesterRun, refusal: Refusal): void {
  logRefusal(scope, run.peer, refusal);
  endFailed(scope, run, refusal.detail);
  if (run.requestId === '') return;
  scope.link.post(run.peer, errorMessage(scope, refusal, run.requestId), scope.context);
}

/** The run is over without trust. Begun on demand, it is tried again later. */
function endFailed(scope: Scope, run: RequesterRun, detail: string): void {
  const event = { event: 'trust_request', action: 'establishment failed', risk: 'low' } as const;
  write(scope, run.peer, { ...event, result: 'failure' }, { detail });
  endRequester(scope, run);
  if (run.wish.onDemand) retryLater(scope, run.peer);
}

export function endRequester(scope: Scope, run: RequesterRun): void {
  const { state, context } = scope;
  if (run.published) context.emit({ type: 'withdraw-txt', ...run.published });
  run.published = null;
  state.asked.delete(run.peer);
  keepAsked(scope, run.peer, null);
  for (const timer of [`trust/requester/${run.peer}`, `trust/repeat/${run.peer}`]) {
    context.emit({ type: 'cancel-timer', timer });
  }
}

function retryLater(scope: Scope, peer: string): void {
  const pace = paceOf(scope.state, peer);
  pace.failures += 1;
  const wait = backOff(scope.context, pace.failures);
  pace.quietUntil = Math.max(pace.quietUntil, scope.context.now + wait);
  keepPace(scope, peer);
  if (pace.failures >= MOST_FAILURES) return;
  scope.context.emit({ type: 'set-timer', timer: `trust/retry/${peer}`, at: pace.quietUntil });
}

/**
 * Another exchange takes its place. The peer is told, or it would hold its challenge open for a
 * day.
 */
export function abandon(scope: Scope, run: RequesterRun): void {
  endRequester(scope, run);
  if (run.phase === 'established' || run.requestId === '') return;
  const error = errorMessage(scope, { code: errorCode.trust.trustError }, run.requestId);
  scope.link.post(run.peer, error, scope.context);
}

/** Row 8; after the acknowledgment, the end of waiting for news that it got lost. */
export function requesterTimerFired(scope: Scope, peer: string): void {
  const run = scope.state.asked.get(peer);
  if (!run) return;
  if (run.phase !== 'established') return endFailed(scope, run, `no answer while ${run.phase}`);
  if (run.unsettled) return dissolve(scope, run, 'the acknowledgment could not be delivered');
  paceOf(scope.state, peer).failures = 0;
  endRequester(scope, run);
}

/** What we posted found no answer. */
export function requesterUndelivered(scope: Scope, peer: string, message: NorcMessage): void {
  const run = scope.state.asked.get(peer);
  if (!run) return;
  switch (message.type) {
    case 'trust_capabilities':
      if (run.phase === 'capabilities') endFailed(scope, run, 'capabilities not delivered');
      return;
    case 'trust_request':
    case 'gov_pki_trust_request':
      if (run.phase === 'requested' && message.request_id === run.requestId)
        repeatLater(scope, run);
      return;
    case 'trust_response':
      // A challenge is usable once, so the response is not sent again (T-CHAL-07).
      if (run.phase !== 'responded' || message.request_id !== run.requestId) return;
      return endFailed(scope, run, 'response not delivered');
    case 'trust_acknowledgment':
      if (run.phase !== 'established' || message.request_id !== run.requestId) return;
      run.unsettled = true;
      return repeatLater(scope, run);
    default:
      return;
  }
}

function repeatLater(scope: Scope, run: RequesterRun): void {
  run.repeats += 1;
  const at = scope.context.now + backOff(scope.context, run.repeats);
  scope.context.emit({ type: 'set-timer', timer: `trust/repeat/${run.peer}`, at });
}

/** The same bytes again: request (T-REQ-05) and acknowledgment are idempotent. */
export function repeat(scope: Scope, peer: string): void {
  const run = scope.state.asked.get(peer);
  if (!run) return;
  if (run.phase === 'requested') {
    const request = run.transcript.find((message) => message.type === 'trust_request');
    if (request) scope.link.post(peer, request as unknown as TrustRequest, scope.context);
    return;
  }
  if (run.phase !== 'established' || !run.acknowledgment) return;
  run.unsettled = false;
  scope.link.post(peer, run.acknowledgment, scope.context);
}

/** The peer answered with an error, or broke off. */
export function refusedBy(
  scope: Scope,
  run: RequesterRun,
  code: number,
  waitSeconds: number,
): void {
  const detail = `the peer answered ${code}`;
  if (run.phase === 'established') return dissolve(scope, run, detail);
  if (waitSeconds > 0) keepQuiet(scope, run.peer, waitSeconds);
  endFailed(scope, run, detail);
}

/**
 * S-23: the other side has, or will have, taken its certificate back; so do we with ours. Where
 * there is none of ours, we give back the one that we hold: the acknowledgment may have arrived
 * after all, and only its answer got lost (L-R03).
 */
function dissolve(scope: Scope, run: RequesterRun, why: string): void {
  const { state, context } = scope;
  const relation = state.relations.get(run.peer);
  context.emit({ type: 'log', entry: { event: 'noted', detail: why, peer: run.peer } });
  endFailed(scope, run, why);
  const held = relation?.outbound;
  if (held?.certificate.certificate_id !== run.certificateId) return;
  const reverse = held.mutual ? relation?.inbound?.certificate : undefined;
  const order = { reason: 'voluntary', scope: 'full', permissions: [], gracePeriodSeconds: 0 };
  revokeCertificate(scope, run.peer, reverse ?? held.certificate, order);
}

/** After a restart: what was asked is asked again, what was acknowledged is acknowledged again. */
export function resumeRequester(scope: Scope): void {
  for (const run of scope.state.asked.values()) {
    const acknowledged = run.phase === 'established';
    const { now } = scope.context;
    run.deadline = Math.max(run.deadline, now);
    if (acknowledged) run.deadline = now + seconds(limits.trustAcknowledgmentSeconds);
    setRequesterTimer(scope, run);
    if (run.published) scope.context.emit({ type: 'publish-txt', ...run.published });
    if (run.phase === 'requested' || acknowledged) repeat(scope, run.peer);
  }
}
