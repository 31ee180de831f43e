/** X-SEQ-13, L-E18: messages of a chain are shown in order; what came early waits, within bounds. */
import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import { record } from '../../guard/replay-window.ts';
import type { Micros } from '../../time.ts';
import { firstHeld, hold, isOverdue, moveOn, placeIn, remember } from './chain.ts';
import type { DeviceContext } from './device.ts';
import { confirm, show } from './displaying.ts';
import { drop } from './dropping.ts';
import { knownDevice } from './key-directory.ts';
import { openReceived } from './opening.ts';
import { saveIncoming } from './rows.ts';
import type { DeviceState, IncomingChain } from './state.ts';
import { timerName } from './timer-names.ts';

export interface Authentic {
  readonly number: number;
  readonly message: MessageReceived;
  readonly content: string;
  readonly place: 'next' | 'late';
}

/** Shows it, and then all that was waiting for it. */
export function advanceChain(
  device: DeviceState,
  chain: IncomingChain,
  arrived: Authentic,
  context: DeviceContext,
): void {
  const { number, message, content, place } = arrived;
  const isLate = place === 'late';
  if (!isLate) {
    const hash = context.crypto.contentHash(message.encrypted_content);
    moveOn(chain, { number, hash, gap: false });
  } else record(chain.window, number); // X-SEQ-06
  remember(chain, message.message_id);
  saveIncoming(chain, context);
  show(device, message, { content, gap: isLate }, context);
  if (!isLate) drain(device, chain, context);
}

/** Held, and confirmed, because it is durable here now. */
export function holdEarly(
  device: DeviceState,
  chain: IncomingChain,
  { number, message }: Pick<Authentic, 'number' | 'message'>,
  context: DeviceContext,
): void {
  hold(chain, number, message, context.now);
  remember(chain, message.message_id);
  saveIncoming(chain, context);
  confirm(device, message.message_id, context);
  releaseOverdue(device, context);
}

/** When the time or the room for waiting is used up: shown with a gap flag. */
export function releaseOverdue(device: DeviceState, context: DeviceContext): void {
  for (const chain of device.incoming.values()) {
    while (isOverdue(chain, context.now)) releaseFirst(device, chain, 'gap', context);
    drain(device, chain, context);
  }
  scheduleRelease(device, context);
}

export function scheduleRelease(device: DeviceState, context: DeviceContext): void {
  let earliest: Micros = Number.POSITIVE_INFINITY;
  for (const { held } of device.incoming.values()) {
    for (const { until } of held.values()) earliest = Math.min(earliest, until);
  }
  if (!Number.isFinite(earliest)) return;
  context.emit({ type: 'set-timer', timer: timerName('held'), at: earliest });
}

/** What is held and has its predecessor now. */
function drain(device: DeviceState, chain: IncomingChain, context: DeviceContext): void {
  for (let number = firstHeld(chain); number !== null; number = firstHeld(chain)) {
    const previous = chain.held.get(number)?.message.prev_message_hash ?? '';
    const place = placeIn(chain, number, previous, context.must);
    if (place === 'early') return;
    if (place === 'next') releaseFirst(device, chain, 'in-order', context);
    else discardFirst(chain, number, context);
  }
}

function releaseFirst(
  device: DeviceState,
  chain: IncomingChain,
  how: 'in-order' | 'gap',
  context: DeviceContext,
): void {
  const number = firstHeld(chain);
  const message = number === null ? undefined : chain.held.get(number)?.message;
  if (number === null || !message) return;
  chain.held.delete(number);
  const sender = knownDevice(device, message.sender_user_id, message.sender_device_id);
  const opened = sender && openReceived(device, message, sender, context);
  if (!opened?.ok) return;
  const hash = context.crypto.contentHash(message.encrypted_content);
  const gap = how === 'gap';
  moveOn(chain, { number, hash, gap });
  saveIncoming(chain, context);
  show(device, message, { content: opened.value, gap }, context);
}

/** It waited for a predecessor, and another one came (X-SEQ-10, X-SEQ-11). */
function discardFirst(chain: IncomingChain, number: number, context: DeviceContext): void {
  const { message } = chain.held.get(number) ?? {};
  chain.held.delete(number);
  saveIncoming(chain, context);
  drop('X-SEQ-10', 'held on another predecessor', context);
  if (!message) return;
  const { sender_user_id: userId, sender_device_id: deviceId } = message;
  context.emit({ type: 'warned', warning: 'integrity', userId, deviceId });
}
