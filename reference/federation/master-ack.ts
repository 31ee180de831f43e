/**
 * The master's delivery_ack (M 4.5), which counts at 1.0 only (L-F08, L-W03), as the relay_ack that it
 * means (X-AMC-11). It names devices and not whose they are. Where some were missed and there are
 * several users, nobody can tell who was reached: then nobody is said to be.
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import type { Json } from '../../spec/schema.ts';
import type { Context } from '../core.ts';
import type { JsonObject } from '../crypto/crypto.ts';

const MICROS_PER_SECOND = 1_000_000;

/** Anything else is left as it is; what is wrong inside is found where an acknowledgment is judged. */
export function translatedAck(
  relay: MessageRelay,
  body: JsonObject,
  { must, emit }: Context,
): JsonObject {
  if (must('X-AMC-11', body.type !== 'delivery_ack')) return body;
  const { message_id, delivered_to: reached, failed_devices: missed, timestamp: seconds } = body;
  if (!Array.isArray(reached) || !Array.isArray(missed) || typeof seconds !== 'number') return body;
  const detail = 'delivery_ack is read as relay_ack';
  emit({ type: 'log', entry: { event: 'compatibility-mode', detail, peer: relay.target_server } });
  const timestamp = seconds * MICROS_PER_SECOND;
  const isClear = missed.length === 0 || relay.target_users.length === 1;
  const delivered = isClear ? reached : [];
  const failed = isClear ? missed : [...reached, ...missed];
  return {
    type: 'relay_ack',
    federation_id: relay.federation_id,
    message_id: message_id ?? null,
    target_server: relay.target_server,
    status: failed.length === 0 ? 'delivered' : delivered.length === 0 ? 'failed' : 'partial',
    delivered_to: entries(relay, delivered, { timestamp }),
    failed_deliveries: entries(relay, failed, {
      timestamp,
      error_code: errorCode.common.serverError,
    }),
    timestamp,
  };
}

/** Every user of the relay, the devices beside the first of them. */
function entries(relay: MessageRelay, devices: readonly Json[], facts: JsonObject): JsonObject[] {
  if (devices.length === 0) return [];
  return relay.target_users.map((user_id, at) => ({
    ...facts,
    user_id,
    device_ids: at === 0 ? [...devices] : [],
  }));
}
