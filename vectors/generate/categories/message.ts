/** V-MSG: a whole message for one device: sealed, wrapped, signed (L-E01 to L-E08, L-E11). */
import { classificationNames } from '../../../spec/emitted/registries.ts';
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import {
  base64url,
  concat,
  filled,
  flip,
  fromBase64url,
  hex,
  seeded,
  seededUuid,
} from '../primitives/bytes.ts';
import { canonicalBytes, type JsonObject } from '../primitives/canonical-json.ts';
import {
  binding,
  blobOf,
  contentHash,
  type Header,
  type Sealing,
  sealContent,
} from '../primitives/content.ts';
import { blake3 } from '../primitives/hash.ts';
import { pad } from '../primitives/padding.ts';
import { header, recipientKey, sample } from '../primitives/sample-message.ts';
import { rfcKey, seededKey, sign } from '../primitives/signature.ts';
import { message as object, octets, octetsOf } from '../shape.ts';

const grounds = {
  value: {
    requirements: ['C-E2E-01', 'C-E2E-05', 'X-PAD-03'],
    readings: ['L-E01', 'L-E06'],
    flags: ['composition'],
  },
  signed: { requirements: ['C-E2E-06'], readings: ['L-E06'], flags: ['unsigned-header'] },
  label: {
    requirements: ['X-CLS-03', 'C-E2E-06'],
    readings: ['L-E19'],
    flags: ['unsigned-header'],
  },
  device: { requirements: ['C-E2E-09'], readings: ['L-E06'], flags: ['moved-blob'] },
  forged: { requirements: ['C-E2E-06'], readings: ['L-E06'], flags: ['unsigned-header'] },
  shape: {
    requirements: ['C-E2E-07', 'C-E2E-02', 'C-E2E-04'],
    readings: ['L-E02'],
    flags: ['loose-blob'],
  },
  sealed: { requirements: ['X-AAD-03'], readings: ['L-E08'], flags: ['seal-not-checked'] },
  padding: {
    requirements: ['X-PAD-03', 'X-PAD-01'],
    readings: ['L-E11'],
    flags: ['seal-not-checked'],
  },
  type: { requirements: ['X-AAD-05'], readings: ['L-W02'], flags: ['seal-not-checked'] },
} satisfies Record<string, Grounds>;

function sealingInput({
  header: told,
  plaintext,
  content_key,
  nonce,
  ephemeral,
  sender,
  recipient,
}: Sealing): VectorValue {
  return {
    function: 'seal',
    header: told,
    plaintext: hex(plaintext),
    content_key: hex(content_key),
    nonce: hex(nonce),
    ephemeral_secret: hex(ephemeral.secret),
    sender_secret_key: hex(sender.secret),
    recipient: { ...recipient, public_key: hex(recipient.public_key) },
  };
}

function seals(name: string, change: Partial<Sealing> = {}): Draft[] {
  const sealing = { ...sample, ...change };
  const { nonce, ciphertext } = sealContent(sealing);
  const blob = blobOf(sealing);
  return [
    valid(grounds.value, `seals-${name}`, sealingInput(sealing), {
      blob,
      content_hash: hex(contentHash(nonce, ciphertext)),
    }),
    valid(grounds.value, `opens-${name}`, opening({ header: sealing.header, blob }), {
      plaintext: hex(sealing.plaintext),
    }),
  ];
}

interface Opening {
  readonly header: Header;
  readonly blob: JsonObject;
  readonly user_id: string;
  readonly device_id: string;
  readonly secret: Uint8Array;
  readonly sender: Uint8Array;
}

const RIGHT: Opening = {
  header,
  blob: blobOf(sample),
  user_id: sample.recipient.user_id,
  device_id: sample.recipient.device_id,
  secret: recipientKey.secret,
  sender: rfcKey.public,
};

function opening(change: Partial<Opening>): VectorValue {
  const { header: told, blob, user_id, device_id, secret, sender } = { ...RIGHT, ...change };
  return {
    function: 'open',
    header: told,
    blob,
    recipient: { user_id, device_id, secret_key: hex(secret) },
    sender_public_key: hex(sender),
  };
}

const refuse = (about: Grounds, name: string, change: Partial<Opening>): Draft =>
  invalid(about, name, opening(change));

function headers(): Draft[] {
  const previous = base64url(seeded('previous message', 32));
  const changes: Readonly<Record<string, Partial<Header>>> = {
    'version-1.1': { version: '1.1' },
    'message-type-code-64': { message_type_code: 0x40 },
    'another-message-id': { message_id: seededUuid('another message') },
    'another-conversation-id': { conversation_id: seededUuid('another conversation') },
    'sender-user-id-of-mallory': { sender_user_id: 'mallory@example.org' },
    'another-sender-device-id': { sender_device_id: seededUuid('another device') },
    'message-type-system': { message_type: 'system' },
    'sequence-number-6': { sequence_number: 6 },
    'sequence-number-0': { sequence_number: 0 },
    'another-prev-message-hash': { prev_message_hash: previous },
    'timestamp-a-microsecond-later': { timestamp: header.timestamp + 1 },
    'timestamp-in-seconds': { timestamp: header.timestamp / 1_000_000 },
  };
  const labels = [
    ...classificationNames.filter((label) => label !== 'unclassified'),
    'restricted',
    '',
  ];
  return [
    ...Object.entries(changes).map(([what, change]) =>
      refuse(grounds.signed, `header-${what}`, { header: { ...header, ...change } }),
    ),
    ...labels.map((label) =>
      refuse(grounds.label, `label-raised-to-${label.replaceAll('_', '-') || 'nothing'}`, {
        header: { ...header, classification: label },
      }),
    ),
    ...labels.slice(0, 4).map((label) => {
      const secret = { ...sample, header: { ...header, classification: label } };
      return refuse(grounds.label, `label-lowered-from-${label.replaceAll('_', '-')}`, {
        blob: blobOf(secret),
      });
    }),
  ];
}

/** Signed by the sender after the change, so that the check behind the signature must hold. */
function resealed(about: Grounds, name: string, change: JsonObject): Draft {
  const blob: JsonObject = { ...RIGHT.blob, ...change };
  const bytes = (member: string): Uint8Array => fromBase64url(String(blob[member]));
  const hashes = {
    content: contentHash(bytes('nonce'), bytes('ciphertext')),
    wrapped: blake3(bytes('wrapped_key')),
  };
  const signature = sign(rfcKey, canonicalBytes(binding(header, sample.recipient, hashes)));
  return refuse(about, name, { blob: { ...blob, sender_signature: base64url(signature) } });
}

function blobs(): Draft[] {
  const { nonce, ciphertext, wrapped } = sealContent(sample);
  const text = base64url;
  const members = Object.keys(RIGHT.blob);
  return [
    ...members.map((member) => {
      const { [member]: _, ...rest } = RIGHT.blob;
      return refuse(grounds.shape, `blob-without-${member.replaceAll('_', '-')}`, { blob: rest });
    }),
    ...['nonce', 'ciphertext', 'wrapped_key', 'sender_signature'].map((member) => {
      const bytes = fromBase64url(String(RIGHT.blob[member]));
      const changed = { ...RIGHT.blob, [member]: text(flip(bytes, 9)) };
      return refuse(grounds.signed, `${member.replaceAll('_', '-')}-changed`, { blob: changed });
    }),
    resealed(grounds.shape, 'version-2-of-the-blob', { v: 2 }),
    resealed(grounds.shape, 'version-0-of-the-blob', { v: 0 }),
    resealed(grounds.shape, 'nonce-of-8-bytes', { nonce: text(nonce.slice(0, 8)) }),
    resealed(grounds.shape, 'nonce-of-16-bytes', { nonce: text(concat(nonce, filled(4, 0))) }),
    resealed(grounds.shape, 'wrapped-key-of-32-bytes', { wrapped_key: text(wrapped.slice(0, 32)) }),
    resealed(grounds.shape, 'wrapped-key-of-64-bytes', {
      wrapped_key: text(concat(wrapped, filled(16, 0))),
    }),
    resealed(grounds.shape, 'wrapped-key-empty', { wrapped_key: '' }),
    resealed(grounds.shape, 'key-algorithm-rot13', { key_algorithm: 'rot13' }),
    resealed(grounds.shape, 'key-algorithm-none', { key_algorithm: 'none' }),
    resealed(grounds.shape, 'content-algorithm-none', { content_algorithm: 'none' }),
    resealed(grounds.shape, 'content-algorithm-aes-128', { content_algorithm: 'aes_128_gcm' }),
    resealed(grounds.sealed, 'content-algorithm-of-another-seal', {
      content_algorithm: 'aes_256_gcm',
    }),
    resealed(grounds.sealed, 'ciphertext-changed-by-the-sender', {
      ciphertext: text(flip(ciphertext, 0)),
    }),
    resealed(grounds.sealed, 'tag-changed-by-the-sender', {
      ciphertext: text(flip(ciphertext, 4095)),
    }),
    resealed(grounds.sealed, 'ciphertext-cut-by-the-sender', {
      ciphertext: text(ciphertext.slice(0, 256)),
    }),
    resealed(grounds.sealed, 'ciphertext-empty', { ciphertext: '' }),
    resealed(grounds.sealed, 'wrapped-key-changed-by-the-sender', {
      wrapped_key: text(flip(wrapped, 0)),
    }),
    resealed(grounds.sealed, 'ephemeral-key-changed-by-the-sender', {
      sender_ephemeral_key: text(seeded('some key', 32)),
    }),
    resealed(grounds.sealed, 'ephemeral-key-zero', { sender_ephemeral_key: text(filled(32, 0)) }),
  ];
}

/** Contents that are not padded as they must be, sealed and signed all right. */
function paddings(): Draft[] {
  const padded = pad(sample.plaintext);
  const contents = {
    'fill-not-zero': flip(padded, 8 * 495),
    'length-too-large': concat(filled(4, 0xff), padded.slice(4)),
    'length-zero-with-text': concat(filled(4, 0), padded.slice(4)),
    'not-padded': sample.plaintext,
    'odd-size': concat(padded, filled(16, 0)),
    empty: new Uint8Array(),
  };
  return Object.entries(contents).map(([name, content]) =>
    refuse(grounds.padding, `content-${name}`, {
      blob: blobOf(sample, sealContent(sample, content)),
    }),
  );
}

function others(): Draft[] {
  const mallory = seededKey('mallory');
  const device = seededUuid('another device');
  const elsewhere = { ...sample.recipient, device_id: device };
  const manifest = sealContent({ ...sample, header: { ...header, message_type_code: 0x40 } });
  return [
    refuse(grounds.device, 'opened-by-another-device', { device_id: device }),
    refuse(grounds.device, 'opened-for-another-user', { user_id: 'carol@example.org' }),
    refuse(grounds.device, 'opened-with-another-key', { secret: filled(32, 0x33) }),
    refuse(grounds.device, 'sealed-for-another-device', {
      blob: blobOf({ ...sample, recipient: elsewhere }),
    }),
    refuse(grounds.forged, 'signed-by-another', { blob: blobOf({ ...sample, sender: mallory }) }),
    refuse(grounds.forged, 'verified-with-another-key', { sender: mallory.public }),
    refuse(grounds.forged, 'signature-zero', {
      blob: { ...RIGHT.blob, sender_signature: base64url(filled(64, 0)) },
    }),
    refuse(grounds.forged, 'signature-null', { blob: { ...RIGHT.blob, sender_signature: null } }),
    refuse(grounds.forged, 'signature-over-the-blob', {
      blob: {
        ...RIGHT.blob,
        sender_signature: base64url(sign(rfcKey, canonicalBytes(RIGHT.blob))),
      },
    }),
    refuse(grounds.type, 'manifest-shown-as-message', { blob: blobOf(sample, manifest) }),
  ];
}

const recipient = (key: string) => ({
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'device_id', key],
  properties: { user_id: { type: 'string' }, device_id: { type: 'string' }, [key]: octetsOf(32) },
});

export const message: CategorySource = {
  category: 'message',
  title: 'End-to-end message',
  description:
    'The plaintext is padded, sealed with ChaCha20-Poly1305 (additional data AAD_v1 of the header, ' +
    'transcript hash zero), its key wrapped for the device, and the sender signs canonical JSON of ' +
    '{conversation_id, message_id, sender_user_id, sender_device_id, recipient_device_id, ' +
    'recipient_user_id, message_type, classification, sequence_number, prev_message_hash, timestamp, ' +
    'content_hash, wrapped_key_hash}, where content_hash is BLAKE3(nonce ‖ ciphertext). Members of blob ' +
    'and header are as on the wire (base64url); everything else is hex.',
  functions: {
    seal: {
      does: 'the blob for the recipient and the content hash, which is the next previous hash of the chain.',
      input: {
        header: object,
        plaintext: octets,
        content_key: octetsOf(32),
        nonce: octetsOf(12),
        ephemeral_secret: octetsOf(32),
        sender_secret_key: octetsOf(32),
        recipient: recipient('public_key'),
      },
      output: { blob: object, content_hash: octetsOf(32) },
    },
    open: {
      does: 'the plaintext; reject whatever is not signed by the sender for this device, does not open or is not padded right.',
      input: {
        header: object,
        blob: object,
        recipient: recipient('secret_key'),
        sender_public_key: octetsOf(32),
      },
      output: { plaintext: octets },
    },
  },
  flags: {
    composition: {
      bug: 'Padding, sealing, wrapping and signing are put together in another way.',
      effect: 'Messages between implementations do not open.',
    },
    'unsigned-header': {
      bug: 'The sender’s signature is not checked, or does not cover a member of the header.',
      effect: 'Any server on the way forges messages or lowers a classification.',
    },
    'moved-blob': {
      bug: 'A blob is not bound to its device and user.',
      effect:
        'A server delivers one recipient’s blob to another and makes him believe it was for him.',
    },
    'loose-blob': {
      bug: 'Missing members, other versions, lengths or algorithms are let through.',
      effect: 'An attacker chooses a weaker algorithm, or none.',
    },
    'seal-not-checked': {
      bug: 'Content is shown although it does not authenticate or is not padded right.',
      effect: 'Changed content is displayed; the padding carries hidden data.',
    },
  },
  drafts: () => [
    ...seals('of-the-plan'),
    ...seals('empty', { plaintext: new Uint8Array() }),
    ...seals('a-bucket-more', { plaintext: seeded('long text', 493) }),
    ...seals('second-of-a-chain', {
      header: {
        ...header,
        message_id: seededUuid('second message'),
        sequence_number: 6,
        prev_message_hash: base64url(contentHash(sample.nonce, sealContent(sample).ciphertext)),
      },
      nonce: seeded('second nonce', 12),
      content_key: seeded('second key', 32),
    }),
    ...seals('classified', { header: { ...header, classification: 'secret' } }),
    ...headers(),
    ...blobs(),
    ...paddings(),
    ...others(),
  ],
};
