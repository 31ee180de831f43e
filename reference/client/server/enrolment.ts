/**
 * Whether a device may be enrolled, and as what it says (C-REG-02, C-REG-06, C-REG-07, C-REG-09,
 * X-KEY-09, L-C01). The first device of a user shows a token; every further one shows that an active
 * device of the user, or the user's master key, vouches for it: a token alone would let anyone who
 * has one take over an account.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { DeviceRegister } from '../../../spec/messages/client/device-register.ts';
import type { Context } from '../../core.ts';
import type { PublicKey } from '../../crypto/crypto.ts';
import { serverOf } from '../identifiers.ts';
import { type DeviceBinding, deviceAuthorization, kexBinding } from '../signed-objects.ts';
import { bounds } from './bounds.ts';
import { activeDevices, isActive, isRevoked } from './directory.ts';
import { charge } from './rates.ts';
import type { Refusal } from './refusal.ts';
import type { Server } from './state.ts';

/** What keeps the offer from being challenged, in the order of what it gives away; null: nothing. */
export function enrolmentFault(
  server: Server,
  offer: DeviceRegister,
  context: Context,
): Refusal | null {
  return (
    authorityFault(server, offer, context) ??
    (isKnown(server, offer) ? null : rateFault(server, offer, context)) ??
    keyFault(offer, context) ??
    identityFault(server, offer, context)
  );
}

/**
 * C-REG-06, X-KEY-09: also judged when the proof has come, because two connections may have been
 * challenged for the same identity. One code, whatever is taken (spec/choices.md).
 */
export function identityFault(
  server: Server,
  offer: DeviceRegister,
  { must, now }: Context,
): Refusal | null {
  const known = server.devices.get(offer.device_id);
  const isSame = !known || (known.userId === offer.user_id && known.publicKey === offer.public_key);
  if (!must('C-REG-06', isSame)) return badIdentity('C-REG-06', 'the device id is taken');
  const owner = server.keyOwners.get(offer.public_key) ?? offer.device_id;
  if (!must('X-KEY-09', owner === offer.device_id)) {
    return badIdentity('X-KEY-09', 'the key belongs to another device');
  }
  if (!must('X-KEY-04', !known || !isRevoked(known, now))) {
    return badIdentity('X-KEY-04', 'the device is revoked');
  }
  return null;
}

export function bindingOf(offer: DeviceRegister): DeviceBinding {
  return {
    userId: offer.user_id ?? '',
    deviceId: offer.device_id,
    publicKey: offer.public_key,
    kexPublicKey: offer.kex_public_key ?? '',
  };
}

function authorityFault(server: Server, offer: DeviceRegister, context: Context): Refusal | null {
  if (context.must('C-REG-07', hasAuthority(server, offer, context))) return null;
  const code = errorCode.common.notAuthorized;
  return { requirement: 'C-REG-07', code, detail: 'no authority to enrol this device' };
}

function hasAuthority(server: Server, offer: DeviceRegister, context: Context): boolean {
  const { user_id: userId, device_id: deviceId } = offer;
  if (userId === undefined || serverOf(userId) !== server.config.serverId) return false;
  const own = server.users.get(userId)?.devices ?? new Set();
  if (own.size >= bounds.devicesPerUser && !own.has(deviceId)) return false;
  if (isKnown(server, offer) || isVouchedFor(server, offer, context)) return true;
  const isFirst = activeDevices(server, userId, context.now).length === 0;
  return isFirst && server.config.enrolmentTokens.includes(offer.enrolment_token ?? '');
}

/**
 * The same device again, with the same key: it takes nobody's place, so its own key is authority
 * enough. Until that is proven anyone may say so, and it must not use up what the user has.
 */
export function isKnown({ devices }: Server, offer: DeviceRegister): boolean {
  const known = devices.get(offer.device_id);
  return known?.userId === offer.user_id && known?.publicKey === offer.public_key;
}

function isVouchedFor(server: Server, offer: DeviceRegister, context: Context): boolean {
  const { authorizer, authorizer_signature: signature } = offer;
  if (authorizer === undefined || signature === undefined) return false;
  const key = voucherKey(server, offer.user_id ?? '', authorizer, context);
  return (
    key !== null && context.crypto.verify(key, deviceAuthorization(bindingOf(offer)), signature)
  );
}

/** L-C07, L-C01: the user's master key, or that of an active device of the user. */
export function voucherKey(
  server: Server,
  userId: string,
  voucher: string,
  { now }: Context,
): PublicKey | null {
  if (voucher === 'user_master') return server.users.get(userId)?.masterKey ?? null;
  const device = server.devices.get(voucher);
  return device?.userId === userId && isActive(device, now) ? device.publicKey : null;
}

/** X-RATE-03, by user: what is not authorised does not count against the user. */
export function rateFault(server: Server, offer: DeviceRegister, context: Context): Refusal | null {
  const { accepted, retryAfterSeconds } = charge(
    server,
    'registration',
    offer.user_id ?? '',
    context,
  );
  if (context.must('X-RATE-03', accepted)) return null;
  const code = errorCode.common.rateLimited;
  return { requirement: 'X-RATE-03', code, detail: 'too many registrations', retryAfterSeconds };
}

function keyFault(offer: DeviceRegister, context: Context): Refusal | null {
  const { crypto, must } = context;
  if (!must('C-REG-02', crypto.isSigningKey(offer.public_key))) {
    return badIdentity('C-REG-02', 'not a usable Ed25519 key');
  }
  const { kex_public_key: kexKey, kex_signature: signature } = offer;
  const isBound =
    kexKey !== undefined &&
    signature !== undefined &&
    crypto.verify(offer.public_key, kexBinding(bindingOf(offer)), signature);
  if (!must('C-REG-09', isBound)) {
    const code = errorCode.client.invalidSignature;
    return { requirement: 'C-REG-09', code, detail: 'the exchange key is not signed' };
  }
  // A key of low order could be sealed to by nobody, and would silence every group of this user.
  const usable = crypto.agree(crypto.exchangeKey(context.entropy(32)), kexKey ?? '');
  return usable.ok ? null : badIdentity(usable.error.requirement, usable.error.detail);
}

function badIdentity(requirement: RequirementId, detail: string): Refusal {
  return { requirement, code: errorCode.client.invalidDevice, detail };
}
