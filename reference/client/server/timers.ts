/** Names of the timers of this layer (reference/ports.ts: the layer's name and a slash in front). */

/** What a timer is about; the rest of its name says of whom. */
const kinds = ['handshake', 'authentication', 'ping', 'session', 'revocation', 'sweep'] as const;
export type TimerKind = (typeof kinds)[number];

const PREFIX = 'client/';

export function timerName(kind: TimerKind, subject = ''): string {
  return `${PREFIX}${kind}/${subject}`;
}

export function readTimer(name: string): { kind: TimerKind; subject: string } | null {
  if (!name.startsWith(PREFIX)) return null;
  const slash = name.indexOf('/', PREFIX.length);
  const kind = kinds.find((known) => known === name.slice(PREFIX.length, slash));
  return kind ? { kind, subject: name.slice(slash + 1) } : null;
}
