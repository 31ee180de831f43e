/** What this build and its policy offer and grant (T 2.1, T 2.2, profile 5.4, L-T17 to L-T20). */
import {
  type Level,
  levelNames,
  levels,
  type Method,
  methodNames,
  methods,
  type Permission,
  permissionNames,
} from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import { type DocumentType, documentTypes } from '../../spec/messages/trust/enumerations.ts';
import type { TrustDecision } from '../../spec/messages/trust/trust-decision.ts';
import type { TrustLimits } from '../ports.ts';
import type { TrustPolicy } from '../trust-policy.ts';

export type PermissionMap = TrustDecision['federation_permissions'];

/** Methods whose evidence this build can verify. */
const builtMethods: readonly Method[] = [
  'direct_exchange',
  'ca_validation',
  'web_of_trust',
  'government_pki',
  'manual_verification',
];

export function offeredMethods(policy: TrustPolicy): Method[] {
  return builtMethods.filter((method) => policy.supportedMethods.includes(method));
}

export function offeredLevels(policy: TrustPolicy): Level[] {
  return levelNames.filter((name) => {
    return levels[name].grantable && policy.supportedLevels.includes(name);
  });
}

/** T-LVL-01. */
export function rankOf(level: string): number {
  return isLevel(level) ? levels[level].rank : -1;
}

/**
 * T-LVL-05: no method yields a level above its cap (L-T19), which may hang on the kind of authority
 * that the chain ends below. Null: not known yet, so the highest cap of all.
 */
export function reaches(method: string, level: string, authority: string | null): boolean {
  return isMethod(method) && rankOf(level) <= Math.max(...capsOf(method, authority));
}

function capsOf(method: Method, authority: string | null): number[] {
  const { maxTrustLevel, maxWithCa } = methods[method];
  const special = Object.entries(maxWithCa)
    .filter(([kind]) => authority === null || kind === authority)
    .map(([, cap]) => rankOf(cap));
  return [rankOf(maxTrustLevel), ...special];
}

/** T-LVL-04, T-GOV-03: the kinds of authority that may stand behind a level. */
export function acceptsAuthority(level: string, kind: string): boolean {
  const kinds: readonly string[] = isLevel(level) ? levels[level].caTypes : [];
  return kinds.includes(kind);
}

/** T-LVL-04: standards for which there must be an attestation. */
export function standardsFor(level: string): readonly string[] {
  return isLevel(level) ? levels[level].complianceStandards : [];
}

export function needsBackgroundCheck(level: string): boolean {
  return isLevel(level) && levels[level].backgroundCheck;
}

/** L-H15: from classified on a link is hybrid or it is not. */
export function needsHybrid(level: string): boolean {
  return isLevel(level) && levels[level].hybridPq === 'required';
}

/** T-RESP-07. */
export function documentsFor(policy: TrustPolicy, level: string): readonly DocumentType[] {
  const required = policy.organization.requiredDocuments;
  const named = Object.hasOwn(required, level) ? (required[level] ?? []) : [];
  return documentTypes.filter((type) => named.includes(type));
}

/** T-CHAL-03. */
export function needsChain(method: string): boolean {
  return !isMethod(method) || methods[method].needsChain;
}

/**
 * T-CAP-07: only a basic request is ever accepted without an operator, unless one has spoken
 * beforehand.
 */
export function isAutomatic(
  policy: TrustPolicy,
  { peer, level, method }: { peer: string; level: string; method: string },
): boolean {
  const { approvedServers, autoAcceptBasic, requireManualApproval } = policy;
  const approved = Object.hasOwn(approvedServers, peer) ? (approvedServers[peer] ?? '') : '';
  if (rankOf(level) <= rankOf(approved)) return true;
  // T 2.2: some methods are never automatic.
  const isUnattended = isMethod(method) && methods[method].automatic;
  return level === 'basic' && isUnattended && autoAcceptBasic && !requireManualApproval;
}

/** Configurable upward only (L-T17). */
export function thresholdTenths(policy: TrustPolicy, level: string): number {
  const own = isLevel(level) ? (levels[level].threshold ?? 100) : 100;
  return Math.max(own * 10, policy.thresholdTenths[level] ?? 0);
}

/** L-T20. */
export function grantableAt(level: string): readonly Permission[] {
  return isLevel(level) ? levels[level].permissions : [];
}

export function limitsAt(level: string): TrustLimits {
  return {
    maxMessageBytes: isLevel(level) ? levels[level].maxMessageBytes : 0,
    messagesPerSecond: limits.grantedMessagesPerSecond,
    bandwidthMbps: limits.grantedMegabitsPerSecond,
  };
}

/** The decision's form of permissions and limits (L-T12). */
export function permissionMap(names: readonly string[], bounds: TrustLimits): PermissionMap {
  return {
    message_relay: names.includes('message_relay'),
    user_discovery: names.includes('user_discovery'),
    presence_federation: names.includes('presence_federation'),
    media_relay: names.includes('media_relay'),
    archive_sync: names.includes('archive_sync'),
    voice_calls: names.includes('voice_calls'),
    file_transfer: names.includes('file_transfer'),
    max_message_size: bounds.maxMessageBytes,
    rate_limits: {
      messages_per_second: bounds.messagesPerSecond,
      bandwidth_mbps: bounds.bandwidthMbps,
    },
  };
}

export function permittedBy(map: PermissionMap): Permission[] {
  return permissionNames.filter((name) => map[name]);
}

export function isLevel(name: string): name is Level {
  return (levelNames as readonly string[]).includes(name);
}

function isMethod(name: string): name is Method {
  return (methodNames as readonly string[]).includes(name);
}
