/**
 * Who has signed a relay: its origin what no hop may change, the last hop all of it (L-F02; S-7,
 * S-12).
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { bytesOf, encodeBase64url } from '../../../../reference/wire/base64url.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { MessageRelay } from '../../../../spec/messages/federation/message-relay.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from './steps/answers.ts';
import { checkDelivered, neighbours, relayFor, sendRelay } from './steps/neighbours.ts';
import { fromAfar, type RelayFault, refusedRelays, withMetadata } from './steps/refused-relays.ts';

const { federation: code } = errorCode;

/** What an intermediate might like to change, and how; the hop signs it as if it were right. */
const editable: Readonly<Record<string, (relay: MessageRelay, stage: Stage) => JsonObject>> = {
  message_id: (relay, { uuid }) => ({ ...relay, message_id: uuid() }),
  federation_id: (relay, { uuid }) => ({ ...relay, federation_id: uuid() }),
  conversation_id: (relay, { uuid }) => ({ ...relay, conversation_id: uuid() }),
  sender_device_id: (relay, { uuid }) => ({ ...relay, sender_device_id: uuid() }),
  sender_user_id: (relay) => ({ ...relay, sender_user_id: `eve@${relay.origin_server}` }),
  target_users: (relay) => ({
    ...relay,
    target_users: [...relay.target_users, `eve@${relay.target_server}`],
  }),
  encrypted_payloads: (relay) => ({ ...relay, encrypted_payloads: withOtherBlob(relay) }),
  message_type: (relay) => ({ ...relay, message_type: 'image' }),
  sequence_number: (relay) => ({ ...relay, sequence_number: (relay.sequence_number ?? 0) + 1 }),
  prev_message_hash: (relay, { entropy }) => ({
    ...relay,
    prev_message_hash: encodeBase64url(entropy(32)),
  }),
  original_timestamp: (relay) =>
    withMetadata({ original_timestamp: relay.metadata.original_timestamp - 1 })(relay),
  ttl: (relay) => withMetadata({ ttl: relay.metadata.ttl + 60 })(relay),
  priority: withMetadata({ priority: 'urgent' }),
  delivery_requirements: withMetadata({ delivery_requirements: ['acknowledge', 'no_archive'] }),
};

/** One bit of the ciphertext that every recipient shares. */
function withOtherBlob({ encrypted_payloads }: MessageRelay): JsonObject {
  return Object.fromEntries(
    Object.entries(encrypted_payloads).map(([deviceId, blob]) => {
      const bytes = Uint8Array.from(bytesOf(blob.ciphertext));
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      return [deviceId, { ...blob, ciphertext: encodeBase64url(bytes) }];
    }),
  );
}

const edited: readonly RelayFault[] = Object.entries(editable).map(([member, edit]) => ({
  id: `an-intermediate-cannot-change-${member.replaceAll('_', '-')}`,
  title: `A relay whose ${member} was changed after its origin signed it is refused`,
  verifies: 'F-RELAY-07',
  readings: ['L-F02'],
  bend: async (people, stage) => ({
    ...(await fromAfar(2, people, stage)),
    beforeHop: (relay) => edit(relay, stage),
  }),
}));

const faults: readonly RelayFault[] = [
  {
    id: 'an-intermediate-cannot-invent-a-message',
    title: 'A relay in the name of another origin, signed by the hop, is refused',
    verifies: 'F-RELAY-07',
    readings: ['L-F02'],
    bend: async (people, stage) => ({
      ...(await fromAfar(2, people, stage)),
      // The hop's own signature where the origin's belongs.
      beforeHop: (relay) => ({
        ...relay,
        origin_signature: stage.crypto.sign(people.bravo.key, { ...relay }),
      }),
    }),
  },
  {
    id: 'a-direct-origin-signs-too',
    title: 'The origin signature is verified also when the origin itself brings the relay',
    verifies: 'F-RELAY-07',
    readings: ['L-F02'],
    bend: (_, { entropy }) => ({
      beforeHop: (relay) => ({ ...relay, origin_signature: encodeBase64url(entropy(64)) }),
    }),
  },
  {
    id: 'a-hop-signature-by-another-key-is-refused',
    title: 'A route_signature by another key than that of the hop is refused',
    verifies: 'F-RELAY-08',
    readings: ['L-F02'],
    bend: (_, { crypto, entropy }) => ({
      afterHop: ({ route_signature: _signature, ...relay }) => ({
        ...relay,
        route_signature: crypto.sign(crypto.signingKey(entropy(32)), relay),
      }),
    }),
  },
  {
    id: 'a-flipped-bit-in-the-hop-signature-is-refused',
    title: 'A route_signature with one bit flipped is refused',
    verifies: 'F-RELAY-08',
    bend: () => ({
      afterHop: (relay) => {
        const bytes = Uint8Array.from(bytesOf(relay.route_signature));
        bytes[10] = (bytes[10] ?? 0) ^ 1;
        return { ...relay, route_signature: encodeBase64url(bytes) };
      },
    }),
  },
  {
    id: 'the-hop-signature-covers-what-the-origin-does-not',
    title: 'A federation_timestamp that was changed after the hop signed it is refused',
    verifies: 'F-RELAY-08',
    readings: ['L-F02'],
    bend: () => ({
      afterHop: (relay) =>
        withMetadata({ federation_timestamp: relay.metadata.federation_timestamp - 1 })(relay),
    }),
  },
  {
    id: 'the-hop-signature-covers-unknown-members',
    title: 'A member that was added after the hop signed the relay is refused',
    verifies: 'F-RELAY-08',
    readings: ['L-S05'],
    bend: () => ({ afterHop: (relay) => ({ ...relay, added_later: 'by somebody' }) }),
  },
  {
    id: 'an-unknown-origin-is-refused',
    title: 'A relay of an origin that the target does not know is refused with 5004',
    verifies: 'F-RELAY-11',
    readings: ['L-F11'],
    codes: [code.insufficientTrust, code.notTrusted],
    bend: async ({ bravo }, stage) => {
      const stranger = await stage.peer();
      const originServer = stranger.serverId;
      return { originServer, routePath: [originServer, bravo.serverId] };
    },
  },
];

const relayed = defineCase({
  id: 'federation/relay-signatures/a-known-origin-over-a-hop-is-delivered',
  title: 'A relay that its origin and its last hop have signed is delivered, and only then',
  verifies: ['F-RELAY-07', 'F-RELAY-08'],
  readings: ['L-F02', 'L-F11', 'L-S05'],
  async run(stage) {
    const people = await neighbours(stage);
    const options = await fromAfar(2, people, stage);
    await checkDelivered(stage, 'F-RELAY-07', people, options);
    // Unknown members are part of what the hop signs, and mean nothing (X-EXT-02).
    await checkDelivered(stage, 'F-RELAY-08', people, {
      beforeHop: (relay) => ({ ...relay, unknown_member: ['of', { no: 'meaning' }] }),
    });
    const other = { origin_signature: encodeBase64url(stage.entropy(64)) };
    const forged = {
      'F-RELAY-07': relayFor(people, { beforeHop: (relay) => ({ ...relay, ...other }) }),
      'F-RELAY-08': relayFor(people, { afterHop: (relay) => ({ ...relay, unknown_member: 1 }) }),
    };
    for (const id of ['F-RELAY-07', 'F-RELAY-08'] as const) {
      const answer = await sendRelay(people.link, forged[id]);
      checkRefused(stage, id, answer, { what: 'the same with a broken signature' });
    }
  },
});

export const cases: readonly Case[] = [
  relayed,
  ...refusedRelays('relay-signatures', [...edited, ...faults]),
];
