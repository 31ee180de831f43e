/** `--dry-run`: starts the subject, says what it says of itself, and runs no case. */
import { plainText } from '../../reports/characters.ts';
import { groupByNeeds, startNeedsOf } from '../../test/conformance/schedule.ts';
import { exitCodes } from '../usage-error.ts';
import type { Conduct } from './conduct.ts';

/** Throws SubjectUnreachable. */
export async function dryRun({ plan, cases, terminal, ground, name }: Conduct): Promise<number> {
  const [first] = groupByNeeds(cases)[0] ?? [];
  const subject = await ground.start(first ? startNeedsOf(first) : { policy: {}, versions: null });
  const { serverId, versions, capabilities } = subject.facts;
  await subject.close();
  if (plan.json) {
    const facts = { subject: { name, serverId, versions, capabilities }, cases: cases.length };
    console.log(JSON.stringify(facts, null, 2));
  }
  const offers = capabilities.length > 0 ? `, offers ${capabilities.join(', ')}` : '';
  const told = `${name} can be judged: ${serverId} speaks ${versions.join(', ')}${offers}`;
  terminal.print(plainText(told));
  terminal.print(`${cases.length} cases would run at ${plan.at} (norc test --list names them)`);
  return exitCodes.passed;
}
