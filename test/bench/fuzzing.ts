/** The fuzzer: attempts a second of processor time, both sides and all oracles, by tier of cryptography. */
import type { Authority } from '../conformance/authority.ts';
import { inProcessArena } from '../fuzz/arena.ts';
import { type CryptoTier, cryptoTiers, prepareTier } from '../fuzz/crypto-tier.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import { scripts } from '../fuzz/scripts/all.ts';
import type { Measure } from './measure.ts';

const SEED = 1;
/** Entries are not counted (hoard.ts). */
const RUNS = 250;
const WARM_RUNS = 15;

export async function fuzzing(authority: Authority): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  for (const tier of cryptoTiers) measures.push(...(await ofTier(authority, tier)));
  return measures;
}

async function ofTier(authority: Authority, tier: CryptoTier): Promise<readonly Measure[]> {
  const arena = inProcessArena(await prepareTier(authority, tier), { at: '2.0' });
  const plain = { virtualTime: arena.virtualTime, at: arena.at, close: arena.close };
  const { play } = arena;
  const { signal } = new AbortController();
  const limits = { timeMs: Number.POSITIVE_INFINITY, signal, seed: SEED };
  const measures: Measure[] = [];
  for (const script of scripts) {
    await fuzz({ arena: { ...plain, play }, script, ...limits, runs: WARM_RUNS });
    const { runs, cpuMs } = await fuzz({
      arena: { ...plain, play },
      script,
      ...limits,
      runs: RUNS,
    });
    const rate = (runs / cpuMs) * 1000;
    measures.push({ what: `${script.name}, ${tier}`, rate, beside: 'of one core' });
  }
  await arena.close();
  return measures;
}
