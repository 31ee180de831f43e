/** What an operator, or a message that waits, makes us do. */
import type { TrustLayer } from '../ports.ts';
import { standingOf } from './certificate/relationship.ts';
import { begin } from './establishment/requester.ts';
import { dismiss } from './establishment/responder-life.ts';
import { bar, withhold } from './pace.ts';
import { reasonOf } from './revocation/revocation.ts';
import { revokeCertificate } from './revocation/revoker.ts';
import type { Scope } from './scope.ts';
import { paceOf } from './state.ts';

type Order = Parameters<TrustLayer['revoke']>[0];

/**
 * Takes trust back: the certificate that we issued, or else, as its subject, the one that was
 * issued to us (L-R03). An order that the protocol would refuse is not carried out, and the log
 * says so.
 */
export function order(scope: Scope, given: Order): void {
  const { server: peer } = given;
  const relation = scope.state.relations.get(peer);
  const issued = relation?.inbound?.certificate;
  const certificate = issued ?? relation?.outbound?.certificate;
  if (given.scope === 'full') dismiss(scope, peer);
  if (!certificate) return note(scope, peer, 'there is no trust to revoke');
  const reason = reasonOf(given.reason);
  if (given.scope === 'partial' && given.permissions.length === 0) {
    return note(scope, peer, 'a partial revocation names permissions'); // T-REV-05
  }
  if (!issued && reason !== 'voluntary' && reason !== 'compromised_key') {
    return note(scope, peer, 'a subject revokes as voluntary or compromised_key'); // L-R03
  }
  // L-R13. Written down before anything leaves.
  if (given.scope === 'full') bar(scope, peer);
  if (given.scope === 'partial') withhold(scope, peer, given.permissions);
  revokeCertificate(scope, peer, certificate, { ...given, reason });
}

/** A message waits and there is no outbound trust: ask for it, if policy says so and it is time. */
export function wanted(scope: Scope, peer: string): void {
  const { config, state, context } = scope;
  const wish = config.policy.trust.establishOnDemand;
  const { status } = standingOf(state, peer, 'outbound', context.now);
  const isMissing = status === 'none' || status === 'expired' || status === 'revoked';
  if (!wish || !isMissing || state.asked.has(peer)) return;
  const { quietUntil } = paceOf(state, peer);
  if (context.now < quietUntil) {
    context.emit({ type: 'set-timer', timer: `trust/retry/${peer}`, at: quietUntil });
    return;
  }
  begin(scope, peer, { ...wish, mutual: config.policy.trust.mutual, onDemand: true });
}

function note(scope: Scope, peer: string, detail: string): void {
  scope.context.emit({ type: 'log', entry: { event: 'noted', detail, peer } });
}
