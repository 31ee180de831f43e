/**
 * T21: the root of the audit log of one day, under our signature, and for the server that asks the
 * entries about itself with what proves that they lie under it (L-X15, T-AUD-02, X-AUD-06). Whoever
 * keeps the answers can tell when a log is changed after the fact (S-29).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { AuditRoot } from '../../../spec/messages/trust/audit-root.ts';
import type { AuditRootQuery } from '../../../spec/messages/trust/audit-root-query.ts';
import { midnightOf, SECONDS_PER_DAY } from '../../audit/days.ts';
import { isIncluded } from '../../audit/merkle.ts';
import type { JsonObject } from '../../crypto/crypto.ts';
import type { AuditRootFacts, TrustOrigin } from '../../ports.ts';
import { toSeconds } from '../../time.ts';
import { without } from '../../wire/canonical.ts';
import { write } from '../audit.ts';
import { type Check, check, firstBroken } from '../check.ts';
import { ask, closeInquiry, openInquiry } from '../inquiry.ts';
import { certifiedKeyOf } from '../peer-key.ts';
import { refuse } from '../refusal.ts';
import { relatedCheck } from '../relation-gate.ts';
import { keepMonitoring } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { asValue, isSignedBy, placeChecks, sealed, transcriptHash } from '../transcript.ts';

/** The message does not exist before it. */
const SINCE = '1.1';
/** Roots of peers that are remembered; the oldest makes room. [P] */
const MOST_ROOTS = 4096;

export function receiveRootQuery(scope: Scope, message: AuditRootQuery, origin: TrustOrigin): void {
  const { context, audit, link } = scope;
  const { peer, exchange } = origin;
  const day = message.day ?? -1;
  const { malformed, unknownExchange } = errorCode.trust;
  const known = audit.rootOf(day, context);
  const broken = firstBroken(context.must, [
    relatedCheck(scope, peer, 'X-AUD-06'),
    check('T-AUD-02', malformed, 'not a day that has begun', () => {
      return day >= 0 && midnightOf(day) === day && day <= toSeconds(context.now);
    }),
    check('T-AUD-02', unknownExchange, 'a day that is no longer known', () => known),
    ...placeChecks(scope, message, [], SINCE),
  ]);
  if (broken) return refuse(scope, origin, broken);
  if (exchange === null || !known) return;
  link.answer(exchange, 200, composeRoot(scope, message, known, peer), context);
}

function composeRoot(
  scope: Scope,
  query: AuditRootQuery,
  { day, root, count, tree }: AuditRootFacts,
  peer: string,
): AuditRoot {
  const inclusions = scope.audit.entriesAbout(peer, day, scope.context);
  const body: Omit<AuditRoot, 'signature'> = {
    type: 'audit_root',
    day,
    root_hash: root,
    entry_count: count,
    ...(tree !== null && { tree_root: tree }),
    ...(query.proofs_wanted === true && {
      inclusions: inclusions.map(({ entry, index, siblings }) => ({
        entry: { ...entry },
        index,
        siblings: [...siblings],
      })),
    }),
  };
  return sealed(scope, body, 'signature', [asValue(query)]);
}

// --- ours ----------------------------------------------------------------------------------------

export function askRoot(scope: Scope, peer: string, daysAgo: number): void {
  const day = midnightOf(toSeconds(scope.context.now)) - daysAgo * SECONDS_PER_DAY;
  const query: AuditRootQuery = {
    type: 'audit_root_query',
    day,
    proofs_wanted: true,
    transcript_hash: transcriptHash(scope, []),
  };
  ask(scope, peer, query);
}

export function receiveRoot(scope: Scope, message: AuditRoot, origin: TrustOrigin): void {
  const { state, context } = scope;
  const { peer } = origin;
  const inquiry = openInquiry(state, peer, 'audit_root_query', ({ day }) => day === message.day);
  const earlier = inquiry ? [asValue(inquiry.message)] : [];
  const broken = firstBroken(context.must, [
    check('X-ERR-07', errorCode.trust.unknownExchange, 'nobody has asked', () => inquiry),
    ...placeChecks(scope, message, earlier, SINCE),
    ...rootChecks(scope, message, peer),
  ]);
  if (broken) return refuse(scope, origin, broken);
  if (origin.exchange !== null) scope.link.answer(origin.exchange, 204, null, context);
  if (!inquiry) return;
  closeInquiry(scope, peer, inquiry.message);
  compare(scope, peer, message);
}

function rootChecks(scope: Scope, message: AuditRoot, peer: string): readonly Check[] {
  const { badSignature, trustError } = errorCode.trust;
  return [
    check('X-SIG-02', badSignature, 'the signature of the keeper', () => {
      return isSignedBy(scope, certifiedKeyOf(scope.state, peer), message, 'signature');
    }),
    check('T-AUD-01', trustError, 'an entry that its keeper has not signed', () => {
      return (message.inclusions ?? []).every(({ entry }) => isEntryOf(scope, peer, entry));
    }),
    check('T-AUD-02', trustError, 'an entry that does not lie under the root', () => {
      return (message.inclusions ?? []).every(({ entry, index, siblings }) => {
        const { hash } = entry;
        const proof = { index, count: message.entry_count ?? 0, siblings };
        const root = message.tree_root ?? '';
        return typeof hash === 'string' && isIncluded(scope.context.crypto, hash, proof, root);
      });
    }),
  ];
}

/** Signed, about us, and with the hash that its place in the chain gives it (X-AUD-01). */
function isEntryOf({ state, config, context }: Scope, peer: string, entry: JsonObject): boolean {
  const key = certifiedKeyOf(state, peer);
  const { hash, previous, signature, target_server: target } = entry;
  const isWhole = typeof previous === 'string' && typeof signature === 'string';
  if (key === null || !isWhole || target !== config.serverId) return false;
  const chained = without(entry, 'hash');
  return (
    hash === context.crypto.chainHash(previous, chained) &&
    context.crypto.verify(key, without(chained, 'signature'), signature)
  );
}

/** A day that is over has one root for ever, and one that is not over only grows. */
function compare(scope: Scope, peer: string, message: AuditRoot): void {
  const { roots } = scope.state.monitoring;
  const { day = 0, root_hash: root = '', entry_count: count = null } = message;
  const key = `${peer}/${day}`;
  const known = roots.get(key);
  const hasGrown = known && count !== null && known.count !== null && count > known.count;
  if (known && known.root !== root && !hasGrown) return alarm(scope, peer, day);
  const [oldest] = roots.keys();
  if (!known && roots.size >= MOST_ROOTS && oldest !== undefined) {
    roots.delete(oldest);
    keepMonitoring(scope, `root/${oldest}`, null);
  }
  roots.set(key, { root, count });
  keepMonitoring(scope, `root/${key}`, { root, count });
  const event = { event: 'compliance_check', result: 'success', risk: 'low' } as const;
  write(scope, peer, { ...event, action: 'took in an audit root' }, { day, root });
}

function alarm(scope: Scope, peer: string, day: number): void {
  const event = { event: 'security_incident', result: 'pending', risk: 'high' } as const;
  write(scope, peer, { ...event, action: 'audit root of a day has changed' }, { day });
}
