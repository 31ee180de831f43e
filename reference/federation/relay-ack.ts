/**
 * relay_ack (F8, L-F08): made by the target, believed by everybody else only under its signature, for the
 * relay it answers and with every device in it once (F-ACK-01, F-ACK-02, F-ACK-04).
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import type { RelayAck } from '../../spec/messages/federation/relay-ack.ts';
import type { Context } from '../core.ts';
import type { JsonObject, PublicKey } from '../crypto/crypto.ts';
import type { DeliveryOutcome } from '../ports.ts';
import { objection, type Refusal } from './refusal.ts';
import { type Federation, isSigned, signed } from './state.ts';

export function makeAck(
  { config }: Federation,
  relay: MessageRelay,
  { delivered, failed }: DeliveryOutcome,
  context: Context,
): RelayAck {
  const timestamp = context.now;
  const ack: RelayAck = {
    type: 'relay_ack',
    federation_id: relay.federation_id,
    message_id: relay.message_id,
    target_server: config.serverId,
    status: statusFor(delivered.length, failed.length),
    delivered_to: delivered.map(({ userId, deviceIds }) => ({
      user_id: userId,
      device_ids: [...deviceIds],
      timestamp,
    })),
    failed_deliveries: failed.map(({ userId, deviceIds, errorCode: error_code }) => ({
      user_id: userId,
      device_ids: [...deviceIds],
      error_code,
      timestamp,
    })),
    timestamp,
  };
  return signed(config.identity, ack, 'signature', context);
}

/** Null when the acknowledgment is the target's own, for this relay, and says one thing. */
export function ackObjection(
  relay: MessageRelay,
  received: { readonly ack: RelayAck; readonly body: JsonObject; readonly key: PublicKey | null },
  context: Context,
): Refusal | null {
  const { ack, body, key } = received;
  const malformed = errorCode.federation.malformed;
  // Only 1.0 may leave the signature out (L-V12); the link has proven its end there.
  const isProven = ack.signature === undefined || isSigned(key, body, 'signature', context);
  const { delivered_to, failed_deliveries } = ack;
  return (
    objection(context, 'F-ACK-04', isOfTarget(relay, ack) && isProven, () => ({
      code: errorCode.common.cryptoError,
      detail: `an acknowledgment that ${relay.target_server} has not signed`,
    })) ??
    objection(
      context,
      'F-ACK-01',
      ack.status === statusFor(delivered_to.length, failed_deliveries.length),
      () => ({ code: malformed, detail: `status ${ack.status} against its lists` }),
    ) ??
    objection(context, 'F-ACK-02', namesEachOnce(relay, ack), () => ({
      code: malformed,
      detail: 'devices are missing, strange or named twice',
    }))
  );
}

export function outcomeOf({ delivered_to, failed_deliveries }: RelayAck): DeliveryOutcome {
  return {
    delivered: delivered_to.map(({ user_id, device_ids }) => ({
      userId: user_id,
      deviceIds: device_ids,
    })),
    failed: failed_deliveries.map(({ user_id, device_ids, error_code }) => ({
      userId: user_id,
      deviceIds: device_ids,
      errorCode: error_code,
    })),
  };
}

/** F-ACK-01: delivered exactly when nothing failed. */
function statusFor(deliveredCount: number, failedCount: number): RelayAck['status'] {
  if (failedCount === 0) return 'delivered';
  return deliveredCount === 0 ? 'failed' : 'partial';
}

function isOfTarget(relay: MessageRelay, ack: RelayAck): boolean {
  return (
    ack.target_server === relay.target_server &&
    ack.message_id === relay.message_id &&
    ack.federation_id === relay.federation_id
  );
}

function namesEachOnce(relay: MessageRelay, ack: RelayAck): boolean {
  const entries = [...ack.delivered_to, ...ack.failed_deliveries];
  const devices = entries.flatMap(({ device_ids }) => device_ids);
  const isEveryUserMeant = entries.every(({ user_id }) => relay.target_users.includes(user_id));
  const isEveryDeviceMeant = devices.every((id) => Object.hasOwn(relay.encrypted_payloads, id));
  const isEachOnce = new Set(devices).size === devices.length;
  // The target cannot tell the devices of a user whom it does not know.
  const isUserUnknown = ack.failed_deliveries.some(({ device_ids }) => device_ids.length === 0);
  const isWhole = devices.length === Object.keys(relay.encrypted_payloads).length;
  return isEveryUserMeant && isEveryDeviceMeant && isEachOnce && (isWhole || isUserUnknown);
}
