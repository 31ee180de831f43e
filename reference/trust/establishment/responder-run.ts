/** Beginning, timer and end of a responder's run. */

import { seconds } from '../../time.ts';
import { noAnswers } from '../evidence/issuer-answers.ts';
import { keepJudged } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { ResponderRun } from '../state.ts';

type Beginning = Pick<
  ResponderRun,
  | 'peer'
  | 'version'
  | 'request'
  | 'challenge'
  | 'mutual'
  | 'maxAgeSeconds'
  | 'transcript'
  | 'government'
  | 'renewal'
  | 'pqFingerprint'
>;

/** From here on the response is waited for, until the challenge ends. */
export function beginResponder(scope: Scope, beginning: Beginning): void {
  const { peer, challenge } = beginning;
  const run: ResponderRun = {
    ...beginning,
    phase: 'challenge_sent',
    response: null,
    exchange: null,
    answers: noAnswers,
    lookups: { outstanding: [], proven: false, seenAt: null },
    awaitsApproval: false,
    decision: null,
    certificate: null,
    repeats: 0,
  };
  scope.state.judged.set(peer, run);
  keepJudged(scope, peer, run);
  setResponderTimer(scope, peer, seconds(challenge.deadline));
}

export function endResponder(scope: Scope, run: ResponderRun): void {
  scope.state.judged.delete(run.peer);
  keepJudged(scope, run.peer, null);
  for (const timer of [`trust/responder/${run.peer}`, `trust/redecide/${run.peer}`]) {
    scope.context.emit({ type: 'cancel-timer', timer });
  }
}

export function setResponderTimer(scope: Scope, peer: string, at: number): void {
  scope.context.emit({ type: 'set-timer', timer: `trust/responder/${peer}`, at });
}
