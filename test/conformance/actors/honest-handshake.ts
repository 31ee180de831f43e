/** Our answer to a federation_handshake of the subject, and what it has to have right (F2, F3). */
import { createMust } from '../../../reference/assert.ts';
import type { Crypto } from '../../../reference/crypto/crypto.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import { chooseTrustVersion, chooseVersion } from '../../../reference/wire/version.ts';
import { limits } from '../../../spec/limits.ts';
import type { FederationHandshake } from '../../../spec/messages/federation/federation-handshake.ts';
import type { FederationHandshakeResponse } from '../../../spec/messages/federation/federation-handshake-response.ts';
import type { Bend } from '../stage.ts';
import { linkTranscript, refusal, serverCapabilities } from './federation-terms.ts';
import { type PeerState, subjectId, subjectKey } from './peer-state.ts';
import { type Asked, type Reply, replyWith, signedReply } from './reply.ts';
import { asJson, isSignedBy } from './signing.ts';

const must = createMust();

export function answerHandshake(
  peer: PeerState,
  asked: Asked,
  message: FederationHandshake,
): Reply {
  judgeHandshake(peer, asked, message);
  const { environment } = peer;
  const version = chooseVersion(peer.versions, message.supported_versions, { must });
  if (!version.ok) return replyWith(refusal(environment, 5601));
  const trustVersion = chooseTrustVersion(
    peer.versions,
    message.norc_t_versions ?? [version.value.version],
    version.value.version,
    { must },
  );
  const suite = suiteOf(peer, message);
  if (!trustVersion.ok) return replyWith(refusal(environment, 5601));
  if (!suite) return replyWith(refusal(environment, 4000));
  peer.inbound.version = version.value.version;
  const ours = serverCapabilities(peer.suites);
  const { compatibilityMode } = version.value;
  const response: Unbound = {
    type: 'federation_handshake_response',
    responding_server: peer.serverId,
    accepted_version: version.value.version,
    compatibility_mode: compatibilityMode,
    shared_capabilities: message.capabilities.filter((name) => ours.includes(name)),
    version_warnings: compatibilityMode ? ['the peers differ in their major version'] : [],
    connection_id: environment.chance.uuid(),
    norc_t_version: trustVersion.value.version,
    ...keysFor(peer, message, suite),
  };
  const bound = { ...response, transcript_hash: transcriptOf(peer, asked, asJson(response)) };
  return signedReply<FederationHandshakeResponse>(peer, bound, {
    member: 'signature',
    bend: rebound(peer, asked),
  });
}

const transcriptOf = ({ environment }: PeerState, asked: Asked, response: JsonObject): string =>
  linkTranscript(environment.crypto, asked.json, response);

/** A bend that leaves `transcript_hash` alone breaks one thing, not the transcript besides. */
function rebound(peer: PeerState, asked: Asked): Bend<FederationHandshakeResponse> | undefined {
  const { handshake: bend, resign } = peer.bends;
  if (!bend || resign === false) return bend;
  return (honest) => {
    const bent = bend(honest);
    if (bent.transcript_hash !== honest.transcript_hash) return bent;
    return { ...bent, transcript_hash: transcriptOf(peer, asked, bent) };
  };
}

type Unbound = Omit<FederationHandshakeResponse, 'transcript_hash' | 'signature'>;

function suiteOf({ suites }: PeerState, message: FederationHandshake): string | undefined {
  const offered = message.cipher_suites ?? ['0001'];
  const hasKem = message.pq_public_key !== undefined;
  return ['0101', '0001'].find(
    (id) => offered.includes(id) && suites.includes(id) && (id !== '0101' || hasKem),
  );
}

type Keys = Pick<
  FederationHandshakeResponse,
  'cipher_suite' | 'server_nonce' | 'ephemeral_public_key' | 'pq_ciphertext'
>;

function keysFor(
  { environment }: PeerState,
  { pq_public_key }: FederationHandshake,
  suite: string,
): Keys {
  const { crypto, chance } = environment;
  return {
    cipher_suite: suite,
    server_nonce: encodeBase64url(chance.entropy(limits.handshakeNonceBytes)),
    ephemeral_public_key: crypto.exchangeKey(chance.entropy(32)).publicKey,
    ...(suite === '0101' && encapsulated(crypto, pq_public_key ?? '', chance.entropy(32))),
  };
}

function encapsulated(crypto: Crypto, publicKey: string, entropy: Uint8Array) {
  const sealed = crypto.encapsulate(publicKey, entropy);
  return sealed.ok ? { pq_ciphertext: sealed.value.ciphertext } : {};
}

function judgeHandshake(peer: PeerState, asked: Asked, message: FederationHandshake): void {
  const { judge, crypto } = peer.environment;
  const names = [message.requesting_server, message.target_server];
  const expected = [subjectId(peer), peer.serverId];
  judge.demand('F-HS-01', names.join(' ') === expected.join(' '), {
    what: 'the handshake of the subject does not name both servers',
    expected,
    got: names,
  });
  const { alpnOffer } = asked.request;
  const { alpn_offer } = message;
  if (alpn_offer !== undefined) {
    judge.demand('F-HS-07', alpn_offer.join(' ') === alpnOffer.join(' '), {
      what: 'alpn_offer is not what the subject offered in TLS',
      expected: alpnOffer,
      got: alpn_offer,
    });
  }
  if (message.signature === undefined) return;
  judge.demand('X-SIG-01', isSignedBy(crypto, subjectKey(peer), asked.json, 'signature'), {
    what: 'the handshake of the subject is not signed by its server key',
    expected: `a signature of ${subjectKey(peer)}`,
    got: message.signature,
  });
}
