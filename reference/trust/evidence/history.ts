/** How long a server has been trusted: the base of historical reliability (T 1.3, L-T35). */
import { keepPace } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { paceOf } from '../state.ts';

/** Trust has come into force. Only the first time counts; certificates follow one another. */
export function noteTrusted(scope: Scope, peer: string): void {
  const pace = paceOf(scope.state, peer);
  if (typeof pace.trustedSince === 'number') return;
  pace.trustedSince = scope.context.now;
  keepPace(scope, peer);
}
