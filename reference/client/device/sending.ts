/** A message onto the connection, if there is one. */
import type { NorcMessage } from '../../../spec/messages.ts';
import type { DeviceContext, DevicePhase } from './device.ts';
import type { DeviceState } from './state.ts';

export function sendMessage(
  device: DeviceState,
  message: NorcMessage,
  context: DeviceContext,
): void {
  if (device.link) context.emit({ type: 'send', connection: device.link.id, message });
}

export function enterPhase(device: DeviceState, phase: DevicePhase, context: DeviceContext): void {
  if (device.phase === phase) return;
  device.phase = phase;
  context.emit({ type: 'state-changed', state: phase });
}
