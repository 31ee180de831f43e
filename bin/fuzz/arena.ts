/** Makes the arena that a plan asks for. */
import { type Arena, inProcessArena, sharedArena } from '../../test/fuzz/arena.ts';
import { prepareGround } from '../test-run/ground.ts';
import type { FuzzPlan } from './options.ts';

export async function prepareArena(
  plan: FuzzPlan,
): Promise<{ readonly arena: Arena; readonly name: string }> {
  const { at, seed } = plan;
  if (plan.ground === 'in-process') {
    const [{ createAuthority }, { prepareInProcess }] = await Promise.all([
      import('../../test/conformance/authority.ts'),
      import('../../test/conformance/grounds/in-process.ts'),
    ]);
    const parts = await prepareInProcess(await createAuthority());
    return { arena: inProcessArena(parts, { at }), name: 'the reference' };
  }
  // A subject that lives on remembers the names of earlier runs.
  const run = `${seed} ${Date.now()}`;
  const { name, ...prepared } = await prepareGround({ ...plan, seed: run });
  return { arena: sharedArena({ ...prepared, at, run }), name };
}
