/** Security events of this layer for the chained log (X-AUD-05). Users appear as pseudonyms (X-AUD-03). */
import type { AuditEvent, Context } from '../../core.ts';
import type { JsonObject } from '../../crypto/crypto.ts';
import type { Server } from './state.ts';

export interface SecurityEvent {
  readonly event: string;
  /** User, device or connection: whom it is about. */
  readonly target: string;
  readonly actor: string;
  readonly result: AuditEvent['result'];
  readonly risk: AuditEvent['risk'];
  readonly parameters?: JsonObject;
}

export function audit(server: Server, security: SecurityEvent, context: Context): void {
  const { event, target, actor, result, risk, parameters = {} } = security;
  context.emit({
    type: 'audit',
    event: {
      event,
      target: pseudonym(server, target, context),
      actor: pseudonym(server, actor, context),
      action: event,
      parameters,
      result,
      risk,
    },
  });
}

/** Device and connection ids name nobody; user ids do. */
function pseudonym({ config }: Server, name: string, { crypto }: Context): string {
  return name.includes('@') ? crypto.pseudonym(config.pseudonymKey, name) : name;
}
