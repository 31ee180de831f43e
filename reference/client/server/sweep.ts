/** Forgets what has had its time: undelivered messages (C-MSG-09, C-MSG-12) and the ids of accepted ones. */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { Context } from '../../core.ts';
import { removeStored } from './mailbox.ts';
import { deviceGone, forgetTracked } from './progress.ts';
import type { Server } from './state.ts';
import { forgottenAt, scheduleSweep } from './sweep-schedule.ts';

export function sweep(server: Server, context: Context): void {
  server.sweepAt = null;
  sweepMailboxes(server, context);
  for (const tracked of [...server.messages.values()]) {
    if (context.now >= forgottenAt(tracked)) forgetTracked(server, tracked, context);
  }
  scheduleNext(server, context);
}

/** Also after a restart: the timers of the run before are gone. */
export function scheduleNext(server: Server, context: Context): void {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { messages } of server.mailboxes.values()) {
    for (const { expiresAt } of messages.values()) earliest = Math.min(earliest, expiresAt);
  }
  for (const tracked of server.messages.values()) {
    earliest = Math.min(earliest, forgottenAt(tracked));
  }
  if (Number.isFinite(earliest)) scheduleSweep(server, earliest, context);
}

function sweepMailboxes(server: Server, context: Context): void {
  for (const [deviceId, { messages }] of [...server.mailboxes]) {
    for (const [messageId, { expiresAt }] of [...messages]) {
      if (context.now < expiresAt) continue;
      removeStored(server, deviceId, messageId, context);
      const tracked = server.messages.get(messageId);
      if (!tracked) continue;
      deviceGone(server, tracked, deviceId, errorCode.federation.ttlExpired, context);
    }
  }
}
