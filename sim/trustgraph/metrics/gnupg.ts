/**
 * The classical web of trust of GnuPG: a key is valid when one fully or three marginally trusted valid
 * keys have signed it, over at most five steps. Here an edge at or above `full` makes its target a full
 * introducer, one at or above `marginal` a marginal one.
 */
import type { Graph } from '../graph.ts';

export interface GnupgRule {
  readonly full: number;
  readonly marginal: number;
  readonly completesNeeded: number;
  readonly marginalsNeeded: number;
  readonly mostSteps: number;
}

export const standardGnupg = { completesNeeded: 1, marginalsNeeded: 3, mostSteps: 5 } as const;

/** 1 for valid nodes, the source among them. */
export function validByGnupg(graph: Graph, source: number, rule: GnupgRule): Uint8Array {
  const keyring: Keyring = {
    valid: new Uint8Array(graph.nodeCount),
    full: new Int32Array(graph.nodeCount),
    marginal: new Int32Array(graph.nodeCount),
  };
  keyring.valid[source] = 1;
  let front: readonly number[] = [source];
  for (let step = 0; step < rule.mostSteps && front.length > 0; step++) {
    const signed = new Set<number>();
    for (const signer of front) sign(graph, keyring, signer, rule, signed);
    front = [...signed].filter((node) => isComplete(keyring, node, rule));
    for (const node of front) keyring.valid[node] = 1;
  }
  return keyring.valid;
}

interface Keyring {
  readonly valid: Uint8Array;
  /** Signatures by full and by marginal introducers that are valid. */
  readonly full: Int32Array;
  readonly marginal: Int32Array;
}

function sign(
  { out }: Graph,
  { valid, full, marginal }: Keyring,
  signer: number,
  rule: GnupgRule,
  signed: Set<number>,
): void {
  const end = out.offsets[signer + 1] as number;
  for (let edge = out.offsets[signer] as number; edge < end; edge++) {
    const weight = out.weights[edge] as number;
    if (weight < rule.marginal) continue;
    const node = out.nodes[edge] as number;
    const counts = weight >= rule.full ? full : marginal;
    counts[node] = (counts[node] as number) + 1;
    if (!valid[node]) signed.add(node);
  }
}

const isComplete = ({ full, marginal }: Keyring, node: number, rule: GnupgRule) =>
  (full[node] as number) >= rule.completesNeeded ||
  (marginal[node] as number) >= rule.marginalsNeeded;
