/**
 * Our side of the handshake of NORC-C (profile C2–C4; L-H01…L-H07): the offer, and everything a
 * device has to verify before it trusts the answer. What 1.0 lacks is verified only where it is
 * present.
 */
import type { ExchangeKey, KemKey, SessionKeys } from '../../../reference/crypto/crypto.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { compareVersions, parseVersion } from '../../../reference/wire/version.ts';
import { capabilities as registry } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { ConnectionAccepted } from '../../../spec/messages/client/connection-accepted.ts';
import type { ConnectionRequest } from '../../../spec/messages/client/connection-request.ts';
import type { VersionConfirmation } from '../../../spec/messages/client/version-confirmation.ts';
import type { Received } from '../stage.ts';
import { judgeSuite, judgeVersion, textsOf } from './agreement.ts';
import type { DeviceConnection, NegotiateOptions, Session } from './device.ts';
import type { ActorEnvironment } from './environment.ts';
import { asJson, asReceived, isSignedBy } from './signing.ts';

interface Offer {
  readonly request: ConnectionRequest;
  readonly ephemeral: ExchangeKey;
  readonly kem: KemKey | null;
}

export async function negotiate(
  environment: ActorEnvironment,
  connection: DeviceConnection,
  options: NegotiateOptions,
): Promise<Session> {
  const offer = composeOffer(environment, options);
  const sent = options.request ? options.request(offer.request) : asJson(offer.request);
  if (options.request) await connection.sendRaw(sent);
  else await connection.send(offer.request);

  // Bent or not, this is what the subject has judged.
  const request = sent as unknown as ConnectionRequest;
  const accepted = await connection.receive('connection_accepted');
  judgeAccepted(environment, request, accepted.message);
  const th = environment.crypto.transcript('norc-c-handshake-v1', [sent, asReceived(accepted)]);
  const keys = deriveKeys(environment, { ...offer, request }, { accepted: accepted.message, th });
  const confirmation = await connection.receive('version_confirmation');
  judgeConfirmation(environment, { accepted: accepted.message, confirmation, th, keys });
  return {
    version: accepted.message.negotiated_version,
    suite: accepted.message.cipher_suite ?? '0001',
    transcript: th,
    keys: keys ?? { secret: null },
    request,
    accepted: accepted.message,
    confirmation: confirmation.message,
  };
}

function composeOffer({ at, crypto, chance }: ActorEnvironment, options: NegotiateOptions): Offer {
  const versions = options.versions ?? [at];
  const suites = options.suites ?? ['0001'];
  const isHybrid = suites.includes('0101');
  const ephemeral = crypto.exchangeKey(chance.entropy(32));
  const kem = isHybrid ? crypto.kemKey(chance.entropy(64)) : null;
  const capabilities = options.capabilities ?? deviceCapabilities(isHybrid);
  const request: ConnectionRequest = {
    type: 'connection_request',
    client_versions: [...versions],
    preferred_version: options.preferred ?? highest(versions) ?? at,
    capabilities: [...capabilities],
    cipher_suites: [...suites],
    client_nonce: encodeBase64url(chance.entropy(limits.handshakeNonceBytes)),
    ephemeral_public_key: ephemeral.publicKey,
    ...(kem && { pq_public_key: kem.publicKey }),
  };
  return { request, ephemeral, kem };
}

/** All that a device can have (L-X06); the KEM only together with the suite that uses it. */
function deviceCapabilities(isHybrid: boolean): readonly string[] {
  return Object.values(registry)
    .filter(({ layers }) => (layers as readonly string[]).includes('client'))
    .map(({ capability }) => capability)
    .filter((name) => isHybrid || name !== 'pq_kem.mlkem768.fips');
}

function highest(versions: readonly string[]): string | undefined {
  const parsed = versions.flatMap((text) => {
    const version = parseVersion(text);
    return version.ok ? [{ text, ...version.value }] : [];
  });
  return parsed.sort((a, b) => compareVersions(b, a))[0]?.text;
}

function judgeAccepted(
  environment: ActorEnvironment,
  request: ConnectionRequest,
  accepted: ConnectionAccepted,
): void {
  const { judge, subject } = environment;
  judgeVersion(environment, textsOf(request.client_versions), {
    version: accepted.negotiated_version,
    compatibilityMode: accepted.compatibility_mode,
  });
  if (accepted.server_id !== undefined) {
    // X-TRN-07: the name enters the transcript that the server signs.
    judge.demand('X-TRN-07', accepted.server_id === subject.facts.serverId, {
      what: 'connection_accepted names another server',
      expected: subject.facts.serverId,
      got: accepted.server_id,
    });
  }
  if (accepted.cipher_suite === undefined) return;
  judgeSuite(environment, textsOf(request.cipher_suites), {
    suite: accepted.cipher_suite,
    hasKem: request.pq_public_key !== undefined,
    pqCiphertext: accepted.pq_ciphertext,
    capabilities: accepted.server_capabilities,
  });
}

/** Null when the subject answers without keys, as the published 1.0 text has it (L-H01). */
function deriveKeys(
  { crypto, judge }: ActorEnvironment,
  { request, ephemeral, kem }: Offer,
  { accepted, th }: { accepted: ConnectionAccepted; th: string },
): SessionKeys | null {
  const { server_nonce, ephemeral_public_key, cipher_suite, pq_ciphertext } = accepted;
  if (!server_nonce || !ephemeral_public_key || !cipher_suite) return null;
  const classical = crypto.agree(ephemeral, ephemeral_public_key);
  if (!classical.ok) {
    throw judge.broken(classical.error.requirement, {
      what: 'the ephemeral key of the subject yields no secret',
      expected: 'a point of large order',
      got: ephemeral_public_key,
    });
  }
  const postQuantum = kem && pq_ciphertext ? crypto.decapsulate(kem, pq_ciphertext) : null;
  return crypto.sessionKeys({
    clientNonce: String(request.client_nonce),
    serverNonce: server_nonce,
    classical: classical.value,
    ...(postQuantum?.ok && { postQuantum: postQuantum.value }),
    version: accepted.negotiated_version,
    suite: cipher_suite === '0101' ? '0101' : '0001',
    transcript: th,
  });
}

interface Confirmed {
  readonly accepted: ConnectionAccepted;
  readonly confirmation: Received<VersionConfirmation>;
  readonly th: string;
  readonly keys: SessionKeys | null;
}

function judgeConfirmation(environment: ActorEnvironment, confirmed: Confirmed): void {
  const { judge } = environment;
  const { accepted, confirmation } = confirmed;
  const { negotiated_version, compatibility_features } = confirmation.message;
  judge.demand('C-CONN-05', negotiated_version === accepted.negotiated_version, {
    what: 'version_confirmation names another version than connection_accepted',
    expected: accepted.negotiated_version,
    got: negotiated_version,
  });
  // L-V07
  judge.demand('X-AMC-10', compatibility_features.length > 0 === accepted.compatibility_mode, {
    what: 'compatibility_features is not empty exactly in compatibility mode',
    expected: accepted.compatibility_mode ? 'some' : [],
    got: compatibility_features,
  });
  judgeProofs(environment, confirmed);
}

function judgeProofs(environment: ActorEnvironment, confirmed: Confirmed): void {
  const { judge, crypto, subject } = environment;
  const { confirmation, th, keys } = confirmed;
  const { transcript_hash, server_finished, server_signature } = confirmation.message;
  if (transcript_hash !== undefined) {
    judge.demand('X-TRN-01', transcript_hash === th, {
      what: 'transcript_hash is not that of the handshake messages',
      expected: th,
      got: transcript_hash,
    });
  }
  if (keys && server_finished !== undefined) {
    judge.demand('X-TRN-07', crypto.verifyServerFinished(keys, th, server_finished), {
      what: 'server_finished does not prove the session secret',
      expected: crypto.serverFinished(keys, th),
      got: server_finished,
    });
  }
  if (server_signature === undefined) return;
  const message = asReceived(confirmation);
  const isProven = isSignedBy(crypto, subject.facts.publicKey, message, 'server_signature');
  judge.demand('X-TRN-07', isProven, {
    what: 'server_signature does not verify under the server key',
    expected: `a signature of ${subject.facts.publicKey}`,
    got: server_signature,
  });
}
