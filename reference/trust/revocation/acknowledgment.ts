/**
 * T10: what became of a revocation (T 5.1, L-R06). It never delays the effect (T-REV-09), and an
 * objection is written down and changes nothing (T-REV-10, profile 2.7 row 8).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { AcknowledgmentStatus } from '../../../spec/messages/trust/enumerations.ts';
import type { RevocationAcknowledgment } from '../../../spec/messages/trust/revocation-acknowledgment.ts';
import type { Hash } from '../../crypto/crypto.ts';
import type { TrustOrigin } from '../../ports.ts';
import { seconds, toSeconds } from '../../time.ts';
import { write } from '../audit.ts';
import { type Check, check, firstBroken } from '../check.ts';
import { refuse } from '../refusal.ts';
import type { Scope } from '../scope.ts';
import { isHardened, isSignedBy, signed } from '../transcript.ts';
import { versionWith } from '../versions.ts';
import { recordWith, replaceRecord } from './intake.ts';
import { dropPush, pushedFor } from './pushing.ts';
import type { RevocationRecord } from './revocation-record.ts';

/** Objections to one revocation that are written down. [P] */
const MOST_OBJECTIONS = 8;
/** Between two tries to bring an objection of ours to its issuer, and how many there are. [P] */
const RETRY_SECONDS = 60;

/** What is done about a revocation of a certificate that we hold. */
export const cleanedUp: readonly string[] = ['relays stopped', 'links cut', 'queues purged'];

type Answered = Pick<RevocationRecord, 'revocationId' | 'answered'>;

/** `place`: H(label ‖ what is acknowledged). */
export function composeAcknowledgment(
  scope: Scope,
  { revocationId, answered }: Answered,
  { place, cleanup }: { readonly place: Hash; readonly cleanup: readonly string[] },
): RevocationAcknowledgment {
  const body: Omit<RevocationAcknowledgment, 'acknowledgment_signature'> = {
    type: 'revocation_acknowledgment',
    revocation_id: revocationId,
    acknowledging_server: scope.config.serverId,
    acknowledgment_status: answered,
    effective_acknowledgment: toSeconds(scope.context.now),
    cleanup_actions: [...cleanup],
    appeal_filed: answered === 'appealing',
    transcript_hash: place,
  };
  return signed(scope, body, 'acknowledgment_signature');
}

/** Ends the pushes that it is for. A later one can only say that the peer objects. */
export function receiveRevocationAcknowledgment(
  scope: Scope,
  message: RevocationAcknowledgment,
  origin: TrustOrigin,
): void {
  const { peer } = origin;
  const pushed = pushedFor(scope, peer, message);
  const record = recordWith(scope.state, ({ revocationId }) => {
    return revocationId === message.revocation_id;
  });
  const isOurs = record?.revokedBy === scope.config.serverId || pushed !== undefined;
  const places = [pushed?.transcript, isOurs ? record?.transcript : null];
  const broken = firstBroken(scope.context.must, [
    ...signatureChecks(scope, message, origin),
    check('X-ERR-07', errorCode.trust.unknownExchange, 'no such revocation of ours', () => isOurs),
    ...standsAt(message, places, versionWith(scope.state, peer)),
  ]);
  if (broken) return refuse(scope, origin, broken);
  if (pushed) dropPush(scope, pushed);
  if (origin.exchange !== null) scope.link.answer(origin.exchange, 204, null, scope.context);
  if (message.acknowledgment_status === 'accepted' && !message.appeal_filed) return;
  if (record) noteObjection(scope, peer, record, message.acknowledgment_status);
}

function signatureChecks(
  scope: Scope,
  message: RevocationAcknowledgment,
  { peer, tlsKey }: TrustOrigin,
): readonly Check[] {
  // The key of a peer that we have revoked is no longer certified; it is still known whose it is.
  const key = scope.state.relations.get(peer)?.peerKey ?? tlsKey;
  return [
    check('T-REV-09', errorCode.trust.badSignature, 'the acknowledgment signature', () => {
      const isNamed = message.acknowledging_server === peer;
      return isNamed && isSignedBy(scope, key, message, 'acknowledgment_signature');
    }),
  ];
}

/** After the revocation, or after the decision that clears it. */
function standsAt(
  { transcript_hash: carried }: RevocationAcknowledgment,
  places: readonly (Hash | null | undefined)[],
  version: string,
): readonly Check[] {
  const code = errorCode.trust.transcript;
  return [
    check('X-TRN-08', code, 'no transcript hash', () => {
      return carried !== undefined || !isHardened(version);
    }),
    check('T-TRN-01', code, 'the transcript differs', () => {
      return carried === undefined || places.includes(carried);
    }),
  ];
}

/** Once for each way in which a peer objects, or a peer could fill the log. */
function noteObjection(
  scope: Scope,
  peer: string,
  record: RevocationRecord,
  status: AcknowledgmentStatus,
): void {
  const objection = `${peer} ${status}`;
  const { objections, revocationId } = record;
  if (objections.includes(objection) || objections.length >= MOST_OBJECTIONS) return;
  replaceRecord(scope, { ...record, objections: [...objections, objection] });
  const action = `revocation ${status}`;
  const event = { event: 'security_incident', action, result: 'success', risk: 'medium' } as const;
  write(scope, peer, event, { revocation_id: revocationId });
}

/**
 * An operator objects to what a peer has revoked. The peer is told, and so is whoever repeats the
 * revocation; here as there it stays in force (T-REV-10).
 */
export function object(scope: Scope, peer: string, status: 'disputed' | 'appealing'): void {
  const records = [...scope.state.revocations.values()].flat().filter((record) => {
    return record.revokedBy === peer && record.transcript !== null && record.answered !== status;
  });
  if (records.length === 0) {
    const detail = `${peer} has revoked nothing that could be ${status}`;
    scope.context.emit({ type: 'log', entry: { event: 'noted', detail, peer } });
  }
  for (const record of records) {
    const changed = { ...record, answered: status };
    replaceRecord(scope, changed);
    const action = `we say ${status} to a revocation`;
    const event = { event: 'security_incident', action, result: 'success', risk: 'low' } as const;
    write(scope, peer, event, { revocation_id: record.revocationId });
    tell(scope, peer, changed);
  }
}

/** Not delivered: told again, as long as the process lives. A repeat of the revocation hears it. */
export function objectionUndelivered(
  scope: Scope,
  peer: string,
  { revocation_id: id }: RevocationAcknowledgment,
): void {
  const at = scope.context.now + seconds(RETRY_SECONDS);
  scope.context.emit({ type: 'set-timer', timer: `trust/objection/${peer}/${id}`, at });
}

export function objectionTimerFired(scope: Scope, about: string): void {
  const [peer = '', id = ''] = about.split('/');
  const record = recordWith(scope.state, ({ revocationId }) => revocationId === id);
  if (record && record.answered !== 'accepted') tell(scope, peer, record);
}

function tell(scope: Scope, peer: string, record: RevocationRecord): void {
  const { transcript } = record;
  if (transcript === null) return;
  const message = composeAcknowledgment(scope, record, { place: transcript, cleanup: [] });
  scope.link.post(peer, message, scope.context);
}
