/** The registries: codes, suites, levels, permissions, labels and versions agree with each other. */
import { describe, expect, test } from 'vitest';
import { machines } from '../../spec/emitted/machines.ts';
import {
  capabilities,
  ceilings,
  classificationNames,
  classifications,
  errorByCode,
  errorCode,
  errorRanges,
  labels,
  levelNames,
  levels,
  mandatorySuite,
  methods,
  permissionNames,
  permissions,
  refusedClassifications,
  reservedLabels,
  suiteNames,
  suites,
} from '../../spec/emitted/registries.ts';
import { amc, features, versionNames } from '../../spec/emitted/versions.ts';
import { limits } from '../../spec/limits.ts';
import { declarations } from '../../spec/messages.ts';

describe('error codes', () => {
  const rows = Object.values(errorByCode);
  const codes = Object.values(errorCode).flatMap((group) => Object.values(group) as number[]);

  test('are unique and reached by one path each', () => {
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.sort()).toEqual(rows.map(({ code }) => code as number).sort());
  });

  test('lie in exactly one range, whose category they have', () => {
    for (const { code, category } of rows) {
      const holding = errorRanges.filter(({ from, to }) => from <= code && code <= to);
      expect(holding.map((range) => range.category)).toEqual([category]);
    }
  });

  test('may ask to retry only where waiting helps', () => {
    const waiting = new Set(['rate_limit', 'routing', 'server']);
    for (const { code, category, retry } of rows) {
      if (retry) expect(waiting, `${code}`).toContain(category);
      if (category === 'rate_limit') expect(retry, `${code}`).toBe(true);
    }
  });

  test('say on the wire neither who nor what', () => {
    const texts = rows.map(({ message }) => message);
    expect(texts.filter((text) => !/^[a-z ]+$/.test(text))).toEqual([]);
  });

  test('of NORC-T are 5800 to 5817, all proposed', () => {
    const trust = rows.filter(({ layer }) => layer === 'trust');
    expect(trust.map(({ code }) => code)).toEqual(Array.from({ length: 18 }, (_, at) => 5800 + at));
    expect(trust.every(({ proposed }) => proposed)).toBe(true);
  });
});

describe('trust levels', () => {
  const grantable = levelNames.map((name) => levels[name]).filter((level) => level.grantable);
  const pairs = grantable.slice(1).map((higher, at) => [grantable[at], higher] as const);

  test('are ranked in the order of their names', () => {
    expect(levelNames.map((name) => levels[name].rank)).toEqual(levelNames.map((_, at) => at));
  });

  test('ask at least what the level below asks, and grant at least as much', () => {
    for (const [lower, higher] of pairs) {
      if (!lower) throw new Error('no lower level');
      expect(higher.threshold).toBeGreaterThan(lower.threshold ?? 0);
      expect(lower.caTypes).toEqual(expect.arrayContaining([...higher.caTypes]));
      expect(higher.complianceStandards).toEqual(
        expect.arrayContaining([...lower.complianceStandards]),
      );
      expect(higher.permissions).toEqual(expect.arrayContaining([...lower.permissions]));
      expect(Number(higher.certificateTransparency)).toBeGreaterThanOrEqual(
        Number(lower.certificateTransparency),
      );
      expect(Number(higher.ocsp)).toBeGreaterThanOrEqual(Number(lower.ocsp));
      expect(Number(higher.backgroundCheck)).toBeGreaterThanOrEqual(Number(lower.backgroundCheck));
      expect(higher.maxMessageBytes).toBeGreaterThanOrEqual(lower.maxMessageBytes);
      expect(pqRank(higher.hybridPq)).toBeGreaterThanOrEqual(pqRank(lower.hybridPq));
    }
  });

  test('accept a chain key of the level above, never a weaker one', () => {
    for (const [lower, higher] of pairs) {
      for (const { algorithm, minBits } of minima(higher.chainAlgorithms)) {
        const below = minima(lower?.chainAlgorithms ?? []).find((a) => a.algorithm === algorithm);
        expect(below?.minBits).toBeLessThanOrEqual(minBits);
      }
    }
  });

  test('have ceilings that never sink', () => {
    for (const ladder of ['national', 'nato'] as const) {
      const rungs: readonly string[] = classifications[ladder];
      const heights = levelNames.map((name) => rungs.indexOf(ceilings[name][ladder] ?? ''));
      expect(heights).toEqual([...heights].sort((a, b) => a - b));
    }
  });

  test('grant only permissions that exist, and all of them at the top', () => {
    expect([...levels.nato.permissions].sort()).toEqual([...permissionNames].sort());
  });

  test('cap every method, and no method reaches a level whose authorities it cannot show', () => {
    for (const method of Object.values(methods)) {
      expect(levelNames).toContain(method.maxTrustLevel);
      if (!method.needsChain) expect(levels[method.maxTrustLevel].caTypes).toContain('self_signed');
    }
  });

  test('are scored by weights that sum to 100', () => {
    expect(Object.values(limits.scoreWeights).reduce<number>((a, b) => a + b, 0)).toBe(100);
  });
});

describe('cipher suites', () => {
  test('have one mandatory member, ids that are their values, and distinct ones', () => {
    const mandatory = suiteNames.filter((id) => suites[id].mandatory);
    expect(mandatory).toEqual([mandatorySuite]);
    for (const id of suiteNames) expect(suites[id].value).toBe(Number.parseInt(id, 16));
  });

  test('are hybrid exactly where they have a KEM, and the hybrid one is best', () => {
    for (const id of suiteNames) expect(suites[id].hybrid).toBe(suites[id].kem !== null);
    expect(suiteNames).toEqual(['0101', '0001', '0002']);
  });
});

describe('classifications', () => {
  test('are nine labels on two ladders, none of them refused', () => {
    expect(new Set(classificationNames).size).toBe(9);
    for (const label of refusedClassifications) expect(classificationNames).not.toContain(label);
  });
});

describe('labels', () => {
  const values: string[] = Object.values(labels);

  test('are distinct, and none begins with another or with a reserved prefix', () => {
    for (const label of values) {
      const clashing = values.filter((other) => other !== label && other.startsWith(`${label}:`));
      expect(clashing).toEqual([]);
      expect(reservedLabels.some((prefix) => label.startsWith(prefix))).toBe(false);
    }
    expect(new Set(values).size).toBe(values.length);
  });
});

describe('messages', () => {
  const types = new Set(declarations.map(({ type }) => type));

  test('that permissions and capabilities gate are declared', () => {
    const gated = [...Object.values(permissions), ...Object.values(capabilities)];
    const unknown = gated.flatMap(({ gates }) => [...gates]).filter((type) => !types.has(type));
    expect(unknown).toEqual([]);
  });

  test('are legal in states that some machine has', () => {
    const states = new Set<string>(
      Object.values(machines).flatMap((machine) => machine.states.map(({ state }) => state)),
    );
    const strays = declarations.flatMap(({ type, legalIn }) =>
      legalIn.filter((state) => !states.has(state)).map((state) => `${type}: ${state}`),
    );
    expect(strays).toEqual([]);
  });
});

describe('versions', () => {
  test('each say what they ask of every feature, and never ask less than the one before', () => {
    for (const feature of Object.values(features)) {
      expect(Object.keys(feature.at)).toEqual([...versionNames]);
      const duties = versionNames.map((version) => feature.at[version] as string);
      expect(duties.lastIndexOf('tolerated')).toBeLessThan(1);
      expect(new Set(duties.slice(1)).size).toBe(1);
    }
  });

  test.each(amc.examples.map((example) => [example.source, example] as const))(
    'meet as %s says, whichever side asks',
    (_, { ours, theirs, version, compatibility_mode }) => {
      expect(meet(ours, theirs)).toEqual({ version, compatibility_mode });
      expect(meet(theirs, ours)).toEqual({ version, compatibility_mode });
    },
  );
});

function pqRank(rule: 'optional' | 'preferred' | 'required'): number {
  return ['optional', 'preferred', 'required'].indexOf(rule);
}

interface Minimum {
  readonly algorithm: string;
  readonly minBits: number;
}

function minima(rows: readonly { algorithm: string; min_bits: number }[]): Minimum[] {
  return rows.map(({ algorithm, min_bits }) => ({ algorithm, minBits: min_bits }));
}

/** The rule of versions.yaml by brute force: an oracle for its own examples. */
function meet(ours: readonly string[], theirs: readonly string[]) {
  const none = { version: null, compatibility_mode: false };
  const lists = [ours, theirs].map((list) => list.filter((text) => grammar.test(text)));
  const tops = lists.map((list) => Math.max(...list.map(major)));
  const [ourTop = NaN, theirTop = NaN] = tops;
  if (!(Math.abs(ourTop - theirTop) <= amc.max_major_distance)) return none;
  const [left = [], right = []] = lists.map((list, at) =>
    list.filter((text) => (tops[at] ?? NaN) - major(text) <= amc.max_major_distance),
  );
  const version = left
    .filter((text) => right.includes(text))
    .sort(byNumber)
    .at(-1);
  if (version === undefined) return none;
  return { version, compatibility_mode: major(version) < Math.max(...tops) };
}

const grammar = new RegExp(amc.grammar);
const major = (text: string): number => Number(text.split('.')[0]);
const minor = (text: string): number => Number(text.split('.')[1]);
const byNumber = (a: string, b: string): number => major(a) - major(b) || minor(a) - minor(b);
