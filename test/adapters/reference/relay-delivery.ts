/** What a relay reaches at its target, and what comes of one that comes again (F-RELAY-06, F-RELAY-10). */
import { deliverRelay } from '../../../reference/client/server/relayed.ts';
import { createServer, type Device, type Server } from '../../../reference/client/server/state.ts';
import { createValidation } from '../../../reference/client/validation.ts';
import type { Row } from '../../../reference/core.ts';
import {
  createRelayCache,
  findRelay,
  rememberRelay,
  restoreRelays,
} from '../../../reference/federation/relay-cache.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import type { Answer } from '../protocol/answer.ts';
import type { Input } from './input.ts';
import { output } from './results.ts';
import { contextAt } from './tools.ts';

/** F-RELAY-06: what it emits to be kept is all that a restart leaves it. */
export function cacheRelays(input: Input): Answer {
  const rows = new Map<string, Row>();
  let known = createRelayCache();
  const outcomes = input.inputs('steps').map((step) => {
    if (step.flag('after_restart')) {
      known = createRelayCache();
      restoreRelays(known, [...rows.values()]);
    }
    const context = contextAt(step.number('at'), (effect) => {
      if (effect.type === 'persist') rows.set(effect.key, effect);
    });
    const relay = relayOf(step);
    if (findRelay(known, relay, context)) return 'repeat';
    rememberRelay(known, relay, { ack: null, peer: relay.origin_server }, context);
    return 'new';
  });
  return output({ outcomes });
}

/** As much of it as the cache looks at. */
function relayOf(step: Input): MessageRelay {
  const names = ['origin_server', 'message_id', 'target_server'].map((name) => [
    name,
    step.text(name),
  ]);
  const metadata = {
    original_timestamp: step.number('original_timestamp'),
    ttl: step.number('ttl'),
  };
  return { ...Object.fromEntries(names), metadata } as unknown as MessageRelay;
}

const NOW_SECONDS = 1_734_900_000;

/** F-RELAY-10: by the server itself, which knows these devices and stores what is for them. */
export function reachDevices(input: Input): Answer {
  const server = createServer(config as never, route as never, createValidation());
  for (const device of input.inputs('devices')) know(server, device);
  const context = contextAt(NOW_SECONDS * 1_000_000);
  const { delivered, failed } = deliverRelay(server, addressed(input), context);
  return output({
    delivered: delivered.flatMap(({ deviceIds }) => deviceIds).toSorted(),
    refused: Object.fromEntries(
      failed.flatMap(({ deviceIds, errorCode }) => deviceIds.map((id) => [id, errorCode])),
    ),
  });
}

const config = { serverId: 'bob.example.org' };
const route = {};

function know(server: Server, input: Input): void {
  const [id, userId] = [input.text('device_id'), input.text('user_id')];
  const revokedAtSeconds = input.flag('revoked') ? NOW_SECONDS - 1 : null;
  const device = { id, userId, createdAtSeconds: NOW_SECONDS - 60, revokedAtSeconds };
  server.devices.set(id, device as Device);
  const user = server.users.get(userId) ?? {
    ...{ id: userId, masterKey: null, devices: new Set<string>(), permissions: [] },
  };
  user.devices.add(id);
  server.users.set(userId, user);
}

function addressed(input: Input): MessageRelay {
  const payloads = input.texts('payload_devices').map((id) => [id, { ciphertext: '' }]);
  const relay = {
    type: 'message_relay',
    message_id: 'message',
    origin_server: 'alice.example.org',
    target_server: config.serverId,
    target_users: input.texts('target_users'),
    sender_user_id: 'alice@alice.example.org',
    sender_device_id: 'device of alice',
    conversation_id: 'conversation',
    encrypted_payloads: Object.fromEntries(payloads),
    metadata: {
      ...{ original_timestamp: NOW_SECONDS * 1_000_000, ttl: 3600, delivery_requirements: [] },
    },
  };
  return relay as unknown as MessageRelay;
}
