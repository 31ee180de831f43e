/**
 * What becomes of a responder's run with time, errors, restarts and an operator's change of mind.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import { seconds } from '../../time.ts';
import { denied } from '../audit.ts';
import type { Refusal } from '../check.ts';
import { backOff } from '../pace.ts';
import { errorMessage, statusOf } from '../refusal.ts';
import { keepJudged } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { takeBack } from './closing.ts';
import { endResponder, setResponderTimer } from './responder-run.ts';
import { validate } from './validation.ts';
import { fail, rejected } from './verdict.ts';

export function responderTimerFired(scope: Scope, peer: string): void {
  const run = scope.state.judged.get(peer);
  if (!run) return;
  if (run.phase === 'decision_sent') return takeBack(scope, run, 'not acknowledged');
  if (run.phase === 'ended') return endResponder(scope, run);
  // Row 4a: kept as ended, so that a late response is told that it is late (T-CHAL-06).
  const refusal = { requirement: 'T-CHAL-06', code: errorCode.trust.expired } as const;
  denied(scope, peer, { ...refusal, detail: 'the deadline passed' });
  const { exchange } = run;
  run.phase = 'ended';
  run.exchange = null;
  run.awaitsApproval = false;
  keepJudged(scope, peer, run);
  setResponderTimer(scope, peer, scope.context.now + seconds(limits.trustDeadlineSeconds));
  if (exchange === null) return;
  const error = errorMessage(scope, refusal, run.request.request_id);
  scope.link.answer(exchange, statusOf(refusal.code), error, scope.context);
}

/** A posted decision did not arrive: again, until the acknowledgment is overdue. */
export function decisionUndelivered(scope: Scope, peer: string, decision: TrustDecision): void {
  const run = scope.state.judged.get(peer);
  if (run?.phase !== 'decision_sent' || run.request.request_id !== decision.request_id) return;
  run.repeats += 1;
  const at = scope.context.now + backOff(scope.context, run.repeats);
  scope.context.emit({ type: 'set-timer', timer: `trust/redecide/${peer}`, at });
}

export function redecide(scope: Scope, peer: string): void {
  const run = scope.state.judged.get(peer);
  if (run?.phase === 'decision_sent' && run.decision) {
    scope.link.post(peer, run.decision, scope.context);
  }
}

/**
 * The requester breaks off, or refuses what we posted. True when there was something to break off.
 */
export function brokenOff(scope: Scope, peer: string, requestId: string, code: number): boolean {
  const run = scope.state.judged.get(peer);
  if (!run || run.phase === 'ended' || run.request.request_id !== requestId) return false;
  const detail = `broken off by the requester with ${code}`;
  const refusal: Refusal = { requirement: 'X-ERR-05', code: errorCode.trust.trustError, detail };
  if (run.phase === 'decision_sent') takeBack(scope, run, detail);
  else {
    denied(scope, peer, refusal);
    endResponder(scope, run);
  }
  return true;
}

/**
 * Everything that was waited for is waited for again; what was being validated is looked up anew.
 */
export function resumeResponder(scope: Scope): void {
  const { state, context } = scope;
  for (const run of state.judged.values()) {
    const answerBy = context.now + seconds(limits.trustAcknowledgmentSeconds);
    const deadline = seconds(run.challenge.deadline);
    setResponderTimer(
      scope,
      run.peer,
      run.phase === 'decision_sent' ? answerBy : Math.max(deadline, context.now),
    );
    if (run.phase === 'validating' && !run.awaitsApproval) validate(scope, run);
    // Whether the decision arrived is not known; a requester that has it answers with the same
    // words.
    if (run.phase === 'decision_sent') redecide(scope, run.peer);
  }
}

/** An operator withdraws all trust: what is pending goes with it. */
export function dismiss(scope: Scope, peer: string): void {
  const run = scope.state.judged.get(peer);
  if (!run || run.phase === 'ended') return;
  if (run.phase === 'decision_sent') return takeBack(scope, run, 'trust is withdrawn');
  fail(scope, run, rejected('T-REV-08', 'trust is withdrawn'));
}
