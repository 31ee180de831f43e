/**
 * Who is who in a case: every device that our actors have registered, and those of users of our own
 * servers, whose keys no directory of the subject lists.
 */

import type { DeviceIdentity } from './device.ts';
import type { ActorEnvironment } from './environment.ts';

export interface Roster {
  /** Moves on whenever a directory may have changed: what was fetched before is stale. */
  readonly edition: number;
  add(identity: DeviceIdentity): void;
  changed(): void;
  has(identity: DeviceIdentity): boolean;
  devicesOf(userId: string): readonly DeviceIdentity[];
  device(deviceId: string): DeviceIdentity | undefined;
}

export function createRoster(): Roster {
  const devices = new Map<string, DeviceIdentity>();
  let edition = 0;
  return {
    get edition() {
      return edition;
    },
    add(identity) {
      devices.set(identity.deviceId, identity);
      edition += 1;
    },
    changed() {
      edition += 1;
    },
    has: (identity) => devices.get(identity.deviceId) === identity,
    devicesOf: (userId) => [...devices.values()].filter((device) => device.userId === userId),
    device: (deviceId) => devices.get(deviceId),
  };
}

export function freshIdentity(
  { chance, crypto }: Pick<ActorEnvironment, 'chance' | 'crypto'>,
  userId: string,
): DeviceIdentity {
  return {
    userId,
    deviceId: chance.uuid(),
    signingKey: crypto.signingKey(chance.entropy(32)),
    exchangeKey: crypto.exchangeKey(chance.entropy(32)),
  };
}

export const domainOf = (userId: string): string => userId.slice(userId.indexOf('@') + 1);
