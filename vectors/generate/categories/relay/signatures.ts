/** What changes on the way, under one signature or the other (L-F02). */
import { levels } from '../../../../spec/emitted/registries.ts';
import { type Draft, valid } from '../../category.ts';
import { base64url, filled, flip, fromBase64url, hex, seededUuid } from '../../primitives/bytes.ts';
import { canonicalBytes, type JsonObject } from '../../primitives/canonical-json.ts';
import { signed } from '../../primitives/signature.ts';
import { alice, bob, mallory } from '../../primitives/trust-run.ts';
import { eachChanged } from '../../variation.ts';
import {
  BODY,
  DIRECT,
  FROM_METADATA,
  grounds,
  hopServer,
  made,
  metadata,
  NOW,
  ORIGIN,
  originPart,
  overHops,
  refuse,
  relayOf,
} from './scene.ts';

/** What changes on the way, under one signature or the other. */
export function signatures(): Draft[] {
  const right = made();
  const { route_signature: route, origin_signature: origin, ...unsigned } = right;
  const bits = [0, 255, 256, 511];
  const flipped = (member: string, bit: number): string =>
    base64url(flip(fromBase64url(String(right[member])), bit));
  const rehopped = (change: JsonObject): JsonObject =>
    signed(alice.key, { ...right, ...change }, 'route_signature');
  const immutable = {
    ...Object.fromEntries(ORIGIN.map((name) => [name, BODY[name] ?? null])),
    encrypted_payloads: BODY.encrypted_payloads ?? {},
  };
  const harmless = [
    'origin_server',
    'target_server',
    'target_users',
    'sender_user_id',
    'classification',
  ];
  const inMetadata = eachChanged(
    Object.fromEntries(FROM_METADATA.map((name) => [name, (metadata as JsonObject)[name] ?? null])),
  );
  return [
    ...eachChanged(unsigned).map(([what, changed]) =>
      refuse(grounds.hop, `${what}-after-the-hop-signed`, {
        relay: { ...changed, origin_signature: origin ?? null, route_signature: route ?? null },
      }),
    ),
    ...bits.map((bit) =>
      refuse(grounds.hop, `route-signature-bit-${bit}`, {
        relay: { ...right, route_signature: flipped('route_signature', bit) },
      }),
    ),
    refuse(grounds.hop, 'route-signature-zero', {
      relay: { ...right, route_signature: base64url(filled(64, 0)) },
    }),
    refuse(grounds.hop, 'route-signature-by-mallory', {
      relay: signed(mallory.key, right, 'route_signature'),
    }),
    ...eachChanged(immutable)
      .filter(([what]) => !harmless.some((name) => what.startsWith(name.replaceAll('_', '-'))))
      .map(([what, changed]) =>
        refuse(grounds.origin, `${what}-by-a-hop`, { relay: rehopped(changed) }),
      ),
    ...inMetadata
      .filter(([what]) => !what.startsWith('original-timestamp') && !what.startsWith('ttl'))
      .map(([what, changed]) =>
        refuse(grounds.origin, `${what}-by-a-hop`, {
          relay: rehopped({ metadata: { ...metadata, ...changed } }),
        }),
      ),
    refuse(grounds.origin, 'ttl-shortened-by-a-hop', {
      relay: rehopped({ metadata: { ...metadata, ttl: 3600 } }),
    }),
    refuse(grounds.origin, 'made-later-by-a-hop', {
      relay: rehopped({ metadata: { ...metadata, original_timestamp: NOW } }),
    }),
    refuse(grounds.origin, 'label-lowered-by-a-hop', {
      level: 'verified',
      permissions: [...levels.verified.permissions],
      relay: signed(
        alice.key,
        { ...made({ classification: 'official_use_only' }), classification: 'unclassified' },
        'route_signature',
      ),
    }),
    refuse(grounds.origin, 'user-added-by-a-hop', {
      relay: rehopped({ target_users: [`bob@${bob.name}`, `carol@${bob.name}`] }),
    }),
    ...bits.map((bit) =>
      refuse(grounds.origin, `origin-signature-bit-${bit}`, {
        relay: rehopped({ origin_signature: flipped('origin_signature', bit) }),
      }),
    ),
    refuse(grounds.origin, 'origin-signature-zero', {
      relay: rehopped({ origin_signature: base64url(filled(64, 0)) }),
    }),
    refuse(grounds.origin, 'origin-signature-by-mallory', {
      relay: relayOf({ ...DIRECT, origin: mallory }),
    }),
    refuse(grounds.origin, 'origin-signature-by-a-hop', {
      ...overHops(2),
      relay: relayOf({
        ...DIRECT,
        origin: hopServer(1),
        hop: hopServer(1),
        underway: {
          route_path: [alice.name, hopServer(1).name],
          metadata: { ...metadata, hop_count: 2 },
        },
      }),
    }),
    refuse(grounds.origin, 'origin-signature-of-another-message', {
      relay: rehopped({
        origin_signature: made({ message_id: seededUuid('another') }).origin_signature ?? null,
      }),
    }),
    refuse(grounds.origin, 'key-of-another-origin', { ...overHops(2), origin: mallory }),
  ];
}

export function parts(): Draft[] {
  const variants = {
    plain: made(),
    secret: made({ classification: 'secret' }),
    file: made({ message_type: 'file' }),
    over: overHops(3).relay ?? {},
  };
  return Object.entries(variants).map(([name, relay]) =>
    valid(
      grounds.value,
      `origin-bytes-${name}`,
      { function: 'origin-bytes', relay },
      { signed_hex: hex(canonicalBytes(originPart(relay))) },
    ),
  );
}
