/** `norc trust …`: what there is to ask about trust without a server. One registrar a subcommand. */
import type { Command } from 'commander';
import { registerLaboratory } from '../../sim/trustgraph/cli/register.ts';
import { registerAssess } from '../trust/assess.ts';
import { registerLevels } from '../trust/levels.ts';

export function registerTrust(program: Command): void {
  const group = program
    .command('trust')
    .description('levels, evidence and graphs of trust, weighed without a server');
  for (const register of [registerAssess, registerLevels, registerLaboratory]) register(group);
}
