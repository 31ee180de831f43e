/** Whose it is, whom it is for, and who must be trusted (L-F01, L-F11). */
import { levels } from '../../../../spec/emitted/registries.ts';
import type { Draft } from '../../category.ts';
import { alice, bob, mallory } from '../../primitives/trust-run.ts';
import {
  BODY,
  DIRECT,
  grounds,
  hopServer,
  made,
  metadata,
  overHops,
  type Question,
  refuse,
  relayOf,
  takes,
} from './scene.ts';

export function parties(): Draft[] {
  const senders = {
    'of-a-stranger': `alice@${mallory.name}`,
    'of-the-target': `alice@${bob.name}`,
    'without-server': 'alice',
    'of-a-subdomain': `alice@sub.${alice.name}`,
    'of-a-longer-domain': `alice@${alice.name}.example`,
  };
  const users = {
    'of-a-stranger': `carol@${mallory.name}`,
    'without-server': 'carol',
    'of-the-origin': `carol@${alice.name}`,
    'of-a-subdomain': `carol@sub.${bob.name}`,
  };
  return [
    ...Object.entries(senders).map(([whose, sender_user_id]) =>
      refuse(grounds.sender, `sender-${whose}`, { relay: made({ sender_user_id }) }),
    ),
    ...Object.entries(users).flatMap(([whose, user]) => [
      refuse(grounds.users, `only-a-user-${whose}`, {
        relay: made({ target_users: [user] }),
      }),
      refuse(grounds.users, `besides-a-user-${whose}`, {
        relay: made({ target_users: [`bob@${bob.name}`, user] }),
      }),
    ]),
    takes(grounds.users, 'two-users', {
      relay: made({ target_users: [`bob@${bob.name}`, `carol@${bob.name}`] }),
    }),
    ...(['verified', 'classified', 'nato'] as const).map((level) =>
      refuse(grounds.direct, `unknown-origin-over-a-hop-at-${level}`, {
        ...overHops(2),
        level,
        permissions: [...levels[level].permissions],
        origin_is_trusted: false,
      }),
    ),
    takes(grounds.direct, 'unknown-origin-over-a-hop-at-basic', {
      ...overHops(2),
      origin_is_trusted: false,
    }),
    takes(
      grounds.direct,
      'passed-on',
      {
        relay: relayOf({
          ...DIRECT,
          body: {
            ...BODY,
            target_server: 'carol.example.org',
            target_users: ['carol@carol.example.org'],
          },
        }),
      },
      'forward',
    ),
    refuse(grounds.hops, 'no-hop-left-to-pass-it-on', passedOn(10)),
    takes(grounds.hops, 'one-hop-left-to-pass-it-on', passedOn(9), 'forward'),
  ];
}

function passedOn(count: number): Partial<Question> {
  const body = {
    ...BODY,
    target_server: 'carol.example.org',
    target_users: ['carol@carol.example.org'],
  };
  const path = [
    alice.name,
    ...Array.from({ length: count - 1 }, (_, at) => hopServer(at + 1).name),
  ];
  const hop = hopServer(count - 1);
  return {
    relay: relayOf({
      body,
      origin: alice,
      hop,
      underway: { route_path: path, metadata: { ...metadata, hop_count: count } },
    }),
    peer: hop,
  };
}
