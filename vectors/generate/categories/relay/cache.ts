/** What becomes of a relay that comes again (F-RELAY-06, F-ACK-03, L-F06). */
import { type Draft, valid } from '../../category.ts';
import { seededUuid } from '../../primitives/bytes.ts';
import { alice, bob, mallory } from '../../primitives/trust-run.ts';
import { grounds, NOW, SECOND } from './scene.ts';

type Relay = {
  readonly origin_server: string;
  readonly message_id: string;
  readonly target_server: string;
  readonly original_timestamp: number;
  readonly ttl: number;
};
type Step = Relay & { readonly at: number; readonly after_restart: boolean };

const ONE: Relay = {
  origin_server: alice.name,
  message_id: seededUuid('cached message'),
  target_server: bob.name,
  original_timestamp: NOW,
  ttl: 3600,
};

const comes = (seconds: number, change: Partial<Step> = {}): Step => ({
  ...ONE,
  at: NOW + seconds * SECOND,
  after_restart: false,
  ...change,
});

/** An answer lasts from when the message was made, for its ttl, ten minutes at least, a day at most. */
function outcomesOf(steps: readonly Step[]): string[] {
  const known: { readonly key: string; readonly until: number }[] = [];
  return steps.map(({ origin_server, message_id, target_server, original_timestamp, ttl, at }) => {
    const key = [origin_server, message_id, target_server].join(' ');
    if (known.some((one) => one.key === key && at < one.until)) return 'repeat';
    const seconds = Math.min(Math.max(ttl, 600), 86_400);
    known.push({ key, until: original_timestamp + seconds * SECOND });
    return 'new';
  });
}

const traced = (name: string, ...steps: readonly Step[]): Draft =>
  valid(
    grounds.cache,
    `cache-${name}`,
    { function: 'cache', steps },
    { outcomes: outcomesOf(steps) },
  );

/** Both sides of the instant at which it may be forgotten. */
const lasting = (name: string, ttl: number, seconds: number): Draft[] => [
  traced(
    `of-${name}-at-its-end`,
    comes(0, { ttl }),
    comes(seconds, { ttl, at: NOW + seconds * SECOND - 1 }),
    comes(seconds, { ttl }),
  ),
  traced(
    `of-${name}-made-before`,
    comes(0, { ttl, original_timestamp: NOW - 60 * SECOND }),
    comes(seconds - 60, { ttl, original_timestamp: NOW - 60 * SECOND }),
  ),
];

export function caches(): Draft[] {
  const other = { message_id: seededUuid('another cached message') };
  return [
    traced('of-one', comes(0)),
    traced('of-a-repeat', comes(0), comes(1)),
    traced('of-three-repeats', comes(0), comes(0), comes(1), comes(3599)),
    traced('of-another-message', comes(0), comes(1, other), comes(2, other), comes(3)),
    traced('of-another-target', comes(0), comes(1, { target_server: 'carol.example.org' })),
    traced('of-another-origin', comes(0), comes(1, { origin_server: mallory.name })),
    traced('of-a-repeat-with-another-ttl', comes(0), comes(1, { ttl: 60 }), comes(3599)),
    traced('of-a-repeat-made-later', comes(0), comes(9, { original_timestamp: NOW + 9 * SECOND })),
    ...lasting('an-hour', 3600, 3600),
    ...lasting('a-second', 1, 600),
    ...lasting('ten-minutes', 600, 600),
    ...lasting('ten-minutes-and-a-second', 601, 601),
    ...lasting('a-day', 86_400, 86_400),
    traced('does-not-grow-by-repeats', comes(0), comes(3599), comes(3600)),
    traced('after-a-restart', comes(0), comes(1, { after_restart: true }), comes(2)),
    traced(
      'after-two-restarts',
      comes(0),
      comes(1, { ...other, after_restart: true }),
      comes(2, { after_restart: true }),
      comes(3, other),
    ),
    traced('forgets-in-spite-of-a-restart', comes(0), comes(3600, { after_restart: true })),
  ];
}
