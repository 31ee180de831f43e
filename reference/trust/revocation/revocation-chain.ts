/**
 * The chain of an issuer's revocations (T App A.3, L-R09): each carries the hash of the one before
 * it, so a revocation that somebody withholds leaves a gap, and an issuer that tells two stories a
 * fork. Order is information and never a condition: what has been found out changes no effect
 * (T-REV-12).
 */
import { limits } from '../../../spec/limits.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { Hash } from '../../crypto/crypto.ts';
import { seconds, toSeconds } from '../../time.ts';
import { write } from '../audit.ts';
import { keepChain } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { asValue } from '../transcript.ts';
import type { ChainLink, RevocationChain } from './revocation-record.ts';

/** 32 zero bytes: before the first revocation of an issuer (L-R09). */
export const GENESIS: Hash = 'A'.repeat(43);

/** Links of one issuer that are remembered, and links that it may owe us. [P] */
const MOST_LINKS = 64;
const MOST_MISSING = 16;

export const emptyChain: RevocationChain = {
  sequence: 0,
  hash: GENESIS,
  fromSequence: 0,
  links: [],
  missing: [],
};

/** Ours: nobody can be missing or fork it but we. */
export function extendOwn(scope: Scope, message: TrustRevoke): void {
  const { serverId } = scope.config;
  const known = scope.state.chains.get(serverId) ?? emptyChain;
  keep(scope, serverId, appended(known, linkOf(scope, message)));
}

/** True when the chain has a gap now that it did not have before: the list may tell more. */
export function follow(scope: Scope, message: TrustRevoke): boolean {
  const { revoking_server: issuer } = message;
  const link = linkOf(scope, message);
  const known = scope.state.chains.get(issuer);
  if (!known) {
    const fresh = { ...emptyChain, hash: link.previous, fromSequence: link.sequence };
    keep(scope, issuer, appended(fresh, link));
    return false;
  }
  const { must } = scope.context;
  // At 1.0 a revocation may say nothing of its place (L-V12).
  const isPlaced = message.prev_revocation_hash !== undefined;
  const isLinked = must('T-REV-13', !isPlaced || !isForked(known, link));
  if (!isLinked) alarm(scope, issuer, 'fork in the chain of revocations', link.hash);
  const isComplete = must('T-REV-13', !isPlaced || isAfterKnown(known, link));
  const resolved = without(appended(known, link), [link.hash]);
  keep(scope, issuer, isComplete ? resolved : withMissing(scope, resolved, link.previous));
  if (!isComplete) armGap(scope, issuer);
  return !isComplete;
}

/** What the issuer's signed list says of its chain, and which revocations it accounts for. */
export function followList(
  scope: Scope,
  issuer: string,
  told: { readonly head: { sequence: number; hash: Hash } | null; readonly hashes: Hash[] },
): void {
  const { head, hashes } = told;
  const known = scope.state.chains.get(issuer);
  if (!known) {
    if (!head) return;
    const { sequence, hash } = head;
    return keep(scope, issuer, { ...emptyChain, sequence, hash, fromSequence: sequence });
  }
  const accounted = without(known, hashes);
  const isBehind = head !== null && head.sequence > known.sequence && !hashes.includes(head.hash);
  if (!isBehind && accounted === known) return;
  keep(scope, issuer, isBehind ? withMissing(scope, accounted, head.hash) : accounted);
  if (isBehind) armGap(scope, issuer);
}

/** L-R09: what is still missing after five minutes is withheld, by the issuer or on its way. */
export function gapTimerFired(scope: Scope, issuer: string): void {
  const known = scope.state.chains.get(issuer);
  if (!known) return;
  const now = toSeconds(scope.context.now);
  const missing = known.missing.map((one) => {
    const isDue = !one.isReported && now >= one.sinceSeconds + limits.revocationAuditSeconds;
    if (isDue) alarm(scope, issuer, 'gap in the chain of revocations', one.hash);
    return isDue ? { ...one, isReported: true } : one;
  });
  keep(scope, issuer, { ...known, missing });
  armGap(scope, issuer);
}

export function resumeGaps(scope: Scope): void {
  for (const issuer of scope.state.chains.keys()) armGap(scope, issuer);
}

function linkOf(scope: Scope, message: TrustRevoke): ChainLink {
  const { revocation_sequence: sequence = 0, prev_revocation_hash: previous = GENESIS } = message;
  return { sequence, previous, hash: scope.context.crypto.hash(asValue(message)) };
}

/** T-REV-12: a lower number is not newer. */
function appended(known: RevocationChain, link: ChainLink): RevocationChain {
  const isNewer = link.sequence > known.sequence;
  const links = [...known.links.filter(({ hash }) => hash !== link.hash), link].slice(-MOST_LINKS);
  return isNewer
    ? { ...known, sequence: link.sequence, hash: link.hash, links }
    : { ...known, links };
}

function isForked({ links }: RevocationChain, link: ChainLink): boolean {
  return links.some(({ sequence, previous, hash }) => {
    const isRival = previous === link.previous || sequence === link.sequence;
    return isRival && hash !== link.hash;
  });
}

function isAfterKnown(known: RevocationChain, { sequence, previous }: ChainLink): boolean {
  const isBeforeUs = sequence <= known.fromSequence || previous === GENESIS;
  return isBeforeUs || previous === known.hash || known.links.some(({ hash }) => hash === previous);
}

function withMissing({ context }: Scope, known: RevocationChain, hash: Hash): RevocationChain {
  if (known.missing.some((one) => one.hash === hash)) return known;
  const one = { hash, sinceSeconds: toSeconds(context.now), isReported: false };
  return { ...known, missing: [...known.missing, one].slice(-MOST_MISSING) };
}

function without(known: RevocationChain, hashes: readonly Hash[]): RevocationChain {
  const missing = known.missing.filter(({ hash }) => !hashes.includes(hash));
  return missing.length === known.missing.length ? known : { ...known, missing };
}

function armGap(scope: Scope, issuer: string): void {
  const open = scope.state.chains.get(issuer)?.missing.filter(({ isReported }) => !isReported);
  const [first] = open ?? [];
  if (!first) return;
  const at = seconds(first.sinceSeconds + limits.revocationAuditSeconds);
  scope.context.emit({ type: 'set-timer', timer: `trust/gap/${issuer}`, at });
}

function alarm(scope: Scope, issuer: string, action: string, hash: Hash): void {
  const event = { event: 'security_incident', action, result: 'pending', risk: 'high' } as const;
  write(scope, issuer, event, { revocation_hash: hash });
}

function keep(scope: Scope, issuer: string, chain: RevocationChain): void {
  scope.state.chains.set(issuer, chain);
  keepChain(scope, issuer, chain);
}
