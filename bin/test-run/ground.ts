/** Makes the ground that a plan asks for. */
import type { Authority } from '../../test/conformance/authority.ts';
import type { Ground } from '../../test/conformance/ground.ts';
import {
  createInProcessGround,
  prepareInProcess,
} from '../../test/conformance/grounds/in-process.ts';
import { createSocketsGround } from '../../test/conformance/grounds/sockets.ts';
import { commandTarget } from '../../test/conformance/targets/command.ts';
import { UsageError } from '../usage-error.ts';
import type { Conduct } from './conduct.ts';

export async function prepareGround(
  { plan, target, command }: Pick<Conduct, 'plan' | 'target' | 'command'>,
  authority: Authority,
): Promise<{ readonly ground: Ground; readonly name: string }> {
  if (target && command) throw new UsageError('give a target file or --command, not both');
  if (plan.ground === 'in-process') {
    if (target || command) {
      throw new UsageError('--ground in-process judges the reference: leave the target out');
    }
    const parts = await prepareInProcess(authority);
    return { ground: createInProcessGround(parts, { seed: plan.seed }), name: 'the reference' };
  }
  const chosen = commandTarget(command ? { authority, command } : { authority });
  return { ground: createSocketsGround({ target: chosen }), name: chosen.name };
}
