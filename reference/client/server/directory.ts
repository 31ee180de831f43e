/**
 * Users and their devices (C-REG, C-KEY, Part 2.8). A device belongs to one user for ever; revoked is
 * terminal. Rows are durable before anything built on them is answered.
 */
import { limits } from '../../../spec/limits.ts';
import type { Context } from '../../core.ts';
import type { JsonObject } from '../../crypto/crypto.ts';
import { isExpired } from '../../guard/freshness.ts';
import { type Micros, seconds } from '../../time.ts';
import type { Device, Server, User } from './state.ts';

/** What a user may do here (C-AUTH-07). Calls and administration are not part of this build. */
export const userPermissions = ['send_messages', 'create_rooms'] as const;

/** X-KEY-01, L-X09: 180 days. */
export function expiresAtSeconds({ createdAtSeconds }: Device): number {
  return createdAtSeconds + limits.deviceKeySeconds;
}

/** X-KEY-04: from the effective time on, for ever. */
export function isRevoked({ revokedAtSeconds }: Device, now: Micros): boolean {
  return revokedAtSeconds !== null && now >= seconds(revokedAtSeconds);
}

export function isKeyExpired(device: Device, now: Micros): boolean {
  return isExpired(now, expiresAtSeconds(device));
}

export function isActive(device: Device, now: Micros): boolean {
  return !isRevoked(device, now) && !isKeyExpired(device, now);
}

export function devicesOf(server: Server, userId: string): Device[] {
  const ids = [...(server.users.get(userId)?.devices ?? [])];
  return ids.flatMap((id) => server.devices.get(id) ?? []);
}

export function activeDevices(server: Server, userId: string, now: Micros): Device[] {
  return devicesOf(server, userId).filter((device) => isActive(device, now));
}

export function saveUser(server: Server, user: User, context: Context): void {
  server.users.set(user.id, user);
  const { id: key, masterKey, permissions } = user;
  const value = { master_key: masterKey, permissions: [...permissions] };
  context.emit({ type: 'persist', table: 'user', key, value });
}

export function saveDevice(server: Server, device: Device, context: Context): void {
  keepDevice(server, device);
  context.emit({ type: 'persist', table: 'device', key: device.id, value: deviceRow(device) });
}

/** Without persisting: what a restart does. */
export function keepDevice(server: Server, device: Device): void {
  server.devices.set(device.id, device);
  server.keyOwners.set(device.publicKey, device.id);
  server.users.get(device.userId)?.devices.add(device.id);
}

function deviceRow(device: Device): JsonObject {
  return {
    user_id: device.userId,
    public_key: device.publicKey,
    kex_public_key: device.kexPublicKey,
    kex_signature: device.kexSignature,
    certificate: device.certificate,
    created_at: device.createdAtSeconds,
    authorizer: device.authorizer,
    authorizer_signature: device.authorizerSignature,
    revoked_at: device.revokedAtSeconds,
    notices: [...device.notices],
  };
}
