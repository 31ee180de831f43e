/**
 * C19 and C20: the directory of device keys (C-KEY-01 to C-KEY-04, L-C08). An unknown user and one
 * without visible devices give the same answer (L-X17).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { KeyRequest } from '../../../spec/messages/client/key-request.ts';
import type { DeviceKeys, KeyResponse } from '../../../spec/messages/client/key-response.ts';
import type { Context } from '../../core.ts';
import { type Micros, toSeconds } from '../../time.ts';
import { devicesOf, expiresAtSeconds, isKeyExpired, isRevoked } from './directory.ts';
import { charge } from './rates.ts';
import { refuseMessage } from './refusal.ts';
import type { Connection, Device, Server, Session } from './state.ts';

export function keysRequested(
  server: Server,
  connection: Connection,
  session: Session,
  request: KeyRequest,
  context: Context,
): void {
  const { accepted, retryAfterSeconds } = charge(server, 'key-lookup', session.deviceId, context);
  if (!context.must('X-RATE-02', accepted)) {
    const code = errorCode.common.rateLimited;
    const refusal = {
      requirement: 'X-RATE-02',
      code,
      detail: 'look-ups',
      retryAfterSeconds,
    } as const;
    return refuseMessage(connection, refusal, context);
  }
  const keys = visibleKeys(server, request, context);
  const shown = Object.values(keys);
  if (shown.length > 0 && shown.every((devices) => Object.keys(devices).length === 0)) {
    const code = errorCode.client.keyNotFound;
    return refuseMessage(connection, { requirement: 'C-KEY-04', code, detail: 'no keys' }, context);
  }
  const timestamp = toSeconds(context.now);
  const { request_id } = request; // C-KEY-01
  context.emit({
    type: 'send',
    connection: connection.id,
    message: { type: 'key_response', request_id, keys, timestamp },
  });
}

/** One device as the directory lists it. `verified`: somebody vouched for it when it came. */
export function deviceKeys(device: Device, now: Micros): DeviceKeys {
  return {
    public_key: device.publicKey,
    key_algorithm: 'ed25519',
    created_at: device.createdAtSeconds,
    expires_at: expiresAtSeconds(device),
    verified: device.authorizer !== null,
    revoked: isRevoked(device, now),
    kex_public_key: device.kexPublicKey,
    kex_signature: device.kexSignature,
    device_certificate: device.certificate,
    ...(device.authorizer !== null &&
      device.authorizerSignature !== null && {
        authorizer: device.authorizer,
        authorizer_signature: device.authorizerSignature,
      }),
  };
}

function visibleKeys(
  server: Server,
  request: KeyRequest,
  { must, now }: Context,
): KeyResponse['keys'] {
  const asked = specificDevices(request.device_filter);
  const isVisible = (device: Device): boolean =>
    (asked === null || asked.has(device.id)) &&
    (request.device_filter !== 'active' || !isKeyExpired(device, now)) &&
    must('C-KEY-02', !isRevoked(device, now) || showsRevoked(request));
  // C-KEY-04: a user who does not exist is listed like one without visible devices.
  const listed = request.user_ids.filter(
    (userId) => server.users.has(userId) || !must('C-KEY-04', false),
  );
  return Object.fromEntries(
    listed.map((userId) => {
      const shown = devicesOf(server, userId).filter(isVisible);
      return [userId, Object.fromEntries(shown.map((one) => [one.id, deviceKeys(one, now)]))];
    }),
  );
}

/** A revoked device is not an active one, whoever asks. */
function showsRevoked({ include_revoked, device_filter }: KeyRequest): boolean {
  return include_revoked && device_filter !== 'active';
}

/** The master's form, a list, means the same (L-C08). Null: no such restriction. */
function specificDevices(filter: KeyRequest['device_filter']): ReadonlySet<string> | null {
  if (typeof filter === 'string') return null;
  return new Set(Array.isArray(filter) ? filter : filter.specific);
}
