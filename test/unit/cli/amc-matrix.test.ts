/** `norc amc matrix` prints what was negotiated, as text, JSON and page, and fails on any difference. */
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { matrixLines } from '../../../bin/amc/matrix-lines.ts';
import type { MatrixResults } from '../../../reports/amc/matrix.ts';
import { renderMatrixPage } from '../../../reports/amc/page.ts';
import { elementsOf } from '../reports/well-formed.ts';
import { norc } from './norc.ts';
import { recordingTerminal } from './recording-terminal.ts';

const met = { version: '1.0', compatibilityMode: true };
const differing: MatrixResults = {
  format: 'norc-amc-matrix/1',
  ground: 'in-process',
  versions: ['1.0', '2.0'],
  sets: [['1.0'], ['1.0', '2.0']],
  tables: [
    {
      layer: 'federation',
      carrier: null,
      cells: [
        { asking: 0, answering: 1, got: met, expected: met, refusal: null },
        {
          ...{ asking: 1, answering: 1, got: met, refusal: 'X-AMC-02: <lower>' },
          expected: { version: '2.0', compatibilityMode: false },
        },
      ],
    },
  ],
};

describe('a difference', () => {
  test('is said with the pair, the layer and both answers', () => {
    expect(matrixLines(differing, recordingTerminal(80)).slice(-4)).toEqual([
      '1 of 2 negotiations are not as the rule says',
      'federation: 1.0, 2.0 with 1.0, 2.0',
      '  the rule       2.0',
      '  the reference  1.0 in compatibility mode (X-AMC-02: <lower>)',
    ]);
  });

  test('is marked in the square, where a sample has holes', () => {
    expect(matrixLines(differing, recordingTerminal(80)).slice(5, 9)).toEqual([
      '    a a',
      '    · b',
      'a·    A',
      'ab    !',
    ]);
  });

  test('stands on a page that is well formed whatever was logged', () => {
    const page = renderMatrixPage(differing, '0');
    const cells = elementsOf(page, 'html').map(({ attributes }) => attributes.class ?? '');
    expect(cells.filter((name) => name === 'differs')).toHaveLength(2);
    expect(page).toContain('X-AMC-02: &lt;lower&gt;');
  });
});

describe('the command', () => {
  test('exits 0 where all is as the rule says, in lines of 80 columns, and writes the page', async () => {
    const file = join(tmpdir(), `norc-matrix-${process.pid}.html`);
    const { code, stdout } = await norc(
      ['amc', 'matrix', '--layer', 'c', '--majors', '3', '--html', file],
      {},
    );
    expect(stdout).toMatch(/\n225 negotiations, all as the rule says\n$/);
    expect(Math.max(...stdout.split('\n').map((line) => [...line].length))).toBeLessThan(81);
    expect(readFileSync(file, 'utf8')).toContain('225 negotiations');
    expect(code).toBe(0);
    rmSync(file);
  });

  test('prints one JSON document', async () => {
    const { stdout } = await norc(['amc', 'matrix', '--versions', '1.9,1.10', '--json']);
    const { sets, tables, disagreements } = JSON.parse(stdout);
    expect(sets).toEqual([['1.9'], ['1.10'], ['1.9', '1.10']]);
    expect(tables.map(({ layer }: { layer: string }) => layer)).toEqual([
      ...['client', 'federation', 'trust', 'trust'],
    ]);
    expect(disagreements).toEqual([]);
  });

  test.each([
    ['--layer', 'x', /--layer x: no layer; give c, f or t/],
    ['--majors', '0', /--majors 0: give a whole number from 1 to 6/],
    ['--versions', '1.0,v2', /--versions: v2 is not a version/],
    ['--ground', 'moon', /--ground moon: no ground/],
    ['--html', '/no/such/folder/x.html', /--html .* cannot be written \(ENOENT\)/],
  ])('says what is wrong with %s %s', async (flag, value, said) => {
    const { code, stderr } = await norc(['amc', 'matrix', '--layer', 'c', flag, value]);
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });
});
