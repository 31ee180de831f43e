/**
 * What a node in this process finds in the world: the zone where it looks names up and puts its own
 * records, and the pages that it fetches.
 */

import type { Hands } from '../../../reference/node/run-node.ts';
import { millis } from '../../../reference/time.ts';
import { bounds } from '../../../reference/transport/bounds.ts';
import { fetchedOf, type WebPages } from '../web.ts';
import { outcomeOf, type ZoneRecords } from '../zone.ts';
import type { World } from './virtual-devices.ts';

export interface Surroundings {
  readonly zone: ZoneRecords;
  readonly web: WebPages;
}

export function surroundingHands(
  world: World,
  { zone, web }: Surroundings,
): Pick<Hands, 'look-up' | 'publish-txt' | 'withdraw-txt' | 'fetch'> {
  return {
    'look-up': ({ lookup, name, record, vantage }) => {
      const outcome = outcomeOf(zone.ask(name, record, vantage));
      world.deliver({ type: 'looked-up', lookup, outcome });
    },
    'publish-txt': ({ name, value }) => zone.addTxt(name, value),
    'withdraw-txt': ({ name, value }) => zone.withdrawTxt(name, value),
    fetch: fetching(world, web),
  };
}

/** A name that nobody serves is out of reach; a page that is silent ends with the time-out. */
function fetching({ time, deliver }: World, web: WebPages): Hands['fetch'] {
  const waiting = time.timers(time.now, (fetch) => {
    deliver({ type: 'fetched', fetch, outcome: { fetched: 'failure', reason: 'timeout' } });
  });
  return ({ fetch, url, method, body, contentType, maxBytes }) => {
    const { origin, pathname: path } = new URL(url);
    if (origin !== web.url) {
      const outcome = { fetched: 'failure', reason: 'unreachable' } as const;
      return deliver({ type: 'fetched', fetch, outcome });
    }
    const answer = web.ask({ method, path, contentType, body: body ?? new Uint8Array() });
    if (answer === 'silence') return waiting.set(fetch, time.now() + millis(bounds.fetchMs));
    deliver({ type: 'fetched', fetch, outcome: fetchedOf(answer, maxBytes) });
  };
}
