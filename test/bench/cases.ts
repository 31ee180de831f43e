/** The suite itself: how many cases a second one thread judges the reference by, on the virtual clock. */
import { createMust } from '../../reference/assert.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import { createInProcessGround, type InProcessParts } from '../conformance/grounds/in-process.ts';
import { allCases } from '../conformance/registry.ts';
import { caseRunner } from '../conformance/run-on-threads.ts';
import { type Measure, median } from './measure.ts';

const caseLimitMs = 30_000;

/** Each case once: a second time, much of it would be remembered. */
export async function conformanceCases(parts: InProcessParts): Promise<readonly Measure[]> {
  const ground = createInProcessGround(parts, { seed: 'bench' });
  const run = caseRunner(
    {
      ...{ ground, cases: allCases, jobs: 1, authority: parts.authority, caseLimitMs },
      ...{ at: '2.0', seed: 'bench', crypto: createCrypto(parts.primitives, createMust()) },
      ...{ levelOf: () => 'MUST' as const, rerun: () => '', onEvent: () => {} },
      signal: new AbortController().signal,
    },
    allCases,
  );
  const tookMs: number[] = [];
  const verdicts = new Map<string, number>();
  for (const task of allCases.keys()) {
    const start = performance.now();
    const { result } = await run(task);
    tookMs.push(performance.now() - start);
    const verdict = result?.verdict ?? 'lost';
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  }
  await ground.close();
  const wholeMs = tookMs.reduce((sum, ms) => sum + ms, 0);
  const rate = (tookMs.length / wholeMs) * 1000;
  const counts = [...verdicts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  return [
    { what: 'all cases', rate, beside: `${counts} in ${(wholeMs / 1000).toFixed(1)} s` },
    { what: 'the median case', rate: 1000 / median(tookMs), beside: '' },
  ];
}
