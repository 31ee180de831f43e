/** Brings grants into force and tells the links whenever a relationship stands differently. */
import type { PublicKey } from '../../crypto/crypto.ts';
import { write } from '../audit.ts';
import { noteTrusted } from '../evidence/history.ts';
import { keepRelation } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { Grant, Relation } from '../state.ts';
import { nextChange, opposite, standingOf } from './relationship.ts';

export interface Activation {
  readonly peerKey: PublicKey;
  readonly inbound: Grant | null;
  readonly outbound: Grant | null;
}

/** T-ACK-02: only an acknowledged exchange gets here. Caller tells the links when it is time. */
export function activate(scope: Scope, peer: string, fresh: Activation): void {
  const { state } = scope;
  const relation: Relation = {
    peer,
    peerKey: fresh.peerKey,
    inbound: fresh.inbound ?? surviving(scope, peer, 'inbound', fresh.peerKey),
    outbound: fresh.outbound ?? surviving(scope, peer, 'outbound', fresh.peerKey),
    live: true,
  };
  state.relations.set(peer, relation);
  keepRelation(scope, relation);
  noteTrusted(scope, peer);
  for (const grant of [fresh.inbound, fresh.outbound]) {
    if (!grant) continue;
    const { certificate_id, trust_level, issuer_server } = grant.certificate;
    const action = issuer_server === scope.config.serverId ? 'granted trust' : 'was granted trust';
    const event = { event: 'trust_granted', action, result: 'success', risk: 'low' } as const;
    write(scope, peer, event, { certificate_id, trust_level });
  }
}

/**
 * A direction that this exchange leaves alone; never one that has ended, nor one for another key.
 */
function surviving(
  { state, context }: Scope,
  peer: string,
  direction: 'inbound' | 'outbound',
  peerKey: PublicKey,
): Grant | null {
  const relation = state.relations.get(peer);
  const grant = relation?.[direction];
  if (!relation || !grant || relation.peerKey !== peerKey) return null;
  const { status } = standingOf(state, peer, direction, context.now);
  const isUnderWay = status === 'active' || status === 'suspended';
  // Its partner is being replaced: what was mutual is now two grants of their own.
  return isUnderWay && relation[opposite(direction)]
    ? { ...grant, mutual: false }
    : isUnderWay
      ? grant
      : null;
}

/** Compares with what the links were last told; sets the timer for the next change. */
export function refreshStanding(scope: Scope, peer: string): void {
  const { state, context, link } = scope;
  const inbound = standingOf(state, peer, 'inbound', context.now);
  const outbound = standingOf(state, peer, 'outbound', context.now);
  noteLife(scope, peer, [inbound.status, outbound.status]);

  const timer = `trust/standing/${peer}`;
  const next = nextChange(state, peer, context.now);
  if (next === null) context.emit({ type: 'cancel-timer', timer });
  else context.emit({ type: 'set-timer', timer, at: next });

  const now = [inbound, outbound].map(({ status, certificateId, permissions }) => {
    return [status, certificateId, ...permissions].join();
  });
  if (state.told.get(peer) === now.join(';')) return;
  state.told.set(peer, now.join(';'));
  link.standingChanged(peer, context);
}

/** When neither direction can come back, the key is no longer certified (X-SIG-02). */
function noteLife(scope: Scope, peer: string, statuses: readonly string[]): void {
  const relation = scope.state.relations.get(peer);
  if (!relation?.live) return;
  const { inbound, outbound } = relation;
  const ended = statuses.map((status) => status === 'revoked' || status === 'expired');
  const inboundOver = inbound === null || ended[0] === true;
  const outboundOver = outbound === null || ended[1] === true;
  if (!inboundOver || !outboundOver) return;
  relation.live = false;
  keepRelation(scope, relation);
}
