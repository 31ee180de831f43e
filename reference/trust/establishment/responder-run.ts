/** Timer and end of a responder's run. */
import { keepJudged } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { ResponderRun } from '../state.ts';

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
