/**
 * Issues revocations and takes in those of others (profile 2.7). Effect comes first: an
 * acknowledgment never delays it (T-REV-09).
 */
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { TrustOrigin } from '../../ports.ts';
import { refreshStanding } from '../certificate/activation.ts';
import { certificatesOf } from '../certificate/succession.ts';
import { firstBroken } from '../check.ts';
import { certifiedKeyOf, peerKeyOf } from '../peer-key.ts';
import { refuse } from '../refusal.ts';
import { revocationKey } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { TrustState } from '../state.ts';
import { asValue, noteTolerance, transcriptHash } from '../transcript.ts';
import { versionWith } from '../versions.ts';
import { cleanedUp, composeAcknowledgment } from './acknowledgment.ts';
import { enter, takeIn } from './intake.ts';
import { fetchNow } from './list-watch.ts';
import { audience, passOn, push } from './pushing.ts';
import {
  composeRevocation,
  issuerOf,
  type RevocationOrder,
  recordOf,
  revocationChecks,
} from './revocation.ts';
import { emptyChain, extendOwn, follow } from './revocation-chain.ts';
import type { RevocationRecord } from './revocation-record.ts';

/**
 * Takes effect here at once, then is pushed to the subject and to every peer that trusts (L-R07).
 */
export function revokeCertificate(
  scope: Scope,
  peer: string,
  certificate: NorcTrustCertificate,
  order: RevocationOrder,
): void {
  const chain = scope.state.chains.get(scope.config.serverId) ?? emptyChain;
  const message = composeRevocation(scope, certificate, order, chain);
  extendOwn(scope, message);
  enter(scope, recordOf(scope, message, certificate), certificate);
  refreshStanding(scope, peer);
  for (const other of [peer, ...audience(scope, [peer])]) push(scope, other, message);
}

/** T9, from the issuer, from the subject of a certificate of ours, or passed on by another peer. */
export function receiveRevocation(scope: Scope, message: TrustRevoke, origin: TrustOrigin): void {
  const { state, context } = scope;
  const certificate = heldCertificate(state, message);
  const known = knownAs(state, message, certificate);
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
  const record = known ?? recordOf(scope, message, certificate);
  if (!known) {
    const isGap = follow(scope, message);
    takeIn(scope, record, certificate);
    // L-R09: the list may say what it is that did not come.
    if (isGap) fetchNow(scope, message.revoking_server);
  }
  acknowledge(scope, message, origin, { record, certificate });
  if (!known) passOn(scope, message, concerned(scope, message, origin, certificate));
}

function acknowledge(
  scope: Scope,
  message: TrustRevoke,
  { exchange }: TrustOrigin,
  { record, certificate }: Taken,
): void {
  if (exchange === null) return;
  const cleanup = certificate ? cleanedUp : [];
  const place = transcriptHash(scope, [asValue(message)]);
  const answer = composeAcknowledgment(scope, record, { place, cleanup });
  scope.link.answer(exchange, 200, answer, scope.context);
}

interface Taken {
  readonly record: RevocationRecord;
  readonly certificate: NorcTrustCertificate | undefined;
}

/**
 * Profile 2.7 row 1, "forward to subscribers". Those of a certificate of ours are all who trust us,
 * for it goes on our list; what is between two others concerns the one it is about, if that one
 * knows us and did not bring it.
 */
function concerned(
  scope: Scope,
  message: TrustRevoke,
  { peer }: TrustOrigin,
  certificate: NorcTrustCertificate | undefined,
): readonly string[] {
  const { serverId } = scope.config;
  const informed = [peer, message.revoking_server, serverId];
  const others = audience(scope, informed);
  if (certificate?.issuer_server === serverId) return others;
  if (certificate) return [];
  return others.filter((other) => other === message.target_server);
}

function knownAs(
  state: TrustState,
  message: TrustRevoke,
  certificate: NorcTrustCertificate | undefined,
): RevocationRecord | undefined {
  const { trust_certificate_id: certificateId, revocation_id: id } = message;
  const key = revocationKey({ issuer: issuerOf(message, certificate), certificateId });
  return state.revocations.get(key)?.find(({ revocationId }) => revocationId === id);
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
