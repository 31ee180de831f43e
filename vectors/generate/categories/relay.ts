/** V-REL: what a server checks of a message_relay (L-F01 to L-F07, L-F11). */
import type { CategorySource } from '../category.ts';
import {
  flag,
  from,
  listOf,
  mapOf,
  message,
  objectOf,
  octets,
  octetsOf,
  oneOf,
  text,
} from '../shape.ts';
import { labels, sizes } from './relay/allowance.ts';
import { caches } from './relay/cache.ts';
import { deviceDrafts } from './relay/devices.ts';
import { parties } from './relay/parties.ts';
import { hops } from './relay/path.ts';
import { grounds, takes } from './relay/scene.ts';
import { parts, signatures } from './relay/signatures.ts';
import { times } from './relay/times.ts';

export const relay: CategorySource = {
  category: 'relay',
  title: 'Relay of a message',
  description:
    'The origin signs canonical JSON of {type: relay_origin, payloads_hash (BLAKE3 of the canonical ' +
    'encrypted_payloads), message_id, federation_id, origin_server, target_server, target_users, ' +
    'sender_user_id, sender_device_id, conversation_id, message_type, classification, sequence_number, ' +
    'prev_message_hash, original_timestamp, ttl, priority, delivery_requirements}; the last server of ' +
    'route_path signs the whole message but route_signature. Times are microseconds, ttl seconds.',
  functions: {
    'origin-bytes': {
      does: 'what origin_signature covers.',
      input: { relay: message },
      output: { signed_hex: octets },
    },
    check: {
      does: 'deliver when server_id is the target, forward when it is another; reject unless: message_relay is permitted (and file_transfer for message_type file); size within the level (basic 1048576, above 16777216) and max_message_bytes; route_path begins with the origin and ends with peer; hop_count is its length, at most 10 and at most max_hops, one less when forwarding; server_id is not in it; ttl 1…86400 and now ≤ original_timestamp + ttl; original_timestamp at most 300 s ahead; federation_timestamp within 60 s; sender of the origin; users of the target; label within the ceiling of the level; both signatures hold; above basic an origin that is not the peer is trusted itself.',
      input: {
        server_id: text,
        peer: text,
        peer_public_key: octetsOf(32),
        origin_public_key: octetsOf(32),
        origin_is_trusted: flag,
        level: text,
        permissions: listOf(text),
        max_message_bytes: from(0),
        size: from(0),
        now: from(0),
        relay: message,
      },
      output: { action: oneOf('deliver', 'forward') },
    },
    reach: {
      does: 'at the target: which of the payloads are delivered, in the order of their device ids, and the code for each that is not: 2001 where the device is not one of a target user (or of nobody), 3003 where it is revoked.',
      input: {
        target_users: listOf(text),
        devices: listOf(objectOf({ device_id: text, user_id: text, revoked: flag })),
        payload_devices: listOf(text),
      },
      output: { delivered: listOf(text), refused: mapOf(from(1)) },
    },
    cache: {
      does: 'of relays that have passed every check: whether each is new, or repeats one whose acknowledgment is remembered and is given again. Remembered are origin, message and target, from original_timestamp for ttl seconds, at least 600 and at most 86400, whatever a repeat says. after_restart: the process has ended and begun again just before.',
      input: {
        steps: listOf(
          objectOf({
            at: from(0),
            after_restart: flag,
            origin_server: text,
            message_id: text,
            target_server: text,
            original_timestamp: from(0),
            ttl: from(1, 86_400),
          }),
        ),
      },
      output: { outcomes: listOf(oneOf('new', 'repeat')) },
    },
  },
  flags: {
    'false-path': {
      bug: 'The path is not compared with the peer and the origin.',
      effect: 'A server hides that it has handled a message, or blames another.',
    },
    'foreign-device': {
      bug: 'A payload is delivered to whatever device it names.',
      effect: 'A server places messages with devices of users who were never addressed.',
    },
    'delivered-again': {
      bug: 'Relays are not remembered by origin, message and target, long enough, or over a restart.',
      effect: 'A message is delivered twice by whoever sends it again, or one of two is swallowed.',
    },
    'hop-count': {
      bug: 'Hops are not counted, or the sender sets the limit.',
      effect: 'Messages wander on and multiply load.',
    },
    loop: {
      bug: 'A server does not look for itself in the path.',
      effect: 'Two servers send one message to each other for ever.',
    },
    outlived: {
      bug: 'The life of a message is not bounded.',
      effect: 'A recorded message is delivered after every cache has forgotten it.',
    },
    'stale-hop': {
      bug: 'The times of a message are not compared with the clock.',
      effect: 'Replays of whole hops pass; messages of the future stay for ever.',
    },
    'foreign-sender': {
      bug: 'The sender need not belong to the origin.',
      effect: 'A server speaks for the users of another.',
    },
    'foreign-user': {
      bug: 'Users of other servers are delivered to.',
      effect: 'Existence of users leaks, and payloads end at the wrong place.',
    },
    label: {
      bug: 'The label is not compared with the level of the link.',
      effect: 'Classified messages travel over links that must not carry them.',
    },
    size: {
      bug: 'Level or certificate do not bound the size.',
      effect: 'A barely trusted peer fills memory and disk.',
    },
    permission: {
      bug: 'Permissions are not asked for.',
      effect: 'A peer does what its certificate does not allow.',
    },
    'forged-hop': {
      bug: 'The signature of the last hop is not checked.',
      effect: 'Path, hop count and times can be changed on the way.',
    },
    'forged-origin': {
      bug: 'The origin’s signature is not checked, or leaves something out.',
      effect: 'Any hop changes recipients, label or content, or invents messages.',
    },
    'unknown-origin': {
      bug: 'Trust in the last hop is taken for trust in the origin.',
      effect: 'Trust is inherited along a path.',
    },
  },
  drafts: () => [
    takes(grounds.hop, 'direct', {}),
    ...parts(),
    ...hops(),
    ...times(),
    ...labels(),
    ...sizes(),
    ...parties(),
    ...signatures(),
    ...deviceDrafts(),
    ...caches(),
  ],
};
