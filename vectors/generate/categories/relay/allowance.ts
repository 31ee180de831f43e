/** What level and certificate allow: labels, sizes, permissions (L-X02, L-T20). */
import { levelNames, levels, permissionNames } from '../../../../spec/emitted/registries.ts';
import type { Draft } from '../../category.ts';
import { grounds, made, refuse, takes } from './scene.ts';

/** Levels × labels; a relay of the label, made and signed as it is. */
export function labels(): Draft[] {
  const admitted: Readonly<Record<string, readonly string[]>> = {
    untrusted: [],
    basic: ['unclassified'],
    verified: ['unclassified', 'official_use_only', 'nato_unclassified'],
    classified: [
      'unclassified',
      'official_use_only',
      'confidential',
      'secret',
      'nato_unclassified',
    ],
    nato: [
      'unclassified',
      'official_use_only',
      'confidential',
      'secret',
      'nato_unclassified',
      'nato_restricted',
      'nato_confidential',
      'nato_secret',
    ],
  };
  const all = [...(admitted.nato ?? []), 'top_secret', 'restricted', 'private', ''];
  return levelNames.flatMap((level) =>
    all.map((label) => {
      const change = {
        level,
        relay: made({ classification: label }),
        permissions: [...permissionNames],
      };
      const name = `${label.replaceAll('_', '-') || 'no-label'}-at-${level}`;
      return ((admitted[level] ?? []).includes(label) ? takes : refuse)(
        grounds.label,
        name,
        change,
      );
    }),
  );
}

export function sizes(): Draft[] {
  const granted = levelNames.filter((level) => level !== 'untrusted');
  return [
    ...granted.flatMap((level) => {
      const most = levels[level].maxMessageBytes;
      const sized = (size: number, max_message_bytes: number) => ({
        level,
        size,
        max_message_bytes,
        permissions: [...levels[level].permissions],
      });
      return [
        takes(grounds.size, `as-large-as-${level}-allows`, sized(most, most)),
        refuse(grounds.size, `a-byte-larger-than-${level}-allows`, sized(most + 1, most + 1)),
        takes(grounds.size, `as-large-as-a-certificate-at-${level}-allows`, sized(1000, 1000)),
        refuse(
          grounds.size,
          `a-byte-larger-than-a-certificate-at-${level}-allows`,
          sized(1001, 1000),
        ),
      ];
    }),
    ...permissionNames.map((name) => {
      const isRelay = name === 'message_relay';
      return (isRelay ? takes : refuse)(
        grounds.permission,
        `with-${name.replaceAll('_', '-')}-only`,
        { level: 'verified', permissions: [name] },
      );
    }),
    ...permissionNames.map((name) => {
      const permissions = levels.verified.permissions.filter((one) => one !== name);
      const isRelay = name === 'message_relay';
      return (isRelay ? refuse : takes)(
        grounds.permission,
        `without-${name.replaceAll('_', '-')}`,
        { level: 'verified', permissions },
      );
    }),
    refuse(grounds.permission, 'without-any', { permissions: [] }),
    takes(grounds.permission, 'file-with-file-transfer', {
      level: 'verified',
      relay: made({ message_type: 'file' }),
      permissions: ['message_relay', 'file_transfer'],
    }),
    refuse(grounds.permission, 'file-without-file-transfer', {
      level: 'verified',
      relay: made({ message_type: 'file' }),
      permissions: ['message_relay'],
    }),
  ];
}
