/** `npm run fuzz:mutants`: prints how each mutant was found; fails when one was not. */
import { parseArgs } from 'node:util';
import { createAuthority } from '../conformance/authority.ts';
import { prepareInProcess } from '../conformance/grounds/in-process.ts';
import { type GuardMutant, mutants } from './mutants.ts';
import { describeMutation } from './mutation.ts';
import { huntMutant, shortcoming } from './prove.ts';

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const parts = await prepareInProcess(await createAuthority());
const isAsked = ({ off }: GuardMutant): boolean => !only || off.some((id) => id.startsWith(only));

for (const mutant of mutants.filter(isAsked)) {
  const outcome = await huntMutant(parts, mutant);
  const wrong = shortcoming(outcome);
  const { foundAfter, runs, durationMs, counterexample } = outcome;
  const how = counterexample?.plan.map(describeMutation).join('; ') ?? '';
  const facts = [
    `after ${foundAfter ?? '—'}`,
    `${runs} runs`,
    `${(durationMs / 1000).toFixed(1)} s`,
  ];
  const name = `${mutant.script} without ${mutant.off.join(', ')}`;
  console.log(`${wrong ? '✗' : '✓'} ${name.padEnd(36)} ${facts.join(', ').padEnd(34)} ${how}`);
  if (!wrong) continue;
  console.log(`    ${wrong}`);
  process.exitCode = 1;
}
