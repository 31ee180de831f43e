/** How alike two judgements of the same nodes are. */

/** Spearman's rank correlation, ties by their mean rank; null where one of them is constant. */
export function spearman(a: readonly number[], b: readonly number[]): number | null {
  return pearson(ranks(a), ranks(b));
}

function ranks(values: readonly number[]): readonly number[] {
  const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
  const result = new Array<number>(values.length).fill(0);
  let from = 0;
  while (from < order.length) {
    let until = from + 1;
    while (until < order.length && values[order[until] ?? 0] === values[order[from] ?? 0])
      until += 1;
    for (const index of order.slice(from, until)) result[index] = (from + until - 1) / 2;
    from = until;
  }
  return result;
}

function pearson(a: readonly number[], b: readonly number[]): number | null {
  const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  a.forEach((value, at) => {
    const [x, y] = [value - meanA, (b[at] ?? 0) - meanB];
    both += x * y;
    squareA += x * x;
    squareB += y * y;
  });
  return squareA > 0 && squareB > 0 ? both / Math.sqrt(squareA * squareB) : null;
}

/** Of two sets: what they share of what either holds; 1 for two empty ones. */
export function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const shared = [...a].filter((each) => b.has(each)).length;
  const either = a.size + b.size - shared;
  return either === 0 ? 1 : shared / either;
}
