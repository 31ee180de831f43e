/**
 * From the handshake into a session: registration where it is wanted, then authentication
 * (C-REG-01 to C-REG-08, C-AUTH-01 to C-AUTH-04, L-C03).
 */
import type { AuthChallenge } from '../../../spec/messages/client/auth-challenge.ts';
import type { AuthSuccess } from '../../../spec/messages/client/auth-success.ts';
import type { RegistrationChallenge } from '../../../spec/messages/client/registration-challenge.ts';
import { toSeconds } from '../../time.ts';
import {
  authenticationProof,
  type DeviceBinding,
  kexBinding,
  registrationProof,
} from '../signed-objects.ts';
import { bounds } from './bounds.ts';
import { timeOf } from './clock.ts';
import type { DeviceContext } from './device.ts';
import { drop } from './dropping.ts';
import { startKeepalive } from './keepalive.ts';
import { advanceRequests } from './requests.ts';
import { enterPhase, sendMessage } from './sending.ts';
import type { DeviceState } from './state.ts';
import { timerName } from './timer-names.ts';

export function startSession(device: DeviceState, context: DeviceContext): void {
  context.emit({ type: 'cancel-timer', timer: timerName('handshake') });
  enterPhase(device, 'authenticating', context);
  startKeepalive(context);
  enterFurther(device, context);
}

/** The next step that is wanted. */
export function enterFurther(device: DeviceState, context: DeviceContext): void {
  if (device.phase !== 'authenticating') return;
  if (device.registration) return askRegistration(device, context);
  if (device.wantsSession) askSession(device, context);
}

export function ownBinding({ config }: DeviceState): DeviceBinding {
  return {
    userId: config.userId,
    deviceId: config.deviceId,
    publicKey: config.signingKey.publicKey,
    kexPublicKey: config.exchangeKey.publicKey,
  };
}

function askRegistration(device: DeviceState, context: DeviceContext): void {
  const { config, registration, link } = device;
  if (link) link.asked = 'registration';
  const { authorization, enrolmentToken } = registration ?? {};
  sendMessage(
    device,
    {
      type: 'device_register',
      device_id: config.deviceId,
      public_key: config.signingKey.publicKey,
      device_info: { name: config.name, type: config.kind, capabilities: [...config.capabilities] },
      user_id: config.userId,
      kex_public_key: config.exchangeKey.publicKey,
      kex_signature: context.crypto.sign(config.signingKey, kexBinding(ownBinding(device))),
      ...(enrolmentToken && { enrolment_token: enrolmentToken }),
      ...(config.masterKey !== null && { user_master_public_key: config.masterKey }),
      ...(authorization && {
        authorizer: authorization.authorizer,
        authorizer_signature: authorization.signature,
      }),
    },
    context,
  );
}

export function registrationChallenged(
  device: DeviceState,
  { challenge, difficulty }: RegistrationChallenge,
  context: DeviceContext,
): void {
  const { config, link } = device;
  if (!context.must('C-CONN-11', link?.asked === 'registration')) {
    return drop('C-CONN-11', 'a challenge that was not asked for', context);
  }
  // A server could otherwise keep this device busy for ever.
  if (!context.must('C-REG-05', difficulty <= bounds.proofOfWorkDigits)) {
    return drop('C-REG-05', `${difficulty} digits of work`, context);
  }
  const { crypto } = context;
  const { deviceId } = config;
  const solution =
    difficulty > 0 ? crypto.solveProofOfWork({ challenge, deviceId, difficulty }) : '';
  const proof = registrationProof({
    challenge,
    device_id: deviceId,
    public_key: config.signingKey.publicKey,
    user_id: config.userId,
    server_id: config.serverId,
    transcript_hash: link?.agreed?.transcript ?? '',
    proof_solution: solution,
  });
  const signature = crypto.sign(config.signingKey, proof);
  sendMessage(
    device,
    { type: 'registration_response', challenge, signature, proof_solution: solution },
    context,
  );
}

function askSession(device: DeviceState, context: DeviceContext): void {
  const { userId, deviceId } = device.config;
  if (device.link) device.link.asked = 'session';
  const timestamp = toSeconds(timeOf(device, context));
  sendMessage(
    device,
    { type: 'auth_request', user_id: userId, device_id: deviceId, timestamp },
    context,
  );
}

/** C-AUTH-03: bound to this server and this transcript; of no use anywhere else (S-6). */
export function authenticationChallenged(
  device: DeviceState,
  { challenge }: AuthChallenge,
  context: DeviceContext,
): void {
  const { config, link } = device;
  if (!context.must('C-CONN-11', link?.asked === 'session')) {
    return drop('C-CONN-11', 'a challenge that was not asked for', context);
  }
  const timestamp = toSeconds(timeOf(device, context));
  const proof = authenticationProof({
    challenge,
    user_id: config.userId,
    device_id: config.deviceId,
    server_id: config.serverId,
    timestamp,
    transcript_hash: link?.agreed?.transcript ?? '',
  });
  const signature = context.crypto.sign(config.signingKey, proof);
  sendMessage(device, { type: 'auth_response', challenge, signature, timestamp }, context);
}

export function authenticated(
  device: DeviceState,
  success: AuthSuccess,
  context: DeviceContext,
): void {
  const isOurs =
    device.link?.asked === 'session' &&
    success.session_id === device.link?.agreed?.sessionId && // L-C05
    success.user_info.user_id === device.config.userId;
  if (!context.must('C-CONN-13', isOurs)) {
    return drop('C-CONN-13', 'a session that was not negotiated', context);
  }
  device.setbacks = 0;
  enterPhase(device, 'authenticated', context);
  advanceRequests(device, context);
}
