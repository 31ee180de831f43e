/** S-8: a server that sends relays round again. */
import type { Effect } from '../../reference/core.ts';
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import { signedAnew } from './keyring.ts';
import { type Behaviour, ownRequest, type Power, requestIn, ringOf } from './program.ts';

/** Where nobody ends the loop, the run must end all the same. */
const ROUNDS = 20;
/** Within the first 2^24 (X-SEQ-01), where a new chain may begin. */
const FIRST_SEQUENCE = 1_000_000;

/**
 * The origin's part of a relay is signed and stays, but for `set`; the way is what the last hop says
 * it is.
 */
export function passingBack(
  power: Power,
  pathOf: (relay: MessageRelay) => string[],
  set: Partial<MessageRelay> = {},
): Behaviour {
  const rounds = new Map<string, number>();
  let sent = 0;
  const adds: Behaviour['adds'] = (input, now, links) => {
    const relay = requestIn(input);
    if (relay?.type !== 'message_relay' || relay.target_server !== power.serverId) return [];
    const round = (rounds.get(relay.message_id) ?? 0) + 1;
    rounds.set(relay.message_id, round);
    const route_path = pathOf(relay);
    if (round > ROUNDS || route_path.length > MOST_HOPS) return [];
    const others = [...links].filter(([server]) => server !== relay.origin_server);
    return others.map(([server, link]): Effect => {
      sent += 1;
      const metadata = {
        ...relay.metadata,
        ...{ federation_timestamp: now, hop_count: route_path.length },
      };
      const relay_sequence = FIRST_SEQUENCE + sent;
      const changed = { ...relay, ...set, route_path, metadata, relay_sequence };
      const passed = signedAnew(changed, power.serverId, ringOf(power));
      return ownRequest(power, { server, link, exchange: `${link}/rogue-${sent}` }, passed, now);
    });
  };
  return { adds };
}

/** A longer way is refused for its length. */
const MOST_HOPS = 8;
