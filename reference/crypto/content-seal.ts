/**
 * Sealing end-to-end content (C-E2E-01, -03; L-E01, L-E09): padded and sealed once under a fresh
 * content key, that key wrapped for every device, every blob signed for its device alone.
 */
import { limits } from '../../spec/limits.ts';
import { invariant, type Must } from '../assert.ts';
import { bytesOf, encodeBase64url } from '../wire/base64url.ts';
import { bucketFor, pad } from '../wire/padding.ts';
import { contentAad, signedBinding, wrapUse } from './content-binding.ts';
import type { ContentHeader, ContentRecipient, Sealed, SealedBlob, SigningKey } from './crypto.ts';
import { agreeBytes } from './key-exchange.ts';
import type { Primitives } from './primitives.ts';
import { erase } from './secrets.ts';
import type { Signatures } from './signatures.ts';

export interface ContentTools {
  readonly primitives: Primitives;
  readonly must: Must;
  readonly signatures: Signatures;
}

/** What is the same in every blob of a message. */
interface SharedPart {
  readonly header: ContentHeader;
  readonly sender: SigningKey;
  readonly contentKey: Uint8Array;
  readonly ephemeralScalar: Uint8Array;
  readonly ephemeralPublicKey: Uint8Array;
  readonly aad: Uint8Array;
  readonly nonce: Uint8Array;
  readonly ciphertext: string;
  readonly contentHash: Uint8Array;
}

export function sealContent(
  tools: ContentTools,
  header: ContentHeader,
  plaintext: Uint8Array,
  recipients: readonly ContentRecipient[],
  sender: SigningKey,
  entropy: Uint8Array,
): Sealed {
  const devices = new Set(recipients.map(({ deviceId }) => deviceId));
  invariant(devices.size === recipients.length, 'two recipients have one device id');
  const shared = sealOnce(tools.primitives, header, plaintext, sender, entropy);
  const blobs = recipients.flatMap((recipient) => {
    const blob = sealFor(tools, shared, recipient);
    return blob ? [[recipient.deviceId, blob] as const] : [];
  });
  erase(shared.contentKey, shared.ephemeralScalar);
  return {
    blobs: Object.fromEntries(blobs),
    contentHash: encodeBase64url(shared.contentHash),
  };
}

function sealOnce(
  primitives: Primitives,
  header: ContentHeader,
  plaintext: Uint8Array,
  sender: SigningKey,
  entropy: Uint8Array,
): SharedPart {
  invariant(entropy.length === 76, `${entropy.length} bytes of entropy to seal with`);
  invariant(isWellFormed(header), 'a header of ours has a message id and a previous hash');
  const contentKey = entropy.slice(0, 32);
  const nonce = entropy.slice(32, 44);
  const ephemeralScalar = entropy.slice(44);
  // X-AAD-04: the length that is authenticated is the padded one, tag included.
  const aad = contentAad(header, bucketFor(plaintext.length));
  const use = { algorithm: 'chacha20_poly1305', key: contentKey, nonce, aad } as const;
  const ciphertext = primitives.seal(use, pad(plaintext));
  return {
    header,
    sender,
    contentKey,
    ephemeralScalar,
    ephemeralPublicKey: primitives.x25519PublicKey(ephemeralScalar),
    aad,
    nonce,
    ciphertext: encodeBase64url(ciphertext),
    contentHash: primitives.blake3(nonce, ciphertext), // L-E16
  };
}

function isWellFormed({ messageId, previousHash }: ContentHeader): boolean {
  return (
    /^[0-9a-f]{32}$/.test(messageId.replaceAll('-', '')) &&
    bytesOf(previousHash).length === limits.hashBytes
  );
}

/**
 * The blob of one device. None for a key of low order (X-KDF-07): its owner's malice would open the
 * message to everybody, and must not keep it from the others either.
 */
function sealFor(
  { primitives, must, signatures }: ContentTools,
  shared: SharedPart,
  recipient: ContentRecipient,
): SealedBlob | null {
  const { header, ephemeralPublicKey } = shared;
  const agreed = agreeBytes(primitives, must, shared.ephemeralScalar, recipient.exchangePublicKey);
  if (!agreed.ok) return null;
  const recipientPublicKey = bytesOf(recipient.exchangePublicKey);
  const exchange = { shared: agreed.value, ephemeralPublicKey, recipientPublicKey };
  const use = wrapUse(primitives, header, recipient.deviceId, exchange, shared.aad);
  const wrappedKey = primitives.seal(use, shared.contentKey);
  erase(agreed.value, use.key);
  const hashes = { content: shared.contentHash, wrappedKey: primitives.blake3(wrappedKey) };
  return {
    v: 1,
    nonce: encodeBase64url(shared.nonce),
    ciphertext: shared.ciphertext,
    sender_ephemeral_key: encodeBase64url(ephemeralPublicKey),
    wrapped_key: encodeBase64url(wrappedKey),
    key_algorithm: 'x25519',
    content_algorithm: 'chacha20_poly1305',
    sender_signature: signatures.signBytes(shared.sender, signedBinding(header, recipient, hashes)),
  };
}
