/**
 * The keys of others, and whom this device believes (C-KEY-05, C-E2E-10, L-C19, S-19). The first answer
 * about a user is trusted on first use and pinned. Later a key never changes under a device id, a
 * revocation is never taken back, and a new device needs a device of that user to vouch for it, or a
 * warning is shown. The server's `verified` is not looked at.
 */

import { limits } from '../../../spec/limits.ts';
import type { DeviceKeys, KeyResponse } from '../../../spec/messages/client/key-response.ts';
import { isExpired } from '../../guard/freshness.ts';
import { type Micros, seconds } from '../../time.ts';
import { certifies } from '../device-certificate.ts';
import { serverOf } from '../identifiers.ts';
import { type DeviceBinding, deviceAuthorization, kexBinding } from '../signed-objects.ts';
import { bounds } from './bounds.ts';
import type { DeviceContext } from './device.ts';
import { drop } from './dropping.ts';
import { saveContact } from './rows.ts';
import type { Contact, DeviceState, KnownDevice } from './state.ts';

export function knownDevice(
  device: DeviceState,
  userId: string,
  deviceId: string,
): KnownDevice | null {
  return device.contacts.get(userId)?.devices.get(deviceId) ?? null;
}

/** Users of our server whose keys were never asked for, or longer than a day ago (C-E2E-10). */
export function usersToAsk(
  { contacts, config }: DeviceState,
  users: readonly string[],
  now: Micros,
): readonly string[] {
  return users.filter((userId) => {
    if (serverOf(userId) !== config.serverId) return false;
    const fetchedAt = contacts.get(userId)?.fetchedAt ?? null;
    return fetchedAt === null || now - fetchedAt > seconds(limits.keyCacheSeconds);
  });
}

/** The devices to seal for (X-KEY-04, C-KEY-03). */
export function sealable(device: DeviceState, userId: string, now: Micros): KnownDevice[] {
  const { config, contacts } = device;
  return [...(contacts.get(userId)?.devices.values() ?? [])].filter(
    (known) =>
      known.deviceId !== config.deviceId &&
      (known.listed || known.trust === 'imported') &&
      !isRevokedAt(known, now) &&
      !isExpired(now, known.expiresAtSeconds) &&
      (known.trust !== 'unvouched' || config.policy.unvouched === 'warn'),
  );
}

export function isRevokedAt({ revokedAtSeconds }: KnownDevice, at: Micros): boolean {
  return revokedAtSeconds !== null && at >= seconds(revokedAtSeconds);
}

/** `complete`: the answer names all devices of the user; else it only adds some. */
export function learn(
  device: DeviceState,
  userId: string,
  keys: KeyResponse['keys'][string],
  scope: 'complete' | 'addition',
  context: DeviceContext,
): void {
  const before = device.contacts.get(userId);
  if (!before && device.contacts.size >= bounds.contacts) return;
  const contact: Contact = before ?? { userId, devices: new Map(), fetchedAt: null };
  const others = [...contact.devices.keys()].filter((id) => id !== device.config.deviceId);
  // What is told without being asked for is news, and nothing to be trusted on first use.
  const isFirst = others.length === 0 && scope === 'complete';
  if (scope === 'complete') unlist(contact);
  for (const [deviceId, listed] of Object.entries(keys)) {
    learnDevice(device, contact, { deviceId, listed, isFirst }, context);
  }
  if (scope === 'complete') contact.fetchedAt = context.now;
  device.contacts.set(userId, contact);
  saveContact(contact, context);
  context.emit({ type: 'keys-known', userId, deviceIds: [...contact.devices.keys()] });
}

/** Compared out of band: believed, whatever a server says. */
export function importKeys(
  device: DeviceState,
  bindings: readonly DeviceBinding[],
  context: DeviceContext,
): void {
  for (const { userId, deviceId, publicKey, kexPublicKey } of bindings) {
    const contact = device.contacts.get(userId) ?? { userId, devices: new Map(), fetchedAt: null };
    contact.devices.set(deviceId, {
      userId,
      deviceId,
      publicKey,
      kexPublicKey,
      expiresAtSeconds: Number.MAX_SAFE_INTEGER,
      revokedAtSeconds: null,
      listed: true,
      trust: 'imported',
    });
    device.contacts.set(userId, contact);
    saveContact(contact, context);
  }
}

export function askAgain(device: DeviceState, users: readonly string[]): void {
  for (const userId of users) {
    const contact = device.contacts.get(userId);
    if (contact) contact.fetchedAt = null;
  }
}

function unlist({ devices }: Contact): void {
  for (const [id, known] of devices) devices.set(id, { ...known, listed: false });
}

interface Lesson {
  readonly deviceId: string;
  readonly listed: DeviceKeys;
  readonly isFirst: boolean;
}

function learnDevice(
  device: DeviceState,
  contact: Contact,
  { deviceId, listed, isFirst }: Lesson,
  context: DeviceContext,
): void {
  const { userId, devices } = contact;
  const known = devices.get(deviceId);
  const binding = bindingOf(userId, deviceId, listed);
  if (!isCredible(device, binding, listed, context)) return;
  const isSame = !known || known.publicKey === listed.public_key;
  if (!context.must('C-KEY-05', isSame)) {
    return context.emit({ type: 'warned', warning: 'changed-key', userId, deviceId });
  }
  if (!known && devices.size >= bounds.devicesOfContact) return;
  const trust = known?.trust ?? trustOf(contact, binding, { listed, isFirst }, context);
  if (!known && trust === 'unvouched') {
    context.emit({ type: 'warned', warning: 'unvouched-device', userId, deviceId });
  }
  const revokedNow = listed.revoked ? 0 : null;
  devices.set(deviceId, {
    ...binding,
    expiresAtSeconds: listed.expires_at,
    // Once revoked, a server cannot bring it back by hiding the flag (S-19).
    revokedAtSeconds: known?.revokedAtSeconds ?? revokedNow,
    listed: true,
    trust,
  });
}

/** C-REG-09: the exchange key is signed; X-SIG-02: the server certifies what it lists. */
function isCredible(
  device: DeviceState,
  binding: DeviceBinding,
  { kex_signature: signature, device_certificate: certificate }: DeviceKeys,
  context: DeviceContext,
): boolean {
  const isBound =
    signature !== undefined &&
    context.crypto.verify(binding.publicKey, kexBinding(binding), signature);
  if (!context.must('C-REG-09', isBound)) {
    drop('C-REG-09', `exchange key of ${binding.deviceId}`, context);
    return false;
  }
  const { serverKey } = device;
  const isCertified =
    certificate !== undefined &&
    serverKey !== null &&
    certifies(certificate, binding, serverKey, context.crypto);
  if (!context.must('X-SIG-02', isCertified)) {
    drop('X-SIG-02', `certificate of ${binding.deviceId}`, context);
    return false;
  }
  return true;
}

/** The same check serves the first answer and all later ones; only its consequence differs. */
function trustOf(
  { devices }: Contact,
  binding: DeviceBinding,
  { listed, isFirst }: Pick<Lesson, 'listed' | 'isFirst'>,
  { crypto }: DeviceContext,
): KnownDevice['trust'] {
  const rest = isFirst ? 'first-use' : 'unvouched';
  const voucher = devices.get(listed.authorizer ?? '');
  const signature = listed.authorizer_signature;
  if (!voucher || signature === undefined || voucher.revokedAtSeconds !== null) return rest;
  const isVouched = crypto.verify(voucher.publicKey, deviceAuthorization(binding), signature);
  return isVouched && voucher.trust !== 'unvouched' ? 'vouched' : rest;
}

function bindingOf(userId: string, deviceId: string, listed: DeviceKeys): DeviceBinding {
  const { public_key: publicKey, kex_public_key: kexPublicKey = '' } = listed;
  return { userId, deviceId, publicKey, kexPublicKey };
}
