/** How many servers, which ones, and whether one may follow (L-F03, L-F05). */
import type { Draft } from '../../category.ts';
import type { Party } from '../../primitives/certificate.ts';
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

export function hops(): Draft[] {
  const limited = (max_hops: number, count: number): Partial<Question> =>
    overHops(count, { max_hops });
  const wrongCount = [0, 2, 3, 10, 11].map((hop_count) =>
    refuse(grounds.hops, `one-server-counted-${hop_count}`, {
      relay: made({ metadata: { ...metadata, hop_count } }),
    }),
  );
  const two = (route_path: readonly string[], hop: Party = hopServer(1)): Partial<Question> => ({
    relay: relayOf({
      ...DIRECT,
      hop,
      underway: { route_path, metadata: { ...metadata, hop_count: route_path.length } },
    }),
    peer: hop,
  });
  return [
    ...[2, 3, 9, 10].map((count) => takes(grounds.hops, `over-${count}-hops`, overHops(count))),
    ...[11, 12, 20].map((count) => refuse(grounds.hops, `over-${count}-hops`, overHops(count))),
    ...wrongCount,
    takes(grounds.hops, 'as-many-as-the-sender-allows', limited(2, 2)),
    refuse(grounds.hops, 'more-than-the-sender-allows', limited(2, 3)),
    refuse(grounds.hops, 'sender-allows-more-than-ten', limited(64, 11)),
    refuse(
      grounds.path,
      'path-does-not-begin-with-the-origin',
      two(['carol.example.org', hopServer(1).name]),
    ),
    refuse(grounds.path, 'path-does-not-end-with-the-peer', two([alice.name, 'carol.example.org'])),
    refuse(grounds.path, 'path-without-the-peer', two([alice.name])),
    refuse(grounds.path, 'path-reversed', two([hopServer(1).name, alice.name])),
    refuse(grounds.path, 'brought-by-somebody-else', { peer: mallory }),
    refuse(grounds.loop, 'through-the-receiver', two([alice.name, bob.name, hopServer(1).name])),
    refuse(grounds.loop, 'from-the-receiver', {
      relay: relayOf({
        body: {
          ...BODY,
          origin_server: bob.name,
          sender_user_id: `bob@${bob.name}`,
          route_path: [bob.name, alice.name],
          metadata: { ...metadata, hop_count: 2 },
        },
        underway: {},
        origin: bob,
        hop: alice,
      }),
      origin: bob,
    }),
  ];
}
