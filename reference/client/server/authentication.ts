/**
 * C10 to C13, Part 2.1 rows 7 to 9: the device proves its key for this server and this transcript
 * (C-AUTH-01 to C-AUTH-09, L-C03). Whether user or device exist shows nowhere: an unknown one is
 * challenged as well, its answer is verified against a key that is not its own, and every refusal is
 * the same (L-X17, S-30).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../spec/limits.ts';
import type { AuthRequest } from '../../../spec/messages/client/auth-request.ts';
import type { AuthResponse } from '../../../spec/messages/client/auth-response.ts';
import type { Context } from '../../core.ts';
import { isNearSeconds } from '../../guard/freshness.ts';
import { toSeconds } from '../../time.ts';
import { encodeBase64url } from '../../wire/base64url.ts';
import { authenticationProof } from '../signed-objects.ts';
import { isLive } from './challenges.ts';
import { isKeyExpired, isRevoked } from './directory.ts';
import { attemptFailed } from './failures.ts';
import { abort, closeCode, type Refusal } from './refusal.ts';
import { openSession } from './session.ts';
import type { Connection, Device, PendingAuthentication, Server } from './state.ts';

const skewSeconds = limits.authenticationSkewSeconds;

export function authenticationRequested(
  server: Server,
  connection: Connection,
  request: AuthRequest,
  context: Context,
): void {
  const { now, must } = context;
  if (!must('C-AUTH-04', isNearSeconds(now, request.timestamp, skewSeconds))) {
    return attemptFailed(server, connection, failed('C-AUTH-04', 'clock'), context);
  }
  const challenge = encodeBase64url(context.entropy(limits.clientChallengeBytes)); // C-AUTH-02
  const serverTimestamp = toSeconds(now);
  const expiresAtSeconds = serverTimestamp + limits.challengeSeconds;
  connection.authentication = {
    userId: request.user_id,
    deviceId: request.device_id,
    challenge,
    expiresAtSeconds,
    use: 'unused',
  };
  context.emit({
    type: 'send',
    connection: connection.id,
    message: {
      type: 'auth_challenge',
      challenge,
      server_timestamp: serverTimestamp,
      expires_at: expiresAtSeconds,
    },
  });
}

export function authenticationAnswered(
  server: Server,
  connection: Connection,
  response: AuthResponse,
  context: Context,
): void {
  const { authentication: pending } = connection;
  if (!pending) return answeredUnasked(server, connection, context);
  const live = isLive(pending, response.challenge, context.now);
  pending.use = 'used';
  const device = server.devices.get(pending.deviceId);
  const verified = isProven(server, connection, { pending, response, device }, context);
  const fault = attemptFault({ pending, response, device, live, verified }, context);
  if (fault) return attemptFailed(server, connection, fault, context);
  if (!device) return attemptFailed(server, connection, failed('C-AUTH-06', 'none'), context);
  if (!context.must('C-AUTH-05', !isRevoked(device, context.now))) {
    // Only who has proven the key learns that it is revoked.
    return abort(server, connection, revoked, closeCode.policy, context);
  }
  if (!context.must('X-KEY-01', !isKeyExpired(device, context.now))) {
    return attemptFailed(server, connection, failed('X-KEY-01', 'the key has expired'), context);
  }
  openSession(server, connection, { userId: pending.userId, deviceId: device.id }, context);
}

function answeredUnasked(server: Server, connection: Connection, context: Context): void {
  if (context.must('C-CONN-11', false)) {
    return attemptFailed(server, connection, failed('C-AUTH-02', 'no challenge'), context);
  }
  abort(server, connection, nothingAsked, closeCode.protocol, context);
}

const nothingAsked: Refusal = {
  requirement: 'C-CONN-11',
  code: errorCode.common.protocolError,
  reason: 'unexpected_message',
  detail: 'no authentication challenge was sent',
};

const revoked: Refusal = {
  requirement: 'C-AUTH-05',
  code: errorCode.client.deviceRevoked,
  detail: 'the device is revoked',
};

export interface Answer {
  readonly pending: PendingAuthentication;
  readonly response: AuthResponse;
  readonly device: Device | undefined;
}

/** The work is the same for a device that does not exist: it is verified against our own key. */
function isProven(
  { config }: Server,
  connection: Connection,
  { pending, response, device }: Answer,
  { crypto }: Context,
): boolean {
  const proof = authenticationProof({
    challenge: pending.challenge,
    user_id: pending.userId,
    device_id: pending.deviceId,
    server_id: config.serverId,
    timestamp: response.timestamp,
    transcript_hash: connection.agreed?.transcript ?? '',
  });
  return crypto.verify(device?.publicKey ?? config.identity.publicKey, proof, response.signature);
}

export function attemptFault(
  attempt: Answer & { readonly live: boolean; readonly verified: boolean },
  { must, now }: Context,
): Refusal | null {
  const { pending, response, device, live, verified } = attempt;
  if (!must('C-AUTH-02', live)) return failed('C-AUTH-02', 'the challenge is not live');
  if (!must('X-TIME-02', isNearSeconds(now, response.timestamp, skewSeconds))) {
    return failed('X-TIME-02', 'clock');
  }
  if (!must('C-AUTH-06', device?.userId === pending.userId)) {
    return failed('C-AUTH-06', 'no such device of this user');
  }
  if (!must('C-AUTH-03', verified)) return failed('C-AUTH-03', 'not signed by the device key');
  return null;
}

function failed(requirement: RequirementId, detail: string): Refusal {
  return { requirement, code: errorCode.client.invalidSignature, detail };
}
