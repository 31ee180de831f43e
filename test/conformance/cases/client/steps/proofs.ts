/** Identities of devices, and the objects that they sign and never send (L-C01, L-C03, L-E03). */
import type { JsonObject, Signature, SigningKey } from '../../../../../reference/crypto/crypto.ts';
import type { AuthChallenge } from '../../../../../spec/messages/client/auth-challenge.ts';
import type { AuthRequest } from '../../../../../spec/messages/client/auth-request.ts';
import type { AuthResponse } from '../../../../../spec/messages/client/auth-response.ts';
import type { DeviceRegister } from '../../../../../spec/messages/client/device-register.ts';
import type { RegistrationChallenge } from '../../../../../spec/messages/client/registration-challenge.ts';
import type { RegistrationResponse } from '../../../../../spec/messages/client/registration-response.ts';
import type { DeviceConnection, DeviceIdentity } from '../../../actors/device.ts';
import type { Stage } from '../../../stage.ts';
import { secondsOf } from './reaction.ts';

export function freshUser({ subject, uuid }: Stage): string {
  return `u-${uuid().slice(0, 13)}@${subject.serverId}`;
}

export function freshIdentity(stage: Stage, userId: string = freshUser(stage)): DeviceIdentity {
  return {
    userId,
    deviceId: stage.uuid(),
    signingKey: stage.crypto.signingKey(stage.entropy(32)),
    exchangeKey: stage.crypto.exchangeKey(stage.entropy(32)),
  };
}

/** What both signatures over a device's keys say. */
function binding({ userId, deviceId, signingKey, exchangeKey }: DeviceIdentity): JsonObject {
  return {
    user_id: userId,
    device_id: deviceId,
    public_key: signingKey.publicKey,
    kex_public_key: exchangeKey.publicKey,
  };
}

export function kexSignature({ crypto }: Stage, identity: DeviceIdentity): Signature {
  return crypto.sign(identity.signingKey, { type: 'device_kex_key', ...binding(identity) });
}

/** `voucher` says that this device is one of its user's. */
export function authorization(
  { crypto }: Stage,
  identity: DeviceIdentity,
  voucher: SigningKey,
): Signature {
  return crypto.sign(voucher, { type: 'device_authorization', ...binding(identity) });
}

/** An honest offer with the enrolment token; `change` replaces members. */
export function registerMessage(
  stage: Stage,
  identity: DeviceIdentity,
  change: Partial<DeviceRegister> = {},
): DeviceRegister {
  const { user_id, device_id, public_key, kex_public_key } = binding(identity);
  return {
    type: 'device_register',
    device_id: String(device_id),
    public_key: String(public_key),
    device_info: { name: 'a device', type: 'desktop', capabilities: ['messaging', 'e2ee'] },
    user_id: String(user_id),
    kex_public_key: String(kex_public_key),
    kex_signature: kexSignature(stage, identity),
    enrolment_token: stage.subject.enrolmentToken,
    ...change,
  };
}

/** One by which a case makes a proof of its own. */
export interface Proving {
  readonly identity: DeviceIdentity;
  readonly connection: DeviceConnection;
  /** Members of the signed object that differ from the honest ones. */
  readonly signed?: JsonObject;
  /** Default: the identity's own. */
  readonly key?: SigningKey;
}

export function registrationResponse(
  { crypto, subject }: Stage,
  { challenge, difficulty }: RegistrationChallenge,
  { identity, connection, signed, key }: Proving,
): RegistrationResponse {
  const { deviceId, userId, signingKey } = identity;
  const work = { challenge, deviceId, difficulty };
  const solution = difficulty > 0 ? crypto.solveProofOfWork(work) : 'MA';
  const proof = {
    type: 'registration_response',
    challenge,
    device_id: deviceId,
    public_key: signingKey.publicKey,
    user_id: userId,
    server_id: subject.serverId,
    transcript_hash: connection.session?.transcript ?? '',
    proof_solution: solution,
    ...signed,
  };
  return {
    type: 'registration_response',
    challenge,
    signature: crypto.sign(key ?? signingKey, proof),
    proof_solution: solution,
  };
}

export function authRequest(
  stage: Stage,
  { userId, deviceId }: Pick<DeviceIdentity, 'userId' | 'deviceId'>,
  timestamp: number = secondsOf(stage),
): AuthRequest {
  return { type: 'auth_request', user_id: userId, device_id: deviceId, timestamp };
}

export function authResponse(
  stage: Stage,
  { challenge }: Pick<AuthChallenge, 'challenge'>,
  { identity, connection, signed, key }: Proving,
): AuthResponse {
  const timestamp = secondsOf(stage);
  const proof = {
    type: 'auth_response',
    challenge,
    user_id: identity.userId,
    device_id: identity.deviceId,
    server_id: stage.subject.serverId,
    timestamp,
    transcript_hash: connection.session?.transcript ?? '',
    ...signed,
  };
  const signature = stage.crypto.sign(key ?? identity.signingKey, proof);
  return { type: 'auth_response', challenge, signature, timestamp };
}

/** Asks for a challenge in the name of this identity. */
export async function challenged(
  stage: Stage,
  connection: DeviceConnection,
  identity: Pick<DeviceIdentity, 'userId' | 'deviceId'>,
): Promise<AuthChallenge> {
  await connection.send(authRequest(stage, identity));
  return (await connection.receive('auth_challenge')).message;
}

/** Offers a device and takes the challenge. */
export async function registrationChallenged(
  connection: DeviceConnection,
  offer: DeviceRegister,
): Promise<RegistrationChallenge> {
  await connection.send(offer);
  return (await connection.receive('registration_challenge')).message;
}
