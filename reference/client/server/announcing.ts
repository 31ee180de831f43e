/**
 * C-REG-10, L-C19: a new device of a user is announced to the user's other devices, so that a device
 * slipped in by someone else is noticed. No message is defined for it; it is told as a key_response
 * that nobody asked for, at once or when the other device is back.
 */
import type { Context } from '../../core.ts';
import { toSeconds } from '../../time.ts';
import { uuidOf } from '../../wire/uuid.ts';
import { bounds } from './bounds.ts';
import { devicesOf, isActive, saveDevice } from './directory.ts';
import { deviceKeys } from './keys.ts';
import { liveConnection } from './live-sessions.ts';
import type { Server } from './state.ts';

export function announceDevice(server: Server, deviceId: string, context: Context): void {
  const userId = server.devices.get(deviceId)?.userId ?? '';
  for (const other of devicesOf(server, userId)) {
    if (other.id === deviceId || !isActive(other, context.now)) continue;
    const notices = [...other.notices, deviceId].slice(-bounds.notices);
    saveDevice(server, { ...other, notices }, context);
    deliverNotices(server, other.id, context);
  }
}

export function deliverNotices(server: Server, deviceId: string, context: Context): void {
  const device = server.devices.get(deviceId);
  const connection = liveConnection(server, deviceId);
  if (!device || connection === null || device.notices.length === 0) return;
  const announced = device.notices.flatMap((id) => server.devices.get(id) ?? []);
  const keys = Object.fromEntries(
    announced.map((other) => [other.id, deviceKeys(other, context.now)]),
  );
  saveDevice(server, { ...device, notices: [] }, context);
  context.emit({
    type: 'send',
    connection,
    message: {
      type: 'key_response',
      request_id: uuidOf(context.entropy(16)),
      keys: { [device.userId]: keys },
      timestamp: toSeconds(context.now),
    },
  });
}
