/**
 * C3 and C4 as the device judges them (Part 2.1 client guards a and b): the version and suite are of
 * its own offer and the best it can tell, everything that says the same does say the same, and the
 * server has the secret and the key that it claims. Any failure closes without an answer.
 */
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { ConnectionAccepted } from '../../../spec/messages/client/connection-accepted.ts';
import type { VersionConfirmation } from '../../../spec/messages/client/version-confirmation.ts';
import type { PublicKey } from '../../crypto/crypto.ts';
import { closeSilently } from './connecting.ts';
import type { DeviceContext } from './device.ts';
import { drop } from './dropping.ts';
import { startSession } from './entering.ts';
import { acceptanceFault } from './handshake-guards.ts';
import { deriveSecrets } from './handshake-keys.ts';
import type { DeviceState, Link } from './state.ts';

const PROTOCOL_ERROR = 1002;

export function connectionAccepted(
  device: DeviceState,
  accepted: ConnectionAccepted,
  context: DeviceContext,
): void {
  const { link } = device;
  if (!link?.opened || link.accepted) return giveUp(device, 'C-CONN-11', 'out of place', context);
  const fault = acceptanceFault(device, link.opened, accepted, context);
  if (fault) return giveUp(device, fault.requirement, fault.detail, context);
  link.accepted = accepted;
}

export function versionConfirmed(
  device: DeviceState,
  confirmation: VersionConfirmation,
  context: DeviceContext,
): void {
  const { link } = device;
  if (!link?.opened || !link.accepted || link.agreed) {
    return giveUp(device, 'C-CONN-05', 'out of place', context);
  }
  const { opened, accepted } = link;
  const { crypto } = context;
  const transcript = crypto.transcript('norc-c-handshake-v1', [opened.request, accepted]);
  const secrets = deriveSecrets(opened, accepted, transcript, context);
  if (!secrets.ok) return giveUp(device, secrets.error.requirement, secrets.error.detail, context);
  link.sessionKeys = secrets.value;
  const requirement =
    agreementFault(device, accepted, confirmation, context) ??
    proofFault(link, transcript, confirmation, context) ??
    identityFault(device, link, confirmation, context);
  if (requirement) return giveUp(device, requirement, 'the confirmation does not hold', context);
  link.agreed = {
    version: accepted.negotiated_version,
    transcript,
    sessionId: confirmation.session_id,
    serverCapabilities: accepted.server_capabilities,
  };
  rememberVersion(device, accepted, context);
  startSession(device, context);
}

/** L-H04: also when the server key becomes known at registration. */
export function isConfirmedBy(
  key: PublicKey,
  { server_signature = '', ...unsigned }: VersionConfirmation,
  { crypto }: DeviceContext,
): boolean {
  return crypto.verify(key, unsigned, server_signature);
}

/** C-CONN-04, C-CONN-06, C-CONN-07, X-AMC-10. */
function agreementFault(
  device: DeviceState,
  accepted: ConnectionAccepted,
  confirmation: VersionConfirmation,
  { must }: DeviceContext,
): RequirementId | null {
  const { negotiated_version, server_capabilities, client_must_support } = confirmation;
  const isSame =
    negotiated_version === accepted.negotiated_version &&
    server_capabilities.join() === accepted.server_capabilities.join();
  if (!must('C-CONN-04', isSame)) return 'C-CONN-04';
  const has = (list: readonly string[]) =>
    client_must_support.every((capability) => list.includes(capability));
  if (!must('C-CONN-06', has(server_capabilities))) return 'C-CONN-06';
  if (!must('C-CONN-07', has(device.config.capabilities))) return 'C-CONN-07';
  const isMarked = confirmation.compatibility_features.length > 0;
  return must('X-AMC-10', isMarked === accepted.compatibility_mode) ? null : 'X-AMC-10';
}

/** X-TRN-05, X-TRN-04, X-PQ-03: both ends have read the same bytes and hold the same secret. */
function proofFault(
  { sessionKeys }: Link,
  transcript: string,
  { transcript_hash, server_finished = '' }: VersionConfirmation,
  { crypto, must }: DeviceContext,
): RequirementId | null {
  if (!must('X-TRN-05', transcript_hash === transcript)) return 'X-TRN-05';
  const isFinished =
    sessionKeys !== null && crypto.verifyServerFinished(sessionKeys, transcript, server_finished);
  return must('X-TRN-04', isFinished) ? null : 'X-TRN-04';
}

/** X-TRN-07: under the pinned key; at first contact the check waits for the key (L-H04). */
function identityFault(
  { serverKey }: DeviceState,
  link: Link,
  confirmation: VersionConfirmation,
  context: DeviceContext,
): RequirementId | null {
  if (serverKey === null) {
    link.unverified = confirmation;
    return null;
  }
  const isGenuine = isConfirmedBy(serverKey, confirmation, context);
  return context.must('X-TRN-07', isGenuine) ? null : 'X-TRN-07';
}

function rememberVersion(
  device: DeviceState,
  { negotiated_version, compatibility_mode }: ConnectionAccepted,
  context: DeviceContext,
): void {
  device.lastVersion = negotiated_version;
  const key = device.config.serverId;
  context.emit({ type: 'persist', table: 'last-version', key, value: negotiated_version });
  if (!compatibility_mode) return;
  const detail = `${negotiated_version} with ${key}`; // X-AMC-11
  context.emit({ type: 'log', event: 'compatibility-mode', requirement: null, detail });
}

export function giveUp(
  device: DeviceState,
  requirement: RequirementId,
  detail: string,
  context: DeviceContext,
): void {
  drop(requirement, detail, context);
  closeSilently(device, PROTOCOL_ERROR, 'handshake', context);
}
