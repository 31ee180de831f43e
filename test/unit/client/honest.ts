/**
 * A device in the hands of the test: each step of the handshake is honest by default and can be bent.
 * Written on crypto alone, so that it shares no logic with the device of the reference.
 */
import type {
  Crypto,
  ExchangeKey,
  JsonObject,
  SigningKey,
} from '../../../reference/crypto/crypto.ts';
import { toSeconds } from '../../../reference/time.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import type { ErrorMessage } from '../../../spec/messages/common/error.ts';
import { type RawConnection, TOKEN, uuid, type World } from './world.ts';

export interface Identity {
  readonly userId: string;
  readonly deviceId: string;
  readonly signingKey: SigningKey;
  readonly exchangeKey: ExchangeKey;
}

export type Bend = (honest: JsonObject) => JsonObject;
const straight: Bend = (honest) => honest;

export interface Session {
  readonly raw: RawConnection;
  readonly transcript: string;
  readonly sessionId: string;
}

export function identityOf({ crypto, entropy }: World, userId: string): Identity {
  return {
    userId,
    deviceId: uuid(entropy),
    signingKey: crypto.signingKey(entropy(32)),
    exchangeKey: crypto.exchangeKey(entropy(32)),
  };
}

export function requestOf({ config, crypto, entropy }: World): JsonObject {
  const versions = config.versions.client;
  return {
    type: 'connection_request',
    client_versions: [...versions],
    preferred_version: versions.at(-1) ?? '',
    capabilities: ['e2ee', 'messaging'],
    cipher_suites: ['0001'],
    client_nonce: encodeBase64url(entropy(12)),
    ephemeral_public_key: crypto.exchangeKey(entropy(32)).publicKey,
  };
}

/** Up to the confirmation, or to whatever the server makes of the bent request. */
export function negotiate(world: World, bend: Bend = straight, raw = world.connectRaw()): Session {
  const request = bend(requestOf(world));
  raw.send(request);
  const [accepted, confirmation] = raw.received;
  if (accepted?.type !== 'connection_accepted' || confirmation?.type !== 'version_confirmation') {
    return { raw, transcript: '', sessionId: '' };
  }
  const messages = [request, accepted as unknown as JsonObject];
  const transcript = world.crypto.transcript('norc-c-handshake-v1', messages);
  return { raw, transcript, sessionId: confirmation.session_id };
}

export function registerOf({ crypto }: World, identity: Identity): JsonObject {
  const { userId, deviceId, signingKey, exchangeKey } = identity;
  return {
    type: 'device_register',
    device_id: deviceId,
    public_key: signingKey.publicKey,
    device_info: { name: 'test', type: 'desktop', capabilities: ['messaging'] },
    user_id: userId,
    kex_public_key: exchangeKey.publicKey,
    kex_signature: signKex(crypto, identity),
    enrolment_token: TOKEN,
  };
}

export function signKex(crypto: Crypto, identity: Identity, by = identity.signingKey): string {
  return crypto.sign(by, { type: 'device_kex_key', ...bindingOf(identity) });
}

export function vouch(crypto: Crypto, identity: Identity, by: SigningKey): string {
  return crypto.sign(by, { type: 'device_authorization', ...bindingOf(identity) });
}

function bindingOf({ userId, deviceId, signingKey, exchangeKey }: Identity): JsonObject {
  return {
    user_id: userId,
    device_id: deviceId,
    public_key: signingKey.publicKey,
    kex_public_key: exchangeKey.publicKey,
  };
}

export function answerRegistration(
  world: World,
  session: Session,
  identity: Identity,
  bends: { readonly proof?: Bend; readonly response?: Bend; readonly by?: SigningKey } = {},
): void {
  const { challenge, difficulty } = session.raw.last('registration_challenge');
  const { crypto } = world;
  const { deviceId, userId, signingKey } = identity;
  const solution =
    difficulty > 0 ? crypto.solveProofOfWork({ challenge, deviceId, difficulty }) : '';
  const proof = (bends.proof ?? straight)({
    type: 'registration_response',
    challenge,
    device_id: deviceId,
    public_key: signingKey.publicKey,
    user_id: userId,
    server_id: world.config.serverId,
    transcript_hash: session.transcript,
    proof_solution: solution,
  });
  session.raw.send(
    (bends.response ?? straight)({
      type: 'registration_response',
      challenge,
      signature: crypto.sign(bends.by ?? signingKey, proof),
      proof_solution: solution,
    }),
  );
}

export function register(world: World, session: Session, identity: Identity): void {
  session.raw.send(registerOf(world, identity));
  answerRegistration(world, session, identity);
}

export function askSession(
  world: World,
  { raw }: Session,
  { userId, deviceId }: Identity,
  bend: Bend = straight,
): void {
  const timestamp = toSeconds(world.now());
  raw.send(bend({ type: 'auth_request', user_id: userId, device_id: deviceId, timestamp }));
}

export function answerChallenge(
  world: World,
  { raw, transcript }: Session,
  identity: Identity,
  bends: { readonly proof?: Bend; readonly response?: Bend; readonly by?: SigningKey } = {},
): void {
  const { challenge } = raw.last('auth_challenge');
  const timestamp = toSeconds(world.now());
  const proof = (bends.proof ?? straight)({
    type: 'auth_response',
    challenge,
    user_id: identity.userId,
    device_id: identity.deviceId,
    server_id: world.config.serverId,
    timestamp,
    transcript_hash: transcript,
  });
  const signature = world.crypto.sign(bends.by ?? identity.signingKey, proof);
  raw.send(
    (bends.response ?? straight)({ type: 'auth_response', challenge, signature, timestamp }),
  );
}

/** Enrolled and authenticated on a connection of its own. */
export function inSession(world: World, identity: Identity): Session {
  const session = negotiate(world);
  register(world, session, identity);
  authenticate(world, session, identity);
  return session;
}

/** Another device of a user, for which an enrolled one vouches. */
export function addDevice(world: World, owner: Identity, further: Identity): Session {
  const session = negotiate(world);
  session.raw.send({
    ...registerOf(world, further),
    authorizer: owner.deviceId,
    authorizer_signature: vouch(world.crypto, further, owner.signingKey),
  });
  answerRegistration(world, session, further);
  authenticate(world, session, further);
  return session;
}

export function authenticate(world: World, session: Session, identity: Identity): void {
  askSession(world, session, identity);
  answerChallenge(world, session, identity);
  session.raw.last('auth_success');
}

/** What an error says, apart from its time. */
export function errorOf({ raw }: { readonly raw: RawConnection }): {
  readonly code: number;
  readonly reason: unknown;
} {
  const error: ErrorMessage = raw.last('error');
  return { code: error.error_code, reason: error.details?.reason };
}

export const errors = ({ raw }: Session): readonly ErrorMessage[] =>
  raw.received.filter((message) => message.type === 'error');

export interface Chat {
  readonly world: World;
  readonly conversationId: string;
  readonly alice: Identity;
  readonly bob: Identity;
  readonly from: Session;
  readonly to: Session;
}

/** Two users with one device each in a direct conversation. */
export function chat(world: World): Chat {
  const alice = identityOf(world, 'alice@acme.example');
  const bob = identityOf(world, 'bob@acme.example');
  const from = inSession(world, alice);
  const to = inSession(world, bob);
  const conversationId = uuid(world.entropy);
  from.raw.send(createOf(conversationId, [bob.userId]));
  return { world, conversationId, alice, bob, from, to };
}

export function createOf(
  conversationId: string,
  members: readonly string[],
  over: JsonObject = {},
): JsonObject {
  return {
    type: 'conversation_create',
    conversation_id: conversationId,
    conversation_type: 'direct',
    name: '',
    participants: members.map((user_id) => ({ user_id, role: 'member' })),
    settings: { is_public: false, history_visible: false, max_members: 100 },
    ...over,
  };
}

export interface Place {
  readonly sequenceNumber: number;
  readonly previousHash: string;
}

const start: Place = { sequenceNumber: 1, previousHash: encodeBase64url(new Uint8Array(32)) };

/** Sealed for these devices; the first of a chain unless another place is given. */
export function messageOf(
  { world, conversationId, alice, bob }: Pick<Chat, 'world' | 'conversationId' | 'alice' | 'bob'>,
  devices: readonly Identity[] = [bob],
  { sequenceNumber, previousHash }: Place = start,
): JsonObject {
  const { crypto, entropy } = world;
  const messageId = uuid(entropy);
  const header = {
    version: '2.0',
    messageTypeCode: 0x10,
    messageId,
    conversationId,
    senderUserId: alice.userId,
    senderDeviceId: alice.deviceId,
    messageType: 'text',
    classification: 'unclassified',
    sequenceNumber,
    previousHash,
    timestampMicros: world.now(),
  };
  const recipients = devices.map(({ userId, deviceId, exchangeKey }) => ({
    userId,
    deviceId,
    exchangePublicKey: exchangeKey.publicKey,
  }));
  const plaintext = new TextEncoder().encode('hello');
  const sealed = crypto.sealContent(header, plaintext, recipients, alice.signingKey, entropy(76));
  return {
    type: 'message_send',
    message_id: messageId,
    conversation_id: conversationId,
    recipients: [...new Set(devices.map(({ userId }) => userId))],
    message_type: 'text',
    encrypted_content: sealed.blobs as unknown as JsonObject,
    metadata: { timestamp: world.now(), classification: 'unclassified' },
    sequence_number: sequenceNumber,
    prev_message_hash: previousHash,
  };
}
