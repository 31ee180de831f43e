/**
 * The NORC trust certificate (T 4.1, L-T14): issued, written as base64url of canonical JSON, and
 * read.
 */
import { type Level, levels, type Permission } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustCondition } from '../../../spec/messages/trust/trust-condition.ts';
import type { Hash, PublicKey } from '../../crypto/crypto.ts';
import type { TrustLimits } from '../../ports.ts';
import { type Micros, toSeconds } from '../../time.ts';
import { decodeBase64url, encodeBase64url } from '../../wire/base64url.ts';
import { canonicalBytes } from '../../wire/canonical.ts';
import { parseStrict } from '../../wire/parse.ts';
import { accept, type Result, refuse } from '../../wire/result.ts';
import { createValidator } from '../../wire/validate.ts';
import { fingerprintExtension } from '../evidence/post-quantum.ts';
import { freshUuid } from '../identifiers.ts';
import { grantableAt, limitsAt } from '../policy.ts';
import type { Scope } from '../scope.ts';
import { asValue, signed } from '../transcript.ts';

/** Largest that is read, as canonical JSON. [P] */
const MAX_BYTES = 64 * 1024;

export interface CertificateOrder {
  readonly subject: string;
  readonly subjectKey: PublicKey;
  readonly level: Level;
  readonly notBeforeSeconds: number;
  readonly ageSeconds: number;
  readonly permissions: readonly Permission[];
  readonly limits: TrustLimits;
  readonly conditions: readonly TrustCondition[];
  /** Of the link on which trust was asked for, where it is hybrid (X-PQ-06). */
  readonly pqFingerprint: Hash | null;
}

/** What a level grants a newcomer, less what it is not to have. */
export function termsAt(
  level: Level,
  withheld: readonly string[],
): Pick<CertificateOrder, 'permissions' | 'limits'> {
  const permissions = levels[level].permissions.filter((name) => !withheld.includes(name));
  return { permissions, limits: limitsAt(level) };
}

/**
 * Valid from a minute ago: validity has no allowance for skew (L-T15), so a certificate that began
 * now would be refused by every peer whose clock is a second behind ours.
 */
export function newcomersStart(now: Micros): number {
  return toSeconds(now) - limits.federationSkewSeconds;
}

export function issueCertificate(scope: Scope, order: CertificateOrder): NorcTrustCertificate {
  const { context, config } = scope;
  const body: Omit<NorcTrustCertificate, 'signature'> = {
    type: 'norc_trust_certificate',
    version: 1,
    certificate_id: freshUuid(context),
    issuer_server: config.serverId,
    subject_server: order.subject,
    trust_level: order.level,
    permissions: [...order.permissions],
    not_before: order.notBeforeSeconds,
    not_after: order.notBeforeSeconds + order.ageSeconds,
    renewable: config.policy.trust.renewable,
    revocable: true,
    conditions: [...order.conditions],
    public_key: order.subjectKey,
    key_algorithm: 'ed25519',
    extensions: [
      {
        id: 'limits',
        critical: false,
        value: {
          max_message_size: order.limits.maxMessageBytes,
          messages_per_second: order.limits.messagesPerSecond,
          bandwidth_mbps: order.limits.bandwidthMbps,
        },
      },
      ...fingerprintExtension(order.pqFingerprint),
    ],
    signature_algorithm: 'ed25519',
  };
  return signed(scope, body, 'signature');
}

export function encodeCertificate(certificate: NorcTrustCertificate): string {
  return encodeBase64url(canonicalBytes(asValue(certificate)));
}

/** T-CERT-01: every member is there and well formed. What it says is judged elsewhere. */
export function decodeCertificate(scope: Scope, blob: string): Result<NorcTrustCertificate> {
  const { must } = scope.context;
  const bytes = decodeBase64url(blob, must);
  if (!bytes.ok) return bytes;
  const json = parseStrict(bytes.value, { maxBytes: MAX_BYTES, must });
  if (!json.ok) return json;
  const message = createValidator({ must })(json.value, '1.1');
  if (!message.ok) return message;
  if (message.value.type !== 'norc_trust_certificate') {
    return refuse('T-CERT-01', 'not a trust certificate');
  }
  return accept(message.value);
}

/** The extension `limits` (L-T12); what it lacks, or exceeds, the level in force decides. */
export function limitsOf(
  certificate: NorcTrustCertificate,
  level: string = certificate.trust_level,
): TrustLimits {
  const most = limitsAt(level);
  const stated = certificate.extensions.find(({ id }) => id === 'limits')?.value;
  const member = (name: string): number => {
    const value = typeof stated === 'object' && stated !== null ? asValue(stated)[name] : undefined;
    return typeof value === 'number' ? value : Number.POSITIVE_INFINITY;
  };
  return {
    maxMessageBytes: Math.min(member('max_message_size'), most.maxMessageBytes),
    messagesPerSecond: finite(member('messages_per_second'), most.messagesPerSecond),
    bandwidthMbps: finite(member('bandwidth_mbps'), most.bandwidthMbps),
  };
}

/** Rates are the issuer's own choice: no level bounds them. */
function finite(stated: number, otherwise: number): number {
  return Number.isFinite(stated) ? stated : otherwise;
}

/** Permissions in force by the certificate alone: never more than the level allows (L-T20). */
export function permissionsOf(
  certificate: NorcTrustCertificate,
  level: string,
): readonly Permission[] {
  const allowed: readonly string[] = grantableAt(level);
  return certificate.permissions.filter((name) => allowed.includes(name));
}

/** When to ask for the next one: 30 days ahead, or a third of a shorter life (profile 2.5). */
export function renewalDateOf({ not_before, not_after }: NorcTrustCertificate): number {
  const third = Math.floor((not_after - not_before) / limits.renewalLeadDivisor);
  return not_after - Math.max(1, Math.min(limits.renewalLeadSeconds, third));
}
