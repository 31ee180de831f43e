/**
 * `norc test`, from its flags to its exit code. The subject starts as soon as it is known which, and
 * the rest is loaded while it does: nobody waits for both.
 */
import { randomBytes } from 'node:crypto';
import type { Case } from '../../test/conformance/case.ts';
import { makeFolder } from '../folder.ts';
import { createTerminal } from '../terminal.ts';
import { exitCodes } from '../usage-error.ts';
import { planOf, type TestFlags, type TestPlan } from './options.ts';

export async function testRun(flags: TestFlags, target: string | undefined): Promise<number> {
  const interruption = new AbortController();
  const onInterrupt = () => interruption.abort();
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  try {
    const plan = await planOf(flags, target, () => randomBytes(8).toString('hex'));
    return plan.mode === 'list' ? await list(plan) : await judge(plan, interruption.signal);
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}

async function judge(plan: TestPlan, signal: AbortSignal): Promise<number> {
  const startedMs = Date.now();
  // Before anything is judged, so that no run is lost in the end.
  if (plan.mode === 'run') makeFolder(plan.out, '--out');
  // Standard output belongs to the document, where one is asked for.
  const terminal = createTerminal(plan.json ? process.stderr : process.stdout);
  terminal.progress('  starting');
  const [{ prepareGround }, { withHeadStart }] = await Promise.all([
    import('./ground.ts'),
    import('./head-start.ts'),
  ]);
  const prepared = await prepareGround(plan);
  const ground = withHeadStart(prepared.ground);
  try {
    const cases = await selectedCases(plan);
    if (cases.length === 0) return nothingSelected(plan);
    const [{ conduct }, { createLore }] = await Promise.all([
      import('./conduct.ts'),
      import('./lore.ts'),
    ]);
    const parts = { plan, cases, lore: createLore(), terminal, signal, startedMs };
    return await conduct({ ...parts, ...prepared, ground });
  } finally {
    terminal.progress('');
    await ground.close();
  }
}

async function list(plan: TestPlan): Promise<number> {
  const cases = await selectedCases(plan);
  if (cases.length === 0) return nothingSelected(plan);
  const { printList } = await import('./print-list.ts');
  printList(createTerminal(), cases, plan.json ? 'json' : 'text');
  return exitCodes.passed;
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
