/** `norc fuzz`: what it is told, and counterexamples that are written and read again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readCounterexample, writeCounterexample } from '../../../bin/fuzz/counterexample-file.ts';
import { fuzzPlanOf } from '../../../bin/fuzz/options.ts';
import { printCounterexample } from '../../../bin/fuzz/print-counterexample.ts';
import { arbitraryPlan } from '../../fuzz/arbitrary-plan.ts';
import type { Finding } from '../../fuzz/oracle.ts';
import { scripts } from '../../fuzz/scripts/all.ts';
import type { Crossing } from '../../fuzz/tampering.ts';
import { recordingTerminal } from './recording-terminal.ts';

const flags = { at: '2.0', out: 'reports/out' };
const folder = mkdtempSync(join(tmpdir(), 'norc-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('what norc fuzz is told', () => {
  test('without a target the reference is attacked in process, a thousand times', () => {
    const plan = fuzzPlanOf(flags, undefined);
    expect(plan).toMatchObject({ ground: 'in-process', runs: 1000, layers: ['c', 'f', 't'] });
    expect(plan.timeMs).toBe(Number.POSITIVE_INFINITY);
  });

  test('a target is attacked over sockets', () => {
    expect(fuzzPlanOf({ ...flags, command: './server' }, undefined).ground).toBe('sockets');
  });

  test.each([
    ['60', 60_000],
    ['60s', 60_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
  ])('--time %s', (time, timeMs) => {
    const plan = fuzzPlanOf({ ...flags, time }, undefined);
    expect(plan.timeMs).toBe(timeMs);
    expect(plan.runs).toBeGreaterThan(1_000_000);
  });

  test.each([
    [{ time: 'soon' }, /--time soon/],
    [{ runs: '0' }, /--runs 0/],
    [{ layer: ['q'] }, /--layer q/],
    [{ seed: '-1' }, /--seed -1/],
    [{ ground: 'in-process', command: './server' }, /leave the target out/],
    [{ crypto: 'rot13' }, /--crypto rot13/],
    [{ crypto: 'symbolic', ground: 'sockets' }, /on sockets it is real/],
  ])('%o is refused', (wrong, message) => {
    expect(() => fuzzPlanOf({ ...flags, ...wrong }, undefined)).toThrow(message);
  });
});

const finding: Finding = {
  oracle: 'altered-is-not-granted',
  expected: 'not linked',
  got: 'linked',
  crossing: 0,
};

const crossings: readonly Crossing[] = [
  { to: 'subject', type: 'x', text: '{}', standsFor: 'federation_handshake', fate: 'altered' },
  { to: 'us', type: 'y', text: '{}', standsFor: '', fate: 'honest' },
];

describe('a counterexample', () => {
  test.each(scripts)('is read as it was written: $name', (script) => {
    const plans = arbitraryPlan(script, { at: '2.0', virtualTime: true });
    fc.assert(
      fc.property(plans, (plan) => {
        const found = { script: script.name, at: '2.0', seed: 1, plan, finding, crossings };
        const file = writeCounterexample(folder, found);
        expect(readCounterexample(file).plan).toEqual(JSON.parse(JSON.stringify(plan)));
      }),
      { numRuns: 50 },
    );
  });

  test('of another kind is refused with the place of the fault', () => {
    const file = join(folder, 'wrong.json');
    const plan = [{ message: 'x', kind: 'bribe' }];
    writeFileSync(
      file,
      JSON.stringify({ format: 'norc-fuzz-1', script: 'trust', at: '2.0', plan }),
    );
    expect(() => readCounterexample(file)).toThrow(/--replay .*\/plan\/0/);
  });

  test('is printed as the messages that crossed, with the one that matters marked', () => {
    const terminal = recordingTerminal(Number.POSITIVE_INFINITY);
    const plan = [{ message: 'federation_handshake', kind: 'skip' }] as const;
    printCounterexample(terminal, { script: 'federation', plan, finding, crossings });
    expect(terminal.text()).toContain('  >   1 → x (for federation_handshake)   altered');
    expect(terminal.text()).toContain('      2 ← y');
  });
});
