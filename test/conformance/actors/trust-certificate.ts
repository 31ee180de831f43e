/**
 * Trust certificates (profile T7; L-T11, L-T12, L-T14): ours issued, the subject's read and judged.
 */
import { createMust } from '../../../reference/assert.ts';
import { toSeconds } from '../../../reference/time.ts';
import { bytesOf, encodeBase64url } from '../../../reference/wire/base64url.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';
import { parseStrict } from '../../../reference/wire/parse.ts';
import { createValidator } from '../../../reference/wire/validate.ts';
import { type Level, levelNames, levels } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { Bend } from '../stage.ts';
import { type PeerState, subjectId, subjectKey } from './peer-state.ts';
import { isSignedBy, signedAndBent } from './signing.ts';

const must = createMust();
const validate = createValidator({ must });

/** Validity of what our servers issue. */
const VALID_SECONDS = 60 * 86_400;

export interface Grant {
  readonly level: Level;
  readonly bend: Bend<NorcTrustCertificate> | undefined;
  readonly signature: 'renewed' | 'kept';
}

export interface Issuance {
  /** As it travels. A bent one may be anything. */
  readonly issued: NorcTrustCertificate;
  /** The same with everything that a bend took away: what a decision about it says. */
  readonly described: NorcTrustCertificate;
}

/** From us to the subject. */
export function issueCertificate(peer: PeerState, grant: Grant): Issuance {
  const { environment, key } = peer;
  const now = toSeconds(environment.subject.now());
  const certificate: Omit<NorcTrustCertificate, 'signature'> = {
    type: 'norc_trust_certificate',
    version: 1,
    certificate_id: environment.chance.uuid(),
    issuer_server: peer.serverId,
    subject_server: subjectId(peer),
    trust_level: grant.level,
    permissions: [...levels[grant.level].permissions],
    not_before: now,
    not_after: now + VALID_SECONDS,
    renewable: true,
    revocable: true,
    conditions: [],
    public_key: subjectKey(peer),
    key_algorithm: 'ed25519',
    extensions: [{ id: 'limits', critical: false, value: limitsOf(grant.level) }],
    signature_algorithm: 'ed25519',
  };
  const signer = { crypto: environment.crypto, key, member: 'signature' };
  const issued = signedAndBent(certificate as NorcTrustCertificate, signer, grant);
  const described = { ...certificate, ...issued } as unknown as NorcTrustCertificate;
  return { issued: issued as unknown as NorcTrustCertificate, described };
}

const limitsOf = (level: Level): JsonObject => ({
  max_message_size: levels[level].maxMessageBytes,
  messages_per_second: limits.grantedMessagesPerSecond,
  bandwidth_mbps: limits.grantedMegabitsPerSecond,
});

/** L-T14 */
export const certificateBlob = (certificate: NorcTrustCertificate): string =>
  encodeBase64url(canonicalBytes({ ...certificate }));

/** The decision's map of a certificate (L-T12). */
export function permissionsOf(
  certificate: NorcTrustCertificate,
): TrustDecision['federation_permissions'] {
  const has = (name: NorcTrustCertificate['permissions'][number]): boolean =>
    certificate.permissions.includes(name);
  const granted = limitsIn(certificate);
  return {
    message_relay: has('message_relay'),
    user_discovery: has('user_discovery'),
    presence_federation: has('presence_federation'),
    media_relay: has('media_relay'),
    archive_sync: has('archive_sync'),
    voice_calls: has('voice_calls'),
    file_transfer: has('file_transfer'),
    max_message_size: Number(granted.max_message_size ?? 0),
    rate_limits: {
      messages_per_second: Number(granted.messages_per_second ?? 0),
      bandwidth_mbps: Number(granted.bandwidth_mbps ?? 0),
    },
  };
}

function limitsIn({ extensions }: NorcTrustCertificate): JsonObject {
  const value = extensions.find(({ id }) => id === 'limits')?.value;
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}

/** A certificate that the subject hands over, well-formed, signed by it, and about us. */
export function readCertificate(peer: PeerState, blob: string | undefined): NorcTrustCertificate {
  const { judge, crypto, at, subject } = peer.environment;
  const bytes = bytesOf(blob ?? '');
  const parsed = parseStrict(bytes, { maxBytes: limits.federationBodyBytes, must });
  const judged = parsed.ok ? validate(parsed.value, at) : parsed;
  if (!parsed.ok || !judged.ok || judged.value.type !== 'norc_trust_certificate') {
    throw judge.broken('T-CERT-01', {
      what: 'the subject hands over something that is no trust certificate',
      expected: 'a norc_trust_certificate',
      got: new TextDecoder().decode(bytes),
    });
  }
  const certificate = judged.value;
  const isSigned = isSignedBy(crypto, subjectKey(peer), parsed.value as JsonObject, 'signature');
  judge.demand('T-CERT-02', isSigned, {
    what: 'the trust certificate is not signed by the server key of the subject',
    expected: `a signature of ${subjectKey(peer)}`,
    got: certificate,
  });
  const { issuer_server, subject_server, public_key } = certificate;
  const names = { issuer_server, subject_server, public_key };
  const expected = {
    issuer_server: subjectId(peer),
    subject_server: peer.serverId,
    public_key: peer.key.publicKey,
  };
  judge.demand('T-CERT-04', JSON.stringify(names) === JSON.stringify(expected), {
    what: 'the trust certificate is not from the subject to us and our key',
    expected,
    got: names,
  });
  const now = toSeconds(subject.now());
  judge.demand('T-CERT-03', certificate.not_before <= now && now < certificate.not_after, {
    what: 'the trust certificate is not valid now',
    expected: `${now} within its validity`,
    got: [certificate.not_before, certificate.not_after],
  });
  judgePermissions(peer, certificate);
  return certificate;
}

/** T-CERT-05: what the table of levels allows (L-T20). */
function judgePermissions(
  { environment }: PeerState,
  { trust_level, permissions }: NorcTrustCertificate,
): void {
  const allowed: readonly string[] = levels[trust_level].permissions;
  environment.judge.demand(
    'T-CERT-05',
    permissions.every((name) => allowed.includes(name)),
    {
      what: `the trust certificate permits more than ${trust_level} may`,
      expected: allowed,
      got: permissions,
    },
  );
}

export const levelRank = (level: string): number =>
  (levelNames as readonly string[]).indexOf(level);
