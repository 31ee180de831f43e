/**
 * Our own revocation list (T11, T 5.2, L-R08): every certificate of ours that is revoked for good
 * and has not expired. A list of another content has a higher number, and a number that is never
 * below the clock's, so that not even a store that was set back gives one number two contents
 * (T-CRL-02, S-25).
 */
import { limits } from '../../../spec/limits.ts';
import { crlReasonOf } from '../../../spec/messages/trust/enumerations.ts';
import type { NorcCrl } from '../../../spec/messages/trust/norc-crl.ts';
import type { RevokedCertificate } from '../../../spec/messages/trust/revoked-certificate.ts';
import { seconds, toSeconds } from '../../time.ts';
import { certificatesOf, lineOf, overlapEnd } from '../certificate/succession.ts';
import { dropRevocation, keepOwnList, revocationKey } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { signed } from '../transcript.ts';
import { emptyChain } from './revocation-chain.ts';
import { endOf, isFinalAt } from './revocation-effect.ts';
import type { OwnList, RevocationRecord } from './revocation-record.ts';

/** The schema's bound. Beyond it those that expire first are left out: they matter least. */
const MOST_ENTRIES = 65_536;
/** A record outlives its certificate by a day, in case a clock is wrong. [P] */
const KEPT_SECONDS = 86_400;

type Unsigned = Omit<NorcCrl, 'signature'>;
type Content = Pick<NorcCrl, 'revoked_certificates' | 'crl_extensions'>;

/** The list as it is now: the last one, or a new one when something has changed or it gets old. */
export function ownList(scope: Scope): NorcCrl {
  const { state, context } = scope;
  const now = toSeconds(context.now);
  const content = contentOf(scope);
  const contentHash = context.crypto.hash({ ...content });
  const last = state.ownList;
  const isFresh = last !== null && now < last.thisUpdateSeconds + limits.crlSeconds / 2;
  if (isFresh && last.contentHash === contentHash) return listOf(scope, last, content);
  forgetExpired(scope, now);
  const number = Math.max((last?.number ?? 0) + 1, now);
  // From a minute ago: a reader whose clock is behind ours would refuse a list of its future.
  const thisUpdateSeconds = now - limits.federationSkewSeconds;
  state.ownList = { number, thisUpdateSeconds, contentHash };
  keepOwnList(scope, state.ownList); // written down before anybody sees the number
  return listOf(scope, state.ownList, content);
}

function listOf(scope: Scope, { number, thisUpdateSeconds }: OwnList, content: Content): NorcCrl {
  const list: Unsigned = {
    type: 'norc_crl',
    issuer_server: scope.config.serverId,
    this_update: thisUpdateSeconds,
    next_update: thisUpdateSeconds + limits.crlSeconds,
    ...content,
    signature_algorithm: 'ed25519',
    crl_number: number,
  };
  return signed(scope, list, 'signature');
}

function contentOf(scope: Scope): Content {
  const { state, config } = scope;
  const { sequence, hash } = state.chains.get(config.serverId) ?? emptyChain;
  return {
    revoked_certificates: entriesOf(scope),
    crl_extensions: [{ id: 'revocation_chain', critical: false, value: { sequence, hash } }],
  };
}

function entriesOf(scope: Scope): RevokedCertificate[] {
  const entries = ownRecords(scope).flatMap((records) => finalOf(scope, records) ?? []);
  const kept = entries
    .sort((a, b) => (b.notAfterSeconds ?? 0) - (a.notAfterSeconds ?? 0))
    .slice(0, MOST_ENTRIES);
  const listed = new Set(kept.map(({ certificateId }) => certificateId));
  const superseded = supersededIn(scope).filter((one) => !listed.has(one.certificate_id));
  return [...kept.map(entryOf), ...superseded]
    .slice(0, MOST_ENTRIES)
    .sort((a, b) => (a.certificate_id < b.certificate_id ? -1 : 1));
}

/** Machine trust-certificate row 4: after the overlap the old one is listed until its end. */
function supersededIn({ state, context }: Scope): RevokedCertificate[] {
  const lines = [...state.relations.values()].map(({ inbound }) => lineOf(inbound));
  return lines.flatMap((line) => {
    return line.slice(1).flatMap(({ certificate }, index) => {
      const successor = line[index]?.certificate;
      const end = successor ? overlapEnd(certificate, successor) : seconds(certificate.not_after);
      const isListed = end <= context.now && context.now < seconds(certificate.not_after);
      return isListed ? [supersededEntry(certificate.certificate_id, toSeconds(end))] : [];
    });
  });
}

function supersededEntry(certificateId: string, revokedAt: number): RevokedCertificate {
  return {
    certificate_id: certificateId,
    revocation_date: revokedAt,
    revocation_reason: 'superseded',
    extensions: [],
  };
}

function ownRecords({ state, config }: Scope): readonly (readonly RevocationRecord[])[] {
  const own = [...state.revocations].filter(([key]) => key.startsWith(`${config.serverId}/`));
  return own.map(([, records]) => records);
}

/** Of all that ends one certificate: the worst, or else the first. The order they came in is none. */
function finalOf(
  { context }: Scope,
  records: readonly RevocationRecord[],
): RevocationRecord | undefined {
  const now = context.now;
  const final = records.filter((record) => {
    const isInLife = record.notAfterSeconds !== null && now < seconds(record.notAfterSeconds);
    // T-REV-18, L-R02: what has merely expired is not listed.
    return isInLife && record.reason !== 'expired' && isFinalAt(record, now);
  });
  const [first] = final.sort((a, b) => {
    const isWorse = Number(b.reason === 'compromised_key') - Number(a.reason === 'compromised_key');
    return isWorse || endOf(a) - endOf(b) || (a.revocationId < b.revocationId ? -1 : 1);
  });
  return first;
}

/** With the hash of the revocation, for whoever looks for a link of our chain (L-R09). */
function entryOf(record: RevocationRecord): RevokedCertificate {
  const { revocationId, certificateId, reason, hash } = record;
  const value = { revocation_id: revocationId, hash };
  return {
    certificate_id: certificateId,
    revocation_date: endOf(record),
    revocation_reason: crlReasonOf(reason), // T-REV-17
    extensions: hash === null ? [] : [{ id: 'trust_revoke', critical: false, value }],
  };
}

/** T-CRL-03 has kept it until here. What a relation still speaks of stays. */
function forgetExpired(scope: Scope, nowSeconds: number): void {
  const { revocations, relations } = scope.state;
  for (const records of ownRecords(scope)) {
    const isOver = records.every(({ notAfterSeconds }) => {
      return notAfterSeconds !== null && nowSeconds > notAfterSeconds + KEPT_SECONDS;
    });
    const [first] = records;
    if (!isOver || !first) continue;
    const held = certificatesOf(relations.get(first.subject ?? ''));
    if (held.some(({ certificate_id: id }) => id === first.certificateId)) continue;
    for (const record of records) dropRevocation(scope, record);
    revocations.delete(revocationKey(first));
  }
}
