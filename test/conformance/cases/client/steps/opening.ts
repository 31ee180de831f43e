/** The first steps on a connection: the upgrade, the offer of a device, the handshake around it. */
import type { JsonObject } from '../../../../../reference/crypto/crypto.ts';
import { encodeBase64url } from '../../../../../reference/wire/base64url.ts';
import { limits } from '../../../../../spec/limits.ts';
import type { ConnectionAccepted } from '../../../../../spec/messages/client/connection-accepted.ts';
import type { ConnectionRequest } from '../../../../../spec/messages/client/connection-request.ts';
import type { VersionConfirmation } from '../../../../../spec/messages/client/version-confirmation.ts';
import type { DeviceConnection, NegotiateOptions, UpgradeOptions } from '../../../actors/device.ts';
import { SubjectMisbehaved, Untestable } from '../../../case.ts';
import type { Received, Stage } from '../../../stage.ts';

/** An upgraded connection, before its first frame. */
export async function upgraded(stage: Stage, options?: UpgradeOptions): Promise<DeviceConnection> {
  const connection = await stage.connect(options);
  if (connection.refused) {
    throw new SubjectMisbehaved('an honest upgrade was refused', 'status 101', connection);
  }
  return connection;
}

/** A connection in the state `authenticating`. */
export async function negotiated(
  stage: Stage,
  options?: NegotiateOptions,
): Promise<DeviceConnection> {
  const connection = await upgraded(stage, upgradeFor(options?.versions));
  await connection.negotiate(options);
  return connection;
}

/** Subprotocols that leave the minor of these versions to the handshake. */
export function upgradeFor(versions: readonly string[] | undefined): UpgradeOptions {
  if (!versions) return {};
  const majors = new Set(versions.map((version) => version.split('.')[0]));
  return { subprotocols: [...majors].map((major) => `norc-c-json-v${major}`) };
}

/** An honest first frame; `change` replaces members. */
export function openingRequest(
  { at, crypto, entropy }: Stage,
  change: Partial<ConnectionRequest> = {},
): ConnectionRequest {
  return {
    type: 'connection_request',
    client_versions: [at],
    preferred_version: at,
    capabilities: ['messaging', 'e2ee'],
    cipher_suites: ['0001'],
    client_nonce: encodeBase64url(entropy(limits.handshakeNonceBytes)),
    ephemeral_public_key: crypto.exchangeKey(entropy(32)).publicKey,
    ...change,
  };
}

export interface Hellos {
  readonly accepted: Received<ConnectionAccepted>;
  readonly confirmation: Received<VersionConfirmation>;
}

/** Sends a first frame as it is and takes the two answers, without judging what they say. */
export async function exchangeHellos(
  connection: DeviceConnection,
  frame: string | JsonObject,
): Promise<Hellos> {
  await connection.sendRaw(frame);
  const accepted = await connection.receive('connection_accepted');
  const confirmation = await connection.receive('version_confirmation');
  return { accepted, confirmation };
}

/** The transcript hash as the profile has it (L-H02), over what was meant and what came. */
export function transcriptOf(
  { crypto }: Stage,
  request: JsonObject,
  accepted: Received<ConnectionAccepted>,
): string {
  return crypto.transcript('norc-c-handshake-v1', [request, JSON.parse(accepted.text)]);
}

export function mustSpeak({ subject }: Stage, version: string): void {
  if (subject.versions.includes(version)) return;
  throw new Untestable(`the subject does not speak ${version}`);
}
