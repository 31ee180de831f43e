/**
 * Enters revocations, ours and others': kept, bounded, written down once each (T-AUD-03), with keys
 * and peers barred as L-R13 has it.
 */
import { limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import { write } from '../audit.ts';
import { refreshStanding } from '../certificate/activation.ts';
import { certificatesOf } from '../certificate/succession.ts';
import { forgetChains } from '../evidence/chain-cache.ts';
import { bar, keepQuiet } from '../pace.ts';
import { dropRevocation, keepBan, keepRevocation, revocationKey } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { TrustState } from '../state.ts';
import { escalated } from './revocation.ts';
import type { RevocationRecord } from './revocation-record.ts';

/**
 * Revocations kept of one certificate, and of certificates of one issuer that we do not hold. [P]
 */
const MOST_OF_ONE = 64;
const MOST_UNKNOWN = 1024;

type Certificate = NorcTrustCertificate | undefined;

/** A revocation of somebody else's takes effect. */
export function takeIn(scope: Scope, record: RevocationRecord, certificate: Certificate): void {
  enter(scope, record, certificate);
  if (!certificate) return;
  const self = scope.config.serverId;
  const { issuer_server: issuer, subject_server: subject } = certificate;
  const peer = issuer === self ? subject : issuer;
  if (record.scope === 'full') {
    // L-R13, on whichever side the next request would be.
    if (issuer === self) bar(scope, peer);
    else keepQuiet(scope, peer, limits.trustCooldownSeconds);
  }
  refreshStanding(scope, peer);
}

/** Stores, bars keys and writes the one event that the revocation has (T-AUD-03). */
export function enter(scope: Scope, record: RevocationRecord, certificate: Certificate): void {
  store(scope, record, certificate);
  if (certificate) forgetChains(scope.state, certificate.subject_server); // T-CERT-12
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

/** The record as it is kept now. */
export function recordWith(
  { revocations }: TrustState,
  is: (record: RevocationRecord) => boolean,
): RevocationRecord | undefined {
  for (const records of revocations.values()) {
    const found = records.find(is);
    if (found) return found;
  }
  return undefined;
}

export function replaceRecord(scope: Scope, changed: RevocationRecord): void {
  const { revocations } = scope.state;
  const key = revocationKey(changed);
  const records = revocations.get(key) ?? [];
  const { revocationId } = changed;
  revocations.set(
    key,
    records.map((one) => (one.revocationId === revocationId ? changed : one)),
  );
  keepRevocation(scope, changed);
}

function store(scope: Scope, record: RevocationRecord, certificate: Certificate): void {
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
  const certificates = certificatesOf(relations.get(issuer));
  const current = certificates.map(({ certificate_id: id }) => `${issuer}/${id}`);
  const oldest = held.find((key) => key !== newest && !current.includes(key));
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
  certificate: Certificate,
): certificate is NorcTrustCertificate {
  const isFinal = record.reason === 'compromised_key' && record.scope === 'full';
  return isFinal && certificate?.issuer_server === config.serverId;
}
