/** Permissions, conditions, extensions and revocation (T-CERT-05 to T-CERT-08, T-CERT-14). */
import { levelNames, levels, permissionNames } from '../../../../spec/emitted/registries.ts';
import type { Draft } from '../../category.ts';
import type { JsonObject } from '../../primitives/canonical-json.ts';
import { NOW } from '../../primitives/certificate.ts';
import { eachDropped } from '../../variation.ts';
import { grounds, holds, made, type Question, refuse } from './scene.ts';

/** Levels × permissions, each permission alone. */
export function permissions(): Draft[] {
  const granted = levelNames.filter((level) => level !== 'untrusted');
  return [
    ...granted.flatMap((level) => {
      const allowed: readonly string[] = levels[level].permissions;
      return permissionNames.map((name) =>
        (allowed.includes(name) ? holds : refuse)(
          grounds.permissions,
          `${name.replaceAll('_', '-')}-at-${level}`,
          {
            certificate: made({ permissions: [name] }, level),
          },
        ),
      );
    }),
    holds(grounds.permissions, 'no-permission', { certificate: made({ permissions: [] }) }),
    holds(grounds.permissions, 'in-another-order', {
      certificate: made({ permissions: [...levels.verified.permissions].reverse() }),
    }),
    refuse(grounds.permissions, 'permission-twice', {
      certificate: made({ permissions: ['message_relay', 'message_relay'] }),
    }),
    ...Object.entries({
      admin: 'admin',
      empty: '',
      'in-capitals': 'MESSAGE_RELAY',
      asterisk: '*',
      'with-a-hyphen': 'message-relay',
    }).map(([what, name]) =>
      refuse(grounds.permissions, `unknown-permission-${what}`, {
        certificate: made({ permissions: ['message_relay', name] }),
      }),
    ),
    refuse(grounds.permissions, 'permissions-as-a-map', {
      certificate: made({ permissions: { message_relay: true } }),
    }),
  ];
}

export const condition = (change: JsonObject = {}): JsonObject => ({
  condition_type: 'compliance_audit',
  parameters: {},
  deadline: NOW + 7200,
  auto_action: 'revoke',
  ...change,
});

export function conditions(): Draft[] {
  const of = (...list: readonly JsonObject[]): Partial<Question> => ({
    certificate: made({ conditions: list }),
  });
  return [
    holds(grounds.conditions, 'condition-open', of(condition())),
    holds(grounds.conditions, 'condition-a-second-before-its-deadline', {
      ...of(condition()),
      now: NOW + 7199,
    }),
    refuse(grounds.conditions, 'condition-at-its-deadline', {
      ...of(condition()),
      now: NOW + 7200,
    }),
    refuse(grounds.conditions, 'condition-overdue', of(condition({ deadline: NOW }))),
    refuse(
      grounds.conditions,
      'second-condition-overdue',
      of(condition(), condition({ deadline: NOW + 1 })),
    ),
    refuse(
      grounds.conditions,
      'condition-of-unknown-type',
      of(condition({ condition_type: 'fee' })),
    ),
    refuse(
      grounds.conditions,
      'condition-of-unknown-action',
      of(condition({ auto_action: 'ignore' })),
    ),
    ...eachDropped(condition()).map(([what, changed]) =>
      refuse(grounds.conditions, `condition-${what}`, of(changed)),
    ),
  ];
}

export function extensions(): Draft[] {
  const of = (...list: readonly JsonObject[]): Partial<Question> => ({
    certificate: made({ extensions: list }),
  });
  const unknown = { id: 'x_new', critical: false, value: 'x' };
  const limits = {
    id: 'limits',
    critical: true,
    value: { max_message_size: 1, messages_per_second: 1, bandwidth_mbps: 1 },
  };
  return [
    holds(grounds.extension, 'no-extension', of()),
    holds(grounds.extension, 'unknown-extension', of(unknown)),
    holds(grounds.extension, 'known-critical-extension', of(limits)),
    refuse(grounds.extension, 'unknown-critical-extension', of({ ...unknown, critical: true })),
    refuse(
      grounds.extension,
      'unknown-critical-among-others',
      of(limits, unknown, { ...unknown, id: 'y_new', critical: true }),
    ),
    refuse(grounds.extension, 'critical-in-another-case', of({ ...limits, id: 'Limits' })),
    ...eachDropped(unknown).map(([what, changed]) =>
      refuse(grounds.whole, `extension-${what}`, of(changed)),
    ),
  ];
}

export function statuses(): Draft[] {
  const granted = levelNames.filter((level) => level !== 'untrusted');
  return [
    ...granted.flatMap((level) => [
      refuse(grounds.revoked, `revoked-at-${level}`, {
        certificate: made({}, level),
        revoked: true,
      }),
      (level === 'basic' ? holds : refuse)(grounds.unknown, `status-unknown-at-${level}`, {
        certificate: made({}, level),
        status_known: false,
      }),
    ]),
    refuse(grounds.revoked, 'revoked-though-not-revocable', {
      certificate: made({ revocable: false }),
      revoked: true,
    }),
  ];
}
