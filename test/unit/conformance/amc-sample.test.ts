/** The sample of the matrix over sockets, between processes of the reference. */
import { describe, expect, test } from 'vitest';
import { answerText, disagreements } from '../../../reports/amc/matrix.ts';
import { runSample } from '../../conformance/amc/sample.ts';

describe('a sample over sockets', () => {
  test('X-AMC-02, X-AMC-03, X-AMC-12: processes meet where the rule says, and write it down', async () => {
    const layers = ['client', 'federation', 'trust'] as const;
    let last = [0, 1];
    const results = await runSample({ versions: ['1.0', '2.0'], layers }, (done, all) => {
      last = [done, all];
    });
    expect(disagreements(results)).toEqual([]);
    expect(last[0]).toBeGreaterThan(0);
    const shown = results.tables.map(({ layer, carrier, cells }) => [
      `${layer} ${carrier ?? ''}`.trim(),
      ...cells.map(({ got }) => answerText(got)),
    ]);
    // Sets: [1.0], [2.0], [1.0, 2.0], in the order of the stride.
    expect(results.sets).toHaveLength(3);
    expect(shown.find(([name]) => name === 'client')).toHaveLength(10);
    expect(
      shown
        .find(([name]) => name === 'federation')
        ?.slice(1)
        .sort(),
    ).toEqual(['1.0 in compatibility mode', '2.0', 'no session']);
  });
});
