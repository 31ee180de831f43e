/** Registering a device of ours with the subject (profile C6–C9; L-C01…L-C03). */
import type { SigningKey } from '../../../reference/crypto/crypto.ts';
import { toSeconds } from '../../../reference/time.ts';
import type { DeviceRegister } from '../../../spec/messages/client/device-register.ts';
import type { RegistrationChallenge } from '../../../spec/messages/client/registration-challenge.ts';
import type { RegistrationResponse } from '../../../spec/messages/client/registration-response.ts';
import type { RegistrationSuccess } from '../../../spec/messages/client/registration-success.ts';
import type {
  deviceAuthorizationMembers,
  kexSignatureMembers,
  registrationProofMembers,
  SignedObject,
} from '../../../spec/messages/common/signed-objects.ts';
import { SubjectMisbehaved, SuiteError } from '../case.ts';
import type { Received } from '../stage.ts';
import type { DeviceConnection, DeviceIdentity, RegisterOptions, Session } from './device.ts';
import type { ActorEnvironment } from './environment.ts';
import { asJson, asReceived, encodedText, isSignedBy } from './signing.ts';

/** Hardest work that the suite does for a subject: 2^24 hashes. */
const HARDEST_DIGITS = 6;

export async function register(
  environment: ActorEnvironment,
  connection: DeviceConnection,
  identity: DeviceIdentity,
  options: RegisterOptions,
): Promise<Received<RegistrationSuccess>> {
  const session = sessionOf(connection);
  const honest = composeRegister(environment, identity, options);
  if (options.register) await connection.sendRaw(options.register(honest));
  else await connection.send(honest);
  const challenge = (await connection.receive('registration_challenge')).message;
  await options.onChallenge?.(challenge);
  const response = answer(environment, { identity, session, challenge });
  if (options.response) await connection.sendRaw(options.response(response));
  else await connection.send(response);
  const success = await connection.receive('registration_success');
  judgeSuccess(environment, identity, success);
  environment.roster.add(identity);
  return success;
}

/** Every step after the handshake needs what it agreed on. */
export function sessionOf({ session }: DeviceConnection): Session {
  if (!session) throw new SuiteError('the case has not negotiated on this connection');
  return session;
}

function kexSignature(
  { crypto }: Pick<ActorEnvironment, 'crypto'>,
  { userId, deviceId, signingKey, exchangeKey }: DeviceIdentity,
): string {
  const object: SignedObject<typeof kexSignatureMembers> = {
    type: 'device_kex_key',
    user_id: userId,
    device_id: deviceId,
    public_key: signingKey.publicKey,
    kex_public_key: exchangeKey.publicKey,
  };
  return crypto.sign(signingKey, object);
}

function composeRegister(
  environment: ActorEnvironment,
  identity: DeviceIdentity,
  options: RegisterOptions,
): DeviceRegister {
  const { userId, deviceId, signingKey, exchangeKey } = identity;
  return {
    type: 'device_register',
    device_id: deviceId,
    public_key: signingKey.publicKey,
    device_info: {
      name: 'conformance device',
      type: 'desktop',
      capabilities: ['messaging', 'e2ee'],
      platform: { os: 'suite', version: '1', app_version: '1' },
    },
    user_id: userId,
    kex_public_key: exchangeKey.publicKey,
    kex_signature: kexSignature(environment, identity),
    ...authority(environment, identity, options.enrolmentToken),
  };
}

type Authorization = Pick<
  DeviceRegister,
  'enrolment_token' | 'authorizer' | 'authorizer_signature'
>;

/** C-REG-07: the token for the first device of a user, a device of that user for further ones. */
function authority(
  environment: ActorEnvironment,
  identity: DeviceIdentity,
  token: string | null | undefined,
): Authorization {
  if (token === null) return {};
  if (token !== undefined) return { enrolment_token: token };
  const { roster, subject } = environment;
  const [voucher] = roster.devicesOf(identity.userId);
  if (!voucher) return { enrolment_token: subject.facts.enrolmentToken };
  return {
    authorizer: voucher.deviceId,
    authorizer_signature: authorization(environment, identity, voucher.signingKey),
  };
}

function authorization(
  { crypto }: ActorEnvironment,
  { userId, deviceId, signingKey, exchangeKey }: DeviceIdentity,
  voucher: SigningKey,
): string {
  const object: SignedObject<typeof deviceAuthorizationMembers> = {
    type: 'device_authorization',
    user_id: userId,
    device_id: deviceId,
    public_key: signingKey.publicKey,
    kex_public_key: exchangeKey.publicKey,
  };
  return crypto.sign(voucher, object);
}

interface Challenged {
  readonly identity: DeviceIdentity;
  readonly session: Session;
  readonly challenge: RegistrationChallenge;
}

function answer(
  { crypto, subject }: ActorEnvironment,
  { identity, session, challenge }: Challenged,
): RegistrationResponse {
  const { deviceId, userId, signingKey } = identity;
  const solution = solve({ crypto }, deviceId, challenge);
  const proof: SignedObject<typeof registrationProofMembers> = {
    type: 'registration_response',
    challenge: challenge.challenge,
    device_id: deviceId,
    public_key: signingKey.publicKey,
    user_id: userId,
    server_id: subject.facts.serverId,
    transcript_hash: session.transcript,
    proof_solution: solution,
  };
  return {
    type: 'registration_response',
    challenge: challenge.challenge,
    signature: crypto.sign(signingKey, proof),
    proof_solution: solution,
  };
}

function solve(
  { crypto }: Pick<ActorEnvironment, 'crypto'>,
  deviceId: string,
  { challenge, difficulty }: RegistrationChallenge,
): string {
  if (difficulty === 0) return encodedText('0');
  if (difficulty > HARDEST_DIGITS) {
    throw new SubjectMisbehaved('the proof of work is too hard', HARDEST_DIGITS, difficulty);
  }
  return crypto.solveProofOfWork({ challenge, deviceId, difficulty });
}

/** C-REG-08: the key to be pinned, and a certificate of our keys under it (L-C18). */
function judgeSuccess(
  { judge, crypto, subject }: ActorEnvironment,
  identity: DeviceIdentity,
  success: Received<RegistrationSuccess>,
): void {
  const { server_public_key, device_certificate, device_id } = success.message;
  const { publicKey, serverId } = subject.facts;
  judge.demand('C-REG-08', server_public_key === publicKey, {
    what: 'registration_success names another server key than the federation certificate',
    expected: publicKey,
    got: server_public_key,
  });
  const expected = {
    user_id: identity.userId,
    device_id: identity.deviceId,
    public_key: identity.signingKey.publicKey,
    kex_public_key: identity.exchangeKey.publicKey,
    server_id: serverId,
  };
  const isOurs = Object.entries(expected).every(
    ([name, value]) => asJson(device_certificate)[name] === value,
  );
  judge.demand('C-REG-08', isOurs && device_id === identity.deviceId, {
    what: 'the device certificate does not name the keys that were registered',
    expected,
    got: device_certificate,
  });
  const certificate = asReceived(success).device_certificate;
  const isSigned = isSignedBy(crypto, publicKey, Object(certificate), 'signature');
  judge.demand('C-REG-08', isSigned, {
    what: 'the device certificate is not signed by the server key',
    expected: `a signature of ${publicKey}`,
    got: device_certificate.signature,
  });
  const now = toSeconds(subject.now());
  judge.demand('C-REG-08', now < device_certificate.not_after, {
    what: 'the device certificate has expired already',
    expected: `not_after behind ${now}`,
    got: device_certificate.not_after,
  });
}
