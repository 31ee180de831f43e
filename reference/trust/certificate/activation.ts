/** Brings grants into force and tells the links whenever a relationship stands differently. */
import type { PublicKey } from '../../crypto/crypto.ts';
import type { Micros } from '../../time.ts';
import { noteTrusted } from '../evidence/history.ts';
import { watchIssuer } from '../revocation/list-status.ts';
import { keepRelation } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { type Grant, paceOf, type Relation } from '../state.ts';
import {
  type Direction,
  grantOf,
  nextChange,
  opposite,
  phaseOf,
  standingOf,
} from './relationship.ts';
import { renewalOpens } from './renewal-window.ts';
import { storeRelation } from './store.ts';

export interface Activation {
  readonly peerKey: PublicKey;
  readonly inbound: Grant | null;
  readonly outbound: Grant | null;
}

/**
 * T-ACK-02: only an acknowledged exchange gets here. Caller tells the links when it is time. False:
 * the store has refused it.
 */
export function activate(scope: Scope, peer: string, fresh: Activation): boolean {
  const relation: Relation = {
    peer,
    peerKey: fresh.peerKey,
    inbound: fresh.inbound ?? surviving(scope, peer, 'inbound', fresh.peerKey),
    outbound: fresh.outbound ?? surviving(scope, peer, 'outbound', fresh.peerKey),
    live: true,
  };
  const grants = [fresh.inbound, fresh.outbound].filter((grant) => grant !== null);
  if (!storeRelation(scope, relation, grants)) return false;
  noteTrusted(scope, peer);
  return true;
}

/** A renewal of one direction (L-R10); the other is left as it is. */
export function succeed(
  scope: Scope,
  peer: string,
  fresh: { readonly direction: Direction; readonly grant: Grant; readonly peerKey: PublicKey },
): boolean {
  const { direction, grant, peerKey } = fresh;
  const known = scope.state.relations.get(peer);
  if (!known) return false;
  const relation: Relation = { ...known, peerKey, live: true, [direction]: grant };
  return storeRelation(scope, relation, [grant]);
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

/**
 * Compares with what the links were last told; sets the timers for the next change and, on the
 * subject's side, for the next renewal.
 */
export function refreshStanding(scope: Scope, peer: string): void {
  const { state, context, link } = scope;
  const inbound = standingOf(state, peer, 'inbound', context.now);
  const outbound = standingOf(state, peer, 'outbound', context.now);
  noteLife(scope, peer, [inbound.status, outbound.status]);
  const granted = grantOf(state, peer, 'outbound', context.now);
  if (granted && outbound.status === 'active') watchIssuer(scope, granted.certificate);
  setTimer(scope, `trust/standing/${peer}`, nextChange(state, peer, context.now));
  setTimer(scope, `trust/renew/${peer}`, nextRenewal(scope, peer));

  const now = [inbound, outbound].map(({ status, certificateId, level, permissions }) => {
    return [status, certificateId, level, ...permissions].join();
  });
  if (state.told.get(peer) === now.join(';')) return;
  state.told.set(peer, now.join(';'));
  link.standingChanged(peer, context);
}

function setTimer({ context }: Scope, timer: string, at: Micros | null): void {
  if (at === null) context.emit({ type: 'cancel-timer', timer });
  else context.emit({ type: 'set-timer', timer, at });
}

/** When we ask for the successor of what the peer permits us, if policy says that we do. */
function nextRenewal({ state, config, context }: Scope, peer: string): Micros | null {
  const grant = grantOf(state, peer, 'outbound', context.now);
  const isOurs = config.policy.trust.autoRenew && grant?.certificate.renewable === true;
  if (!grant || !isOurs || state.renewing.has(peer)) return null;
  const phase = phaseOf(state, grant, 'outbound', context.now);
  if (phase === 'revoked' || phase === 'revoking' || phase === 'expired') return null;
  // A revocation of either certificate ends trust both ways (T-REV-04).
  if (standingOf(state, peer, 'outbound', context.now).status === 'revoked') return null;
  // After a denial the old one runs on, and we ask again when the peer has had its rest.
  return Math.max(renewalOpens(grant), paceOf(state, peer).renewQuietUntil);
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
