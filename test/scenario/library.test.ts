/**
 * The library of scenarios: each passes, leaves the trace whose hash is in git, and fails when what
 * it tests is switched off. A change of behaviour is a reviewed change of a hash: npm run golden.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { libraryNames, loadScenario } from '../../bin/sim/library.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { withoutAmbient } from '../../sim/ambient.ts';
import { runScenario } from '../../sim/run.ts';

const primitives = await createNodePrimitives();
const golden = JSON.parse(
  readFileSync(new URL('../../sim/scenarios/golden.json', import.meta.url), 'utf8'),
) as { [name: string]: string };

/** Long ones take some seconds on a busy machine. */
const PATIENCE_MS = 120_000;

const names = libraryNames();

test('every scenario of the library has a golden hash, and every hash a scenario', () => {
  expect(Object.keys(golden).sort()).toEqual([...names]);
});

test('every scenario says with what it fails, so that each can', () => {
  const unfailing = names.filter((name) => {
    const { failsWithout, failsWith } = loadScenario(name);
    return failsWithout.length + failsWith.length === 0;
  });
  expect(unfailing).toEqual([]);
});

describe.each(names)('%s', (name) => {
  test(
    'passes, and repeats the trace in git',
    () => {
      const scenario = loadScenario(name);
      const result = withoutAmbient(() => runScenario(scenario, { primitives }));
      expect(result.thrown).toEqual([]);
      expect(result.verdicts.filter(({ status }) => status !== 'held')).toEqual([]);
      expect(result.status).toBe('passed');
      expect(result.trace.hash).toBe(golden[name]);
    },
    PATIENCE_MS,
  );

  const { failsWithout, failsWith } = loadScenario(name);
  test.each(failsWith.map((one) => [JSON.stringify(one), one]))(
    'fails with %s in every server',
    (_, program) => {
      const scenario = loadScenario(name, { program: program as (typeof failsWith)[number] });
      const { verdicts } = withoutAmbient(() => runScenario(scenario, { primitives }));
      const broken = verdicts.filter(({ status }) => status === 'broken');
      expect(broken.map((verdict) => verdict.name)).not.toEqual([]);
    },
    PATIENCE_MS,
  );

  test.each(failsWithout.map((off) => [off.join(' and '), off]))(
    'fails without %s',
    (_, off) => {
      const scenario = loadScenario(name, { off: off as (typeof failsWithout)[number] });
      const { verdicts } = withoutAmbient(() => runScenario(scenario, { primitives }));
      const broken = verdicts.filter(({ status }) => status === 'broken');
      expect(broken.map((verdict) => verdict.name)).not.toEqual([]);
    },
    PATIENCE_MS,
  );
});
