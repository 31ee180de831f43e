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
import type { TrustDecision } from '../../spec/messages/trust/trust-decision.ts';
import type { TrustPolicy } from '../config.ts';
import type { TrustLimits } from '../ports.ts';

export type PermissionMap = TrustDecision['federation_permissions'];

/** Methods whose evidence this build can verify. */
const builtMethods: readonly Method[] = ['direct_exchange', 'ca_validation'];

export function offeredMethods(policy: TrustPolicy): Method[] {
  return builtMethods.filter((method) => policy.supportedMethods.includes(method));
}

/**
 * A level that asks for evidence which this build cannot verify is not offered, whatever the policy
 * says: OCSP answers and CT proofs would have to be believed unseen (T-LVL-04).
 */
export function offeredLevels(policy: TrustPolicy): Level[] {
  return levelNames.filter((name) => {
    const { grantable, certificateTransparency, ocsp } = levels[name];
    return grantable && !certificateTransparency && !ocsp && policy.supportedLevels.includes(name);
  });
}

/** T-LVL-01. */
export function rankOf(level: string): number {
  return isLevel(level) ? levels[level].rank : -1;
}

/** T-LVL-05: no method yields a level above its cap (L-T19). */
export function reaches(method: string, level: string): boolean {
  return isMethod(method) && rankOf(level) <= rankOf(methods[method].maxTrustLevel);
}

/** T-CHAL-03. */
export function needsChain(method: string): boolean {
  return !isMethod(method) || methods[method].needsChain;
}

/** T-CAP-07: only a basic request is ever accepted without an operator. */
export function isAutomatic(policy: TrustPolicy, level: string): boolean {
  return level === 'basic' && policy.autoAcceptBasic && !policy.requireManualApproval;
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
