/** The list of known failures: `--baseline known.yaml`. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Case } from '../../test/conformance/case.ts';
import { UsageError } from '../usage-error.ts';

/** A YAML list of case ids, or `{ known: [...] }`. */
export function readBaseline(file: string): readonly string[] {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    throw new UsageError(`--baseline ${file}: ${(thrown as Error).message}`);
  }
  const known = Array.isArray(content) ? content : (content as { known?: unknown } | null)?.known;
  if (!Array.isArray(known) || known.some((id) => typeof id !== 'string')) {
    throw new UsageError(`--baseline ${file}: expected a list of case ids`);
  }
  return known as string[];
}

/** A name that no case has would excuse nothing, silently and for ever. */
export function refuseUnknown(baseline: readonly string[], cases: readonly Case[]): void {
  const names = new Set(cases.map(({ id }) => id));
  const unknown = baseline.filter((id) => !names.has(id));
  if (unknown.length === 0) return;
  throw new UsageError(`--baseline: no case is called ${unknown.join(', ')} (norc test --list)`);
}
