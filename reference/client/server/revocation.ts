/**
 * device_revoke (X-KEY-03 to X-KEY-05, L-C07, Part 2.1 row 12, Part 2.8): who may end the life of a
 * device key, and what ends with it: sessions, sealing, delivery. A forged one is met with silence.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { DeviceRevoke } from '../../../spec/messages/common/device-revoke.ts';
import type { Context } from '../../core.ts';
import type { PublicKey } from '../../crypto/crypto.ts';
import { seconds } from '../../time.ts';
import { audit } from './auditing.ts';
import { contactsOf } from './conversations.ts';
import { devicesOf, isRevoked, saveDevice } from './directory.ts';
import { voucherKey } from './enrolment.ts';
import { liveConnection } from './live-sessions.ts';
import { removeStored } from './mailbox.ts';
import { deviceGone } from './progress.ts';
import { charge } from './rates.ts';
import { abort, closeCode, type Refusal, refuseMessage } from './refusal.ts';
import type { Connection, Device, Server, Session } from './state.ts';
import { timerName } from './timers.ts';

export function revocationReceived(
  server: Server,
  connection: Connection,
  session: Session,
  revocation: DeviceRevoke,
  context: Context,
): void {
  const { accepted, retryAfterSeconds } = charge(server, 'operation', session.deviceId, context);
  if (!context.must('C-SES-02', accepted)) {
    const code = errorCode.common.rateLimited;
    const refusal = {
      requirement: 'C-SES-02',
      code,
      detail: 'operations',
      retryAfterSeconds,
    } as const;
    return refuseMessage(connection, refusal, context);
  }
  const device = server.devices.get(revocation.device_id);
  const isGenuine = isSigned(server, revocation, context) && device?.userId === revocation.user_id;
  if (!context.must('X-KEY-05', isGenuine)) {
    refuseMessage(connection, { requirement: 'X-KEY-05', code: null, detail: 'forged' }, context);
    return audited(server, session, revocation, 'failure', context);
  }
  if (!device || !isEarlier(device, revocation.effective)) return;
  const revoked = { ...device, revokedAtSeconds: revocation.effective };
  saveDevice(server, revoked, context);
  audited(server, session, revocation, 'success', context); // X-AUD-07
  push(server, session, revocation, context);
  takeEffect(server, revoked, context);
}

/** Now, or when its time has come. Also called for the timer and after a restart. */
export function takeEffect(server: Server, device: Device, context: Context): void {
  const { id, revokedAtSeconds } = device;
  if (revokedAtSeconds === null) return;
  if (!isRevoked(device, context.now)) {
    const at = seconds(revokedAtSeconds);
    return context.emit({ type: 'set-timer', timer: timerName('revocation', id), at });
  }
  endDelivery(server, id, context);
  endSessions(server, id, context);
}

/** L-C07. An absent signer, as at 1.0, means the master key that the vector names. */
export function isSigned(server: Server, revocation: DeviceRevoke, context: Context): boolean {
  const { signature, ...unsigned } = revocation;
  const key = revokerKey(server, revocation, context);
  return key !== null && context.crypto.verify(key, unsigned, signature);
}

function revokerKey(
  server: Server,
  { user_id, reason, signer = 'user_master' }: DeviceRevoke,
  context: Context,
): PublicKey | null {
  const { serverId, identity } = server.config;
  const isAdministrative = reason === 'administrative';
  if (isAdministrative !== (signer === serverId)) return null;
  return isAdministrative ? identity.publicKey : voucherKey(server, user_id, signer, context);
}

/** A revocation is final; another one can only bring its time forward. */
function isEarlier({ revokedAtSeconds }: Device, effective: number): boolean {
  return revokedAtSeconds === null || effective < revokedAtSeconds;
}

/** X-KEY-03: as received, to the user's other devices and to contacts (spec/choices.md). */
function push(server: Server, session: Session, revocation: DeviceRevoke, context: Context): void {
  const users = [revocation.user_id, ...contactsOf(server, revocation.user_id)];
  for (const device of users.flatMap((userId) => devicesOf(server, userId))) {
    if (device.id === session.deviceId || device.id === revocation.device_id) continue;
    const connection = liveConnection(server, device.id);
    if (connection !== null) context.emit({ type: 'send', connection, message: revocation });
  }
}

/** X-KEY-04: no session. */
function endSessions(server: Server, deviceId: string, context: Context): void {
  for (const id of server.sessions.get(deviceId) ?? []) {
    const connection = server.connections.get(id);
    if (connection && !context.must('X-KEY-04', false)) {
      abort(server, connection, revokedNow, closeCode.policy, context);
    }
  }
}

const revokedNow: Refusal = {
  requirement: 'X-KEY-04',
  code: errorCode.client.deviceRevoked,
  detail: 'the device has been revoked',
};

/** X-KEY-04: no delivery, not even of what waits. */
function endDelivery(server: Server, deviceId: string, context: Context): void {
  const waiting = [...(server.mailboxes.get(deviceId)?.messages.keys() ?? [])];
  for (const messageId of waiting) {
    removeStored(server, deviceId, messageId, context);
    const tracked = server.messages.get(messageId);
    if (tracked) deviceGone(server, tracked, deviceId, errorCode.client.keyRevoked, context);
  }
}

function audited(
  server: Server,
  session: Session,
  { device_id, reason, effective, signer }: DeviceRevoke,
  result: 'success' | 'failure',
  context: Context,
): void {
  audit(
    server,
    {
      event: 'device_revoked',
      target: device_id,
      actor: session.deviceId,
      result,
      risk: 'high',
      parameters: { reason, effective, signer: signer ?? 'user_master' },
    },
    context,
  );
}
