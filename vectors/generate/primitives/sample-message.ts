/** The message of the plan: "Hello, NORC!" from Alice's device to Bob's. */
import { base64url, filled, fromHex, utf8 } from './bytes.ts';
import type { Header, Sealing } from './content.ts';
import { exchangePair, rfcKey } from './signature.ts';

export const DEVICE_ID = '550e8400-e29b-41d4-a716-446655440000';
export const SENDER_DEVICE_ID = '6fa459ea-ee8a-4ca4-894e-db77e160355e';
export const CONVERSATION_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
export const MESSAGE_ID = '4d3c2b1a-0908-4706-bfee-ddccbbaa9988';
export const CONTENT_KEY = fromHex(
  'b74f3d0d9a2ebddc14c9e4acd1f2b3a2f1e0d9c8b7a697887766554433221100',
);

export const recipientKey = exchangePair(filled(32, 0x11));
export const ephemeralKey = exchangePair(filled(32, 0x22));

export const header: Header = {
  version: '2.0',
  message_type_code: 0x10,
  message_id: MESSAGE_ID,
  conversation_id: CONVERSATION_ID,
  sender_user_id: 'alice@example.org',
  sender_device_id: SENDER_DEVICE_ID,
  message_type: 'text',
  classification: 'unclassified',
  sequence_number: 5,
  prev_message_hash: base64url(filled(32, 0)),
  timestamp: 1_734_900_000_000_000,
};

export const sample: Sealing = {
  header,
  plaintext: utf8('Hello, NORC!'),
  content_key: CONTENT_KEY,
  nonce: Uint8Array.from({ length: 12 }, (_, at) => at),
  ephemeral: ephemeralKey,
  sender: rfcKey,
  recipient: { user_id: 'bob@example.org', device_id: DEVICE_ID, public_key: recipientKey.public },
};
