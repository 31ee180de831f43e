/**
 * The end of a conditional revocation (profile 2.7 row 6, L-R05): until its time is over the issuer,
 * and nobody else, can say that the conditions are met. It says so by a decision that names the
 * revocation in place of a request and repeats the certificate (choices.md). Nothing is granted by
 * it that the certificate did not grant.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { Hash } from '../../crypto/crypto.ts';
import type { TrustOrigin } from '../../ports.ts';
import { seconds } from '../../time.ts';
import { write } from '../audit.ts';
import { refreshStanding } from '../certificate/activation.ts';
import { encodeCertificate, limitsOf } from '../certificate/certificate.ts';
import { check, firstBroken } from '../check.ts';
import { peerKeyOf } from '../peer-key.ts';
import { permissionMap } from '../policy.ts';
import { refuse } from '../refusal.ts';
import { revocationKey } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { asValue, isHardened, isSignedBy, signed, transcriptHash } from '../transcript.ts';
import { versionWith } from '../versions.ts';
import { composeAcknowledgment } from './acknowledgment.ts';
import { recordWith, replaceRecord } from './intake.ts';
import { push } from './pushing.ts';
import { endOf } from './revocation-effect.ts';
import type { RevocationRecord } from './revocation-record.ts';

/** By order of an operator: all that is open about the certificate which we gave the peer. */
export function clear(scope: Scope, peer: string): void {
  const { state, context } = scope;
  const certificate = state.relations.get(peer)?.inbound?.certificate;
  const open = certificate ? openOf(scope, certificate) : [];
  if (!certificate || open.length === 0) {
    const detail = 'there is no conditional revocation to clear';
    return context.emit({ type: 'log', entry: { event: 'noted', detail, peer } });
  }
  for (const record of open) {
    settle(scope, peer, record);
    const { transcript } = record;
    if (transcript === null) continue;
    push(scope, peer, composeClearing(scope, peer, certificate, { record, transcript }));
  }
  refreshStanding(scope, peer);
}

function openOf({ state, context }: Scope, certificate: NorcTrustCertificate) {
  const { issuer_server: issuer, certificate_id: certificateId } = certificate;
  const records = state.revocations.get(revocationKey({ issuer, certificateId })) ?? [];
  return records.filter((record) => {
    return isConditional(record) && context.now < seconds(endOf(record));
  });
}

function isConditional({ scope, isCleared }: RevocationRecord): boolean {
  return scope === 'conditional' && !isCleared;
}

function composeClearing(
  scope: Scope,
  peer: string,
  certificate: NorcTrustCertificate,
  { record, transcript }: { readonly record: RevocationRecord; readonly transcript: Hash },
): TrustDecision {
  const body: Omit<TrustDecision, 'decision_signature'> = {
    type: 'trust_decision',
    request_id: record.revocationId,
    decision_server: scope.config.serverId,
    target_server: peer,
    decision: 'accept',
    granted_trust_level: certificate.trust_level,
    trust_conditions: [],
    trust_metadata: {
      established_at: certificate.not_before,
      expires_at: certificate.not_after,
      renewable: certificate.renewable,
      revocable: certificate.revocable,
      trust_score: 0,
      validation_evidence: [],
    },
    federation_permissions: permissionMap(certificate.permissions, limitsOf(certificate)),
    mutual_trust_required: false,
    certificate_bundle: [encodeCertificate(certificate)],
    transcript_hash: transcript,
  };
  return signed(scope, body, 'decision_signature');
}

/** Whether a decision is about a revocation that we know, and so is no answer to a request. */
export function clears(scope: Scope, decision: TrustDecision): RevocationRecord | undefined {
  return recordWith(scope.state, ({ revocationId, scope: extent }) => {
    return revocationId === decision.request_id && extent === 'conditional';
  });
}

export function receiveClearing(
  scope: Scope,
  decision: TrustDecision,
  origin: TrustOrigin,
  record: RevocationRecord,
): void {
  const { state, context } = scope;
  const { unknownExchange, badSignature, transcript, expired, certificate } = errorCode.trust;
  const carried = decision.transcript_hash;
  const broken = firstBroken(context.must, [
    check('T-DEC-03', badSignature, 'the signature of a clearing', () => {
      const isNamed = decision.decision_server === origin.peer;
      const key = peerKeyOf(state, origin);
      return isNamed && isSignedBy(scope, key, decision, 'decision_signature');
    }),
    check('T-REV-06', unknownExchange, 'cleared by another than the issuer', () => {
      return record.issuer === origin.peer && decision.target_server === scope.config.serverId;
    }),
    check('X-TRN-08', transcript, 'no transcript hash', () => {
      return carried !== undefined || !isHardened(versionWith(state, origin.peer));
    }),
    check('T-TRN-01', transcript, 'the transcript differs', () => {
      return carried === undefined || carried === record.transcript;
    }),
    check('T-REV-06', certificate, 'a clearing that clears nothing', () => {
      return decision.decision !== 'reject';
    }),
    check('T-REV-06', expired, 'cleared after its time', () => {
      return record.isCleared || context.now < seconds(endOf(record));
    }),
  ]);
  if (broken) return refuse(scope, origin, broken, decision.request_id);
  if (!record.isCleared) settle(scope, origin.peer, record);
  refreshStanding(scope, origin.peer);
  if (origin.exchange === null) return;
  const place = transcriptHash(scope, [asValue(decision)]);
  const answer = composeAcknowledgment(scope, record, { place, cleanup: [] });
  scope.link.answer(origin.exchange, 200, answer, context);
}

function settle(scope: Scope, peer: string, record: RevocationRecord): void {
  replaceRecord(scope, { ...record, isCleared: true });
  const event = { event: 'access_granted', action: 'cleared a conditional revocation' } as const;
  const how = { result: 'success', risk: 'low' } as const;
  write(scope, peer, { ...event, ...how }, { revocation_id: record.revocationId });
}
