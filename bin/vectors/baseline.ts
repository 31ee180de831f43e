/** Known failures: a YAML list of ids of vectors, read with `--baseline`, written with `--write-baseline`. */
import { writeFileSync } from 'node:fs';
import { plainText } from '../../reports/characters.ts';
import type { Results } from '../../reports/results.ts';
import type { Judged } from '../../test/adapters/check.ts';
import type { VectorFile } from '../../vectors/vector-file.ts';
import { readBaseline } from '../test-run/baseline.ts';
import { UsageError } from '../usage-error.ts';

/** Throws where it names a vector that no file has: that would excuse nothing, silently and for ever. */
export function knownFailures(
  file: string | undefined,
  all: readonly VectorFile[],
): readonly string[] {
  if (file === undefined) return [];
  const known = readBaseline(file);
  const ids = new Set(all.flatMap(({ vectors }) => vectors.map(({ id }) => id)));
  const unknown = known.filter((id) => !ids.has(id));
  if (unknown.length === 0) return known;
  throw new UsageError(
    `--baseline ${file}: no vector is called ${unknown.join(', ')}; ` +
      'vectors/CHANGELOG.md says what was withdrawn',
  );
}

/** What of the list this run has found to pass must come out of it. */
export function baselineOf(
  known: readonly string[],
  judged: readonly Judged[],
): NonNullable<Results['baseline']> {
  const listed = new Set(known);
  const stale = judged.filter(({ vector, judgement: { outcome } }) => {
    return listed.has(vector.id) && ['pass', 'accepted', 'refused'].includes(outcome);
  });
  return { known, stale: stale.map(({ vector }) => vector.id) };
}

/** Each with why, as a comment. An error is a defect of ours, and no failure of anybody's. */
export function writeBaseline(file: string, judged: readonly Judged[]): void {
  const lines = judged
    .filter(({ judgement }) => judgement.outcome === 'fail')
    .map(({ vector, judgement }) => `- ${vector.id} # ${plainText(judgement.reason ?? '')}\n`);
  const head = '# Vectors that are known to fail: norc vectors check --baseline\n';
  writeFileSync(file, head + (lines.length === 0 ? '[]\n' : lines.join('')));
}
