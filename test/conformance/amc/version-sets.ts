/** What builds may speak: every choice of versions that exist, and of majors that do not yet. */
import { majorOf, orderOf } from '../../../spec/change/meeting.ts';
import { versionNames } from '../../../spec/emitted/versions.ts';

/** The versions of the protocol up to a major, and `M.0` for each major that has none. */
export function versionsUpTo(majors: number): readonly string[] {
  const known = versionNames.filter((version) => majorOf(version) <= majors);
  const present = new Set(known.map(majorOf));
  const synthetic = Array.from({ length: majors }, (_, at) => at + 1)
    .filter((major) => !present.has(major))
    .map((major) => `${major}.0`);
  return [...known, ...synthetic].sort(orderOf);
}

/** All but the empty one, each ascending. */
export function setsOf(versions: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: 2 ** versions.length - 1 }, (_, at) =>
    versions.filter((_version, bit) => ((at + 1) >> bit) & 1),
  );
}
