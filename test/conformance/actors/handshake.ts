/** The handshake of NORC-F from the dialling side (profile F2, F3; L-V10, L-V11, L-H03). */
import { createMust } from '../../../reference/assert.ts';
import type { ExchangeKey } from '../../../reference/crypto/crypto.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { chooseTrustVersion } from '../../../reference/wire/version.ts';
import { limits } from '../../../spec/limits.ts';
import type { FederationHandshake } from '../../../spec/messages/federation/federation-handshake.ts';
import type { FederationHandshakeResponse } from '../../../spec/messages/federation/federation-handshake-response.ts';
import { SubjectMisbehaved } from '../case.ts';
import { judgeSuite, judgeVersion, textsOf } from './agreement.ts';
import { linkTranscript, serverCapabilities } from './federation-terms.ts';
import type { Answer, HandshakeOptions, Link, LinkSession } from './peer.ts';
import { type PeerState, subjectId, subjectKey } from './peer-state.ts';
import { asJson, asReceived, isSignedBy, signed, signedAndBent } from './signing.ts';

const must = createMust();

interface Offer {
  readonly request: FederationHandshake;
  readonly ephemeral: ExchangeKey;
}

export async function handshake(
  peer: PeerState,
  link: Link,
  options: HandshakeOptions,
): Promise<LinkSession> {
  const { request, ephemeral } = composeHandshake(peer, link.alpnOffer, options);
  const { handshake: bend, resign = true } = options;
  const signature = resign ? 'renewed' : 'kept';
  const sent = bend ? signedAndBent(request, signer(peer), { bend, signature }) : asJson(request);
  const answer = bend ? await link.requestRaw(sent) : await link.request(request);
  const response = responseOf(answer);
  // Bent or not, this is what the subject has judged.
  const offered = sent as unknown as FederationHandshake;
  judgeChoices(peer, link, { offered, response });
  const transcript = judgeProofs(peer, { offered, answer, ephemeral });
  return {
    version: response.accepted_version,
    trustVersion: response.norc_t_version ?? peer.environment.at,
    suite: response.cipher_suite ?? '0001',
    transcript,
    request: offered,
    response,
  };
}

const signer = ({ environment, key }: PeerState) => ({
  crypto: environment.crypto,
  key,
  member: 'signature',
});

export function composeHandshake(
  peer: PeerState,
  alpnOffer: readonly string[],
  options: HandshakeOptions,
): Offer {
  const { crypto, chance, at } = peer.environment;
  const versions = options.versions ?? peer.versions;
  const suites = options.suites ?? ['0001'];
  const ephemeral = crypto.exchangeKey(chance.entropy(32));
  const message: FederationHandshake = {
    type: 'federation_handshake',
    requesting_server: peer.serverId,
    target_server: subjectId(peer),
    protocol_version: versions[0] ?? at,
    supported_versions: [...versions],
    capabilities: [...(options.capabilities ?? serverCapabilities(suites))],
    compatibility_requirements: {
      min_trust_level: (options.minTrustLevel ?? 'untrusted') as 'untrusted',
      required_features: [...(options.requiredFeatures ?? [])],
      optional_features: [],
    },
    norc_t_versions: [...(options.trustVersions ?? versions)],
    alpn_offer: [...alpnOffer],
    cipher_suites: [...suites],
    client_nonce: encodeBase64url(chance.entropy(limits.handshakeNonceBytes)),
    ephemeral_public_key: ephemeral.publicKey,
    ...(suites.includes('0101') && {
      pq_public_key: crypto.kemKey(chance.entropy(64)).publicKey,
    }),
  };
  return { request: signed(message, signer(peer)), ephemeral };
}

function responseOf({ message, status }: Answer): FederationHandshakeResponse {
  if (message?.type === 'federation_handshake_response') return message;
  const got = message ?? `HTTP ${status}`;
  throw new SubjectMisbehaved('the handshake was refused', 'federation_handshake_response', got);
}

interface Exchanged {
  readonly offered: FederationHandshake;
  readonly response: FederationHandshakeResponse;
}

function judgeChoices(peer: PeerState, link: Link, { offered, response }: Exchanged): void {
  const { environment } = peer;
  const { judge } = environment;
  judge.demand('F-HS-01', response.responding_server === subjectId(peer), {
    what: 'the answer names another server than its certificate',
    expected: subjectId(peer),
    got: response.responding_server,
  });
  judgeVersion(environment, textsOf(offered.supported_versions), {
    version: response.accepted_version,
    compatibilityMode: response.compatibility_mode,
  });
  judge.demand(
    'F-HS-02',
    link.alpn === null || link.alpn === `norc-f/${response.accepted_version}`,
    {
      what: 'the accepted version is not that of the ALPN',
      expected: link.alpn,
      got: response.accepted_version,
    },
  );
  judge.demand('F-HS-06', response.version_warnings.length > 0 === response.compatibility_mode, {
    what: 'there are version_warnings exactly in compatibility mode',
    expected: response.compatibility_mode ? 'some' : [],
    got: response.version_warnings,
  });
  const ours = textsOf(offered.capabilities);
  judge.demand(
    'F-HS-05',
    response.shared_capabilities.every((name) => ours.includes(name)),
    {
      what: 'shared_capabilities holds what was not offered',
      expected: ours,
      got: response.shared_capabilities,
    },
  );
  judgeTrustVersion(peer, { offered, response });
  if (response.cipher_suite === undefined) return;
  judgeSuite(environment, textsOf(offered.cipher_suites), {
    suite: response.cipher_suite,
    hasKem: offered.pq_public_key !== undefined,
    pqCiphertext: response.pq_ciphertext,
    capabilities: response.shared_capabilities,
  });
}

/** L-V11 */
function judgeTrustVersion(peer: PeerState, { offered, response }: Exchanged): void {
  const { judge, subject } = peer.environment;
  const { norc_t_version, accepted_version } = response;
  const own = subject.facts.versions;
  if (norc_t_version === undefined || own.length === 0) return;
  const best = chooseTrustVersion(own, textsOf(offered.norc_t_versions), accepted_version, {
    must,
  });
  judge.demand('X-AMC-14', best.ok && best.value.version === norc_t_version, {
    what: 'norc_t_version is not the best that both speak near the version of the link',
    expected: best.ok ? best.value.version : 'a refusal',
    got: norc_t_version,
  });
}

function judgeProofs(
  peer: PeerState,
  {
    offered,
    answer,
    ephemeral,
  }: { offered: FederationHandshake; answer: Answer; ephemeral: ExchangeKey },
): string {
  const { judge, crypto } = peer.environment;
  const response = asReceived(answer);
  const th = linkTranscript(crypto, asJson(offered), response);
  const { transcript_hash, signature, ephemeral_public_key } = response;
  if (transcript_hash !== undefined) {
    judge.demand('X-TRN-01', transcript_hash === th, {
      what: 'transcript_hash is not that of the handshake messages',
      expected: th,
      got: transcript_hash,
    });
  }
  if (signature !== undefined) {
    judge.demand('X-SIG-01', isSignedBy(crypto, subjectKey(peer), response, 'signature'), {
      what: 'the answer to the handshake is not signed by the server key',
      expected: `a signature of ${subjectKey(peer)}`,
      got: signature,
    });
  }
  if (typeof ephemeral_public_key === 'string') {
    const agreed = crypto.agree(ephemeral, ephemeral_public_key);
    judge.demand('X-KDF-07', agreed.ok, {
      what: 'the ephemeral key of the subject yields no secret',
      expected: 'a point of large order',
      got: ephemeral_public_key,
    });
  }
  return th;
}
