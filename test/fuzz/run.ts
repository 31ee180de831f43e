/** `npm run fuzz:mutants`: prints how each mutant was found; fails when one was not. */
import { parseArgs } from 'node:util';
import { createAuthority } from '../conformance/authority.ts';
import { prepareInProcess } from '../conformance/grounds/in-process.ts';
import type { FuzzOutcome } from './fuzz.ts';
import { leaks } from './leaks.ts';
import { mutants } from './mutants.ts';
import { describeMutation } from './mutation.ts';
import { huntLeak, huntMutant, shortcoming } from './prove.ts';

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const parts = await prepareInProcess(await createAuthority());
const isAsked = (...names: readonly string[]): boolean =>
  !only || names.some((name) => name.startsWith(only));

for (const mutant of mutants.filter(({ off }) => isAsked(...off))) {
  const name = `${mutant.script} without ${mutant.off.join(', ')}`;
  tell(name, await huntMutant(parts, mutant));
}
for (const leak of leaks.filter(({ name }) => isAsked(name))) {
  tell(`${leak.script} ${leak.name}`, await huntLeak(parts, leak));
}

function tell(name: string, outcome: FuzzOutcome): void {
  const wrong = shortcoming(outcome);
  const { foundAfter, runs, cpuMs, counterexample } = outcome;
  const how = counterexample?.plan.map(describeMutation).join('; ') ?? '';
  const facts = `after ${foundAfter ?? '—'}, ${runs} runs, ${(cpuMs / 1000).toFixed(1)} s of CPU`;
  console.log(`${wrong ? '✗' : '✓'} ${name.padEnd(44)} ${facts.padEnd(38)} ${how}`);
  if (!wrong) return;
  console.log(`    ${wrong}`);
  process.exitCode = 1;
}
