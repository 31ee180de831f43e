/**
 * A device of the subject's that writes to users of other servers, and what it is told about that.
 */
import { millis, toSeconds } from '../../../../../reference/time.ts';
import type { MessageSend } from '../../../../../spec/messages/client/message-send.ts';
import type { Device, MessageOptions } from '../../../actors/device.ts';
import type { Peer, PeerOptions } from '../../../actors/peer.ts';
import type { Stage } from '../../../stage.ts';

export interface Correspondents {
  readonly alice: Device;
  readonly bravo: Peer;
  readonly conversationId: string;
}

/** Trust in both directions, and a conversation of alice with bravo's user. */
export async function correspondents(
  stage: Stage,
  options: PeerOptions = {},
): Promise<Correspondents> {
  const alice = await stage.device();
  const bravo = await stage.peer(options);
  await bravo.establish();
  const conversationId = await alice.createConversation([bravo.user.userId]);
  return { alice, bravo, conversationId };
}

export function write(
  { alice, bravo, conversationId }: Correspondents,
  options: Partial<MessageOptions> = {},
): Promise<MessageSend> {
  return alice.sendMessage({ conversationId, to: [bravo.user.userId], ...options });
}

/**
 * Every status that the device is told of the message, until one that is final or the time is
 * over.
 */
export async function statusesOf(
  stage: Stage,
  { connection }: Device,
  messageId: string,
  withinMs = 3000,
): Promise<readonly string[]> {
  const told: string[] = [];
  const end = stage.now() + millis(withinMs);
  for (;;) {
    const leftMs = (end - stage.now()) / millis(1);
    const heard = leftMs > 0 ? await connection.next({ withinMs: leftMs }) : null;
    if (heard === null || 'closed' in heard) return told;
    const { message } = heard;
    if (message.type === 'ping') {
      const timestamp = toSeconds(stage.now());
      await connection.send({ type: 'pong', timestamp, echo: message.timestamp });
    }
    if (message.type !== 'message_ack' || message.message_id !== messageId) continue;
    told.push(message.status);
    if (message.status === 'delivered' || message.status === 'failed') return told;
  }
}
