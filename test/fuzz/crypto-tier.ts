/**
 * The cryptography of an arena in process: as on sockets, remembered, or by names. The protocol runs the
 * same in all three; what a plan does to it is found by each.
 */
import { memoPrimitives } from '../../reference/crypto/memo-primitives.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import type { Primitives } from '../../reference/crypto/primitives.ts';
import { symbolicPrimitives } from '../../sim/world/symbolic-primitives.ts';
import type { Authority } from '../conformance/authority.ts';
import { type InProcessParts, prepareInProcess } from '../conformance/grounds/in-process.ts';

export const cryptoTiers = ['real', 'memo', 'symbolic'] as const;
export type CryptoTier = (typeof cryptoTiers)[number];

const asTier: Readonly<Record<CryptoTier, (real: Primitives) => Primitives>> = {
  real: (real) => real,
  memo: memoPrimitives,
  symbolic: symbolicPrimitives,
};

export async function prepareTier(authority: Authority, tier: CryptoTier): Promise<InProcessParts> {
  const [parts, real] = await Promise.all([prepareInProcess(authority), createNodePrimitives()]);
  return { ...parts, primitives: asTier[tier](real) };
}
