/**
 * The committed summary and badge: right, the same for the same verdicts, and from a usable run
 * only.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderBadge } from '../../../reports/badge.ts';
import { countsOf, toneOf } from '../../../reports/counts.ts';
import type { CaseResult, Results } from '../../../reports/results.ts';
import { renderSummary } from '../../../reports/summary.ts';
import { summaryFiles, unusableBecause } from '../../../reports/write-summary.ts';
import { hostileResults, sample } from './sample.ts';
import { elementsOf } from './well-formed.ts';

const readme = readFileSync(new URL('../../../reports/README.md', import.meta.url), 'utf8');

/** The same verdicts at another time, on another seed, at another speed. */
const again: Results = {
  ...sample,
  run: {
    ...sample.run,
    id: 'other',
    seed: 'other',
    startedAt: '2031-05-05T05:05:05Z',
    durationMs: 1,
  },
  cases: sample.cases.map((result) => ({ ...result, durationMs: 1, rerun: 'other', exchange: [] })),
};

const tableRows = (results: Results): readonly (readonly string[])[] =>
  renderSummary(results)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    );

function only(verdict: CaseResult['verdict']): Results {
  const cases = sample.cases.filter((result) => result.verdict === verdict);
  return { ...sample, cases, baseline: { known: [], stale: [] } };
}

describe('the summary', () => {
  test('has rows that add up to its last', () => {
    const [, , ...rows] = tableRows(sample);
    const last = rows.pop()?.map((cell) => cell.replaceAll('*', ''));
    const sums = [2, 3, 4, 5, 6, 7, 8].map((column) =>
      rows.reduce((sum, row) => sum + Number(row[column]), 0),
    );
    expect(last?.slice(2).map(Number)).toEqual(sums);
    const { pass, fail, warn, error, untestable, ...rest } = countsOf(sample.requirements);
    expect(sums).toEqual([
      sample.requirements.length,
      pass,
      fail,
      warn,
      error,
      rest['not-applicable'],
      untestable,
    ]);
  });

  test('accounts for every requirement that was not judged', () => {
    const note = /Not judged by this run: (.*)\./.exec(renderSummary(sample))?.[1] ?? '';
    const sum = [...note.matchAll(/\d+/g)].reduce((total, [n]) => total + Number(n), 0);
    expect(sum).toBe(countsOf(sample.requirements).untestable);
  });

  test('does not depend on time, seed or speed', () => {
    expect(renderSummary(again)).toBe(renderSummary(sample));
    expect(renderBadge(again)).toBe(renderBadge(sample));
  });

  test('stays one table under a hostile name', () => {
    expect(tableRows(hostileResults()).every((row) => row.length === 9)).toBe(true);
    const [headline = ''] = renderSummary(hostileResults()).split('\n');
    expect(headline).not.toMatch(/[^\\][<|]|[\p{C}]/u);
  });
});

describe('the badge', () => {
  test.each([
    ['pass', 'all kept'],
    ['warn', 'warned'],
    ['fail', 'broken'],
    ['error', 'the suite erred'],
    ['untestable', 'nothing tested'],
  ] as const)('says of a run of %s cases: %s', (verdict, words) => {
    expect(renderBadge(only(verdict))).toContain(words);
  });

  test('is well-formed SVG that names nothing outside itself', () => {
    for (const results of [sample, hostileResults()]) {
      const elements = elementsOf(renderBadge(results), 'xml');
      expect(elements.flatMap(({ attributes }) => attributes.href ?? [])).toEqual([]);
      expect(elements.at(-1)?.name).toBe('svg');
    }
  });

  test('is never green when nothing was tested or the baseline is stale', () => {
    expect(toneOf({ ...sample, cases: [] })).toBe('nothing');
    const stale = { ...only('pass'), baseline: { known: ['a'], stale: ['a'] } };
    expect(toneOf(stale)).toBe('fail');
  });
});

describe('the files of the summary', () => {
  test('come from a whole in-process run only', () => {
    expect(unusableBecause(sample)).toBeNull();
    const run = sample.run;
    expect(unusableBecause({ ...sample, run: { ...run, ground: 'sockets' } })).toMatch(/sockets/);
    expect(unusableBecause({ ...sample, run: { ...run, interrupted: true } })).toMatch(/stopped/);
    expect(unusableBecause({ ...sample, cases: [] })).toMatch(/no case/);
  });

  test('change nothing outside the markers, and nothing at all the second time', () => {
    const [written] = summaryFiles(sample, readme);
    const outside = (text: string) => text.split(/<!-- generated:(?:begin|end) -->/);
    expect(outside(written?.text ?? '')[0]).toBe(outside(readme)[0]);
    expect(outside(written?.text ?? '')[2]).toBe(outside(readme)[2]);
    expect(summaryFiles(again, written?.text ?? '')[0]?.text).toBe(written?.text);
  });

  test('refuse a README that lost its markers', () => {
    expect(() => summaryFiles(sample, 'nothing')).toThrow('generated:begin');
  });
});
