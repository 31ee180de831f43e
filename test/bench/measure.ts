/** Rates as medians of rounds, so that one slow moment of a shared machine does not count. */
export interface Measure {
  readonly what: string;
  /** A second. */
  readonly rate: number;
  readonly beside: string;
}

const rounds = 7;

export function perSecond(work: () => unknown, roundMs = 150): number {
  for (let warm = 0; warm < 50; warm += 1) work();
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    let times = 0;
    while (performance.now() - start < roundMs) {
      work();
      times += 1;
    }
    rates.push((times / (performance.now() - start)) * 1000);
  }
  return median(rates);
}

export async function perSecondAsync(
  work: () => Promise<unknown>,
  roundMs = 1000,
): Promise<number> {
  await work();
  const start = performance.now();
  let times = 0;
  while (performance.now() - start < roundMs) {
    await work();
    times += 1;
  }
  return (times / (performance.now() - start)) * 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export function printTable(title: string, rows: readonly Measure[]): void {
  console.log(`\n${title}`);
  for (const { what, rate, beside } of rows) {
    const figure = rate >= 100 ? Math.round(rate).toLocaleString('en-US') : rate.toFixed(1);
    console.log(`  ${what.padEnd(42)} ${figure.padStart(12)} /s   ${beside}`);
  }
}
