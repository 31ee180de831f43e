/** What the origin of a relay signs, and whether one is taken (F-RELAY). */
import { needsPermission } from '../../../reference/federation/gate.ts';
import { type RelayArrival, relayObjection } from '../../../reference/federation/relay-checks.ts';
import { originPart } from '../../../reference/federation/relay-origin.ts';
import { hasHopLeft } from '../../../reference/federation/relay-receive.ts';
import type { Standing } from '../../../reference/ports.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import { createValidator } from '../../../reference/wire/validate.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import type { Answer } from '../protocol/answer.ts';
import { hexOf, type Input } from './input.ts';
import { cacheRelays, reachDevices } from './relay-delivery.ts';
import { allowed, byFunction, output, rejected } from './results.ts';
import { contextAt, must, wireOf } from './tools.ts';

const validate = createValidator({ must });

function standingOf(input: Input): Standing {
  const maxMessageBytes = input.number('max_message_bytes');
  return {
    ...{ status: 'active', level: input.text('level'), certificateId: null },
    permissions: new Set(input.texts('permissions')),
    limits: { maxMessageBytes, messagesPerSecond: 1, bandwidthMbps: 1 },
    ...{ establishedAtSeconds: 0, expiresAtSeconds: Number.MAX_SAFE_INTEGER },
  };
}

/** The federation as far as the checks of a relay ask it. */
function arrivalOf(input: Input, relay: MessageRelay): RelayArrival {
  const peer = input.text('peer');
  const standing = standingOf(input);
  const origin: Standing = {
    ...standing,
    status: input.flag('origin_is_trusted') ? 'active' : 'none',
  };
  const trust = {
    keyOf: (server: string) =>
      wireOf(input.text(server === peer ? 'peer_public_key' : 'origin_public_key')),
    inbound: (server: string) => (server === peer ? standing : origin),
    isBanned: () => false,
  };
  const federation = {
    config: { serverId: input.text('server_id') },
    ports: { trust },
    cache: { countByPeer: new Map<string, number>() },
  };
  const arrival = { federation, link: { peer, tls: null, direction: 'accepted' } };
  const size = { body: input.object('relay'), sizeBytes: input.number('size') };
  return { ...arrival, ...size, relay, standing } as unknown as RelayArrival;
}

function check(input: Input): Answer {
  const context = contextAt(input.number('now'));
  const valid = validate(input.object('relay'), '2.0');
  if (!valid.ok) return rejected(`${valid.error.requirement}: ${valid.error.detail}`);
  if (valid.value.type !== 'message_relay') return rejected('no relay');
  const arrival = arrivalOf(input, valid.value);
  const isHere = valid.value.target_server === input.text('server_id');
  const onward = { arrival, sizeBytes: arrival.sizeBytes } as Parameters<typeof hasHopLeft>[0];
  const refusal =
    needsPermission(arrival.standing, 'message_relay', context) ??
    relayObjection(arrival, context) ??
    (isHere ? null : hasHopLeft(onward, context));
  if (refusal) return allowed(false, `${refusal.requirement}: ${refusal.detail}`);
  return output({ action: isHere ? 'deliver' : 'forward' });
}

export const relay = byFunction({
  cache: cacheRelays,
  reach: reachDevices,
  'origin-bytes': (input) => {
    const part = originPart(input.object('relay') as unknown as MessageRelay, contextAt(0));
    return output({ signed_hex: hexOf(canonicalBytes(part)) });
  },
  check,
});
