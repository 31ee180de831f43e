/** C-CONN-09, L-C16: the device pings every 30 seconds, and gives up after two without an answer. */
import { limits } from '../../../spec/limits.ts';
import type { Ping } from '../../../spec/messages/client/ping.ts';
import { seconds, toSeconds } from '../../time.ts';
import { closeSilently } from './connecting.ts';
import type { DeviceContext } from './device.ts';
import { sendMessage } from './sending.ts';
import type { DeviceState } from './state.ts';
import { timerName } from './timer-names.ts';

const GOING_AWAY = 1001;

export function startKeepalive(context: DeviceContext): void {
  const at = context.now + seconds(limits.keepaliveSeconds);
  context.emit({ type: 'set-timer', timer: timerName('ping'), at });
}

export function pingDue(device: DeviceState, context: DeviceContext): void {
  const { link } = device;
  if (!link) return;
  if (!context.must('C-CONN-09', link.unansweredPings < limits.missedPongs)) {
    return closeSilently(device, GOING_AWAY, 'no answer to pings', context);
  }
  link.unansweredPings += 1;
  sendMessage(device, { type: 'ping', timestamp: toSeconds(context.now) }, context);
  startKeepalive(context);
}

export function pinged(device: DeviceState, { timestamp }: Ping, context: DeviceContext): void {
  const now = toSeconds(context.now);
  sendMessage(device, { type: 'pong', timestamp: now, echo: timestamp }, context);
}

export function ponged(device: DeviceState): void {
  if (device.link) device.link.unansweredPings = 0;
}
