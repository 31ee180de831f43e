/**
 * Issues revocations, takes in those of others, and sees ours through to their acknowledgment
 * (profile 2.7). Effect comes first: an acknowledgment never delays it (T-REV-09).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { RevocationAcknowledgment } from '../../../spec/messages/trust/revocation-acknowledgment.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { TrustOrigin } from '../../ports.ts';
import { seconds } from '../../time.ts';
import { write } from '../audit.ts';
import { refreshStanding } from '../certificate/activation.ts';
import { standingOf } from '../certificate/relationship.ts';
import { certificatesOf } from '../certificate/succession.ts';
import { check, firstBroken } from '../check.ts';
import { backOff, bar, keepQuiet } from '../pace.ts';
import { certifiedKeyOf, peerKeyOf } from '../peer-key.ts';
import { refuse } from '../refusal.ts';
import {
  dropRevocation,
  keepBan,
  keepChain,
  keepPush,
  keepRevocation,
  pushKey,
  revocationKey,
} from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { RevocationChain, TrustState } from '../state.ts';
import { asValue, noteTolerance, placeChecks } from '../transcript.ts';
import { versionWith } from '../versions.ts';
import {
  composeRevocation,
  composeRevocationAcknowledgment,
  escalated,
  GENESIS,
  issuerOf,
  type RevocationOrder,
  recordOf,
  revocationAcknowledgmentChecks,
  revocationChecks,
} from './revocation.ts';
import type { RevocationRecord } from './revocation-record.ts';

/**
 * Revocations kept of one certificate, and of certificates of one issuer that we do not hold. [P]
 */
const MOST_OF_ONE = 64;
const MOST_UNKNOWN = 1024;

// --- ours ----------------------------------------------------------------------------------------

/**
 * Takes effect here at once, then is pushed to the subject and to every peer that trusts (L-R07).
 */
export function revokeCertificate(
  scope: Scope,
  peer: string,
  certificate: NorcTrustCertificate,
  order: RevocationOrder,
): void {
  const self = scope.config.serverId;
  const chain = scope.state.chains.get(self) ?? { sequence: 0, hash: GENESIS };
  const message = composeRevocation(scope, certificate, order, chain);
  advanceChain(scope, self, message);
  const record = recordOf(scope, message, certificate);
  enter(scope, record, certificate);
  refreshStanding(scope, peer);
  for (const recipient of recipientsOf(scope, peer)) push(scope, recipient, message);
}

function recipientsOf(scope: Scope, peer: string): readonly string[] {
  const { state, context } = scope;
  const others = [...state.relations.keys()].filter((other) => {
    const standings = (['inbound', 'outbound'] as const).map((direction) => {
      return standingOf(state, other, direction, context.now).status;
    });
    return other !== peer && standings.includes('active');
  });
  return [peer, ...others];
}

function advanceChain(scope: Scope, issuer: string, message: TrustRevoke): void {
  const sequence = message.revocation_sequence ?? 0;
  const chain: RevocationChain = {
    sequence,
    hash: scope.context.crypto.hash(asValue(message)),
  };
  scope.state.chains.set(issuer, chain);
  keepChain(scope, issuer, chain);
}

function push(scope: Scope, peer: string, message: TrustRevoke): void {
  const pushed = { peer, message, since: scope.context.now, attempts: 1, missed: false };
  const key = pushKey(pushed);
  scope.state.pushes.set(key, pushed);
  keepPush(scope, key, pushed);
  setPushTimer(scope, key, scope.context.now + seconds(limits.revocationAcknowledgmentSeconds));
  scope.link.post(peer, message, scope.context);
}

function setPushTimer(scope: Scope, key: string, at: number): void {
  scope.context.emit({ type: 'set-timer', timer: `trust/push/${key}`, at });
}

/** Post again until it is acknowledged or the certificate would be forgotten anyway. */
export function pushTimerFired(scope: Scope, key: string): void {
  const pushed = scope.state.pushes.get(key);
  if (!pushed) return;
  const { now } = scope.context;
  const age = now - pushed.since;
  if (age > seconds(limits.trustAgeSeconds)) return dropPush(scope, key);
  // T-REV-15: five minutes without an acknowledgment are an event, once.
  if (!pushed.missed && age >= seconds(limits.revocationAuditSeconds)) {
    pushed.missed = true;
    const action = 'revocation not acknowledged';
    const event = { event: 'security_incident', action, result: 'pending', risk: 'high' } as const;
    write(scope, pushed.peer, event, { revocation_id: pushed.message.revocation_id });
  }
  pushed.attempts += 1;
  keepPush(scope, key, pushed);
  setPushTimer(scope, key, now + Math.max(backOff(scope.context, pushed.attempts), seconds(60)));
  scope.link.post(pushed.peer, pushed.message, scope.context);
}

/** The link told us that it did not arrive. */
export function pushUndelivered(scope: Scope, peer: string, message: TrustRevoke): void {
  const key = pushKey({ peer, message });
  const pushed = scope.state.pushes.get(key);
  if (pushed) setPushTimer(scope, key, scope.context.now + backOff(scope.context, pushed.attempts));
}

export function resumePushes(scope: Scope): void {
  for (const key of scope.state.pushes.keys()) setPushTimer(scope, key, scope.context.now);
}

function dropPush(scope: Scope, key: string): void {
  scope.state.pushes.delete(key);
  keepPush(scope, key, null);
  scope.context.emit({ type: 'cancel-timer', timer: `trust/push/${key}` });
}

/** T10. Disputed or not, the revocation stands (T-REV-10). */
export function receiveRevocationAcknowledgment(
  scope: Scope,
  message: RevocationAcknowledgment,
  origin: TrustOrigin,
): void {
  const { peer } = origin;
  const key = pushKey({ peer, message });
  const pushed = scope.state.pushes.get(key);
  const broken = firstBroken(scope.context.must, [
    ...revocationAcknowledgmentChecks(scope, message, { peer, key: ackKey(scope, origin) }),
    check('X-ERR-07', errorCode.trust.unknownExchange, 'no such revocation is open', () => pushed),
  ]);
  if (broken) return refuse(scope, origin, broken);
  if (!pushed) return done(scope, origin);
  const version = versionWith(scope.state, peer);
  const earlier = [asValue(pushed.message)];
  const misplaced = firstBroken(scope.context.must, placeChecks(scope, message, earlier, version));
  if (misplaced) return refuse(scope, origin, misplaced);
  dropPush(scope, key);
  done(scope, origin);
  if (message.acknowledgment_status === 'accepted' && !message.appeal_filed) return;
  const action = `revocation ${message.acknowledgment_status}`;
  const event = { event: 'security_incident', action, result: 'success', risk: 'medium' } as const;
  write(scope, peer, event, { revocation_id: message.revocation_id });
}

function done(scope: Scope, { exchange }: TrustOrigin): void {
  if (exchange !== null) scope.link.answer(exchange, 204, null, scope.context);
}

/** The revoked peer's key may no longer be certified; the link still knows whose it is. */
function ackKey({ state }: Scope, origin: TrustOrigin): string | null {
  return state.relations.get(origin.peer)?.peerKey ?? origin.tlsKey;
}

// --- theirs --------------------------------------------------------------------------------------

/** T9, from the issuer, from the subject of a certificate of ours, or passed on by another peer. */
export function receiveRevocation(scope: Scope, message: TrustRevoke, origin: TrustOrigin): void {
  const { state, context } = scope;
  const certificate = heldCertificate(state, message);
  const key = revocationKey({
    issuer: issuerOf(message, certificate),
    certificateId: message.trust_certificate_id,
  });
  const known = state.revocations
    .get(key)
    ?.find((one) => one.revocationId === message.revocation_id);
  const broken = firstBroken(
    context.must,
    revocationChecks(scope, message, {
      certificate,
      key: revokerKey(scope, message, origin),
      known,
      version: versionWith(state, message.revoking_server),
    }),
  );
  if (broken) return refuse(scope, origin, broken);
  noteTolerance(scope, origin.peer, message);
  if (!known) takeIn(scope, message, certificate);
  if (origin.exchange === null) return;
  const cleanup = certificate ? ['relays stopped', 'links cut', 'queues purged'] : [];
  const answer = composeRevocationAcknowledgment(scope, message, cleanup);
  scope.link.answer(origin.exchange, 200, answer, context);
}

function takeIn(
  scope: Scope,
  message: TrustRevoke,
  certificate: NorcTrustCertificate | undefined,
): void {
  watchChain(scope, message);
  enter(scope, recordOf(scope, message, certificate), certificate);
  if (!certificate) return;
  const self = scope.config.serverId;
  const { issuer_server: issuer, subject_server: subject } = certificate;
  const peer = issuer === self ? subject : issuer;
  if (message.revocation_scope === 'full') {
    // L-R13, on whichever side the next request would be.
    if (issuer === self) bar(scope, peer);
    else keepQuiet(scope, peer, limits.trustCooldownSeconds);
  }
  refreshStanding(scope, peer);
}

/** Stores, bars keys and writes the one event that the revocation has (T-AUD-03). */
function enter(
  scope: Scope,
  record: RevocationRecord,
  certificate: NorcTrustCertificate | undefined,
): void {
  store(scope, record, certificate);
  if (mayBan(scope, record, certificate)) {
    scope.state.banned.add(certificate.public_key);
    keepBan(scope, certificate.public_key);
  }
  const action =
    record.revokedBy === scope.config.serverId ? 'revoked trust' : 'took in a revocation';
  const target = certificate?.subject_server ?? record.issuer;
  const risk = record.reason === 'compromised_key' ? 'high' : 'medium';
  write(
    scope,
    target,
    { event: 'trust_revoked', action, result: 'success', risk },
    {
      certificate_id: record.certificateId,
      reason: record.reason,
      scope: record.scope,
    },
  );
}

function store(
  scope: Scope,
  record: RevocationRecord,
  certificate: NorcTrustCertificate | undefined,
): void {
  const { revocations } = scope.state;
  const key = revocationKey(record);
  const others = revocations.get(key) ?? [];
  const kept = others.length < MOST_OF_ONE ? record : escalated(record);
  if (others.length > MOST_OF_ONE) return; // The last one kept has revoked it for good.
  revocations.set(key, [...others, kept]);
  keepRevocation(scope, kept);
  if (!certificate && others.length === 0) forgetOldest(scope, record.issuer, key);
}

/**
 * A peer may name as many ids as it likes; the oldest that we hold no certificate for make room.
 */
function forgetOldest(scope: Scope, issuer: string, newest: string): void {
  const { revocations, relations } = scope.state;
  const held = [...revocations.keys()].filter((key) => key.startsWith(`${issuer}/`));
  if (held.length <= MOST_UNKNOWN) return;
  const current = relations.get(issuer)?.outbound?.certificate.certificate_id;
  const oldest = held.find((key) => key !== newest && key !== `${issuer}/${current}`);
  for (const record of revocations.get(oldest ?? '') ?? []) dropRevocation(scope, record);
  if (oldest !== undefined) revocations.delete(oldest);
}

/**
 * T-REV-19: a key that its owner or we call compromised. Another issuer's word bars nobody's key,
 * or any peer could bar anyone it has ever certified.
 */
function mayBan(
  { config }: Scope,
  record: RevocationRecord,
  certificate: NorcTrustCertificate | undefined,
): certificate is NorcTrustCertificate {
  const isFinal = record.reason === 'compromised_key' && record.scope === 'full';
  return isFinal && certificate?.issuer_server === config.serverId;
}

/** The certificate of ours or to us that is meant; undefined when we hold none of that id. */
function heldCertificate(
  state: TrustState,
  message: TrustRevoke,
): NorcTrustCertificate | undefined {
  const { trust_certificate_id: id, revoking_server: revoker } = message;
  const bearers = [...state.relations.values()].flatMap((relation) => {
    return certificatesOf(relation).filter((certificate) => certificate.certificate_id === id);
  });
  // Ids are unique for each issuer only: a second bearer must not hide the one that is meant.
  const own = bearers.find((certificate) => {
    return certificate.issuer_server === revoker || certificate.subject_server === revoker;
  });
  return own ?? bearers[0];
}

/** X-SIG-02: bound to the server that is named, whoever brings the message. */
function revokerKey({ state }: Scope, message: TrustRevoke, origin: TrustOrigin): string | null {
  const { revoking_server: revoker } = message;
  return revoker === origin.peer ? peerKeyOf(state, origin) : certifiedKeyOf(state, revoker);
}

/** T-REV-13: a link that is missing, or two for one number, may mean that something is withheld. */
function watchChain(scope: Scope, message: TrustRevoke): void {
  const { revoking_server: issuer, revocation_sequence: sequence } = message;
  const last = scope.state.chains.get(issuer);
  const previous = message.prev_revocation_hash;
  const isNext = last === undefined || previous === undefined || previous === last.hash;
  if (!isNext) {
    const action = 'gap or fork in the chain of revocations';
    const event = { event: 'security_incident', action, result: 'pending', risk: 'high' } as const;
    write(scope, issuer, event, { revocation_id: message.revocation_id });
  }
  // T-REV-12: a lower number is not newer, but it is applied all the same.
  if (last === undefined || (sequence ?? 0) > last.sequence) advanceChain(scope, issuer, message);
}
