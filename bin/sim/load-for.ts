/** Scenarios as the user wants them: which, with which seed, in which tier, without which guards. */
import { existsSync } from 'node:fs';
import type { Scenario } from '../../sim/scenario/compile.ts';
import { ScenarioError } from '../../sim/scenario/fault.ts';
import { type CryptoTier, cryptoTiers } from '../../sim/world/world-spec.ts';
import { type RequirementId, requirementIds } from '../../spec/emitted/requirement-ids.ts';
import { UsageError } from '../usage-error.ts';
import { loadScenario } from './library.ts';

export interface LoadFlags {
  readonly seed?: string;
  readonly crypto?: string;
  readonly without?: readonly string[];
}

/** With the seed and the guards that the user wants. */
export const loadFor = (given: string, flags: LoadFlags): Scenario =>
  loadWithFiles(given, flags).scenario;

export interface Loaded {
  readonly scenario: Scenario;
  /** Texts of the files that it names. */
  readonly files: { readonly [path: string]: string };
}

export function loadWithFiles(given: string, flags: LoadFlags): Loaded {
  const files: { [path: string]: string } = {};
  const off = (flags.without ?? []).map(requirementIn);
  const [name, ownSeed] = partsOf(given);
  try {
    const { seed = ownSeed, crypto } = flags;
    const scenario = loadScenario(name, {
      off,
      onRead: (path, text) => void Object.assign(files, { [path]: text }),
      ...(seed !== undefined && { seed: seedIn(seed) }),
      ...(crypto !== undefined && { crypto: tierIn(crypto) }),
    });
    return { scenario, files };
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    const count = thrown.faults.length;
    throw new UsageError(`${count} ${count === 1 ? 'fault' : 'faults'}:\n${thrown.message}`);
  }
}

/** `name@7`: with another seed. */
function partsOf(given: string): readonly [string, string | undefined] {
  const [, name, seed] = /^(.+)@(\d+)$/.exec(given) ?? [];
  return name === undefined || existsSync(given) ? [given, undefined] : [name, seed];
}

export function requirementIn(id: string): RequirementId {
  const known = requirementIds.find((one) => one === id);
  if (known) return known;
  throw new UsageError(`--without ${id}: no requirement is called so`);
}

function tierIn(name: string): CryptoTier {
  const known = cryptoTiers.find((tier) => tier === name);
  if (known) return known;
  throw new UsageError(`--crypto ${name}: there are ${cryptoTiers.join(', ')}`);
}

function seedIn(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new UsageError(`--seed ${text}: a seed is a whole number from 0 to 2^53 - 1`);
}
