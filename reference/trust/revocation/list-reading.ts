/**
 * Lists of others (T11, L-R08). What an authentic list revokes is revoked, whatever else is wrong
 * with it: nothing un-revokes, so the union of all that an issuer has signed is always right
 * (S-11b). Whether the list also tells that nothing else is revoked, its time and number decide.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import { revocationReasonOf } from '../../../spec/messages/trust/enumerations.ts';
import type { NorcCrl } from '../../../spec/messages/trust/norc-crl.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { RevokedCertificate } from '../../../spec/messages/trust/revoked-certificate.ts';
import type { Hash } from '../../crypto/crypto.ts';
import type { TrustOrigin } from '../../ports.ts';
import { seconds, toSeconds } from '../../time.ts';
import { canonicalText } from '../../wire/canonical.ts';
import { write } from '../audit.ts';
import { refreshStanding } from '../certificate/activation.ts';
import { certificatesOf } from '../certificate/succession.ts';
import { type Check, check, firstBroken } from '../check.ts';
import { refuse } from '../refusal.ts';
import { keepList, revocationKey } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { algorithmCheck, asValue, isSignedBy } from '../transcript.ts';
import { takeIn } from './intake.ts';
import { armStatus } from './list-status.ts';
import { isWorthKeeping } from './list-watch.ts';
import { audience } from './pushing.ts';
import { followList } from './revocation-chain.ts';
import { effectAt } from './revocation-effect.ts';
import type { RevocationRecord, WatchedList } from './revocation-record.ts';

/** Contradictions of one issuer that are told apart; servers and bytes that a list is shown to. [P] */
const MOST_CONTRADICTIONS = 8;
const MOST_SHOWN = 8;
const MOST_SHOWN_BYTES = 64 * 1024;

/** Fetched, or shown by another server that has fetched it. */
export function receiveList(scope: Scope, list: NorcCrl, origin: TrustOrigin): void {
  const { state, context } = scope;
  const issuer = list.issuer_server;
  const isDirect = origin.exchange === null;
  const watched = state.lists.get(issuer);
  // Nothing of ours hangs on it, or we asked somebody else.
  if (!watched || (isDirect && issuer !== origin.peer)) return done(scope, origin);
  // Of an issuer whose trust is over as well: its lists can still contradict each other.
  const key = state.relations.get(issuer)?.peerKey ?? null;
  const forged = firstBroken(context.must, [
    algorithmCheck(errorCode.common.cryptoError, [list.signature_algorithm]),
    check('T-CRL-01', errorCode.trust.badSignature, 'the signature of the list', () => {
      return isSignedBy(scope, key, list, 'signature');
    }),
  ]);
  if (forged) return refuse(scope, origin, forged);
  takeInEntries(scope, list);
  const entry = entryFor(list, watched.certificateId);
  followList(scope, issuer, { head: headOf(list), hashes: hashesOf(list) });

  const hash = context.crypto.hash(asValue(list));
  const broken = firstBroken(context.must, usableChecks(scope, { list, hash, watched, entry }));
  if (broken && isContradiction(list, hash, watched)) alarm(scope, watched, list, hash);
  if (broken) return refuse(scope, origin, broken);
  adopt(scope, watched, { list, hash, isDirect, isListed: entry !== undefined });
  done(scope, origin);
  if (numberOf(list) > watched.number) show(scope, list, origin);
}

export interface Judged {
  readonly list: NorcCrl;
  readonly hash: Hash;
  readonly watched: WatchedList;
  readonly entry: RevokedCertificate | undefined;
}

/** Whether the list may be relied on for what it does not say. */
export function usableChecks(
  scope: Scope,
  { list, hash, watched, entry }: Judged,
): readonly Check[] {
  const { now } = scope.context;
  const code = errorCode.trust.certificate;
  const { this_update: from, next_update: until } = list;
  return [
    check('T-CRL-01', code, 'a list of the future', () => now >= seconds(from)),
    check('T-CRL-01', code, 'a stale list', () => now < seconds(until)),
    check('T-CRL-04', code, 'a list for longer than a day', () => {
      return from < until && until - from <= limits.crlSeconds;
    }),
    check('T-CERT-14', code, 'an unknown critical extension', () => {
      const listed = list.revoked_certificates.flatMap(({ extensions }) => extensions);
      return [...list.crl_extensions, ...listed].every(({ critical }) => !critical);
    }),
    check('T-CRL-02', code, 'a lower number, or another list of the same', () => {
      return numberOf(list) > watched.number || hash === watched.hash;
    }),
    check('T-CRL-03', code, 'an entry has gone', () => !watched.isListed || entry !== undefined),
  ];
}

function isContradiction(list: NorcCrl, hash: Hash, watched: WatchedList): boolean {
  return numberOf(list) === watched.number && hash !== watched.hash;
}

/** At 1.0 a list may lack the number (L-V12); its time then orders it. */
export function numberOf({ crl_number: number, this_update: from }: NorcCrl): number {
  return number ?? from;
}

/** T-CRL-02, S-11b: the issuer tells two stories. What either revokes is revoked already. */
function alarm(scope: Scope, watched: WatchedList, list: NorcCrl, hash: Hash): void {
  const { issuer, contradictions } = watched;
  if (contradictions.includes(hash) || contradictions.length >= MOST_CONTRADICTIONS) return;
  const changed = { ...watched, contradictions: [...contradictions, hash] };
  scope.state.lists.set(issuer, changed);
  keepList(scope, changed);
  const action = 'two revocation lists of one number';
  const event = {
    event: 'security_incident',
    action,
    result: 'failure',
    risk: 'critical',
  } as const;
  const parameters = { crl_number: numberOf(list), one: watched.hash, other: hash };
  write(scope, issuer, event, parameters);
}

function adopt(
  scope: Scope,
  watched: WatchedList,
  found: {
    readonly list: NorcCrl;
    readonly hash: Hash;
    readonly isDirect: boolean;
    readonly isListed: boolean;
  },
): void {
  const { list, hash, isDirect, isListed } = found;
  const changed: WatchedList = {
    ...watched,
    number: numberOf(list),
    hash,
    knownUntilSeconds: list.next_update,
    goodAtSeconds: isDirect ? toSeconds(scope.context.now) : watched.goodAtSeconds,
    isAbsent: false,
    isUnknown: false,
    isWarned: false,
    isListed,
  };
  scope.state.lists.set(watched.issuer, changed);
  const isNew = hash !== watched.hash || watched.isUnknown;
  if (isNew || isWorthKeeping(watched.goodAtSeconds, scope)) keepList(scope, changed);
  armStatus(scope, changed);
  if (watched.isUnknown) refreshStanding(scope, watched.issuer);
}

/** Of what we hold of the issuer: the present certificate, and those that it has followed. */
function takeInEntries(scope: Scope, list: NorcCrl): void {
  const { issuer_server: issuer } = list;
  for (const certificate of certificatesOf(scope.state.relations.get(issuer))) {
    const entry = entryFor(list, certificate.certificate_id);
    const isPresent = certificate.certificate_id === scope.state.lists.get(issuer)?.certificateId;
    // That a successor has taken the place of another one is known already.
    const isNews = entry && (isPresent || entry.revocation_reason !== 'superseded');
    if (isNews && certificate.issuer_server === issuer) takeInEntry(scope, certificate, entry);
  }
}

function entryFor(list: NorcCrl, certificateId: string): RevokedCertificate | undefined {
  return list.revoked_certificates.find((one) => one.certificate_id === certificateId);
}

/** Final and at once: grace is over before a certificate is listed. */
function takeInEntry(
  scope: Scope,
  certificate: NorcTrustCertificate,
  entry: RevokedCertificate,
): void {
  const { state, context } = scope;
  const { issuer_server: issuer, certificate_id: certificateId } = certificate;
  const known = state.revocations.get(revocationKey({ issuer, certificateId })) ?? [];
  if (effectAt(known, context.now).status === 'revoked') return;
  const said = revokeOf(entry);
  const isNew = said !== null && known.every(({ revocationId }) => revocationId !== said.id);
  const record: RevocationRecord = {
    revocationId: isNew ? said.id : `list-${certificateId}`,
    issuer,
    certificateId,
    subject: certificate.subject_server,
    notAfterSeconds: certificate.not_after,
    revokedBy: issuer,
    reason: revocationReasonOf(entry.revocation_reason),
    scope: 'full',
    effectiveSeconds: Math.min(entry.revocation_date, toSeconds(context.now)),
    graceSeconds: 0,
    permissions: [],
    quarantinedUntilSeconds: null,
    // A revocation that comes after its entry is a repeat of it.
    hash: isNew ? said.hash : null,
    transcript: null,
    isCleared: false,
    answered: 'accepted',
    objections: [],
  };
  takeIn(scope, record, certificate);
}

function headOf({ crl_extensions }: NorcCrl): { sequence: number; hash: Hash } | null {
  const value = crl_extensions.find(({ id }) => id === 'revocation_chain')?.value;
  if (typeof value !== 'object' || value === null) return null;
  const { sequence, hash } = asValue(value);
  return typeof sequence === 'number' && typeof hash === 'string' ? { sequence, hash } : null;
}

function hashesOf({ revoked_certificates }: NorcCrl): Hash[] {
  return revoked_certificates.flatMap((entry) => revokeOf(entry)?.hash ?? []);
}

function revokeOf({ extensions }: RevokedCertificate): { id: string; hash: Hash } | null {
  const value = extensions.find(({ id }) => id === 'trust_revoke')?.value;
  if (typeof value !== 'object' || value === null) return null;
  const { revocation_id: id, hash } = asValue(value);
  return typeof id === 'string' && typeof hash === 'string' ? { id, hash } : null;
}

/**
 * S-11b: a few others are shown each new list, so that an issuer which tells us one thing and them
 * another is found out by whoever sees both (choices.md).
 */
function show(scope: Scope, list: NorcCrl, { peer }: TrustOrigin): void {
  if (canonicalText(asValue(list)).length > MOST_SHOWN_BYTES) return;
  const others = audience(scope, [list.issuer_server, peer]);
  const [drawn = 0] = scope.context.entropy(1);
  const start = others.length === 0 ? 0 : drawn % others.length;
  const chosen = [...others.slice(start), ...others.slice(0, start)].slice(0, MOST_SHOWN);
  for (const other of chosen) scope.link.post(other, list, scope.context);
}

function done(scope: Scope, { exchange }: TrustOrigin): void {
  if (exchange !== null) scope.link.answer(exchange, 204, null, scope.context);
}
