/** What an operator, or a message that waits, makes us do. */
import { permissionNames } from '../../spec/emitted/registries.ts';
import { renewalReasons, trustLevels } from '../../spec/messages/trust/enumerations.ts';
import type { TrustLayer } from '../ports.ts';
import { limitsOf } from './certificate/certificate.ts';
import { meetCondition } from './certificate/deadlines.ts';
import { grantOf, standingOf } from './certificate/relationship.ts';
import { begin } from './establishment/requester.ts';
import { dismiss } from './establishment/responder-life.ts';
import { bar, withhold } from './pace.ts';
import type { RenewalWish } from './renewal/renewal.ts';
import { askForRenewal } from './renewal/subject.ts';
import { reasonOf } from './revocation/revocation.ts';
import { revokeCertificate } from './revocation/revoker.ts';
import type { Scope } from './scope.ts';
import { type Grant, paceOf } from './state.ts';

type Order = Parameters<TrustLayer['revoke']>[0];
type RenewalOrder = Parameters<TrustLayer['renew']>[0];
type ConditionOrder = Parameters<TrustLayer['meetCondition']>[0];

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

/** T18 by order. What cannot be asked for is not, and the log says so. */
export function orderRenewal(scope: Scope, given: RenewalOrder): void {
  const { server: peer, level, reason } = given;
  const held = grantOf(scope.state, peer, 'outbound', scope.context.now);
  const wish = {
    reason: renewalReasons.find((name) => name === reason) ?? 'early',
    level: trustLevels.find((name) => name === (level ?? held?.level)),
    changes: held ? changesOf(given, held) : [],
  };
  const { level: asked } = wish;
  if (asked === undefined || !askForRenewal(scope, peer, { ...wish, level: asked })) {
    note(scope, peer, 'there is nothing to renew, or it is being renewed');
  }
}

function changesOf(given: RenewalOrder, held: Grant): RenewalWish['changes'] {
  const now = limitsOf(held.certificate, held.level);
  const { justification } = given;
  const added = permissionNames.filter((name) => given.permissions.includes(name));
  const rates = [
    ['messages_per_second', now.messagesPerSecond, given.messagesPerSecond],
    ['bandwidth_mbps', now.bandwidthMbps, given.bandwidthMbps],
  ] as const;
  return [
    ...added.map((permission) => {
      return { change_type: 'add_permission', permission, justification } as const;
    }),
    ...rates.flatMap(([parameter, old_value, new_value]) => {
      if (new_value === undefined) return [];
      const change = { change_type: 'update_rate_limit', parameter, old_value } as const;
      return [{ ...change, new_value, justification }];
    }),
  ];
}

/** An operator has evidence (T-COND-02). */
export function orderCondition(scope: Scope, given: ConditionOrder): void {
  if (meetCondition(scope, given.server, given)) return;
  note(scope, given.server, `no condition ${given.condition} waits to be met`);
}

function note(scope: Scope, peer: string, detail: string): void {
  scope.context.emit({ type: 'log', entry: { event: 'noted', detail, peer } });
}
