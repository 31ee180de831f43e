/** V-WRP: a content key sealed for one device (L-E02 to L-E05). */
import { x25519 } from '@noble/curves/ed25519.js';
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import {
  concat,
  filled,
  flip,
  fromHex,
  hex,
  seededUuid,
  utf8,
  uuidBytes,
} from '../primitives/bytes.ts';
import {
  headerAad,
  sealKey,
  type WrapContext,
  type Wrapping,
  wrapNonce,
  wrapping,
} from '../primitives/content.ts';
import { lowOrderCoordinates } from '../primitives/degenerate.ts';
import { blake3, hkdf, sha256 } from '../primitives/hash.ts';
import {
  CONTENT_KEY,
  CONVERSATION_ID,
  DEVICE_ID,
  ephemeralKey,
  header,
  MESSAGE_ID,
  recipientKey,
  SENDER_DEVICE_ID,
} from '../primitives/sample-message.ts';
import { exchangePair } from '../primitives/signature.ts';
import { octets, octetsOf, text } from '../shape.ts';

const grounds = {
  value: { requirements: ['C-E2E-05'], readings: ['L-E04', 'L-E05'], flags: ['derivation'] },
  bound: { requirements: ['C-E2E-05', 'C-E2E-09'], readings: ['L-E05'], flags: ['moved-key'] },
  length: { requirements: ['C-E2E-04'], readings: ['L-E02'], flags: ['bare-key'] },
  salt: { requirements: ['C-E2E-05'], readings: ['L-E04'], flags: ['derivation'] },
  tamper: { requirements: ['C-E2E-05', 'X-AAD-03'], readings: ['L-E05'], flags: ['tampered-key'] },
  lowOrder: { requirements: ['X-KDF-07'], readings: ['L-E02'], flags: ['low-order-point'] },
} satisfies Record<string, Grounds>;

const AAD = headerAad(header, 512);
const PLAN: WrapContext = {
  version: '2.0',
  message_id: MESSAGE_ID,
  device_id: DEVICE_ID,
  sender_device_id: SENDER_DEVICE_ID,
  conversation_id: CONVERSATION_ID,
};
const SHARED = x25519.scalarMult(ephemeralKey.secret, recipientKey.public);
const KEYS = { ephemeral: ephemeralKey.public, recipient: recipientKey.public };

const wrapOf = (context: WrapContext = PLAN, aad = AAD): Wrapping =>
  wrapping(context, SHARED, KEYS, aad);

function wraps(name: string, context: WrapContext, aad = AAD, contentKey = CONTENT_KEY): Draft {
  const wrap = wrapOf(context, aad);
  const input = {
    function: 'wrap',
    ephemeral_secret: hex(ephemeralKey.secret),
    recipient_public_key: hex(recipientKey.public),
    ...context,
    content_key: hex(contentKey),
    aad: hex(aad),
  };
  return valid(grounds.value, name, input, {
    ephemeral_public_key: hex(ephemeralKey.public),
    salt: hex(wrap.salt),
    wrap_key: hex(wrap.key),
    nonce: hex(wrap.nonce),
    aad_meta: hex(wrap.aad),
    wrapped_key: hex(sealKey(wrap, contentKey)),
  });
}

interface Opening {
  readonly recipient_secret: Uint8Array;
  readonly ephemeral_public_key: Uint8Array;
  readonly context: WrapContext;
  readonly aad: Uint8Array;
  readonly wrapped_key: Uint8Array;
}

const RIGHT: Opening = {
  recipient_secret: recipientKey.secret,
  ephemeral_public_key: ephemeralKey.public,
  context: PLAN,
  aad: AAD,
  wrapped_key: sealKey(wrapOf(), CONTENT_KEY),
};

function asked({ context, ...bytes }: Opening): VectorValue {
  const hexed = Object.entries(bytes).map(([name, value]) => [name, hex(value)]);
  return { function: 'unwrap', ...Object.fromEntries(hexed), ...context };
}

const refuse = (about: Grounds, name: string, change: Partial<Opening>): Draft =>
  invalid(about, name, asked({ ...RIGHT, ...change }));

const OTHER = seededUuid('another one');
const OTHERS: readonly Partial<WrapContext>[] = [
  { version: '1.1' },
  { message_id: OTHER },
  { device_id: OTHER },
  { sender_device_id: OTHER },
  { conversation_id: OTHER },
];

/** Sealed under one thing, shown under another; both ways. */
function moved(): Draft[] {
  return OTHERS.flatMap((change) => {
    const [what = ''] = Object.keys(change);
    const context = { ...PLAN, ...change };
    const words = what.replaceAll('_', '-');
    return [
      wraps(`wraps-for-another-${words}`, context),
      refuse(grounds.bound, `shown-under-another-${words}`, { context }),
      refuse(grounds.bound, `sealed-under-another-${words}`, {
        wrapped_key: sealKey(wrapOf(context), CONTENT_KEY),
      }),
    ];
  });
}

/** What other readings of the documents seal with. */
function otherReadings(): Draft[] {
  const right = wrapOf();
  const sealedWith = (change: Partial<Wrapping>): Uint8Array =>
    sealKey({ ...right, ...change }, CONTENT_KEY);
  const info = utf8(`norc:wrap:v12.0${DEVICE_ID}`);
  const id = uuidBytes(MESSAGE_ID);
  const withSalt = (salt: Uint8Array) => ({
    wrapped_key: sealedWith({ key: hkdf(salt, SHARED, info) }),
  });
  const withInfo = (about: Uint8Array) => ({
    wrapped_key: sealedWith({ key: hkdf(right.salt, SHARED, about) }),
  });
  const label = utf8('norc:wrap-salt:v1');
  return [
    refuse(grounds.salt, 'salt-from-the-content-key', withSalt(blake3(CONTENT_KEY))),
    refuse(grounds.salt, 'empty-salt', withSalt(new Uint8Array())),
    refuse(
      grounds.salt,
      'salt-without-label',
      withSalt(blake3(KEYS.ephemeral, KEYS.recipient, id)),
    ),
    refuse(
      grounds.salt,
      'salt-with-keys-swapped',
      withSalt(blake3(label, KEYS.recipient, KEYS.ephemeral, id)),
    ),
    refuse(
      grounds.salt,
      'salt-without-message-id',
      withSalt(blake3(label, KEYS.ephemeral, KEYS.recipient)),
    ),
    refuse(
      grounds.salt,
      'salt-with-id-as-text',
      withSalt(blake3(label, KEYS.ephemeral, KEYS.recipient, utf8(MESSAGE_ID))),
    ),
    refuse(
      grounds.salt,
      'salt-by-sha-256',
      withSalt(sha256(concat(label, KEYS.ephemeral, KEYS.recipient, id))),
    ),
    refuse(grounds.value, 'info-without-version', withInfo(utf8(`norc:wrap:v1${DEVICE_ID}`))),
    refuse(grounds.value, 'info-without-device', withInfo(utf8('norc:wrap:v12.0'))),
    refuse(
      grounds.value,
      'info-with-raw-device',
      withInfo(concat(utf8('norc:wrap:v12.0'), uuidBytes(DEVICE_ID))),
    ),
    refuse(grounds.value, 'info-unlabelled', withInfo(utf8(`2.0${DEVICE_ID}`))),
    refuse(grounds.value, 'secret-as-the-key', { wrapped_key: sealedWith({ key: SHARED }) }),
    refuse(grounds.value, 'zero-nonce', { wrapped_key: sealedWith({ nonce: filled(12, 0) }) }),
    refuse(grounds.value, 'nonce-with-raw-device', {
      wrapped_key: sealedWith({ nonce: blake3(uuidBytes(DEVICE_ID), id).slice(0, 12) }),
    }),
    refuse(grounds.value, 'nonce-with-text-id', {
      wrapped_key: sealedWith({ nonce: blake3(utf8(DEVICE_ID + MESSAGE_ID)).slice(0, 12) }),
    }),
    refuse(grounds.bound, 'data-without-identifiers', { wrapped_key: sealedWith({ aad: AAD }) }),
    refuse(grounds.bound, 'no-data', { wrapped_key: sealedWith({ aad: new Uint8Array() }) }),
    refuse(grounds.bound, 'identifiers-in-another-order', {
      wrapped_key: sealedWith({
        aad: concat(AAD, utf8(SENDER_DEVICE_ID + CONVERSATION_ID + DEVICE_ID)),
      }),
    }),
    refuse(grounds.bound, 'raw-identifiers', {
      wrapped_key: sealedWith({
        aad: concat(AAD, ...[CONVERSATION_ID, SENDER_DEVICE_ID, DEVICE_ID].map(uuidBytes)),
      }),
    }),
  ];
}

function tampered(): Draft[] {
  const { wrapped_key } = RIGHT;
  const lengths = [0, 16, 32, 47, 49, 64];
  const sized = (length: number): Uint8Array => concat(wrapped_key, filled(16, 0)).slice(0, length);
  return [
    ...[0, 7, 15, 23, 31, 32, 39, 47].map((at) =>
      refuse(grounds.tamper, `byte-${at}-changed`, { wrapped_key: flip(wrapped_key, 8 * at) }),
    ),
    ...lengths.map((length) =>
      refuse(grounds.length, `of-${length}-bytes`, { wrapped_key: sized(length) }),
    ),
    refuse(grounds.length, 'sealed-key-of-16-bytes', {
      wrapped_key: sealKey(wrapOf(), CONTENT_KEY.slice(0, 16)),
    }),
    refuse(grounds.length, 'sealed-key-of-33-bytes', {
      wrapped_key: sealKey(wrapOf(), concat(CONTENT_KEY, filled(1, 0))),
    }),
    refuse(grounds.tamper, 'content-key-in-clear', {
      wrapped_key: concat(CONTENT_KEY, filled(16, 0)),
    }),
    refuse(grounds.tamper, 'xor-of-the-secret', {
      wrapped_key: concat(
        CONTENT_KEY.map((byte, at) => byte ^ (SHARED[at] ?? 0)),
        filled(16, 0),
      ),
    }),
    refuse(grounds.bound, 'other-recipient', { recipient_secret: filled(32, 0x33) }),
    refuse(grounds.bound, 'other-ephemeral-key', {
      ephemeral_public_key: exchangePair(filled(32, 0x44)).public,
    }),
    ...[0, 3, 11, 27, 31, 94].map((at) =>
      refuse(grounds.bound, `data-byte-${at}-changed`, { aad: flip(AAD, 8 * at) }),
    ),
    refuse(grounds.length, 'ephemeral-key-of-31-bytes', {
      ephemeral_public_key: KEYS.ephemeral.slice(1),
    }),
    ...Object.entries(lowOrderCoordinates).map(([what, point]) =>
      refuse(grounds.lowOrder, `low-order-ephemeral-key-${what}`, lowOrder(point)),
    ),
  ];
}

/** What everybody can compute when the shared secret is zero. */
function lowOrder(point: Uint8Array): Partial<Opening> {
  const keys = { ...KEYS, ephemeral: point };
  const wrap = wrapping(PLAN, filled(32, 0), keys, AAD);
  return { ephemeral_public_key: point, wrapped_key: sealKey(wrap, CONTENT_KEY) };
}

function nonces(): Draft[] {
  const of = (name: string, device_id: string, message_id: string): Draft =>
    valid(
      grounds.value,
      name,
      { function: 'nonce', device_id, message_id },
      {
        nonce: hex(wrapNonce(device_id, fromHex(message_id))),
      },
    );
  return [
    of('nonce-of-section-9', 'alice-device-1', '4d3c2b1a09080706ffeeddccbbaa9988'),
    of('nonce-of-the-plan', DEVICE_ID, hex(uuidBytes(MESSAGE_ID))),
  ];
}

const context = {
  version: text,
  message_id: text,
  device_id: text,
  sender_device_id: text,
  conversation_id: text,
};

export const wrappingSource: CategorySource = {
  category: 'wrapping',
  title: 'Wrapping of a content key',
  description:
    'shared = X25519; salt = BLAKE3("norc:wrap-salt:v1" ‖ ephemeral key ‖ recipient key ‖ message id, 16 ' +
    'bytes); key = HKDF-BLAKE3(salt, shared, "norc:wrap:v1" ‖ version ‖ device_id, 32); nonce = first 12 ' +
    'bytes of BLAKE3(device_id ‖ message id); aad_meta = aad ‖ conversation_id ‖ sender_device_id ‖ ' +
    'device_id (36 characters each: 203 bytes); wrapped key = ChaCha20-Poly1305 of the content key: 48 bytes.',
  functions: {
    wrap: {
      does: 'every step of wrapping.',
      input: {
        ephemeral_secret: octetsOf(32),
        recipient_public_key: octetsOf(32),
        ...context,
        content_key: octetsOf(32),
        aad: octetsOf(95),
      },
      output: {
        ephemeral_public_key: octetsOf(32),
        salt: octetsOf(32),
        wrap_key: octetsOf(32),
        nonce: octetsOf(12),
        aad_meta: octetsOf(203),
        wrapped_key: octetsOf(48),
      },
    },
    unwrap: {
      does: 'the content key of 32 bytes, or reject.',
      input: {
        recipient_secret: octetsOf(32),
        ephemeral_public_key: octets,
        ...context,
        aad: octets,
        wrapped_key: octets,
      },
      output: { content_key: octetsOf(32) },
    },
    nonce: {
      does: 'the nonce for any device id as text and message id in hex.',
      input: { device_id: text, message_id: octetsOf(16) },
      output: { nonce: octetsOf(12) },
    },
  },
  flags: {
    derivation: {
      bug: 'Salt, info or nonce are encoded in another way, or derived from what is to be unwrapped.',
      effect: 'Nobody can read anybody’s messages, or keys are the same for several devices.',
    },
    'moved-key': {
      bug: 'The wrapped key is not bound to device, sender, conversation or message.',
      effect: 'A server moves a key to another device, or into another conversation.',
    },
    'bare-key': {
      bug: 'A wrapped key without its tag, or of another size, is accepted.',
      effect: 'Keys that nobody has authenticated are used: a relay chooses what decrypts.',
    },
    'tampered-key': {
      bug: 'The tag of the wrapped key is not checked.',
      effect: 'Bits of the content key can be turned over on the way.',
    },
    'low-order-point': {
      bug: 'An ephemeral key of low order is used.',
      effect: 'The wrapping key is known to everybody: forged content from nobody opens.',
    },
  },
  drafts: () => [
    wraps('of-the-plan', PLAN),
    wraps('all-zero-content-key', PLAN, AAD, filled(32, 0)),
    wraps('of-a-manifest', PLAN, headerAad({ ...header, message_type_code: 0x40 }, 512)),
    valid(grounds.value, 'unwraps', asked(RIGHT), { content_key: hex(CONTENT_KEY) }),
    ...moved(),
    ...otherReadings(),
    ...tampered(),
    ...nonces(),
  ],
};
