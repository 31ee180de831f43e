/** Plan items done to a world: what each kind begins, and what it ends. */
import { invariant } from '../../reference/assert.ts';
import type { Command } from '../../reference/core.ts';
import type { JsonObject } from '../../reference/crypto/crypto.ts';
import { fixed } from '../../spec/limits.ts';
import { middleRule } from '../adversary/middle-deed.ts';
import { asBytes, type Parcel, parcelOf } from '../network/parcel.ts';
import type { Place, Rule, Verdict } from '../network/pipeline.ts';
import { createStream, type Stream } from '../philox.ts';
import { entityOf, purposes } from '../purposes.ts';
import type { ItemKind } from '../scenario/item-kinds.ts';
import { TICKS_PER_SECOND } from '../ticks.ts';
import type { Survival } from '../world/durable-store.ts';
import type { World } from '../world/world.ts';
import { clockChangeOf } from './clock-item.ts';
import { type Damage, damage, lossOf } from './damage.ts';
import type { PlanItem } from './plan.ts';

interface Deed {
  begin(world: World, item: PlanItem, stream: Stream): void;
  end?(world: World, item: PlanItem): void;
}

/** Puts the whole plan into the kernel's queue. */
export function schedulePlan(world: World, plan: readonly PlanItem[], seed: number): void {
  for (const item of plan) {
    world.at(item.at, () => begin(world, item, seed));
    if (item.until !== null) world.at(item.until, () => end(world, item));
  }
}

function begin(world: World, item: PlanItem, seed: number): void {
  world.record('', { event: 'plan', item: item.id, phase: 'begun' });
  const stream = createStream({ seed, entity: entityOf(item.id), purpose: purposes.loss });
  deeds[item.kind].begin(world, item, stream);
  if (item.until === null) world.record('', { event: 'plan', item: item.id, phase: 'ended' });
}

function end(world: World, item: PlanItem): void {
  deeds[item.kind].end?.(world, item);
  world.record('', { event: 'plan', item: item.id, phase: 'ended' });
}

const deeds: { readonly [kind in ItemKind]: Deed } = {
  partition: {
    begin(world, { id, target: [one = [], other = []], params }) {
      const [here, there] = [new Set(one), new Set(other)];
      const isOneWay = params['one-way'] === true;
      const flap = numberIn(params, 'flap');
      const begun = world.kernel.now;
      const isUp = () => flap > 0 && Math.floor((world.kernel.now - begun) / flap) % 2 === 1;
      world.network.setCut(id, (from, to) => {
        if (isUp()) return false;
        if (here.has(from) && there.has(to)) return true;
        return !isOneWay && there.has(from) && here.has(to);
      });
    },
    end: (world, { id }) => world.network.setCut(id, null),
  },
  reset: {
    begin: (world, { target }) => {
      for (const [one, other] of pairs(target)) world.network.reset(one, other);
    },
  },
  slow: {
    begin(world, { id, target, params }) {
      const isMeant = between(target);
      const by = numberIn(params, 'by');
      world.paths.setSlowdown(id, (from, to) => (isMeant(from, to) ? by : 0));
    },
    end: (world, { id }) => world.paths.setSlowdown(id, null),
  },
  'half-open': {
    begin: (world, { target }) => {
      for (const [one, other] of pairs(target)) world.network.halfOpen(one, other);
    },
  },
  jitter: {
    begin(world, { id, target, params }, stream) {
      const isMeant = between(target);
      const most = numberIn(params, 'by') + 1;
      world.paths.setSlowdown(id, (from, to) => (isMeant(from, to) ? stream.below(most) : 0));
    },
    end: (world, { id }) => world.paths.setSlowdown(id, null),
  },
  bandwidth: {
    begin(world, { id, target, params }) {
      const isMeant = between(target);
      const limit = numberIn(params, 'limit');
      world.paths.setLimit(id, (from, to) =>
        isMeant(from, to) ? limit : Number.POSITIVE_INFINITY,
      );
    },
    end: (world, { id }) => world.paths.setLimit(id, null),
  },
  loss: ruleDeed(({ params }, stream) => {
    const isLost = lossOf(params, stream);
    return (_, place) => (isLost(place) ? { verdict: 'drop' } : PASS);
  }),
  corrupt: ruleDeed(({ params }, stream) => (parcel) => {
    const isHit = stream.chance(numberIn(params, 'share'));
    const damaged = isHit ? damage[params.what as Damage](parcel, stream) : null;
    return damaged ? { verdict: 'mutate', parcel: damaged } : PASS;
  }),
  duplicate: ruleDeed(({ params }, stream) => () => {
    const isDoubled = stream.chance(numberIn(params, 'share'));
    return isDoubled ? { verdict: 'duplicate', laterTicks: 1 } : PASS;
  }),
  reorder: ruleDeed(({ params }, stream) => () => {
    const isLate = stream.chance(numberIn(params, 'share'));
    return isLate ? { verdict: 'deliver', laterTicks: numberIn(params, 'by') } : PASS;
  }),
  hold: ruleDeed(() => () => ({ verdict: 'hold' })),
  'man-in-the-middle': {
    begin(world, { id, target, params }) {
      const stolen = (params.stolen ?? []) as readonly string[];
      const ring = {
        crypto: world.crypto,
        keys: new Map(stolen.map((server) => [server, processOf(world, server).key])),
      };
      const isMeant = params['one-way'] === true ? oneWay(target) : between(target);
      world.network.addRule(middleRule({ id, isMeant, params }, ring, () => trueSeconds(world)));
    },
    end: (world, { id }) => world.network.removeRule(id),
  },
  crash: {
    begin: (world, { target, params }) => {
      const keep = (params.keep ?? 'all') as Survival;
      for (const server of everybody(target)) world.crash(server, keep);
    },
    end: (world, { target }) => {
      for (const server of everybody(target)) world.restart(server);
    },
  },
  upgrade: {
    begin: (world, { target, params }) => {
      for (const server of everybody(target)) {
        world.crash(server, 'all');
        processOf(world, server).upgrade(params.to as string[]);
      }
    },
    end: (world, { target }) => {
      for (const server of everybody(target)) world.restart(server);
    },
  },
  clock: {
    begin: (world, item) => turnClocks(world, item, 'begun'),
    end: (world, item) => turnClocks(world, item, 'ended'),
  },
  'disk-full': {
    begin: (world, { target }) => {
      for (const server of everybody(target)) processOf(world, server).fillDisk(true);
    },
    end: (world, { target }) => {
      for (const server of everybody(target)) {
        processOf(world, server).fillDisk(false);
        world.restart(server);
      }
    },
  },
  pause: {
    begin: (world, { target }) => {
      for (const server of everybody(target)) processOf(world, server).pause();
    },
    end: (world, { target }) => {
      for (const server of everybody(target)) processOf(world, server).goOn();
    },
  },
  busy: {
    begin(world, { target, params }) {
      const by = numberIn(params, 'by');
      for (const server of everybody(target)) processOf(world, server).takeTime(by);
    },
    end(world, { target }) {
      for (const server of everybody(target)) processOf(world, server).takeTime(0);
    },
  },
  overload: {
    begin(world, { id, until, target, params }) {
      const every = numberIn(params, 'rate');
      const askAll = (times: number): void => {
        for (const [one, other] of pairs(target)) ask(world, { id, times }, one, other);
        const next = world.kernel.now + every;
        if (until !== null && next < until) world.at(next, () => askAll(times + 1));
      };
      askAll(0);
    },
  },
  'dns-spoofing': {
    begin(world, { id, target, params }) {
      const names = new Set(params.name as string[]);
      const servers = new Set(everybody(target));
      world.zone.setForgery(id, { servers, names, answer: String(params.answer) });
    },
    end: (world, { id }) => world.zone.setForgery(id, null),
  },
  'dns-poisoning': {
    begin: (world, { id, target }) => world.zone.setPoison(id, new Set(everybody(target))),
    end: (world, { id }) => world.zone.setPoison(id, null),
  },
  'dns-failure': {
    begin: (world, { id, target }) => world.zone.setFailing(id, new Set(everybody(target))),
    end: (world, { id }) => world.zone.setFailing(id, null),
  },
  establish: {
    begin(world, { target, params }) {
      const { level, method = 'direct_exchange' } = params;
      for (const [one, server] of pairs(target)) {
        const wish = { level: String(level), method: String(method) };
        world.command(one, { command: 'establish-trust', server, ...wish });
      }
    },
  },
  order: {
    begin(world, { target, params }) {
      for (const server of everybody(target)) {
        world.command(server, params.command as unknown as Command);
      }
    },
  },
  revoke: {
    begin(world, { target: [revoked = [], by = []], params }) {
      const reason = String(params.reason);
      for (const one of by) {
        for (const server of revoked)
          world.command(one, { command: 'revoke-trust', server, reason });
      }
    },
  },
};

/** For the list of revocations, as a server asks that has shaken hands (L-R08). */
function ask(
  world: World,
  { id, times }: { readonly id: string; readonly times: number },
  from: string,
  to: string,
): void {
  const { key } = processOf(world, from);
  const timestampSeconds = trueSeconds(world);
  const parties = { requester: from, target: to, timestampSeconds };
  const claim = { type: LIST_REQUEST, ...parties, body: { type: LIST_REQUEST } };
  const proof = `ts=${timestampSeconds};sig=${world.crypto.signRequest(key, claim)}`;
  const asked = { kind: 'get', exchange: `${id}/${from}/${times}`, path: fixed.crlPath } as const;
  world.network.inject(from, to, parcelOf({ ...asked, proof }, asBytes));
}

/** What the proof of such a request is over; it has no body. */
const LIST_REQUEST = 'norc_crl';

const PASS: Verdict = { verdict: 'pass' };

/** A fault that is a rule of the pipeline, for as long as it lasts. */
function ruleDeed(
  make: (item: PlanItem, stream: Stream) => (parcel: Parcel, place: Place) => Verdict,
): Deed {
  return {
    begin(world, item, stream) {
      const isMeant = between(item.target);
      const verdict = make(item, stream);
      const { of } = item.params;
      const judge: Rule['judge'] = (parcel, place) => {
        // A connection that never was accepted, or whose end is lost, is another fault.
        const isMessage = parcel.kind !== 'accept' && parcel.kind !== 'close';
        const isOfType = of === undefined || parcel.message?.type === of;
        return isMessage && isOfType && isMeant(place.from, place.to)
          ? verdict(parcel, place)
          : PASS;
      };
      world.network.addRule({ id: item.id, judge });
    },
    end: (world, { id }) => world.network.removeRule(id),
  };
}

function turnClocks(world: World, item: PlanItem, phase: 'begun' | 'ended'): void {
  for (const server of everybody(item.target)) {
    const site = processOf(world, server);
    site.changeClock(clockChangeOf(item, phase, site.ownClock));
  }
}

const everybody = (target: PlanItem['target']): readonly string[] => target.flat();

function* pairs([ones = [], others = []]: PlanItem['target']): Generator<[string, string]> {
  for (const one of ones) for (const other of others) if (one !== other) yield [one, other];
}

/** In either direction. */
function between([ones = [], others = []]: PlanItem['target']) {
  const [here, there] = [new Set(ones), new Set(others)];
  return (from: string, to: string): boolean =>
    (here.has(from) && there.has(to)) || (there.has(from) && here.has(to));
}

function oneWay([ones = [], others = []]: PlanItem['target']) {
  const [here, there] = [new Set(ones), new Set(others)];
  return (from: string, to: string): boolean => here.has(from) && there.has(to);
}

const trueSeconds = ({ kernel, startSeconds }: World): number =>
  startSeconds + Math.floor(kernel.now / TICKS_PER_SECOND);

function processOf(world: World, server: string) {
  const site = world.servers.get(server);
  invariant(site, `no server ${server}`);
  return site.process;
}

const numberIn = (params: JsonObject, name: string): number => Number(params[name] ?? 0);
