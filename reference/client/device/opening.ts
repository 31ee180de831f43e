/**
 * Verifying and opening one received message (C-E2E-06, X-AAD, X-KEY-04). The header is rebuilt from the
 * clear members, so whatever a server changed in them breaks signature or seal.
 */

import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import { messages } from '../../../spec/messages.ts';
import type { ContentHeader } from '../../crypto/crypto.ts';
import { accept, type Fault, type Result } from '../../wire/result.ts';
import { ZERO_HASH } from '../identifiers.ts';
import type { DeviceContext } from './device.ts';
import type { DeviceState, KnownDevice } from './state.ts';

const decoder = new TextDecoder('utf-8', { fatal: false });

export function openReceived(
  device: DeviceState,
  message: MessageReceived,
  sender: KnownDevice,
  context: DeviceContext,
): Result<string> {
  let last: Fault | null = null;
  for (const version of candidates(device)) {
    const opened = openAt(device, message, { sender, version }, context);
    if (opened.ok) return accept(decoder.decode(opened.value));
    last = opened.error;
    if (!isSealFault(last)) break;
  }
  return { ok: false, error: last ?? { requirement: 'X-AAD-03', detail: 'no version' } };
}

/**
 * The version that the sender sealed under is in the additional data and not in the message; it is the
 * one that the sender agreed on with its own server. Ours first, as the likeliest.
 */
function candidates({ link, config }: DeviceState): readonly string[] {
  const own = link?.agreed?.version;
  return [...new Set([...(own === undefined ? [] : [own]), ...config.versions])];
}

/** The signature does not cover the version, the seals do. */
function isSealFault({ requirement }: Fault): boolean {
  return requirement === 'C-E2E-05' || requirement === 'X-AAD-03';
}

function openAt(
  { config }: DeviceState,
  message: MessageReceived,
  { sender, version }: { readonly sender: KnownDevice; readonly version: string },
  { crypto }: DeviceContext,
): Result<Uint8Array> {
  const header: ContentHeader = {
    version,
    messageTypeCode: messages.message_send.code ?? 0, // X-AAD-05
    messageId: message.message_id,
    conversationId: message.conversation_id,
    senderUserId: message.sender_user_id,
    senderDeviceId: message.sender_device_id,
    messageType: message.message_type,
    classification: message.metadata.classification, // X-CLS-03
    sequenceNumber: message.sequence_number ?? 0, // X-AAD-02
    previousHash: message.prev_message_hash ?? ZERO_HASH,
    timestampMicros: message.timestamp,
  };
  const { userId, deviceId, exchangeKey: key } = config;
  const recipient = { userId, deviceId, key };
  return crypto.openContent(header, message.encrypted_content, recipient, sender.publicKey);
}
