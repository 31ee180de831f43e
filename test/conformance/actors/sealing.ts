/**
 * Content end to end (L-E01…L-E08), for messages that devices send and for those that servers
 * relay.
 */
import type { ContentHeader, ContentRecipient, Sealed } from '../../../reference/crypto/crypto.ts';
import type { E2ePayload } from '../../../spec/messages/common/e2e-payload.ts';
import type { DeviceIdentity } from './device.ts';
import type { ActorEnvironment } from './environment.ts';
import { textBytes } from './signing.ts';

/** X-AAD-05: the registry code of message_send, whatever carries the blob. */
const MESSAGE_CODE = 0x10;
/** Content key, nonce, ephemeral scalar. */
const SEAL_ENTROPY_BYTES = 32 + 12 + 32;

export type Envelope = Omit<ContentHeader, 'version' | 'messageTypeCode'>;

export function seal(
  { crypto, chance }: ActorEnvironment,
  parts: {
    readonly envelope: Envelope;
    readonly version: string;
    readonly text: string;
    readonly recipients: readonly ContentRecipient[];
    readonly sender: DeviceIdentity;
  },
): Sealed {
  const { envelope, version, text, recipients, sender } = parts;
  return crypto.sealContent(
    { ...envelope, version, messageTypeCode: MESSAGE_CODE },
    textBytes(text),
    recipients,
    sender.signingKey,
    chance.entropy(SEAL_ENTROPY_BYTES),
  );
}

/** The text, or null when it cannot be opened, for whatever reason: silence (L-E17). */
export function open(
  { crypto, roster, at, subject }: ActorEnvironment,
  parts: {
    readonly envelope: Envelope;
    readonly blob: E2ePayload;
    readonly recipient: DeviceIdentity;
  },
): string | null {
  const { envelope, blob, recipient } = parts;
  const sender = roster.device(envelope.senderDeviceId);
  if (!sender || sender.userId !== envelope.senderUserId) return null;
  const { userId, deviceId, exchangeKey } = recipient;
  // The version is that of the sender's session, which the message does not tell.
  for (const version of new Set([at, ...subject.facts.versions])) {
    const header = { ...envelope, version, messageTypeCode: MESSAGE_CODE };
    const addressee = { userId, deviceId, key: exchangeKey };
    const key = sender.signingKey.publicKey;
    const opened = crypto.openContent(header, blob, addressee, key);
    if (opened.ok) return new TextDecoder().decode(opened.value);
  }
  return null;
}

export const addressed = ({ userId, deviceId, exchangeKey }: DeviceIdentity): ContentRecipient => ({
  userId,
  deviceId,
  exchangePublicKey: exchangeKey.publicKey,
});
