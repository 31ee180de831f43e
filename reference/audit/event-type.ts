/**
 * L-T29: the documents' code logs names that their own list of eight does not have. The eight stay;
 * the three strays of the documents go where the ledger sends them; any other name is a denial when
 * it failed and an incident when it did not.
 */
import { type AuditEventType, auditEventTypes } from '../../spec/messages/trust/enumerations.ts';
import type { AuditEvent } from '../core.ts';

/** Logged by the sample code of T 10.2 and 10.3. */
const STRAYS: ReadonlyMap<string, AuditEventType> = new Map([
  ['certificate_stored', 'security_incident'],
  ['certificate_rejected', 'access_denied'],
  ['validation_failed', 'access_denied'],
]);

export function eventTypeOf({
  event,
  result,
}: Pick<AuditEvent, 'event' | 'result'>): AuditEventType {
  const own = auditEventTypes.find((type) => type === event);
  return own ?? STRAYS.get(event) ?? (result === 'failure' ? 'access_denied' : 'security_incident');
}
