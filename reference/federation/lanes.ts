/**
 * Queues by priority (F-QOS-01, L-F12): urgent, high, normal, low with weights 8:4:2:1. Every round
 * serves each lane up to its weight, so no lane starves, and within a lane first come is first served.
 */
import { limits } from '../../spec/limits.ts';
import {
  type RelayPriority,
  relayPriorities,
} from '../../spec/messages/federation/enumerations.ts';

export interface Lanes<T> {
  readonly items: { readonly [P in RelayPriority]: T[] };
  /** What each lane may still take in this round. */
  readonly credit: { [P in RelayPriority]: number };
}

/** Urgent first. */
const order: readonly RelayPriority[] = [...relayPriorities].reverse();

export function createLanes<T>(): Lanes<T> {
  return {
    items: { urgent: [], high: [], normal: [], low: [] },
    credit: { ...limits.queueWeights },
  };
}

export function enqueue<T>(lanes: Lanes<T>, priority: RelayPriority, item: T): void {
  lanes.items[priority].push(item);
}

/** The next item, or undefined when all lanes are empty. */
export function dequeue<T>(lanes: Lanes<T>): T | undefined {
  const waiting = order.filter((lane) => lanes.items[lane].length > 0);
  if (waiting.length === 0) return undefined;
  const lane = waiting.find((candidate) => lanes.credit[candidate] > 0);
  if (lane === undefined) {
    Object.assign(lanes.credit, limits.queueWeights);
    return dequeue(lanes);
  }
  lanes.credit[lane] -= 1;
  return lanes.items[lane].shift();
}

export function countOf<T>(lanes: Lanes<T>): number {
  return order.reduce((sum, lane) => sum + lanes.items[lane].length, 0);
}

/** Takes out what does not stay. */
export function retain<T>(lanes: Lanes<T>, stays: (item: T) => boolean): void {
  for (const lane of order) {
    const kept = lanes.items[lane].filter(stays);
    lanes.items[lane].splice(0, lanes.items[lane].length, ...kept);
  }
}
