/**
 * The handshake of the side that is dialled (F3, profile 2.2 row 5): whether the offer may be accepted,
 * and what is chosen from it. Every choice is the best that both offer; nothing else is ever answered.
 */
import { errorCode, levelNames } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import type { FederationHandshake } from '../../spec/messages/federation/federation-handshake.ts';
import type { FederationHandshakeResponse } from '../../spec/messages/federation/federation-handshake-response.ts';
import type { Context } from '../core.ts';
import type { JsonObject, SuiteId } from '../crypto/crypto.ts';
import { encodeBase64url } from '../wire/base64url.ts';
import { chooseTrustVersion, chooseVersion, type VersionChoice } from '../wire/version.ts';
import { bounds } from './bounds.ts';
import { type Answered, answerKeys, bindKeys, transcriptOf } from './handshake-keys.ts';
import type { Link, Session } from './link.ts';
import {
  firstObjection,
  type Judged,
  objection,
  pass,
  type Refusal,
  refusalOf,
  stop,
} from './refusal.ts';
import { reaches } from './standing.ts';
import {
  asJson,
  type Federation,
  governing,
  isSigned,
  peerKey,
  signed,
  validate,
} from './state.ts';
import { isHybrid, keepsHybrid, ownCapabilities, ownSuites } from './suite.ts';
import { alpnVersion } from './tls-identity.ts';
import { uuid } from './uuid.ts';

const { federation: code, common } = errorCode;

export interface Request {
  readonly federation: Federation;
  readonly link: Link;
  readonly handshake: FederationHandshake;
  /** As received. */
  readonly body: JsonObject;
}

export interface Agreement {
  readonly session: Session;
  readonly response: FederationHandshakeResponse;
}

interface Chosen {
  readonly version: VersionChoice;
  readonly trustVersion: string | null;
  readonly suite: SuiteId | null;
}

export function judgeHandshake(request: Request, context: Context): Judged<Agreement> {
  const refused = firstObjection(identityChecks, request, context);
  if (refused) return stop(refused);
  const version = chooseLinkVersion(request, context);
  if (!version.ok) return version;
  const trustVersion = chooseTrust(request, version.value.version, context);
  if (!trustVersion.ok) return trustVersion;
  const suite = chooseSuite(request, context);
  if (!suite.ok) return suite;
  const barred = firstObjection(policyChecks, request, context);
  if (barred) return stop(barred);
  const chosen = { version: version.value, trustVersion: trustVersion.value, suite: suite.value };
  return agree(request, chosen, context);
}

// --- what the offer must be ---------------------------------------------------------------------------

type Check = (request: Request, context: Context) => Refusal | null;

const isForUs: Check = ({ federation, handshake }, context) =>
  objection(context, 'F-HS-01', handshake.target_server === federation.config.serverId, () => ({
    code: code.malformed,
    detail: `a handshake for ${handshake.target_server}`,
    reason: 'wrong_target',
  }));

const isAuthentic: Check = ({ federation, link, handshake, body }, context) => {
  // Only 1.0 may leave it out; the request proof stands for it there (L-V12).
  const isProven =
    handshake.signature === undefined ||
    isSigned(peerKey(federation, link), body, 'signature', context);
  return objection(context, 'X-SIG-01', isProven, () => ({
    code: common.cryptoError,
    detail: 'the signature of the handshake does not verify',
  }));
};

/** X-TRN-03: the offer that TLS has seen, in its order, or somebody between us has changed it. */
const namesItsAlpn: Check = ({ link, handshake }, context) => {
  const seen = link.tls?.alpnOffer ?? [];
  const named = handshake.alpn_offer ?? seen;
  const isSame = named.length === seen.length && named.every((id, at) => id === seen[at]);
  return objection(context, 'F-HS-07', isSame, () => ({
    code: code.versionMismatch,
    detail: `ALPN offer ${seen.join(' ')} is said to be ${named.join(' ')}`,
    reason: 'negotiation_mismatch',
  }));
};

const identityChecks: readonly Check[] = [isForUs, isAuthentic, namesItsAlpn];

// --- what is chosen -----------------------------------------------------------------------------------

function chooseLinkVersion(request: Request, context: Context): Judged<VersionChoice> {
  const { federation, link, handshake } = request;
  const own = federation.config.versions.federation;
  const choice = chooseVersion(own, handshake.supported_versions, context);
  if (!choice.ok) {
    // X-AMC-09: a list without any version is no list of versions.
    const isMalformed = choice.error.requirement === 'X-AMC-09';
    return stop(
      isMalformed
        ? refusalOf(choice.error, code.malformed, 'malformed')
        : refusalOf(choice.error, code.versionMismatch, 'no_compatible_version'),
    );
  }
  const { version } = choice.value;
  const mismatch = objection(
    context,
    'F-HS-02',
    alpnVersion(link.tls?.alpn ?? null) === version,
    () => ({
      code: code.versionMismatch,
      detail: `version ${version} on ${link.tls?.alpn ?? 'no ALPN'}`,
      reason: 'negotiation_mismatch',
    }),
  );
  if (mismatch) return stop(mismatch);
  // From 1.1 on what 1.0 may leave out must be there (X-AMC-17).
  const shape = validate(federation, asJson(handshake), version, context);
  if (!shape.ok) return stop(refusalOf(shape.error, code.malformed, 'malformed'));
  const { trust } = federation.ports;
  const stepDown = objection(
    context,
    'T-CAP-05',
    trust.permitsVersion(link.peer, 'federation', version, context),
    () => ({
      code: code.versionMismatch,
      detail: `a step down to ${version}`,
      reason: 'downgrade',
    }),
  );
  return stepDown ? stop(stepDown) : choice;
}

function chooseTrust(
  { federation, handshake }: Request,
  linkVersion: string,
  context: Context,
): Judged<string | null> {
  const offered = handshake.norc_t_versions;
  if (offered === undefined) return pass(null);
  const own = federation.config.versions.trust;
  const choice = chooseTrustVersion(own, offered, linkVersion, context);
  if (choice.ok) return pass(choice.value.version);
  return stop(refusalOf(choice.error, code.versionMismatch, 'no_compatible_version'));
}

function chooseSuite(
  { federation, link, handshake }: Request,
  context: Context,
): Judged<SuiteId | null> {
  const { config, sequences } = federation;
  const offered = handshake.cipher_suites;
  const suite = ownSuites(config).find((own) => offered?.includes(own)) ?? null;
  // L-H01: without keys only where the operator allows it.
  const isLegacy = offered === undefined && config.policy.allowLegacyHandshake;
  const { level } = governing(federation, link, context.now);
  const wasHybrid = sequences.hybrid.has(link.peer);
  const refused =
    objection(context, 'X-CS-02', suite !== null || isLegacy, () => ({
      code: common.cryptoError,
      detail: `no common suite in ${offered?.join(' ') ?? 'no list'}`,
      reason: 'no_common_suite',
    })) ??
    objection(context, 'X-PQ-05', keepsHybrid(suite, { level, wasHybrid }), () => ({
      code: common.cryptoError,
      detail: 'a classical suite after a hybrid one',
      reason: 'downgrade',
    }));
  return refused ? stop(refused) : pass(suite);
}

// --- what we can do for it ----------------------------------------------------------------------------

const hasFeatures: Check = ({ federation, handshake }, context) => {
  const own = ownCapabilities(federation.config);
  const { required_features } = handshake.compatibility_requirements;
  const missing = required_features.filter((feature) => !own.includes(feature));
  return objection(context, 'F-HS-03', missing.length === 0, () => ({
    code: code.capabilityMissing,
    detail: `required features ${missing.join(' ')}`,
    reason: 'required_features',
  }));
};

/** Before there is trust the minimum waits: the link is how trust is made (L-F10). */
const reachesLevel: Check = ({ federation, link, handshake }, context) => {
  const { status, level } = governing(federation, link, context.now);
  const { min_trust_level } = handshake.compatibility_requirements;
  return objection(
    context,
    'F-HS-04',
    status !== 'active' || reaches(level, min_trust_level),
    () => ({
      code: code.insufficientTrust,
      detail: `level ${level} below ${min_trust_level}`,
    }),
  );
};

const hasRoom: Check = ({ federation, link }, context) => {
  const links = [...federation.links.values()].filter(
    (other) => other.direction === 'accepted' && other.peer === link.peer,
  );
  return objection(context, 'F-RATE-01', links.length <= bounds.linksPerPeer, () => ({
    code: code.quota,
    detail: `${links.length} links`,
    limit: {
      limit_type: 'connections',
      current_rate: links.length,
      limit: bounds.linksPerPeer,
      retry_after: limits.rateRetrySeconds,
    },
  }));
};

const policyChecks: readonly Check[] = [hasFeatures, reachesLevel, hasRoom];

// --- the answer ---------------------------------------------------------------------------------------

function agree(request: Request, chosen: Chosen, context: Context): Judged<Agreement> {
  const { federation, handshake, body } = request;
  const { suite } = chosen;
  const answered = suite === null ? pass(null) : answerKeys(suite, handshake, context);
  if (!answered.ok) return answered;
  const bare = composeResponse(request, chosen, answered.value, context);
  const transcript = transcriptOf(body, asJson(bare), context);
  const { identity } = federation.config;
  const named = { ...bare, transcript_hash: transcript };
  const response = signed(identity, named, 'signature', context);
  return pass({
    response,
    session: {
      version: chosen.version.version,
      trustVersion: chosen.trustVersion,
      suite,
      compatibilityMode: chosen.version.compatibilityMode,
      capabilities: response.shared_capabilities,
      peerVersions: handshake.supported_versions,
      connectionId: response.connection_id,
      minimumLevel: higherLevel('basic', handshake.compatibility_requirements.min_trust_level),
      transcript,
      encapsulationKey: isHybrid(suite) ? (handshake.pq_public_key ?? null) : null,
      keys:
        suite === null || answered.value === null
          ? null
          : bindKeys(answered.value, boundTo(handshake, response, suite), transcript, context),
    },
  });
}

function composeResponse(
  { federation, handshake }: Request,
  { version, trustVersion, suite }: Chosen,
  answered: Answered | null,
  context: Context,
): FederationHandshakeResponse {
  const own = ownCapabilities(federation.config);
  const { version: accepted, compatibilityMode } = version;
  return {
    type: 'federation_handshake_response',
    responding_server: federation.config.serverId,
    accepted_version: accepted,
    compatibility_mode: compatibilityMode,
    // F-HS-05, in the order of the offer.
    shared_capabilities: handshake.capabilities.filter((atom) => own.includes(atom)),
    // F-HS-06
    version_warnings: compatibilityMode ? [`compatibility mode at version ${accepted}`] : [],
    connection_id: uuid(context),
    ...(suite !== null && { cipher_suite: suite }),
    ...(answered && {
      server_nonce: encodeBase64url(context.entropy(limits.handshakeNonceBytes)),
      ephemeral_public_key: answered.exchange.publicKey,
      ...(answered.ciphertext !== undefined && { pq_ciphertext: answered.ciphertext }),
    }),
    ...(trustVersion !== null && { norc_t_version: trustVersion }),
  };
}

function boundTo(
  handshake: FederationHandshake,
  response: FederationHandshakeResponse,
  suite: SuiteId,
): Parameters<typeof bindKeys>[1] {
  return {
    version: response.accepted_version,
    suite,
    clientNonce: handshake.client_nonce ?? '',
    serverNonce: response.server_nonce ?? '',
  };
}

function higherLevel(a: string, b: string): string {
  return levelNames.findLast((level) => level === a || level === b) ?? a;
}
