/** Its life, when it was made and when it was sent on (L-F04, L-F07). */
import type { Draft } from '../../category.ts';
import type { JsonObject } from '../../primitives/canonical-json.ts';
import { NOW as SECONDS } from '../../primitives/certificate.ts';
import { numberWord } from '../../variation.ts';
import { grounds, metadata, NOW, refuse, SECOND, takes, timed } from './scene.ts';

export function times(): Draft[] {
  const lived = (name: string, change: JsonObject): Draft => {
    const { ttl, original_timestamp } = { ...metadata, ...change };
    const isAlive = ttl >= 1 && ttl <= 86_400 && NOW <= original_timestamp + ttl * SECOND;
    return (isAlive ? takes : refuse)(grounds.ttl, name, { relay: timed(change) });
  };
  const skewed = (skew: number): Draft => {
    const isNear = Math.abs(skew) <= 60 * SECOND;
    return (isNear ? takes : refuse)(grounds.fresh, `sent-on-at-a-skew-of-${numberWord(skew)}`, {
      relay: timed({ federation_timestamp: NOW + skew }),
    });
  };
  const early = (ahead: number): Draft =>
    (ahead <= 300 * SECOND ? takes : refuse)(grounds.future, `made-${ahead}-ahead`, {
      relay: timed({ original_timestamp: NOW + ahead }),
    });
  return [
    ...[1, 2, 60, 86_399].map((ttl) => lived(`ttl-of-${numberWord(ttl)}`, { ttl })),
    ...[0, -1, 86_401, 172_800, 31_536_000].map((ttl) =>
      lived(`ttl-of-${numberWord(ttl)}`, { ttl }),
    ),
    lived('at-the-end-of-its-ttl', { ttl: 60, original_timestamp: NOW - 60 * SECOND }),
    lived('a-microsecond-after-its-ttl', { ttl: 60, original_timestamp: NOW - 60 * SECOND - 1 }),
    lived('an-hour-after-its-ttl', { ttl: 60, original_timestamp: NOW - 3600 * SECOND }),
    lived('stored-for-hours', { original_timestamp: NOW - 80_000 * SECOND }),
    lived('stored-for-two-days', { original_timestamp: NOW - 172_800 * SECOND }),
    ...[1, -1, 59 * SECOND, -59 * SECOND, 60 * SECOND, -60 * SECOND].map(skewed),
    ...[
      60 * SECOND + 1,
      -60 * SECOND - 1,
      61 * SECOND,
      -61 * SECOND,
      3600 * SECOND,
      -3600 * SECOND,
    ].map(skewed),
    ...[0, 299 * SECOND, 300 * SECOND, 300 * SECOND + 1, 3600 * SECOND].map(early),
    refuse(grounds.fresh, 'sent-on-in-seconds', {
      relay: timed({ federation_timestamp: SECONDS }),
    }),
    refuse(grounds.ttl, 'made-in-seconds', { relay: timed({ original_timestamp: SECONDS }) }),
  ];
}
