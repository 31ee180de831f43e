/**
 * What random draws of the simulator are for. A stream is named by entity, incarnation and purpose;
 * purposes are disjoint, here and from those of the trust-graph laboratory (sim/trustgraph), so that
 * no draw disturbs another.
 */
export const purposes = {
  topology: 4,
  ties: 16,
  keys: 17,
  entropy: 18,
  latency: 19,
  loss: 20,
  faults: 21,
  workload: 22,
  names: 23,
  swarm: 24,
} as const;

/**
 * The number of what is called so: of the name alone, so that an entity keeps its draws when others
 * come or go. FNV-1a of 32 bits.
 */
export function entityOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  }
  return hash | 0;
}
