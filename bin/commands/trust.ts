/** `norc trust …`: what an operator decides and audits, and what there is to ask without a server. */
import type { Command } from 'commander';
import { registerLaboratory } from '../../sim/trustgraph/cli/register.ts';
import { registerApproval } from '../trust/approval.ts';
import { registerAssess } from '../trust/assess.ts';
import { registerAudit } from '../trust/audit.ts';
import { registerLevels } from '../trust/levels.ts';

export function registerTrust(program: Command): void {
  const group = program
    .command('trust')
    .description('approve requests, audit a server, weigh levels, evidence and graphs of trust');
  const registrars = [
    registerApproval,
    registerAudit,
    registerAssess,
    registerLevels,
    registerLaboratory,
  ];
  for (const register of registrars) register(group);
}
