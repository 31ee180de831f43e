import { beforeAll, describe, expect, test } from 'vitest';
import { disagreements } from '../../../reports/amc/matrix.ts';
import { meetingOf } from '../../../spec/change/meeting.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { amc } from '../../../spec/emitted/versions.ts';
import { createBench, expectedIn, runMatrix } from '../../conformance/amc/matrix.ts';
import type { Bench } from '../../conformance/amc/negotiations.ts';
import { setsOf, versionsUpTo } from '../../conformance/amc/version-sets.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await createBench();
});

const everywhere = ['client', 'federation', 'trust'] as const;

describe('the rule alone', () => {
  test.each(amc.examples)('$source meets at $version', ({ ours, theirs, ...expected }) => {
    const wellFormed = ours.filter((version) => new RegExp(amc.grammar).test(version));
    const meeting = meetingOf(wellFormed, theirs);
    expect(meeting?.version ?? null).toBe(expected.version);
    expect(meeting?.compatibilityMode ?? false).toBe(expected.compatibility_mode);
  });

  test('is the same whichever side asks', () => {
    const sets = setsOf(versionsUpTo(4));
    for (const own of sets) {
      for (const other of sets) expect(meetingOf(own, other)).toEqual(meetingOf(other, own));
    }
  });
});

describe('the matrix', () => {
  test('X-AMC-01, X-AMC-02, X-AMC-03, X-AMC-05, X-AMC-10: devices and servers meet where the rule says', () => {
    const found = runMatrix(bench, { versions: versionsUpTo(4), layers: ['client'] });
    expect(found.tables[0]?.cells).toHaveLength(31 * 31);
    expect(disagreements(found)).toEqual([]);
  });

  test('X-AMC-12: servers meet where the rule says, and both write it down', () => {
    const found = runMatrix(bench, { versions: versionsUpTo(4), layers: ['federation'] });
    expect(found.tables[0]?.cells).toHaveLength(31 * 31);
    expect(disagreements(found)).toEqual([]);
  });

  test('X-AMC-04: numbers decide, not letters', () => {
    const found = runMatrix(bench, { versions: ['1.9', '1.10', '2.0'], layers: everywhere });
    expect(disagreements(found)).toEqual([]);
  });

  test('X-AMC-14: trust is spoken only within one major of its link', () => {
    const found = runMatrix(bench, { versions: ['1.0', '2.0', '3.0', '4.0'], layers: ['trust'] });
    expect(found.tables.map(({ carrier }) => carrier)).toEqual(['1.0', '2.0', '3.0', '4.0']);
    expect(disagreements(found)).toEqual([]);
  });

  test.each<[RequirementId, (typeof everywhere)[number]]>([
    ['X-AMC-05', 'client'],
    ['X-AMC-01', 'client'],
    ['X-AMC-10', 'federation'],
    ['X-AMC-14', 'trust'],
  ])('shows a server without %s in NORC-%s', (id, layer) => {
    const mutant = { ...bench, off: new Set([id]) };
    const found = runMatrix(mutant, { versions: ['1.0', '2.0', '3.0'], layers: [layer] });
    const [first] = disagreements(found);
    expect(first?.layer).toBe(layer);
    expect(first?.got).not.toEqual(first?.expected);
  });

  test('says of trust no compatibility mode, because no message does', () => {
    const lists = [['1.0'], ['1.0', '2.0']] as const;
    expect(expectedIn({ layer: 'trust', carrier: '1.0' }, lists)).toMatchObject({
      ...{ version: '1.0', compatibilityMode: null },
    });
    expect(expectedIn({ layer: 'federation', carrier: null }, lists)).toMatchObject({
      ...{ version: '1.0', compatibilityMode: true },
    });
  });
});
