/** `norc trust requests|approve|reject`: what an operator decides (T-CAP-07). */
import type { Command } from 'commander';

interface Flags {
  readonly data: string;
  readonly json?: true;
  readonly reason?: string;
}

const dataHelp = 'data folder of the server that is running (its --data-dir)';

export function registerApproval(group: Command): void {
  declare(group.command('requests'))
    .description('list the trust requests that wait for an operator')
    .action(async ({ data, json }: Flags) => {
      const { listRequests } = await import('./decide.ts');
      await listRequests(data, json ? 'json' : 'text');
    });
  declare(group.command('approve'))
    .description('approve a trust request that waits for an operator')
    .argument('<request>', 'its id, or the server that it comes from')
    .addHelpText('after', whichHelp)
    .action((of: string, flags: Flags) => decided(of, 'approve', flags));
  declare(group.command('reject'))
    .description('reject a trust request that waits for an operator')
    .argument('<request>', 'its id, or the server that it comes from')
    .option('--reason <text>', 'kept in the audit log; the other server is not told')
    .addHelpText('after', whichHelp)
    .action((of: string, flags: Flags) => decided(of, 'refuse', flags));
}

function declare(command: Command): Command {
  return command
    .requiredOption('--data <folder>', dataHelp)
    .option('--json', 'print one JSON document');
}

async function decided(
  of: string,
  decision: 'approve' | 'refuse',
  { data, json, reason }: Flags,
): Promise<void> {
  const { decide } = await import('./decide.ts');
  const verdict = { of, decision, ...(reason !== undefined && { reason }) };
  await decide(data, verdict, json ? 'json' : 'text');
}

const whichHelp = `
A server may ask anew, for something else, between your look and your word: its name stands for
what it asks for then, an id for that one request only.

Policy may speak beforehand instead: "trust": { "approvedServers": { "bravo.example": "basic" } }
in the file that norc serve is given as --policy.

Exit codes: 0 done, 2 there is no such request, or it cannot be decided (any more), 3 no server runs
            in that folder, or it does not answer`;
