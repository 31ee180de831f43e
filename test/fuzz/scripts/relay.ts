/** NORC-F: a trusted server brings a message for a device of the subject's (F7, F8). */

import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import type { Device } from '../../conformance/actors/device.ts';
import { createDeviceActor } from '../../conformance/actors/device-actor.ts';
import type { ActorEnvironment } from '../../conformance/actors/environment.ts';
import type { Link, Peer, RelayOptions } from '../../conformance/actors/peer.ts';
import { createPeer } from '../../conformance/actors/peer-actor.ts';
import { SubjectMisbehaved } from '../../conformance/case.ts';
import type { Bend } from '../../conformance/stage.ts';
import type { Scene, Script } from '../script.ts';
import type { Tampering } from '../tampering.ts';

export const relayScript: Script = {
  name: 'relay',
  messages: ['message_relay'],
  steps: ['message_relay'],
  grants: [{ name: 'delivered', of: ['message_relay'] }],
  never: ['delivered twice'],
  deadlines: {},
  bent: ['message_relay'],
  hands: ['forger', 'hop'],
  carried: [],
  async start(environment, tampering) {
    const alice = await createDeviceActor(environment).device();
    const peer = await createPeer(environment);
    const { link } = await peer.establish(oneWay);
    return sceneOf({ environment, tampering, alice, peer, link, isDelivered: false });
  },
};

interface State {
  readonly environment: ActorEnvironment;
  readonly tampering: Tampering;
  readonly alice: Device;
  readonly peer: Peer;
  readonly link: Link;
  isDelivered: boolean;
}

function sceneOf(state: State): Scene {
  const { environment, tampering, alice, peer, link } = state;
  return {
    steps: {
      async message_relay() {
        await sent(link, peer.composeRelay({ ...forDevice(alice), ...bendsOf(tampering) }));
      },
    },
    async granted() {
      const ids = await received(alice);
      state.isDelivered = ids.length > 0;
      const isTwice = new Set(ids).size < ids.length;
      return new Set(
        ['delivered', 'delivered twice'].slice(0, isTwice ? 2 : Math.min(1, ids.length)),
      );
    },
    async again() {
      const device = await alice.reconnect();
      // Whoever has chosen a place among its relays goes on from there: another one begins.
      const from = state.isDelivered ? await createPeer(environment) : peer;
      const fresh = state.isDelivered ? (await from.establish(oneWay)).link : await from.link();
      const relay = from.composeRelay(forDevice(device));
      await sent(fresh, relay);
      // Beside it comes again what the device has not confirmed.
      const ids = await received(device);
      if (ids.includes(relay.message_id)) return;
      throw new SubjectMisbehaved('an honest relay did not arrive', relay.message_id, ids);
    },
  };
}

/** Enough for what it brings, and the subject has no reason to call it. */
const oneWay = { mutual: false };

const forDevice = ({ identity }: Device): RelayOptions => ({
  to: [identity.userId],
  recipients: [identity],
});

/** Whose signature is made after the change (L-F02): of all, of the hop that passes it on, of nobody. */
function bendsOf({ bend, sender }: Tampering): Partial<RelayOptions> {
  const { bend: change } = bend<MessageRelay>('message_relay');
  if (!change) return {};
  switch (sender) {
    case 'peer':
      return { beforeOrigin: unsigned(change, ['origin_signature', 'route_signature']) };
    case 'hop':
      return { beforeHop: unsigned(change, ['route_signature']) };
    case 'forger':
      return { afterHop: change };
  }
}

/** Of the form of a signature, while there is none. */
const NO_SIGNATURE = encodeBase64url(new Uint8Array(64)) as MessageRelay['route_signature'];

type Signing = 'origin_signature' | 'route_signature';

/** What is changed has all its members, those that are signed afterwards among them. */
function unsigned(change: Bend<MessageRelay>, members: readonly Signing[]): Bend<MessageRelay> {
  const none = Object.fromEntries(members.map((member) => [member, NO_SIGNATURE]));
  return (relay) => {
    const changed = { ...change({ ...relay, ...none }) } as Record<string, unknown>;
    for (const member of members) delete changed[member];
    return changed as unknown as MessageRelay;
  };
}

async function sent(link: Link, relay: MessageRelay): Promise<void> {
  const { message, status } = await link.requestRaw({ ...relay });
  const isTaken = status >= 200 && status <= 299;
  const isFailed = message?.type === 'relay_ack' && message.status !== 'delivered';
  if (isTaken && !isFailed) return;
  throw new SubjectMisbehaved('the relay was refused', 'delivered', message ?? status);
}

/** Ids of the messages that have come to the device. */
async function received({ connection }: Device): Promise<readonly string[]> {
  const heard = await connection.silence();
  return heard.flatMap((one) =>
    'closed' in one || one.message.type !== 'message_received' ? [] : [one.message.message_id],
  );
}
