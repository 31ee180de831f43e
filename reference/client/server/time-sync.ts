/** X-TIME-04, L-X10: the server tells its time under its key, once, after authentication. */
import type { Context } from '../../core.ts';
import { toSeconds } from '../../time.ts';
import type { Connection, Server } from './state.ts';

/** Seconds are all the member can say. */
const uncertaintyMs = 1000;

export function sendTimeSync(server: Server, { id }: Connection, context: Context): void {
  const { serverId, identity } = server.config;
  const unsigned = {
    type: 'time_sync' as const,
    server_time: toSeconds(context.now),
    uncertainty_ms: uncertaintyMs,
    server_id: serverId,
  };
  const signature = context.crypto.sign(identity, unsigned);
  const message = { ...unsigned, signature };
  context.emit({ type: 'send', connection: id, message });
}
