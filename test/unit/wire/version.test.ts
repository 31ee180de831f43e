/** V-VER: the published negotiations, both ways round, and what each rule prevents. */
import { describe, expect, test } from 'vitest';
import { createMust, InvariantError } from '../../../reference/assert.ts';
import {
  chooseTrustVersion,
  chooseVersion,
  compareVersions,
  isAtLeast,
  parseVersion,
  versionOf,
} from '../../../reference/wire/version.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';

const must = createMust();
const without = (...ids: RequirementId[]) => ({ must: createMust({ off: new Set(ids) }) });
const list = (text: string) => text.split(' ');

describe('negotiation', () => {
  test.each([
    ['1', '2.0 1.2 1.1 1.0', '1.2 1.1', '1.2', true],
    ['3', '3.0 2.1 2.0', '1.2 2.0', '2.0', true],
    ['4', '1.0 1.1 2.0', '1.0 1.2 2.0', '2.0', false],
    ['5', '1.9 1.10', '1.10 1.9', '1.10', false],
    ['same major, lower minor', '1.2 1.0', '1.1 1.0', '1.0', false],
    ['matrix row without 2.1 (L-V04)', '1.2', '1.2 2.1', '1.2', true],
    ['bridging is not needed', '3.0 2.0 1.0', '2.0 1.0', '2.0', true],
  ])('V-VER-%s: %s × %s gives %s', (_, a, b, version, compatibilityMode) => {
    for (const [own, offered] of [
      [a, b],
      [b, a],
    ] as const) {
      expect(chooseVersion(list(own), list(offered), { must })).toEqual({
        ok: true,
        value: { version, compatibilityMode },
      });
    }
  });
  test.each<[string, string, string, RequirementId]>([
    ['2', '2.0 1.2', '1.0', 'X-AMC-03'],
    ['6', '3.0 1.0', '1.0', 'X-AMC-01'],
    ['7', '4.0', '2.0', 'X-AMC-01'],
    ['8', '1.0', '2.0', 'X-AMC-03'],
    ['bridge over two majors', '3.0 1.0', '2.0 1.0', 'X-AMC-03'],
  ])('V-VER-%s: %s × %s fails', (_, a, b, requirement) => {
    for (const [own, offered] of [
      [a, b],
      [b, a],
    ] as const) {
      expect(chooseVersion(list(own), list(offered), { must })).toMatchObject({
        ok: false,
        error: { requirement },
      });
    }
  });
  test('V-VER-9: a list of malformed versions is malformed', () => {
    const malformed = [
      ['v2.0', '2', '2.0.1'],
      ...['', '02.0', '2.00', '-2.0', '2.0 ', '2.0\n', 'two.zero', '2,0', '2.123456'].map((one) => [
        one,
      ]),
    ];
    for (const offered of malformed) {
      expect(chooseVersion(['2.0'], offered, { must }), offered.join()).toMatchObject({
        error: { requirement: 'X-AMC-09' },
      });
    }
    expect(chooseVersion(['2.0'], [], { must })).toMatchObject({
      error: { requirement: 'X-AMC-09' },
    });
  });
  test('skips malformed versions among good ones', () => {
    const offered = ['v3.0', '1.0', '', '2.0.1', '١.٢'];
    expect(chooseVersion(['2.0', '1.0'], offered, { must })).toMatchObject({
      value: { version: '1.0' },
    });
  });
  test('V-VER-10: a preference does not lower the choice', () => {
    const options = { must, preferred: '1.0' };
    expect(chooseVersion(['2.0', '1.0'], ['1.0', '2.0'], options)).toMatchObject({
      value: { version: '2.0' },
    });
  });
  test('V-VER-11: duplicates and long lists change nothing', () => {
    const long = Array.from({ length: 50 }, (_, minor) => [`1.${minor}`, `1.${minor}`]).flat();
    expect(chooseVersion(['1.0', '1.49', '1.50'], long, { must })).toMatchObject({
      value: { version: '1.49' },
    });
  });
  test('with our own list malformed is our own mistake', () => {
    expect(() => chooseVersion(['2'], ['2.0'], { must })).toThrow(InvariantError);
    expect(() => chooseVersion([], ['2.0'], { must })).toThrow(InvariantError);
  });
});

describe('a switched-off rule changes the choice', () => {
  test.each<[RequirementId, string, string, object]>([
    ['X-AMC-01', '3.0 1.0', '1.0', { version: '1.0' }],
    ['X-AMC-02', '2.0 1.0', '1.0 2.0', { version: '1.0' }],
    ['X-AMC-03', '1.0', '2.0', { version: '2.0' }],
    ['X-AMC-04', '1.10 1.9', '1.10 1.9', { version: '1.9' }],
    ['X-AMC-05', '2.0 1.0', '3.0 1.0', { version: '1.0' }],
    ['X-AMC-09', '2.0', 'v2.0', { version: '2.0' }],
    ['X-AMC-10', '1.0', '2.0 1.0', { compatibilityMode: false }],
  ])('%s', (id, own, offered, value) => {
    const judged = chooseVersion(list(own), list(offered), { must });
    if (judged.ok) expect(judged.value).not.toMatchObject(value);
    expect(chooseVersion(list(own), list(offered), without(id))).toMatchObject({ value });
  });
  test('X-AMC-13', () => {
    const options = { ...without('X-AMC-13'), preferred: '1.0' };
    expect(chooseVersion(['2.0', '1.0'], ['2.0', '1.0'], options)).toMatchObject({
      value: { version: '1.0' },
    });
  });
});

describe('the version of NORC-T', () => {
  test.each([
    ['2.0', '2.0 1.0', '1.0 2.0', '2.0'],
    ['1.0', '2.0 1.0', '1.0 2.0', '2.0'],
    ['3.0', '3.0 2.0', '2.0 3.0', '3.0'],
    ['1.0', '3.0 2.0', '2.0 3.0', '2.0'],
  ])('on a link of NORC-F %s, %s × %s gives %s', (link, own, offered, version) => {
    expect(chooseTrustVersion(list(own), list(offered), link, { must })).toMatchObject({
      value: { version },
    });
  });
  test('is none when all common ones are too far from the link', () => {
    expect(chooseTrustVersion(['1.0'], ['1.0'], '3.0', { must })).toMatchObject({
      error: { requirement: 'X-AMC-14' },
    });
    expect(chooseTrustVersion(['1.0'], ['1.0'], '3.0', without('X-AMC-14'))).toMatchObject({
      value: { version: '1.0' },
    });
  });
  test('is none when there is no common one', () => {
    expect(chooseTrustVersion(['1.0'], ['1.1'], '1.0', { must })).toMatchObject({
      error: { requirement: 'X-AMC-03' },
    });
  });
});

test('versions compare by number', () => {
  expect(compareVersions(versionOf('1.10'), versionOf('1.9'))).toBeGreaterThan(0);
  expect(compareVersions(versionOf('1.99'), versionOf('2.0'))).toBeLessThan(0);
  expect(compareVersions(versionOf('2.0'), versionOf('2.0'))).toBe(0);
  expect(isAtLeast('1.10', '1.9')).toBe(true);
  expect(isAtLeast('1.0', '1.1')).toBe(false);
  expect(parseVersion('99999.0')).toEqual({ ok: true, value: { major: 99999, minor: 0 } });
});
