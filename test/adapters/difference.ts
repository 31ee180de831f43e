/** Where two outputs differ, field by field. */
import type { VectorValue } from '../../vectors/vector-file.ts';

export interface Difference {
  /** JSON pointer into the output; empty for the whole. */
  readonly path: string;
  /** Undefined: it is not there. */
  readonly expected: VectorValue | undefined;
  readonly got: VectorValue | undefined;
}

/** Empty when they are the same value: the order of members does not matter, everything else does. */
export function differences(
  expected: VectorValue | undefined,
  got: VectorValue | undefined,
  path = '',
): readonly Difference[] {
  if (isRecord(expected) && isRecord(got)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
    return names.flatMap((name) =>
      differences(own(expected, name), own(got, name), `${path}/${escaped(name)}`),
    );
  }
  if (Array.isArray(expected) && Array.isArray(got)) {
    const length = Math.max(expected.length, got.length);
    return Array.from({ length }, (_, at) => at).flatMap((at) =>
      differences(expected[at], got[at], `${path}/${at}`),
    );
  }
  // Of one kind and no container, or of two kinds, which are never the same.
  return Object.is(expected, got) || isSameZero(expected, got) ? [] : [{ path, expected, got }];
}

type Record = { readonly [name: string]: VectorValue };

function isRecord(value: VectorValue | undefined): value is Record {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `constructor` may be a member, and is none where it is not written. */
function own(value: Record, name: string): VectorValue | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** JSON writes −0, which few mean. */
function isSameZero(a: unknown, b: unknown): boolean {
  return a === 0 && b === 0;
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
