/**
 * The handshake of the side that dials (F2, profile 2.2 row 5): what we offer, and how the answer is
 * judged. Whatever does not follow from both offers is a downgrade and ends the link (X-AMC-07, X-CS-02).
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import type { FederationHandshake } from '../../spec/messages/federation/federation-handshake.ts';
import type { FederationHandshakeResponse } from '../../spec/messages/federation/federation-handshake-response.ts';
import type { Context } from '../core.ts';
import type { JsonObject, SessionKeys, SuiteId } from '../crypto/crypto.ts';
import { encodeBase64url } from '../wire/base64url.ts';
import { chooseTrustVersion, chooseVersion, parseVersion } from '../wire/version.ts';
import { bindKeys, offeredKeys, transcriptOf } from './handshake-keys.ts';
import type { Link, Offer, Session } from './link.ts';
import {
  firstObjection,
  type Judged,
  objection,
  pass,
  type Refusal,
  refusalOf,
  stop,
} from './refusal.ts';
import {
  asJson,
  type Federation,
  governing,
  isSigned,
  peerKey,
  signed,
  validate,
} from './state.ts';
import { HYBRID_CAPABILITY, isHybrid, keepsHybrid, ownCapabilities, ownSuites } from './suite.ts';
import { alpnVersion } from './tls-identity.ts';

const { federation: code, common } = errorCode;

export function makeOffer(federation: Federation, link: Link, context: Context): Offer {
  const { config } = federation;
  const { crypto, entropy } = context;
  // X-KDF-09: fresh for every link.
  const exchange = crypto.exchangeKey(entropy(32));
  const cipherSuites = ownSuites(config);
  const kem = cipherSuites.some(isHybrid) ? crypto.kemKey(entropy(64)) : null;
  const standing = governing(federation, link, context.now);
  const message: FederationHandshake = {
    type: 'federation_handshake',
    requesting_server: config.serverId,
    target_server: link.peer,
    protocol_version: alpnVersion(link.tls?.alpn ?? null) ?? '1.0',
    supported_versions: [...config.versions.federation],
    capabilities: ownCapabilities(config),
    compatibility_requirements: {
      // Before there is trust the link serves to establish it (L-F10).
      min_trust_level: standing.status === 'active' ? 'basic' : 'untrusted',
      required_features: [],
      optional_features: [],
    },
    norc_t_versions: [...config.versions.trust],
    // F-HS-07: the offer as it was made, so that a reordered one gives another transcript.
    alpn_offer: [...(link.tls?.alpnOffer ?? [])],
    cipher_suites: cipherSuites,
    client_nonce: encodeBase64url(entropy(limits.handshakeNonceBytes)),
    ephemeral_public_key: exchange.publicKey,
    ...(kem && { pq_public_key: kem.publicKey }),
    ...(standing.certificateId !== null && { trust_certificate_id: standing.certificateId }),
  };
  return { message: signed(config.identity, message, 'signature', context), exchange, kem };
}

interface Reply {
  readonly federation: Federation;
  readonly link: Link;
  readonly offer: Offer;
  readonly response: FederationHandshakeResponse;
  readonly body: JsonObject;
}

/** `body` is what was received; `response` the same under its own name and without nulls. */
export function judgeResponse(reply: Reply, context: Context): Judged<Session> {
  const refused = firstObjection(responseChecks, reply, context);
  if (refused) return stop(refused);
  const { federation, offer, response, body } = reply;
  const suite = ownSuites(federation.config).find((own) => own === response.cipher_suite) ?? null;
  const keys = suite === null ? pass(null) : keysOf(reply, suite, context);
  if (!keys.ok) return keys;
  return pass({
    version: response.accepted_version,
    trustVersion: response.norc_t_version ?? null,
    suite,
    compatibilityMode: response.compatibility_mode,
    capabilities: response.shared_capabilities,
    // The answer names no list; that this one is spoken is all we know.
    peerVersions: [response.accepted_version],
    connectionId: response.connection_id,
    minimumLevel: 'basic',
    transcript: transcriptOf(asJson(offer.message), body, context),
    encapsulationKey: isHybrid(suite) ? (offer.message.pq_public_key ?? null) : null,
    keys: keys.value,
  });
}

function keysOf(
  { offer, response, body }: Reply,
  suite: SuiteId,
  context: Context,
): Judged<SessionKeys> {
  const shared = offeredKeys(suite, offer, response, context);
  if (!shared.ok) return shared;
  const bound = {
    version: response.accepted_version,
    suite,
    clientNonce: offer.message.client_nonce ?? '',
    serverNonce: response.server_nonce ?? '',
  };
  const transcript = transcriptOf(asJson(offer.message), body, context);
  return pass(bindKeys(shared.value, bound, transcript, context));
}

type Check = (reply: Reply, context: Context) => Refusal | null;

const namesItself: Check = ({ link, response }, context) =>
  objection(context, 'F-HS-01', response.responding_server === link.peer, () => ({
    code: code.malformed,
    detail: `${response.responding_server} answers for ${link.peer}`,
  }));

const wasOffered: Check = ({ offer, response }, context) => {
  const { supported_versions } = offer.message;
  return objection(
    context,
    'X-AMC-08',
    supported_versions.includes(response.accepted_version),
    () => ({
      code: code.versionMismatch,
      detail: `version ${response.accepted_version} was not offered`,
      reason: 'no_compatible_version',
    }),
  );
};

/** TLS on both sides has agreed on the best mutual version already (L-V10). */
const isThatOfAlpn: Check = ({ link, response }, context) => {
  const version = alpnVersion(link.tls?.alpn ?? null);
  return objection(context, 'F-HS-02', response.accepted_version === version, () => ({
    code: code.versionMismatch,
    detail: `version ${response.accepted_version} on ${link.tls?.alpn ?? 'no ALPN'}`,
    reason: 'negotiation_mismatch',
  }));
};

const isWhole: Check = ({ federation, response, body }, context) => {
  if (!parseVersion(response.accepted_version).ok) return null;
  const shape = validate(federation, body, response.accepted_version, context);
  return shape.ok ? null : refusalOf(shape.error, code.malformed);
};

const isAuthentic: Check = ({ federation, link, response, body }, context) => {
  // Only 1.0 may leave it out, and the shape has seen to that (L-V12).
  const isProven =
    response.signature === undefined ||
    isSigned(peerKey(federation, link), body, 'signature', context);
  return objection(context, 'X-SIG-01', isProven, () => ({
    code: common.cryptoError,
    detail: 'the signature of the handshake response does not verify',
  }));
};

const sharesTranscript: Check = ({ offer, response, body }, context) => {
  const expected = transcriptOf(asJson(offer.message), body, context);
  const isSame = response.transcript_hash === undefined || response.transcript_hash === expected;
  return objection(context, 'X-TRN-05', isSame, () => ({
    code: common.cryptoError,
    detail: 'the transcripts differ',
  }));
};

/** Our own half of X-AMC-10: below our top major it must be set, whatever the peer speaks. */
const admitsCompatibility: Check = ({ federation, response }, context) => {
  const own = federation.config.versions.federation;
  const best = chooseVersion(own, [response.accepted_version], context);
  const isHonest = !best.ok || !best.value.compatibilityMode || response.compatibility_mode;
  return objection(context, 'X-AMC-10', isHonest, () => ({
    code: code.versionMismatch,
    detail: 'compatibility mode is denied below our own top major',
    reason: 'negotiation_mismatch',
  }));
};

const warnsOfCompatibility: Check = ({ response }, context) => {
  const warns = response.version_warnings.length > 0;
  return objection(context, 'F-HS-06', warns === response.compatibility_mode, () => ({
    code: code.malformed,
    detail: 'warnings without compatibility mode, or the reverse',
  }));
};

const sharesWhatWeHave: Check = ({ offer, response }, context) => {
  const { capabilities } = offer.message;
  const isShared = response.shared_capabilities.every((atom) => capabilities.includes(atom));
  return objection(context, 'F-HS-05', isShared, () => ({
    code: code.malformed,
    detail: 'shared capabilities that we do not have',
  }));
};

const isNoStepDown: Check = ({ federation, link, response }, context) => {
  const { trust } = federation.ports;
  const version = response.accepted_version;
  return objection(
    context,
    'T-CAP-05',
    trust.permitsVersion(link.peer, 'federation', version, context),
    () => ({
      code: code.versionMismatch,
      detail: `a step down to ${version}`,
      reason: 'downgrade',
    }),
  );
};

const fitsTrust: Check = ({ federation, response }, context) => {
  const { norc_t_version: named, accepted_version: link } = response;
  const own = federation.config.versions.trust;
  // At 1.0 it may be left out (L-V12).
  const fits = named === undefined || chooseTrustVersion(own, [named], link, context).ok;
  return objection(context, 'X-AMC-14', fits, () => ({
    code: code.versionMismatch,
    detail: `NORC-T ${named} on NORC-F ${link}`,
    reason: 'no_compatible_version',
  }));
};

/** The peer's list is not in the answer; that it could have done better shows in the capabilities. */
const isBestSuite: Check = ({ federation, response }, context) => {
  const { config } = federation;
  const chosen = response.cipher_suite;
  const isOurs = ownSuites(config).some((suite) => suite === chosen);
  const bothHybrid = response.shared_capabilities.includes(HYBRID_CAPABILITY);
  const isLegacy = chosen === undefined && config.policy.allowLegacyHandshake;
  const holds = isLegacy || (isOurs && (!bothHybrid || isHybrid(chosen as SuiteId)));
  return objection(context, 'X-CS-02', holds, () => ({
    code: common.cryptoError,
    detail: `suite ${chosen ?? 'none'}`,
    reason: 'no_common_suite',
  }));
};

const staysHybrid: Check = ({ federation, link, response }, context) => {
  const { level } = governing(federation, link, context.now);
  const wasHybrid = federation.sequences.hybrid.has(link.peer);
  const suite = ownSuites(federation.config).find((own) => own === response.cipher_suite) ?? null;
  return objection(context, 'X-PQ-05', keepsHybrid(suite, { level, wasHybrid }), () => ({
    code: common.cryptoError,
    detail: 'a classical suite after a hybrid one',
    reason: 'downgrade',
  }));
};

const isNewConnection: Check = ({ federation, link, response }, context) => {
  const others = [...federation.links.values()].filter((other) => other !== link);
  const isUsed = others.some(({ session }) => session?.connectionId === response.connection_id);
  return objection(context, 'F-HS-08', !isUsed, () => ({
    code: code.malformed,
    detail: 'a connection id that is in use',
  }));
};

/** Identity and signature first: until they hold, nothing else that the answer says is the peer's. */
const responseChecks: readonly Check[] = [
  namesItself,
  isAuthentic,
  sharesTranscript,
  wasOffered,
  isThatOfAlpn,
  isWhole,
  isNoStepDown,
  fitsTrust,
  admitsCompatibility,
  warnsOfCompatibility,
  sharesWhatWeHave,
  isBestSuite,
  staysHybrid,
  isNewConnection,
];
