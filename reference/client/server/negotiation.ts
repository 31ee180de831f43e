/**
 * C2 to C4, Part 2.1 rows 2 and 3: version, suite and keys of a connection (X-AMC, X-CS, X-TRN,
 * L-V08, L-H01, L-H04). One round trip; the confirmation proves our identity and the shared secret.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../spec/limits.ts';
import type { ConnectionAccepted } from '../../../spec/messages/client/connection-accepted.ts';
import type { ConnectionRequest } from '../../../spec/messages/client/connection-request.ts';
import type { VersionConfirmation } from '../../../spec/messages/client/version-confirmation.ts';
import type { Context } from '../../core.ts';
import type { Hash, SessionKeys } from '../../crypto/crypto.ts';
import { seconds } from '../../time.ts';
import { accept, type Result } from '../../wire/result.ts';
import { uuidOf } from '../../wire/uuid.ts';
import { chooseVersion, type VersionChoice } from '../../wire/version.ts';
import { agreesWith } from '../subprotocol.ts';
import { audit } from './auditing.ts';
import { mustSupport, serverCapabilities, sharedCapabilities } from './capabilities.ts';
import { exchangeKeys, type ServerKeys } from './handshake-keys.ts';
import { hintsAgree } from './hints.ts';
import { startKeepalive } from './keepalive.ts';
import { malformed } from './malformed.ts';
import { abort, closeCode, type Refusal } from './refusal.ts';
import type { Connection, Server } from './state.ts';
import { timerName } from './timers.ts';

export function connectionRequested(
  server: Server,
  connection: Connection,
  request: ConnectionRequest,
  context: Context,
): void {
  const choice = agreeOnVersion(server, connection, request, context);
  if (!choice.ok) return abort(server, connection, choice.error, closeCode.protocol, context);
  const keys = exchangeKeys(server, request, context);
  if (!keys.ok) return abort(server, connection, keys.error, closeCode.protocol, context);
  const accepted = acceptance(server, choice.value, keys.value);
  const transcript = context.crypto.transcript('norc-c-handshake-v1', [request, accepted]);
  const sessionId = uuidOf(context.entropy(16)); // C-CONN-13
  const sessionKeys = keys.value?.deriveKeys(choice.value.version, transcript) ?? null;
  const confirmation = confirm(server, accepted, { transcript, sessionKeys, sessionId }, context);
  context.emit({ type: 'send', connection: connection.id, message: accepted });
  context.emit({ type: 'send', connection: connection.id, message: confirmation });
  connection.phase = 'authenticating';
  connection.agreed = {
    version: choice.value.version,
    transcript,
    sessionId,
    capabilities: sharedCapabilities(server.config, request.capabilities),
  };
  negotiated(server, connection, accepted, context);
}

/** The timer of the handshake stops, that of authentication starts (C-CONN-10). */
function negotiated(
  server: Server,
  connection: Connection,
  accepted: ConnectionAccepted,
  context: Context,
): void {
  const { id } = connection;
  context.emit({ type: 'cancel-timer', timer: timerName('handshake', id) });
  const at = context.now + seconds(limits.authenticationSeconds);
  context.emit({ type: 'set-timer', timer: timerName('authentication', id), at });
  startKeepalive(connection, context);
  // X-AMC-12
  const { negotiated_version: version, compatibility_mode, cipher_suite = 'none' } = accepted;
  const parameters = { version, suite: cipher_suite, compatibility_mode };
  audit(
    server,
    {
      event: 'version_negotiated',
      target: id,
      actor: id,
      result: 'success',
      risk: 'low',
      parameters,
    },
    context,
  );
  if (!compatibility_mode) return;
  const detail = `${version} on a connection of NORC-C`; // X-AMC-11
  context.emit({ type: 'log', entry: { event: 'compatibility-mode', detail, peer: id } });
}

function agreeOnVersion(
  server: Server,
  connection: Connection,
  request: ConnectionRequest,
  { must }: Context,
): Result<VersionChoice, Refusal> {
  if (!must('C-CONN-04', hintsAgree(connection.offer, request))) return mismatch('header or URI');
  const own = server.config.versions.client;
  const choice = chooseVersion(own, request.client_versions, {
    must,
    preferred: request.preferred_version,
  });
  if (!choice.ok) return { ok: false, error: versionRefusal(choice.error) };
  const { version } = choice.value;
  if (!must('C-CONN-04', agreesWith(connection.subprotocol, version)))
    return mismatch('subprotocol');
  // X-AMC-17: what 1.0 tolerates to be absent is required of whoever speaks 1.1.
  const strict = server.validation.under(must)(request, version);
  return strict.ok ? accept(choice.value) : { ok: false, error: malformed(strict.error) };
}

/** A list without a single version is malformed; one without a mutual version is not (L-V02, L-V05). */
function versionRefusal(fault: { requirement: RequirementId; detail: string }): Refusal {
  const { requirement, detail } = fault;
  const reason = requirement === 'X-AMC-09' ? 'malformed' : 'no_compatible_version';
  return { requirement, code: errorCode.common.protocolError, reason, detail };
}

function mismatch(detail: string): Result<never, Refusal> {
  const code = errorCode.common.protocolError;
  const reason = 'negotiation_mismatch';
  return { ok: false, error: { requirement: 'C-CONN-04', code, reason, detail } };
}

function acceptance(
  { config }: Server,
  { version, compatibilityMode }: VersionChoice,
  keys: ServerKeys | null,
): ConnectionAccepted {
  return {
    type: 'connection_accepted',
    negotiated_version: version,
    server_capabilities: serverCapabilities(config),
    compatibility_mode: compatibilityMode,
    server_id: config.serverId,
    ...keys?.members,
  };
}

/** C4, L-H04, X-TRN-07: the server signs the transcript and shows that it has the shared secret. */
function confirm(
  { config }: Server,
  accepted: ConnectionAccepted,
  made: { transcript: Hash; sessionKeys: SessionKeys | null; sessionId: string },
  { crypto }: Context,
): VersionConfirmation {
  const { transcript, sessionKeys, sessionId } = made;
  const unsigned = {
    type: 'version_confirmation' as const,
    negotiated_version: accepted.negotiated_version,
    server_capabilities: accepted.server_capabilities,
    client_must_support: [...mustSupport],
    compatibility_features: compatibilityFeatures(config.versions.client, accepted),
    session_id: sessionId,
    transcript_hash: transcript,
    ...(sessionKeys && { server_finished: crypto.serverFinished(sessionKeys, transcript) }),
  };
  const server_signature = crypto.sign(config.identity, unsigned);
  return { ...unsigned, server_signature };
}

/** L-V07: not empty exactly in compatibility mode; names the versions whose features are off. */
function compatibilityFeatures(
  own: readonly string[],
  { compatibility_mode, negotiated_version }: ConnectionAccepted,
): string[] {
  if (!compatibility_mode) return [];
  const above = own.filter((version) => version.split('.')[0] !== negotiated_version.split('.')[0]);
  return above.length > 0 ? above.map((version) => `without_${version}`) : ['without_newer_major'];
}
