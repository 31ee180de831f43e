/** Where what is for a device goes: the newest of its sessions. */
import type { ConnectionId } from '../../core.ts';
import type { Server } from './state.ts';

export function liveConnection(server: Server, deviceId: string): ConnectionId | null {
  return server.sessions.get(deviceId)?.at(-1) ?? null;
}
