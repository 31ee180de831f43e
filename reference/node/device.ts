/**
 * A NORC device with one entrance, as reference/node/server.ts is for a server: inputs and the time
 * go in, effects come out in the order they must be done.
 */
import type { DeviceConfig } from '../client/device/config.ts';
import { createDevice } from '../client/device/create-device.ts';
import type {
  DeviceContext,
  DeviceEffect,
  DeviceInput,
  DevicePhase,
} from '../client/device/device.ts';
import type { Row } from '../core.ts';
import type { Micros } from '../time.ts';
import type { Environment } from './server.ts';

export { type DeviceConfig, defaultDevicePolicy } from '../client/device/config.ts';
export type { DeviceCommand, DeviceEffect, DeviceInput } from '../client/device/device.ts';

export interface DeviceNode {
  readonly phase: DevicePhase;
  /** Effects in the order they must be done. */
  handle(input: DeviceInput, now: Micros): DeviceEffect[];
}

/** `rows`: what survived, when the device has run before. */
export function createDeviceNode(
  config: DeviceConfig,
  { must, crypto, entropy }: Omit<Environment, 'x509'>,
  rows: readonly Row[] = [],
): DeviceNode {
  const device = createDevice(config);
  let effects: DeviceEffect[] = [];
  const context: DeviceContext & { now: Micros } = {
    ...{ must, crypto, now: 0 },
    entropy: (lengthBytes) => entropy(lengthBytes),
    emit: (effect) => effects.push(effect),
  };
  device.restore(rows);
  return {
    get phase() {
      return device.phase;
    },
    handle(input, now) {
      context.now = now;
      effects = [];
      device.handle(input, context);
      return effects;
    },
  };
}
