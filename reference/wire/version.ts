/**
 * Versions and the adjacent-major rule (L-V01 to L-V07, X-AMC). Both sides trim their lists to the
 * two highest majors that are adjacent, intersect the exact texts and take the numerically
 * greatest. The outcome is the same whichever side computes it and in whatever order the lists
 * stand.
 *
 * Where a rule corrects the naive choice instead of refusing, its guard asks whether the naive
 * choice is right already; with the guard off the naive choice stands.
 */
import { limits } from '../../spec/limits.ts';
import { InvariantError, invariant, type Must } from '../assert.ts';
import { accept, type Result, refuse } from './result.ts';

export interface Version {
  readonly major: number;
  readonly minor: number;
}

export interface VersionChoice {
  readonly version: string;
  /** X-AMC-10: the chosen major is below the top major of either list. */
  readonly compatibilityMode: boolean;
}

export interface ChoiceOptions {
  readonly must: Must;
  /** `preferred_version`: bound in the transcript, but never lowers the choice (L-V06). */
  readonly preferred?: string;
}

interface Listed extends Version {
  readonly text: string;
}

/** L-V05. Patch numbers appear in software versions only. */
const GRAMMAR = /^(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})$/;
/** What the published samples accept: a leading v, no minor, further components. */
const LOOSE_GRAMMAR = /^v?(\d{1,5})(?:\.(\d{1,5}))?(?:\.|$)/;

/** Best mutual version of a peer's list and our own. Either side may be the offering one. */
export function chooseVersion(
  own: readonly string[],
  offered: readonly string[],
  options: ChoiceOptions,
): Result<VersionChoice> {
  return choose(own, offered, options, (common) => common);
}

/**
 * The same for NORC-T on a link whose NORC-F version is known: only versions whose major is at most
 * one away from that of the link (L-V11, X-AMC-14).
 */
export function chooseTrustVersion(
  own: readonly string[],
  offered: readonly string[],
  federation: string,
  options: ChoiceOptions,
): Result<VersionChoice> {
  const link = versionOf(federation);
  return choose(own, offered, options, (common) =>
    common.filter((entry) => options.must('X-AMC-14', isNear(entry, link))),
  );
}

export function parseVersion(text: string): Result<Version> {
  const [, major, minor] = GRAMMAR.exec(text) ?? [];
  if (major === undefined) return refuse('X-AMC-09', 'not a version');
  return accept({ major: Number(major), minor: Number(minor) });
}

/** A version that has been negotiated or configured: anything else is our own mistake. */
export function versionOf(text: string): Version {
  const parsed = parseVersion(text);
  if (!parsed.ok) throw new InvariantError(`${text} is not a version`);
  return parsed.value;
}

/** Negative when `a` is the lower one. By number, so 1.10 is above 1.9 (X-AMC-04). */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor;
}

/** For texts that have been negotiated or configured. */
export function isAtLeast(version: string, floor: string): boolean {
  return compareVersions(versionOf(version), versionOf(floor)) >= 0;
}

function choose(
  own: readonly string[],
  offered: readonly string[],
  { must, preferred }: ChoiceOptions,
  admit: (common: readonly Listed[]) => readonly Listed[],
): Result<VersionChoice> {
  invariant(own.length > 0, 'a build speaks some version');
  const ours = own.map((text) => ({ text, ...versionOf(text) }));
  const theirs = readList(offered, must);
  if (!must('X-AMC-09', theirs.length > 0)) return refuse('X-AMC-09', 'no version in the list');
  const tops = [...greatestOf(ours), ...greatestOf(theirs)];

  const nearTops = tops.every((top) => tops.every((other) => isNear(top, other)));
  if (!must('X-AMC-01', nearTops)) return refuse('X-AMC-01', 'the majors are too far apart');
  // A build without that bound does not trim for its sake either.
  const common = nearTops
    ? intersect(trim(ours, must), trim(theirs, must))
    : intersect(ours, theirs);

  const admitted = admit(common);
  if (common.length > 0 && admitted.length === 0) {
    return refuse('X-AMC-14', 'no common version near that of the link');
  }
  if (!must('X-AMC-03', admitted.length > 0)) return refuse('X-AMC-03', 'no common version');
  // Past both of these guards a careless build names any version, if need be one of its own.
  const candidates = [admitted, theirs].find((list) => list.length > 0) ?? ours;
  const chosen = pick(candidates, preferred, must);
  const isTop = tops.every((top) => top.major <= chosen.major);
  return accept({ version: chosen.text, compatibilityMode: !must('X-AMC-10', isTop) });
}

/** X-AMC-09: malformed entries are skipped. Each version once. */
function readList(texts: readonly string[], must: Must): readonly Listed[] {
  const listed = new Map<string, Listed>();
  for (const text of texts) {
    const parsed = parseVersion(text);
    if (!must('X-AMC-09', parsed.ok)) continue;
    const version = parsed.ok ? parsed.value : parseLoosely(text);
    if (version === null) continue;
    const plain = `${version.major}.${version.minor}`;
    listed.set(plain, { text: plain, ...version });
  }
  return [...listed.values()];
}

/** How a careless build reads what the grammar refuses; null when there is nothing to read. */
function parseLoosely(text: string): Version | null {
  const [, major, minor] = LOOSE_GRAMMAR.exec(text) ?? [];
  return major === undefined ? null : { major: Number(major), minor: Number(minor ?? 0) };
}

/**
 * L-V03, X-AMC-05: without this a peer that lists 3.0 and 1.0 would meet a 1.0 build, and the bound
 * on the distance would hold for the lists and not for the builds.
 */
function trim(list: readonly Listed[], must: Must): readonly Listed[] {
  const [top] = greatestOf(list);
  if (top === undefined) return [];
  return list.filter((entry) => must('X-AMC-05', isNear(entry, top)));
}

/** In the order of the offer. */
function intersect(ours: readonly Listed[], theirs: readonly Listed[]): readonly Listed[] {
  const spoken = new Set(ours.map((entry) => entry.text));
  return theirs.filter((entry) => spoken.has(entry.text));
}

/** The greatest of a list that is not empty, whatever the peer's order or preference say. */
function pick(list: readonly Listed[], preferred: string | undefined, must: Must): Listed {
  const [first] = list;
  const [byNumber] = greatestOf(list);
  const [byText] = [...list].sort((a, b) => (a.text < b.text ? 1 : -1));
  invariant(first && byNumber && byText, 'picked from an empty list');
  const best = must('X-AMC-04', byText === byNumber) ? byText : byNumber;
  const chosen = must('X-AMC-02', first === best) ? first : best;
  const wish = list.find((entry) => entry.text === preferred) ?? chosen;
  return must('X-AMC-13', wish === chosen) ? wish : chosen;
}

/** One entry, or none of an empty list. */
function greatestOf(list: readonly Listed[]): readonly Listed[] {
  return [...list].sort((a, b) => compareVersions(b, a)).slice(0, 1);
}

function isNear(a: Version, b: Version): boolean {
  return Math.abs(a.major - b.major) <= limits.majorDistance;
}
