/**
 * The device side of NORC-C. It trusts its server with delivery and with nothing else: what it shows
 * was signed by a device whose key it has pinned (C-E2E-06, C-KEY-05).
 */
import { obey } from './commands.ts';
import type { DeviceConfig } from './config.ts';
import { connectionLost, connectionOpened } from './connecting.ts';
import type { Device } from './device.ts';
import { frameArrived } from './frames.ts';
import { restoreDevice } from './restoring.ts';
import { createState } from './state.ts';
import { timerFired } from './timers.ts';

export function createDevice(config: DeviceConfig): Device {
  const device = createState(config);
  return {
    get phase() {
      return device.phase;
    },
    restore: (rows) => restoreDevice(device, rows),
    handle(input, context) {
      switch (input.type) {
        case 'connected':
          return connectionOpened(device, input, context);
        case 'frame-received':
          return frameArrived(device, input.connection, input.frame, context);
        case 'connection-closed':
          return connectionLost(device, input.connection, context);
        case 'timer-fired':
          return timerFired(device, input.timer, context);
        case 'command-given':
          return obey(device, input.command, context);
      }
    },
  };
}
