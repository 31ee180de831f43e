/**
 * C16 at the device: nothing is shown that a known device did not sign for exactly this recipient, in
 * its order, once (C-E2E-06 to C-E2E-08, X-SEQ, X-TIME-01). Whatever fails is dropped in silence
 * (L-E17, X-AAD-03): no answer, no acknowledgment, the session lives.
 */
import { limits } from '../../../spec/limits.ts';
import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import { isExpired, isNearMicros } from '../../guard/freshness.ts';
import { checkFresh } from '../../guard/replay-window.ts';
import { serverOf } from '../identifiers.ts';
import { bounds } from './bounds.ts';
import { createChain, isDepthRight, placeIn } from './chain.ts';
import { timeOf } from './clock.ts';
import type { DeviceContext } from './device.ts';
import { confirm, show, wasShown } from './displaying.ts';
import { drop, note } from './dropping.ts';
import { isRevokedAt, knownDevice, usersToAsk } from './key-directory.ts';
import { openReceived } from './opening.ts';
import { advanceChain, holdEarly } from './ordering.ts';
import { enqueueKeys } from './requests.ts';
import { incomingKey } from './rows.ts';
import type { DeviceState, IncomingChain, KnownDevice } from './state.ts';

export function messageArrived(
  device: DeviceState,
  message: MessageReceived,
  context: DeviceContext,
): void {
  const sender = knownDevice(device, message.sender_user_id, message.sender_device_id);
  if (!sender) return park(device, message, context);
  if (!context.must('X-SEQ-15', !isRepeat(device, message))) {
    return confirm(device, message.message_id, context);
  }
  if (!isBelieved(device, message, sender, context)) return;
  if (message.sequence_number === undefined || message.prev_message_hash === undefined) {
    return unsequenced(device, message, sender, context);
  }
  sequenced(device, message, { sender, number: message.sequence_number }, context);
}

/** After keys have come: who is still unknown then, is nobody. */
export function retryParked(device: DeviceState, context: DeviceContext): void {
  const waiting = device.parked.splice(0);
  for (const message of waiting) {
    const { sender_user_id: userId, sender_device_id: deviceId } = message;
    const isKnown = knownDevice(device, userId, deviceId) !== null;
    const isAsked = usersToAsk(device, [userId], context.now).length > 0;
    if (isKnown) messageArrived(device, message, context);
    else if (isAsked) device.parked.push(message);
    else drop('C-E2E-06', 'the sending device is not known', context);
  }
}

/** The keys of the sender are asked for; the message waits. */
function park(device: DeviceState, message: MessageReceived, context: DeviceContext): void {
  const { sender_user_id: userId } = message;
  const isLocal = serverOf(userId) === device.config.serverId;
  if (!isLocal) return drop('C-E2E-06', 'no keys of that server are known', context);
  if (device.parked.length >= bounds.parkedMessages) return note('too many wait for keys', context);
  device.parked.push(message);
  enqueueKeys(device, [userId], context);
}

/**
 * Shown or held before: the server has missed our acknowledgment. It says nothing about validity, so
 * it may be said again.
 */
function isRepeat({ shown, incoming }: DeviceState, message: MessageReceived): boolean {
  const { message_id, conversation_id, sender_device_id } = message;
  const chain = incoming.get(incomingKey(conversation_id, sender_device_id));
  return wasShown(shown, message) || chain?.recent.includes(message_id) === true;
}

/** Whatever does not depend on the place in a chain. */
function isBelieved(
  device: DeviceState,
  message: MessageReceived,
  sender: KnownDevice,
  context: DeviceContext,
): boolean {
  const { must } = context;
  const { timestamp, metadata } = message;
  if (
    !must('C-KEY-05', sender.trust !== 'unvouched' || device.config.policy.unvouched === 'warn')
  ) {
    drop('C-KEY-05', 'nobody vouches for the sending device', context);
    return false;
  }
  if (!must('X-KEY-04', !isRevokedAt(sender, timestamp))) {
    drop('X-KEY-04', 'the sending device was revoked', context);
    return false;
  }
  const expiresAtSeconds = metadata.expires_at ?? Number.MAX_SAFE_INTEGER;
  if (!must('C-MSG-09', !isExpired(context.now, expiresAtSeconds))) {
    drop('C-MSG-09', 'expired', context);
    return false;
  }
  // X-TIME-01: from the future never; from the past as long as servers keep it. Between five minutes
  // and a day the chain must vouch for it, which is what its place decides.
  const now = timeOf(device, context);
  const isFuture = timestamp > now && !isNearMicros(now, timestamp, limits.messageFreshnessSeconds);
  const isTimely = !isFuture && isNearMicros(now, timestamp, limits.offlineSeconds);
  if (must('X-TIME-01', isTimely)) return true;
  drop('X-TIME-01', 'the timestamp is too far from now', context);
  return false;
}

interface Arrival {
  readonly sender: KnownDevice;
  readonly number: number;
}

function sequenced(
  device: DeviceState,
  message: MessageReceived,
  { sender, number }: Arrival,
  context: DeviceContext,
): void {
  const chain = chainFor(device, message);
  if (!chain) return note('too many chains', context);
  const fresh = checkFresh(chain.window, number, context.must); // X-SEQ-03 to X-SEQ-08
  if (!fresh.ok) return drop(fresh.error.requirement, fresh.error.detail, context);
  const opened = openReceived(device, message, sender, context);
  if (!opened.ok) return drop(opened.error.requirement, opened.error.detail, context);
  // X-SEQ-07: only what has been authenticated may become the beginning of a chain or move one.
  const key = incomingKey(message.conversation_id, message.sender_device_id);
  device.incoming.set(key, chain);
  const place = placeIn(chain, number, message.prev_message_hash ?? '', context.must);
  switch (place) {
    case 'early':
      return holdEarly(device, chain, { number, message }, context);
    case 'broken':
      return broken(message, context);
    case 'late':
      return advanceChain(
        device,
        chain,
        { number, message, content: opened.value, place },
        context,
      );
    case 'next':
      if (!context.must('X-SEQ-17', isDepthRight(chain, message.chain_depth))) {
        return drop('X-SEQ-17', 'wrong depth', context);
      }
      return advanceChain(
        device,
        chain,
        { number, message, content: opened.value, place },
        context,
      );
  }
}

/** X-SEQ-11: discarded, and the user is alerted here; the sender hears nothing. */
function broken(message: MessageReceived, context: DeviceContext): void {
  const { sender_user_id: userId, sender_device_id: deviceId } = message;
  drop('X-SEQ-10', 'not on the last message of its chain', context);
  context.emit({ type: 'warned', warning: 'integrity', userId, deviceId });
}

/** X-AMC-15, L-V12: only the shape of 1.0 has come this far without (X-SEQ-09); its id must do. */
function unsequenced(
  device: DeviceState,
  message: MessageReceived,
  sender: KnownDevice,
  context: DeviceContext,
): void {
  const opened = openReceived(device, message, sender, context);
  if (!opened.ok) return drop(opened.error.requirement, opened.error.detail, context);
  const detail = 'an unsequenced message';
  context.emit({ type: 'log', event: 'compatibility-mode', requirement: null, detail });
  show(device, message, { content: opened.value, gap: false }, context);
}

function chainFor(device: DeviceState, message: MessageReceived): IncomingChain | null {
  const { conversation_id, sender_device_id } = message;
  const known = device.incoming.get(incomingKey(conversation_id, sender_device_id));
  if (known) return known;
  if (device.incoming.size >= bounds.chains) return null;
  return createChain(conversation_id, sender_device_id);
}
