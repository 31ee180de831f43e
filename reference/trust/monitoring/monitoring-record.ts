/** What watching ourselves and our peers has told us, as it is kept. */
import type { Micros } from '../../time.ts';

/** The last report of a peer about itself, and what we measured while it came. */
export interface HealthRecord {
  readonly atSeconds: number;
  /** 0…100, by its own account. */
  readonly score: number;
  readonly certificateStatus: string;
  readonly incidents: number;
  /** From our question to its report, by our clock. */
  readonly roundTripMs: number;
}

/** The root of a peer's log as it told us. */
export interface PeerRoot {
  readonly root: string;
  /** Entries of that day; null when the peer did not say. */
  readonly count: number | null;
}

/** A stretch in which this server was running, in seconds; the end is the last sign of life. */
export type Running = [start: number, end: number];

export interface Monitoring {
  readonly reports: Map<string, HealthRecord>;
  /** By peer and day. */
  readonly roots: Map<string, PeerRoot>;
  /** Oldest first; the last one is the life we are in. */
  running: Running[];
  /** Certificates whose end has been warned of, with that end. */
  readonly warned: Map<string, number>;
  /** Requests of peers that wait for an answer of ours, since when. */
  readonly taken: Map<string, Micros>;
  /** Of requests answered since the start: how many, and how long they waited together. */
  answered: { count: number; totalMicros: Micros };
  /** When a peer was last asked of our own accord. */
  readonly askedAt: Map<string, Micros>;
  toldTimeAt: Micros;
}

export function createMonitoring(): Monitoring {
  return {
    reports: new Map(),
    roots: new Map(),
    running: [],
    warned: new Map(),
    taken: new Map(),
    answered: { count: 0, totalMicros: 0 },
    askedAt: new Map(),
    toldTimeAt: 0,
  };
}
