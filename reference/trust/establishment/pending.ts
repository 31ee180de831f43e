/** What an operator is shown of the requests of peers, before deciding on one (T-CAP-07). */
import type { PendingRequest } from '../../ports.ts';
import { seconds } from '../../time.ts';
import { scoreOf } from '../evidence/evidence.ts';
import type { Scope } from '../scope.ts';
import type { ResponderRun } from '../state.ts';

/** The one that has waited longest comes first. */
export function pendingRequests(scope: Scope): PendingRequest[] {
  const requests = [...scope.state.judged.values()].map((run) => pendingRequest(scope, run));
  return requests.sort((a, b) => a.deadlineSeconds - b.deadlineSeconds);
}

function pendingRequest(scope: Scope, run: ResponderRun): PendingRequest {
  const { request, challenge, awaitsApproval } = run;
  return {
    requestId: request.request_id,
    peer: run.peer,
    level: request.requested_trust_level,
    method: request.trust_method,
    serverKey: request.server_public_key,
    isRenewal: run.renewal !== null,
    askedAtSeconds: request.timestamp,
    deadlineSeconds: challenge.deadline,
    scoreTenths: awaitsApproval ? scoreOf(scope, run) : null,
    state: stateOf(scope, run),
  };
}

/** The timer of the deadline may be late, as after a machine has slept. */
function stateOf({ context }: Scope, run: ResponderRun): PendingRequest['state'] {
  if (run.phase === 'decision_sent') return 'decided';
  const isOver = run.phase === 'ended' || context.now >= seconds(run.challenge.deadline);
  if (isOver) return 'expired';
  return run.awaitsApproval ? 'waiting' : 'proving';
}
