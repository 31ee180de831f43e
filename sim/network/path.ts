/**
 * How long it takes from one server to another: a latency that is constant, from a table of pairs,
 * or from a matrix of regions; jitter drawn for each direction of each pair from a stream of its
 * own; and a bandwidth behind which parcels queue.
 */
import type { Tick } from '../kernel/kernel.ts';
import { createStream, type Stream } from '../philox.ts';
import { entityOf, purposes } from '../purposes.ts';
import { TICKS_PER_SECOND } from '../ticks.ts';

export interface PathShape {
  /** Of one parcel, one way, in ticks. */
  latencyTicks(from: string, to: string): Tick;
  /** Uniform in 0 … jitterTicks, added. */
  readonly jitterTicks: Tick;
  /** Of each direction of each pair; null: without bound. */
  readonly bytesPerSecond: number | null;
}

export interface Path {
  /** When a parcel of this size that is sent now has arrived. */
  arrival(sizeBytes: number, now: Tick): Tick;
  /** Of a handshake that crosses `times` times. */
  roundsLater(times: number, now: Tick): Tick;
}

export interface PathSource {
  between(from: string, to: string): Path;
  /** So much is added to every latency, until null. */
  setSlowdown(id: string, slowdown: Slowdown | null): void;
  /** No direction carries more bytes a second than this says, until null. */
  setLimit(id: string, limit: Limit | null): void;
}

type Slowdown = (from: string, to: string) => Tick;
/** Infinity: without bound. */
type Limit = (from: string, to: string) => number;

export function createPaths(shape: PathShape, seed: number): PathSource {
  const known = new Map<string, Path>();
  const slowdowns = new Map<string, Slowdown>();
  const limits = new Map<string, Limit>();
  return {
    setLimit(id, limit) {
      if (limit) limits.set(id, limit);
      else limits.delete(id);
    },
    setSlowdown(id, slowdown) {
      if (slowdown) slowdowns.set(id, slowdown);
      else slowdowns.delete(id);
    },
    between(from, to) {
      const name = `${from}>${to}`;
      const path = known.get(name) ?? createPath(shape, { from, to, seed, slowdowns, limits });
      known.set(name, path);
      return path;
    },
  };
}

interface Between {
  readonly from: string;
  readonly to: string;
  readonly seed: number;
  readonly slowdowns: ReadonlyMap<string, Slowdown>;
  readonly limits: ReadonlyMap<string, Limit>;
}

function createPath(shape: PathShape, { from, to, seed, slowdowns, limits }: Between): Path {
  const entity = entityOf(`${from}>${to}`);
  const stream = createStream({ seed, entity, purpose: purposes.latency });
  const base = shape.latencyTicks(from, to);
  /** When the last byte that waits has left. */
  let leavesAt = 0;
  const oneWay = (): Tick => {
    let ticks = base + jitter(shape.jitterTicks, stream);
    for (const slowdown of slowdowns.values()) ticks += slowdown(from, to);
    return ticks;
  };
  const slowest = (): number => {
    let least = shape.bytesPerSecond ?? Number.POSITIVE_INFINITY;
    for (const limit of limits.values()) least = Math.min(least, limit(from, to));
    return least;
  };
  return {
    arrival(sizeBytes, now) {
      const bytesPerSecond = slowest();
      // What waits behind a bound that is gone has still to leave.
      if (bytesPerSecond === Number.POSITIVE_INFINITY) return Math.max(now, leavesAt) + oneWay();
      const sending = Math.ceil((sizeBytes * TICKS_PER_SECOND) / bytesPerSecond);
      leavesAt = Math.max(now, leavesAt) + sending;
      return leavesAt + oneWay();
    },
    roundsLater(times, now) {
      let at = now;
      for (let time = 0; time < times; time += 1) at += oneWay();
      return at;
    },
  };
}

const jitter = (ticks: Tick, stream: Stream): Tick => (ticks === 0 ? 0 : stream.below(ticks + 1));
