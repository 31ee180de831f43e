/**
 * `norc test`, from its flags to its exit code. The subject is started as soon as it is known which,
 * and what the run itself needs is loaded while it starts.
 */
import { randomBytes } from 'node:crypto';
import type { Case } from '../../test/conformance/case.ts';
import { createTerminal } from '../terminal.ts';
import { exitCodes } from '../usage-error.ts';
import { planOf, type TestFlags, type TestPlan } from './options.ts';

export async function testRun(flags: TestFlags, target: string | undefined): Promise<number> {
  const interruption = new AbortController();
  const onInterrupt = () => interruption.abort();
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  try {
    const plan = await planOf(flags, target, () => randomBytes(8).toString('hex'));
    const cases = await selectedCases(plan);
    if (cases.length === 0) return nothingSelected(plan);
    if (plan.mode === 'list') return await list(plan, cases);
    return await start(plan, cases, interruption.signal);
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}

async function selectedCases({ selection, baseline }: TestPlan): Promise<readonly Case[]> {
  const [{ allCases }, { select }] = await Promise.all([
    import('../../test/conformance/registry.ts'),
    import('../../test/conformance/select.ts'),
  ]);
  if (baseline.length > 0) (await import('./baseline.ts')).refuseUnknown(baseline, allCases);
  // The register takes long to read, and every level is at least `may`.
  if (selection.level === 'may') return select(allCases, selection, () => 'MAY');
  const { createLore } = await import('./lore.ts');
  return select(allCases, selection, createLore().levelOf);
}

/** Zero cases are never green (architecture §5). */
function nothingSelected({ selection, json, mode }: TestPlan): number {
  const { only, layers, level, shard } = selection;
  const asked = [
    ...only.map((glob) => `--only ${glob}`),
    ...layers.map((layer) => `--layer ${layer}`),
    ...(level === 'may' ? [] : [`--level ${level}`]),
    ...(shard.of === 1 ? [] : [`--shard ${shard.index}/${shard.of}`]),
  ];
  const what = asked.length > 0 ? `no case is selected by ${asked.join(' ')}` : 'there is no case';
  if (json && mode === 'list') console.log('[]');
  console.error(`norc: ${what}; norc test --list names them all`);
  return exitCodes.nothingTested;
}

async function list({ json }: TestPlan, cases: readonly Case[]): Promise<number> {
  const { printList } = await import('./print-list.ts');
  printList(createTerminal(), cases, json ? 'json' : 'text');
  return exitCodes.passed;
}

async function start(plan: TestPlan, cases: readonly Case[], signal: AbortSignal): Promise<number> {
  // Standard output belongs to the document, where one is asked for.
  const terminal = createTerminal(plan.json ? process.stderr : process.stdout);
  const startedMs = Date.now();
  terminal.progress('  starting');
  const { prepareGround } = await import('./ground.ts');
  const prepared = await prepareGround(plan);
  const { withHeadStart } = await import('./head-start.ts');
  const ground = withHeadStart(prepared.ground, cases);
  try {
    const [{ conduct }, { createLore }] = await Promise.all([
      import('./conduct.ts'),
      import('./lore.ts'),
    ]);
    const lore = createLore();
    // Read while the subject starts.
    if (!ground.virtualTime) void lore.register;
    return await conduct({ plan, cases, lore, terminal, ...prepared, ground, signal, startedMs });
  } finally {
    terminal.progress('');
    await ground.close();
  }
}
