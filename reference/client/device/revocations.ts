/** device_revoke at a device, received and given (X-KEY-03 to X-KEY-05, L-C07). */
import type { DeviceRevoke } from '../../../spec/messages/common/device-revoke.ts';
import type { PublicKey } from '../../crypto/crypto.ts';
import { toSeconds } from '../../time.ts';
import { timeOf } from './clock.ts';
import type { DeviceCommand, DeviceContext } from './device.ts';
import { drop } from './dropping.ts';
import { isRevokedAt, knownDevice } from './key-directory.ts';
import { saveContact } from './rows.ts';
import { sendMessage } from './sending.ts';
import type { DeviceState } from './state.ts';

/** Whoever brings it: only the signature of one entitled counts. */
export function revocationReceived(
  device: DeviceState,
  revocation: DeviceRevoke,
  context: DeviceContext,
): void {
  const { signature, ...unsigned } = revocation;
  const key = signerKey(device, revocation, context);
  const isGenuine = key !== null && context.crypto.verify(key, unsigned, signature);
  if (!context.must('X-KEY-05', isGenuine)) {
    return drop('X-KEY-05', 'a revocation without authority', context);
  }
  markRevoked(device, revocation, context);
}

/** Signed by this device, which may revoke any device of its user, itself included. */
export function revokeDevice(
  device: DeviceState,
  { deviceId, reason, effectiveSeconds }: DeviceCommand & { command: 'revoke-device' },
  context: DeviceContext,
): void {
  const { userId, signingKey, deviceId: signer } = device.config;
  const unsigned = {
    type: 'device_revoke' as const,
    user_id: userId,
    device_id: deviceId,
    reason,
    effective: effectiveSeconds ?? toSeconds(timeOf(device, context)),
    signer,
  };
  const revocation = { ...unsigned, signature: context.crypto.sign(signingKey, unsigned) };
  markRevoked(device, revocation, context);
  sendMessage(device, revocation, context);
}

function signerKey(
  device: DeviceState,
  { user_id, reason, signer = 'user_master' }: DeviceRevoke,
  context: DeviceContext,
): PublicKey | null {
  const { serverId, userId, masterKey } = device.config;
  if (reason === 'administrative') return signer === serverId ? device.serverKey : null;
  if (signer === 'user_master') return user_id === userId ? masterKey : null;
  const known = knownDevice(device, user_id, signer);
  return known && !isRevokedAt(known, context.now) ? known.publicKey : null;
}

function markRevoked(
  device: DeviceState,
  { user_id: userId, device_id: deviceId, effective }: DeviceRevoke,
  context: DeviceContext,
): void {
  const contact = device.contacts.get(userId);
  const known = contact?.devices.get(deviceId);
  if (!contact || !known) return;
  const before = known.revokedAtSeconds ?? Number.POSITIVE_INFINITY;
  const revokedAtSeconds = Math.min(before, effective);
  contact.devices.set(deviceId, { ...known, revokedAtSeconds });
  saveContact(contact, context);
  context.emit({ type: 'warned', warning: 'revoked-device', userId, deviceId });
}
