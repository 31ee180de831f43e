/** Makes the arena that a plan asks for. */
import { type Arena, inProcessArena, sharedArena } from '../../test/fuzz/arena.ts';
import { prepareGround } from '../test-run/ground.ts';
import type { FuzzPlan } from './options.ts';

export async function prepareArena(
  plan: FuzzPlan,
): Promise<{ readonly arena: Arena; readonly name: string }> {
  const { at, seed, crypto } = plan;
  if (plan.ground === 'in-process') {
    const [{ createAuthority }, { prepareTier }] = await Promise.all([
      import('../../test/conformance/authority.ts'),
      import('../../test/fuzz/crypto-tier.ts'),
    ]);
    const parts = await prepareTier(await createAuthority(), crypto);
    return { arena: inProcessArena(parts, { at }), name: 'the reference' };
  }
  // A subject that lives on remembers the names of earlier runs.
  const run = `${seed} ${Date.now()}`;
  const { name, ...prepared } = await prepareGround({ ...plan, seed: run });
  return { arena: sharedArena({ ...prepared, at, run }), name };
}
