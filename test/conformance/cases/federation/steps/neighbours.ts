/**
 * A device of the subject's, a server of ours that the subject trusts, and what passes between
 * them.
 */
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { MessageRelay } from '../../../../../spec/messages/federation/message-relay.ts';
import type { Device } from '../../../actors/device.ts';
import type {
  Answer,
  Established,
  Link,
  Peer,
  PeerOptions,
  RelayOptions,
  TrustRunOptions,
} from '../../../actors/peer.ts';
import type { Stage } from '../../../stage.ts';
import { told } from './answers.ts';

export interface Neighbours {
  readonly alice: Device;
  readonly bravo: Peer;
  readonly established: Established;
  /** Dialled by bravo, active. */
  readonly link: Link;
}

export async function neighbours(
  stage: Stage,
  options: { peer?: PeerOptions; trust?: TrustRunOptions } = {},
): Promise<Neighbours> {
  const alice = await stage.device();
  const bravo = await stage.peer(options.peer);
  const { link, ...established } = await bravo.establish(options.trust);
  return { alice, bravo, established, link };
}

/** A relay of bravo's user for alice. */
export function relayFor(
  { alice, bravo }: Pick<Neighbours, 'alice' | 'bravo'>,
  options: Partial<RelayOptions> = {},
): MessageRelay {
  return bravo.composeRelay({
    to: [alice.identity.userId],
    recipients: [alice.identity],
    ...options,
  });
}

/** Bent or not: what our own schema says of it is no matter. */
export function sendRelay(link: Link, relay: MessageRelay): Promise<Answer> {
  return link.requestRaw({ ...relay });
}

/** The honest form works: acknowledged as delivered, and alice reads it. */
export async function checkDelivered(
  stage: Stage,
  id: RequirementId,
  people: Neighbours,
  options: Partial<RelayOptions> = {},
): Promise<Answer> {
  const text = options.text ?? 'the honest form';
  const relay = relayFor(people, { ...options, text });
  const answer = await sendRelay(people.link, relay);
  const { message } = answer;
  const isAcknowledged = message?.type === 'relay_ack' && message.status === 'delivered';
  stage.check(id, isAcknowledged, {
    what: 'the answer to the honest form of the relay',
    expected: 'relay_ack: delivered',
    got: told(answer),
  });
  await checkRead(stage, id, people.alice, { relay, text });
  return answer;
}

/** The next message that the device gets is this one. */
export async function checkRead(
  stage: Stage,
  id: RequirementId,
  device: Device,
  { relay, text }: { relay: MessageRelay; text: string },
): Promise<void> {
  const { received, opened } = await device.receiveMessage();
  const got = { message_id: received.message.message_id, text: opened };
  stage.check(id, got.message_id === relay.message_id && opened === text, {
    what: 'the next message that the device gets, and its text',
    expected: { message_id: relay.message_id, text },
    got,
  });
}

/** Nothing has come to the device, whose session lives. */
export async function checkNothingCame(
  stage: Stage,
  id: RequirementId,
  { connection }: Device,
  what: string,
): Promise<void> {
  const heard = await connection.silence();
  const came = heard.map((one) => ('closed' in one ? 'closed' : one.message.type));
  stage.check(id, !came.includes('message_received') && !came.includes('closed'), {
    what: `the recipient after ${what}`,
    expected: 'no message',
    got: came,
  });
}
