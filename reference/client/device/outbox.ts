/**
 * C14 from the device: one sealed copy for every device of every recipient and for the sender's
 * others (C-MSG-01, C-E2E-01), numbered and chained (X-SEQ-01, X-SEQ-02, X-SEQ-10, L-E12, L-E16). One
 * message is under way at a time; its bytes are durable before they leave, so that no number is ever
 * used for two contents, whatever crashes.
 */
import { limits } from '../../../spec/limits.ts';
import type { MessageSend } from '../../../spec/messages/client/message-send.ts';
import { messages } from '../../../spec/messages.ts';
import type { ContentHeader, ContentRecipient, Hash } from '../../crypto/crypto.ts';
import { isNearMicros } from '../../guard/freshness.ts';
import { ZERO_HASH } from '../identifiers.ts';
import { timeOf } from './clock.ts';
import type { DeviceContext, OutgoingText } from './device.ts';
import { sealable } from './key-directory.ts';
import { saveOutgoing } from './rows.ts';
import { sendMessage } from './sending.ts';
import type { DeviceState, InFlight, OutgoingChain } from './state.ts';

const encoder = new TextEncoder();

/** False: some recipient has no device to seal for. */
export function sendSealed(
  device: DeviceState,
  text: OutgoingText,
  context: DeviceContext,
): boolean {
  const chain = chainOf(device, text.conversationId, context);
  const again = chain.inFlight?.text.messageId === text.messageId ? chain.inFlight : null;
  if (again?.message && isFresh(device, again.message, context)) {
    chain.inFlight = { ...again, sends: again.sends + 1 };
    saveOutgoing(chain, context);
    sendMessage(device, again.message, context);
    return true;
  }
  const recipients = recipientsOf(device, text, context);
  if (recipients === null) return false;
  const earlier = again ? doubtful(again) : [];
  const { message, contentHash } = seal(device, chain, text, recipients, context);
  chain.inFlight = { text, message, contentHash, sends: 1, earlier };
  saveOutgoing(chain, context);
  sendMessage(device, message, context);
  return true;
}

/** Refused, so it must be sealed anew; what may have been accepted before stays remembered. */
export function sealAnew(chain: OutgoingChain): void {
  const { inFlight } = chain;
  if (!inFlight) return;
  const earlier = inFlight.sends > 1 ? doubtful(inFlight) : inFlight.earlier;
  chain.inFlight = earlier.length > 0 ? { ...inFlight, message: null, earlier } : null;
}

/** Seals whose answer was lost with a connection. */
function doubtful({ message, contentHash, earlier }: InFlight): readonly Hash[] {
  return message ? [...earlier, contentHash] : earlier;
}

/** The server has it: the chain moves on. `accepted` is the hash of what it has. */
export function sent(chain: OutgoingChain, accepted: Hash, context: DeviceContext): void {
  chain.next += 1; // X-SEQ-02
  chain.previousHash = accepted; // X-SEQ-10
  chain.depth += 1;
  chain.inFlight = null;
  saveOutgoing(chain, context);
}

/** The server does not have it: the number is free for the next. */
export function notSent(chain: OutgoingChain, context: DeviceContext): void {
  chain.inFlight = null;
  saveOutgoing(chain, context);
}

export function chainOf(
  device: DeviceState,
  conversationId: string,
  context: Pick<DeviceContext, 'entropy'>,
): OutgoingChain {
  const known = device.outgoing.get(conversationId);
  if (known) return known;
  const [a = 0, b = 0, c = 0] = context.entropy(3);
  const start = Math.max(a * 65_536 + b * 256 + c, limits.sequenceStartMinimum); // X-SEQ-01
  const chain = { conversationId, next: start, previousHash: ZERO_HASH, depth: 0, inFlight: null };
  device.outgoing.set(conversationId, chain);
  return chain;
}

/** What was sealed a while ago the server would call stale (C-MSG-14). */
function isFresh(device: DeviceState, message: MessageSend, context: DeviceContext): boolean {
  const { timestamp } = message.metadata;
  return isNearMicros(timeOf(device, context), timestamp, limits.messageFreshnessSeconds / 2);
}

function recipientsOf(
  device: DeviceState,
  { recipients }: OutgoingText,
  context: DeviceContext,
): ContentRecipient[] | null {
  const { userId: own } = device.config;
  const others = recipients.filter((userId) => userId !== own);
  const byUser = others.map((userId) => sealable(device, userId, context.now));
  if (byUser.some((devices) => devices.length === 0)) return null;
  return [...byUser.flat(), ...sealable(device, own, context.now)].map(
    ({ userId, deviceId, kexPublicKey: exchangePublicKey }) => ({
      userId,
      deviceId,
      exchangePublicKey,
    }),
  );
}

function seal(
  device: DeviceState,
  chain: OutgoingChain,
  text: OutgoingText,
  recipients: readonly ContentRecipient[],
  context: DeviceContext,
): { readonly message: MessageSend; readonly contentHash: Hash } {
  const { userId, deviceId, signingKey } = device.config;
  const header: ContentHeader = {
    version: device.link?.agreed?.version ?? '1.0',
    messageTypeCode: messages.message_send.code ?? 0,
    messageId: text.messageId,
    conversationId: text.conversationId,
    senderUserId: userId,
    senderDeviceId: deviceId,
    messageType: 'text',
    classification: text.classification ?? 'unclassified',
    sequenceNumber: chain.next,
    previousHash: chain.previousHash,
    timestampMicros: timeOf(device, context),
  };
  const plaintext = encoder.encode(text.text);
  const entropy = context.entropy(76);
  const sealed = context.crypto.sealContent(header, plaintext, recipients, signingKey, entropy);
  const message = compose(header, text, sealed.blobs, chain.depth);
  return { message, contentHash: sealed.contentHash };
}

function compose(
  header: ContentHeader,
  text: OutgoingText,
  blobs: MessageSend['encrypted_content'],
  depth: number,
): MessageSend {
  const { expiresAtSeconds, replyTo, editOf } = text;
  return {
    type: 'message_send',
    message_id: text.messageId,
    conversation_id: text.conversationId,
    recipients: [...text.recipients],
    message_type: 'text',
    encrypted_content: blobs,
    metadata: {
      timestamp: header.timestampMicros,
      classification: header.classification as MessageSend['metadata']['classification'],
      ...(expiresAtSeconds !== undefined && { expires_at: expiresAtSeconds }),
      ...(replyTo !== undefined && { reply_to: replyTo }),
      ...(editOf !== undefined && { edit_of: editOf }),
    },
    sequence_number: header.sequenceNumber,
    prev_message_hash: header.previousHash,
    chain_depth: depth,
  };
}
