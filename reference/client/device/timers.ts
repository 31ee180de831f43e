/** What a device does when its time has come. */
import { closeSilently, connect } from './connecting.ts';
import type { DeviceContext } from './device.ts';
import { pingDue } from './keepalive.ts';
import { releaseOverdue } from './ordering.ts';
import { advanceRequests } from './requests.ts';
import type { DeviceState } from './state.ts';
import { readTimer } from './timer-names.ts';

const PROTOCOL_ERROR = 1002;

export function timerFired(device: DeviceState, name: string, context: DeviceContext): void {
  switch (readTimer(name)) {
    case 'handshake':
      // C-CONN-10
      if (context.must('C-CONN-10', device.phase !== 'connecting')) return;
      return closeSilently(device, PROTOCOL_ERROR, 'no handshake in time', context);
    case 'ping':
      return pingDue(device, context);
    case 'reconnect':
      return connect(device, context);
    case 'retry':
      return advanceRequests(device, context);
    case 'answer':
      // A server that does not answer in order may still do so on another connection.
      if (device.outstanding) closeSilently(device, PROTOCOL_ERROR, 'no answer', context);
      return;
    case 'held':
      return releaseOverdue(device, context);
    case null:
      return;
  }
}
