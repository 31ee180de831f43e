/**
 * The store of certificates (T 10.2). Nothing gets in that would not be accepted now, whoever asks;
 * both outcomes have their event (T-CERT-10, T-AUD-03).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import { denied, write } from '../audit.ts';
import { firstBroken } from '../check.ts';
import { logRefusal } from '../refusal.ts';
import { keepRelation } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { Grant, Relation } from '../state.ts';
import { certificateChecks, type Expected } from './validation.ts';

/** False: it is not stored, and what was stored before stands. */
export function storeRelation(scope: Scope, relation: Relation, fresh: readonly Grant[]): boolean {
  const sound = fresh.every(({ certificate }) => isSound(scope, relation, certificate));
  if (!scope.context.must('T-CERT-10', sound)) {
    const detail = 'a certificate that does not hold is not stored';
    const refusal = {
      requirement: 'T-CERT-10',
      code: errorCode.trust.certificate,
      detail,
    } as const;
    logRefusal(scope, relation.peer, refusal);
    denied(scope, relation.peer, refusal);
    return false;
  }
  scope.state.relations.set(relation.peer, relation);
  keepRelation(scope, relation);
  for (const grant of fresh) stored(scope, relation.peer, grant);
  return true;
}

function stored(scope: Scope, peer: string, { certificate, predecessor }: Grant): void {
  const { certificate_id, trust_level, issuer_server } = certificate;
  const isOurs = issuer_server === scope.config.serverId;
  const event = predecessor ? 'trust_renewed' : 'trust_granted';
  const verb = predecessor ? 'renewed trust' : 'granted trust';
  const action = isOurs ? verb : `was ${verb}`;
  const about = { event, action, result: 'success', risk: 'low' } as const;
  write(scope, peer, about, { certificate_id, trust_level });
}

/** All checks of T 4.2 again, as of now. */
function isSound(scope: Scope, relation: Relation, certificate: NorcTrustCertificate): boolean {
  const expected = partiesOf(scope, relation, certificate);
  return firstBroken(scope.context.must, certificateChecks(scope, certificate, expected)) === null;
}

function partiesOf(
  { config }: Scope,
  { peer, peerKey, inbound, outbound }: Relation,
  certificate: NorcTrustCertificate,
): Expected {
  const self = { server: config.serverId, key: config.identity.publicKey };
  const other = { server: peer, key: peerKey };
  const isOurs = certificate.issuer_server === config.serverId;
  const issuer = isOurs ? self : other;
  const subject = isOurs ? other : self;
  const follows = (isOurs ? inbound : outbound)?.predecessor?.certificate ?? null;
  return {
    issuer: issuer.server,
    issuerKey: issuer.key,
    subject: subject.server,
    subjectKey: subject.key,
    follows,
  };
}
