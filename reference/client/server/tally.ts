/** The two lists of a delivery, every user and device in one of them, once (F-ACK-02). */
import type { DeliveryOutcome } from '../../ports.ts';

export interface Tally {
  delivered(userId: string, deviceId: string): void;
  /** `deviceId` null: nothing was for a device of this user. */
  failed(userId: string, deviceId: string | null, errorCode: number): void;
  has(userId: string): boolean;
  outcome(): DeliveryOutcome;
}

export function createTally(): Tally {
  const delivered = new Map<string, string[]>();
  const failed = new Map<string, { userId: string; deviceIds: string[]; errorCode: number }>();
  const users = new Set<string>();
  return {
    delivered(userId, deviceId) {
      users.add(userId);
      delivered.set(userId, [...(delivered.get(userId) ?? []), deviceId]);
    },
    failed(userId, deviceId, errorCode) {
      users.add(userId);
      const key = `${errorCode} ${userId}`;
      const entry = failed.get(key) ?? { userId, deviceIds: [], errorCode };
      if (deviceId !== null) entry.deviceIds.push(deviceId);
      failed.set(key, entry);
    },
    has: (userId) => users.has(userId),
    outcome: () => ({
      delivered: [...delivered].map(([userId, deviceIds]) => ({ userId, deviceIds })),
      failed: [...failed.values()],
    }),
  };
}
