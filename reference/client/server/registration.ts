/**
 * C6 to C9, Part 2.1 rows 5 and 6: a new device shows authority, proves its key and the work asked
 * for, and gets the server key and a certificate (C-REG-01 to C-REG-10, L-C02, L-C18).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { DeviceRegister } from '../../../spec/messages/client/device-register.ts';
import type { RegistrationResponse } from '../../../spec/messages/client/registration-response.ts';
import type { DeviceCertificate } from '../../../spec/messages/common/device-certificate.ts';
import type { Context } from '../../core.ts';
import { toSeconds } from '../../time.ts';
import { encodeBase64url } from '../../wire/base64url.ts';
import { registrationProof } from '../signed-objects.ts';
import { announceDevice } from './announcing.ts';
import { audit } from './auditing.ts';
import { isLive } from './challenges.ts';
import { saveDevice, saveUser, userPermissions } from './directory.ts';
import { enrolmentFault, identityFault, isKnown, rateFault } from './enrolment.ts';
import { attemptFailed } from './failures.ts';
import { abort, closeCode, type Refusal } from './refusal.ts';
import type { Connection, Device, PendingRegistration, Server } from './state.ts';

export function registrationRequested(
  server: Server,
  connection: Connection,
  offer: DeviceRegister,
  context: Context,
): void {
  const fault = enrolmentFault(server, offer, context);
  if (fault) return attemptFailed(server, connection, fault, context);
  const challenge = encodeBase64url(context.entropy(limits.clientChallengeBytes)); // C-REG-04
  const expiresAtSeconds = toSeconds(context.now) + limits.challengeSeconds;
  connection.registration = { offer, challenge, expiresAtSeconds, use: 'unused' };
  context.emit({
    type: 'send',
    connection: connection.id,
    message: {
      type: 'registration_challenge',
      challenge,
      difficulty: server.config.policy.proofOfWorkDifficulty,
      expires_at: expiresAtSeconds,
    },
  });
}

export function registrationAnswered(
  server: Server,
  connection: Connection,
  response: RegistrationResponse,
  context: Context,
): void {
  const { registration: pending } = connection;
  if (!pending) return answeredUnasked(server, connection, context);
  const live = isLive(pending, response.challenge, context.now);
  pending.use = 'used'; // by its first use, right or wrong
  const { offer } = pending;
  const fault =
    proofFault(server, connection, { pending, response, live }, context) ??
    identityFault(server, offer, context) ??
    (isKnown(server, offer) ? rateFault(server, offer, context) : null);
  if (fault) return attemptFailed(server, connection, fault, context);
  enrol(server, connection, offer, context);
}

function answeredUnasked(server: Server, connection: Connection, context: Context): void {
  if (context.must('C-REG-01', false)) {
    return attemptFailed(server, connection, failed('C-REG-04', 'no challenge'), context);
  }
  abort(server, connection, nothingAsked, closeCode.protocol, context);
}

const nothingAsked: Refusal = {
  requirement: 'C-REG-01',
  code: errorCode.common.protocolError,
  reason: 'unexpected_message',
  detail: 'no registration challenge was sent',
};

interface Answer {
  readonly pending: PendingRegistration;
  readonly response: RegistrationResponse;
  readonly live: boolean;
}

/** The work before the signature, because it is the cheaper one to check (C-REG-05). */
function proofFault(
  server: Server,
  connection: Connection,
  { pending, response, live }: Answer,
  { crypto, must }: Context,
): Refusal | null {
  const { offer, challenge } = pending;
  const difficulty = server.config.policy.proofOfWorkDifficulty;
  if (!must('C-REG-04', live)) return failed('C-REG-04', 'the challenge is not live');
  const work = {
    challenge,
    deviceId: offer.device_id,
    difficulty,
    solution: response.proof_solution,
  };
  if (!must('C-REG-05', difficulty === 0 || crypto.checkProofOfWork(work))) {
    const code = errorCode.client.invalidDevice;
    return { requirement: 'C-REG-05', code, detail: 'the work is not done' };
  }
  const proof = registrationProof({
    challenge,
    device_id: offer.device_id,
    public_key: offer.public_key,
    user_id: offer.user_id ?? '',
    server_id: server.config.serverId,
    transcript_hash: connection.agreed?.transcript ?? '',
    proof_solution: response.proof_solution,
  });
  const isSigned = crypto.verify(offer.public_key, proof, response.signature);
  return must('C-REG-03', isSigned) ? null : failed('C-REG-03', 'not signed by the device key');
}

function failed(requirement: 'C-REG-03' | 'C-REG-04', detail: string): Refusal {
  return { requirement, code: errorCode.client.invalidSignature, detail };
}

function enrol(
  server: Server,
  connection: Connection,
  offer: DeviceRegister,
  context: Context,
): void {
  const userId = offer.user_id ?? '';
  const known = server.devices.get(offer.device_id);
  const user = server.users.get(userId);
  if (!user) {
    const masterKey = offer.user_master_public_key ?? null;
    const made = {
      id: userId,
      masterKey,
      devices: new Set<string>(),
      permissions: userPermissions,
    };
    saveUser(server, made, context);
  }
  const createdAtSeconds = known?.createdAtSeconds ?? toSeconds(context.now);
  const certificate = certify(server, offer, createdAtSeconds, context);
  saveDevice(server, deviceOf(offer, known, certificate), context);
  const { id } = connection;
  audit(
    server,
    {
      event: 'device_registered',
      target: userId,
      actor: offer.device_id,
      result: 'success',
      risk: 'medium',
    },
    context,
  );
  if (!known) announceDevice(server, offer.device_id, context); // C-REG-10
  context.emit({
    type: 'send',
    connection: id,
    message: {
      type: 'registration_success',
      device_id: offer.device_id,
      server_public_key: server.config.identity.publicKey, // C-REG-08
      device_certificate: certificate,
    },
  });
}

function deviceOf(
  offer: DeviceRegister,
  known: Device | undefined,
  certificate: DeviceCertificate,
): Device {
  return {
    id: offer.device_id,
    userId: offer.user_id ?? '',
    publicKey: offer.public_key,
    kexPublicKey: offer.kex_public_key ?? '',
    kexSignature: offer.kex_signature ?? '',
    certificate,
    createdAtSeconds: certificate.not_before,
    authorizer: offer.authorizer ?? known?.authorizer ?? null,
    authorizerSignature: offer.authorizer_signature ?? known?.authorizerSignature ?? null,
    revokedAtSeconds: known?.revokedAtSeconds ?? null,
    notices: known?.notices ?? [],
  };
}

/** L-C18: valid as long as the key (X-KEY-01), which a repeated registration does not prolong. */
function certify(
  { config }: Server,
  offer: DeviceRegister,
  createdAtSeconds: number,
  { crypto }: Context,
): DeviceCertificate {
  const unsigned = {
    type: 'device_certificate' as const,
    user_id: offer.user_id ?? '',
    device_id: offer.device_id,
    public_key: offer.public_key,
    kex_public_key: offer.kex_public_key ?? '',
    not_before: createdAtSeconds,
    not_after: createdAtSeconds + limits.deviceKeySeconds,
    server_id: config.serverId,
  };
  const signature = crypto.sign(config.identity, unsigned);
  return { ...unsigned, signature };
}
