/** The programs there are, by name. Each is small, and says which attack of profile Part 7 it is. */
import type { Effect } from '../../reference/core.ts';
import type { JsonObject, SigningKey } from '../../reference/crypto/crypto.ts';
import { without } from '../../reference/wire/canonical.ts';
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import { patched } from './keyring.ts';
import { speaking } from './outgoing.ts';
import { type Behaviour, ownRequest, type Power, type ProgramKind, requestIn } from './program.ts';

/** Whoever sends relays round takes them again itself: a refusal would end the round. */
export const programs: { readonly [name: string]: ProgramKind } = {
  rewrites: {
    summary: 'puts the members of `set` into what it says of type `of`, to all or to `to`',
    off: [],
    begin: (power, { of, to, set }) =>
      speaking(power, ({ message, to: other }) => {
        if (message.type !== of || (to !== undefined && to !== other)) return message;
        return patched(
          message as unknown as JsonObject,
          set as JsonObject,
        ) as unknown as NorcMessage;
      }),
  },
  withholds: {
    summary: 'never says what is of type `of`, to all or to `to`',
    off: [],
    begin: (power, { of, to }) =>
      speaking(power, ({ message, to: other }) =>
        message.type === of && (to === undefined || to === other) ? null : message,
      ),
  },
  'passes-back-clean': {
    summary: 'passes every relay for it on to all others, as if they had never seen it (S-8)',
    off: ['F-RELAY-04'],
    begin: (power) => passingBack(power, (relay) => [relay.origin_server, power.serverId]),
  },
  'passes-back-grown': {
    summary: 'passes every relay for it on to all others, with the whole way it came (S-8)',
    off: ['F-RELAY-04'],
    begin: (power) => passingBack(power, (relay) => [...relay.route_path, power.serverId]),
  },
};

/** Where nobody ends the loop, the run must end all the same. */
const ROUNDS = 20;
/** Within the first 2^24 (X-SEQ-01), where a new chain may begin. */
const FIRST_SEQUENCE = 1_000_000;

/** The origin's part of a relay is signed and stays; the way is what the last hop says it is. */
function passingBack(power: Power, pathOf: (relay: MessageRelay) => string[]): Behaviour {
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
      const passed = resigned({ ...relay, route_path, metadata, relay_sequence }, power);
      return ownRequest(power, { server, link, exchange: `${link}/rogue-${sent}` }, passed, now);
    });
  };
  return { adds };
}

/** A longer way is refused for its length. */
const MOST_HOPS = 8;

function resigned(
  relay: MessageRelay,
  { key, crypto }: { readonly key: SigningKey; readonly crypto: Power['crypto'] },
): MessageRelay {
  const unsigned = without(relay as unknown as JsonObject, 'route_signature');
  return { ...relay, route_signature: crypto.sign(key, unsigned) };
}
