/**
 * Trust events of the hash-chained log: exactly one for every grant, denial and revocation
 * (T-AUD-03).
 */
import type { Json } from '../../spec/schema.ts';
import type { AuditEvent } from '../core.ts';
import type { Refusal } from './check.ts';
import type { Scope } from './scope.ts';

export function denied(scope: Scope, peer: string, refusal: Refusal): void {
  const { requirement, code } = refusal;
  const action = 'refused a trust message';
  write(
    scope,
    peer,
    { event: 'access_denied', action, result: 'failure', risk: 'medium' },
    { requirement, code },
  );
}

export function write(
  scope: Scope,
  peer: string,
  event: Pick<AuditEvent, 'event' | 'action' | 'result' | 'risk'>,
  parameters: { [name: string]: Json } = {},
): void {
  const actor = scope.config.serverId;
  scope.context.emit({ type: 'audit', event: { ...event, target: peer, actor, parameters } });
}
