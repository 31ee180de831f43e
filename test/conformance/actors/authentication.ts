/** Authenticating a device of ours (profile C10–C13; L-C03, L-C05). */
import { toSeconds } from '../../../reference/time.ts';
import type { AuthChallenge } from '../../../spec/messages/client/auth-challenge.ts';
import type { AuthRequest } from '../../../spec/messages/client/auth-request.ts';
import type { AuthResponse } from '../../../spec/messages/client/auth-response.ts';
import type { AuthSuccess } from '../../../spec/messages/client/auth-success.ts';
import type {
  authenticationProofMembers,
  SignedObject,
} from '../../../spec/messages/common/signed-objects.ts';
import type { Received } from '../stage.ts';
import type { AuthenticateOptions, DeviceConnection, DeviceIdentity, Session } from './device.ts';
import type { ActorEnvironment } from './environment.ts';
import { sessionOf } from './registration.ts';

export async function authenticate(
  environment: ActorEnvironment,
  connection: DeviceConnection,
  identity: DeviceIdentity,
  options: AuthenticateOptions,
): Promise<Received<AuthSuccess>> {
  const session = sessionOf(connection);
  const request: AuthRequest = {
    type: 'auth_request',
    user_id: identity.userId,
    device_id: identity.deviceId,
    timestamp: toSeconds(environment.subject.now()),
    client_version: '1.0.0',
  };
  if (options.request) await connection.sendRaw(options.request(request));
  else await connection.send(request);
  const challenge = (await connection.receive('auth_challenge')).message;
  await options.onChallenge?.(challenge);
  const response = answer(environment, { identity, session, challenge });
  if (options.response) await connection.sendRaw(options.response(response));
  else await connection.send(response);
  const success = await connection.receive('auth_success');
  judgeSuccess(environment, { identity, session, success });
  return success;
}

interface Challenged {
  readonly identity: DeviceIdentity;
  readonly session: Session;
  readonly challenge: AuthChallenge;
}

/** The time is read here: a case may have let some pass since the challenge came. */
function answer(
  { crypto, subject }: ActorEnvironment,
  { identity, session, challenge }: Challenged,
): AuthResponse {
  const timestamp = toSeconds(subject.now());
  const proof: SignedObject<typeof authenticationProofMembers> = {
    type: 'auth_response',
    challenge: challenge.challenge,
    user_id: identity.userId,
    device_id: identity.deviceId,
    server_id: subject.facts.serverId,
    timestamp,
    transcript_hash: session.transcript,
  };
  const signature = crypto.sign(identity.signingKey, proof);
  return { type: 'auth_response', challenge: challenge.challenge, signature, timestamp };
}

function judgeSuccess(
  { judge }: ActorEnvironment,
  {
    identity,
    session,
    success,
  }: { identity: DeviceIdentity; session: Session; success: Received<AuthSuccess> },
): void {
  const { session_id, user_info } = success.message;
  judge.demand('C-CONN-13', session_id === session.confirmation.session_id, {
    what: 'auth_success names another session than version_confirmation',
    expected: session.confirmation.session_id,
    got: session_id,
  });
  judge.demand('C-AUTH-06', user_info.user_id === identity.userId, {
    what: 'auth_success opens the session of another user',
    expected: identity.userId,
    got: user_info.user_id,
  });
}
