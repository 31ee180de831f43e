/** Names of a device's timers. */
const kinds = ['handshake', 'ping', 'reconnect', 'retry', 'answer', 'held'] as const;
export type DeviceTimer = (typeof kinds)[number];

export function timerName(kind: DeviceTimer): string {
  return `device/${kind}`;
}

export function readTimer(name: string): DeviceTimer | null {
  return kinds.find((kind) => timerName(kind) === name) ?? null;
}
