/** Which row of which durable table holds what, and how a restart reads it back. */
import type { Json } from '../../spec/schema.ts';
import type { Row, Table } from '../core.ts';
import { copyOf } from '../wire/settled.ts';
import type {
  HealthRecord,
  Monitoring,
  PeerRoot,
  Running,
} from './monitoring/monitoring-record.ts';
import type { RecommendationRecord } from './recommendation/recommendation-record.ts';
import { revocationOf } from './revocation/revocation-id.ts';
import type {
  OwnList,
  Pushed,
  RevocationChain,
  RevocationRecord,
  WatchedList,
} from './revocation/revocation-record.ts';
import type { Scope } from './scope.ts';
import {
  type Pace,
  paceOf,
  type Relation,
  type Renewed,
  type Renewing,
  type RequesterRun,
  type ResponderRun,
  type TrustState,
} from './state.ts';

export function keepRelation(scope: Scope, relation: Relation): void {
  persist(scope, 'trust-certificate', relation.peer, relation);
}

/** Null: the run is over. */
export function keepAsked(scope: Scope, peer: string, run: RequesterRun | null): void {
  persist(scope, 'trust-run', `requester/${peer}`, run && { ...run, gathering: null });
}

/** The exchange that waits for an answer does not outlive the process. */
export function keepJudged(scope: Scope, peer: string, run: ResponderRun | null): void {
  persist(scope, 'trust-run', `responder/${peer}`, run && { ...run, exchange: null });
}

/** Null: the renewal is over. */
export function keepRenewing(scope: Scope, peer: string, run: Renewing | null): void {
  persist(scope, 'trust-run', `renewing/${peer}`, run && { ...run, gathering: null });
}

export function keepRenewed(scope: Scope, peer: string, renewed: Renewed): void {
  persist(scope, 'trust-run', `renewed/${peer}`, renewed);
}

export function keepPace(scope: Scope, peer: string): void {
  persist(scope, 'trust-run', `pace/${peer}`, paceOf(scope.state, peer));
}

export function keepRevocation(scope: Scope, record: RevocationRecord): void {
  const key = `record/${revocationKey(record)}/${record.revocationId}`;
  persist(scope, 'revocation', key, record);
}

export function dropRevocation(scope: Scope, record: RevocationRecord): void {
  const key = `record/${revocationKey(record)}/${record.revocationId}`;
  persist(scope, 'revocation', key, null);
}

export function keepChain(scope: Scope, issuer: string, chain: RevocationChain): void {
  persist(scope, 'revocation', `chain/${issuer}`, chain);
}

export function keepPush(scope: Scope, key: string, push: Pushed | null): void {
  persist(scope, 'revocation', `push/${key}`, push);
}

export function keepList(scope: Scope, watched: WatchedList): void {
  persist(scope, 'revocation', `list/${watched.issuer}`, watched);
}

export function keepOwnList(scope: Scope, list: OwnList): void {
  persist(scope, 'revocation', 'own-list/', list);
}

export function keepBan(scope: Scope, key: string): void {
  persist(scope, 'banned-key', key, { since: scope.context.now });
}

export function keepVersion(scope: Scope, key: string, version: string): void {
  persist(scope, 'last-version', key, { version });
}

export function keepRecommendation(
  scope: Scope,
  key: string,
  record: RecommendationRecord | null,
): void {
  persist(scope, 'recommendation', key, record);
}

/** Keys: `running`, `report/<peer>`, `root/<peer>/<day>`, `warned/<certificate id>`. */
export function keepMonitoring(scope: Scope, key: string, value: object | null): void {
  persist(scope, 'monitoring', key, value);
}

/** Ids are unique for each issuer (T-CERT-13), so only together do they name a certificate. */
export function revocationKey(of: { issuer: string; certificateId: string }): string {
  return `${of.issuer}/${of.certificateId}`;
}

/** A revocation and the decision that clears it are told apart. */
export function pushKey({ peer, message }: Pick<Pushed, 'peer' | 'message'>): string {
  return `${peer}/${revocationOf(message)}/${message.type}`;
}

function persist(scope: Scope, table: Table, key: string, value: object | null): void {
  // A copy, because the core goes on changing its own.
  scope.context.emit({ type: 'persist', table, key, value: copyOf(value as Json) });
}

/** Rows of other tables and layers are passed over. */
export function restoreRow(state: TrustState, row: Row): void {
  if (row.value === null) return;
  const value = copyOf(row.value) as unknown;
  switch (row.table) {
    case 'trust-certificate':
      state.relations.set(row.key, value as Relation);
      return;
    case 'trust-run':
      return restoreRun(state, row.key, value);
    case 'revocation':
      return restoreRevocation(state, row.key, value);
    case 'banned-key':
      state.banned.add(row.key);
      return;
    case 'monitoring':
      return restoreMonitoring(state.monitoring, row.key, value);
    case 'recommendation':
      state.recommendations.set(row.key, value as RecommendationRecord);
      return;
    case 'last-version':
      state.lastVersions.set(row.key, (value as { version: string }).version);
      return;
    default:
      return;
  }
}

function restoreMonitoring(monitoring: Monitoring, key: string, value: unknown): void {
  if (key === 'running') monitoring.running = (value as { lives: Running[] }).lives;
  const [kind, about] = split(key);
  if (kind === 'report') monitoring.reports.set(about, value as HealthRecord);
  if (kind === 'root') monitoring.roots.set(about, value as PeerRoot);
  if (kind === 'warned') monitoring.warned.set(about, (value as { end: number }).end);
}

function restoreRun(state: TrustState, key: string, value: unknown): void {
  const [kind, peer] = split(key);
  if (kind === 'requester') state.asked.set(peer, { ...(value as RequesterRun), stale: true });
  if (kind === 'responder') state.judged.set(peer, value as ResponderRun);
  if (kind === 'renewing') state.renewing.set(peer, value as Renewing);
  if (kind === 'renewed') state.renewed.set(peer, value as Renewed);
  if (kind === 'pace') state.paces.set(peer, value as Pace);
}

function restoreRevocation(state: TrustState, key: string, value: unknown): void {
  const [kind, rest] = split(key);
  if (kind === 'chain') state.chains.set(rest, value as RevocationChain);
  if (kind === 'push') state.pushes.set(rest, value as Pushed);
  if (kind === 'list') state.lists.set(rest, value as WatchedList);
  if (kind === 'own-list') state.ownList = value as OwnList;
  if (kind === 'record') {
    const record = value as RevocationRecord;
    const known = state.revocations.get(revocationKey(record)) ?? [];
    state.revocations.set(revocationKey(record), [...known, record]);
  }
}

function split(key: string): [string, string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
