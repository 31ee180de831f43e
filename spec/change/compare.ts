/**
 * The verdict on a change of the protocol: what has changed, for whom it breaks, and whether the
 * declared versions are enough. A change is judged where it takes effect. At a version that peers
 * speak already nothing may break, whatever is declared beside it; at a new version may change what
 * its step, minor or major, allows.
 */
import type { Json } from '../schema.ts';
import type { Fact, Facts, Kind } from './facts.ts';
import { majorOf, meetingOf, orderOf } from './meeting.ts';
import { movementOf } from './movements.ts';
import { factsAt, missingFrom, versionsOf } from './protocol.ts';
import { type Breaks, type Bump, type Rule, ruleFor } from './rules.ts';
import { openTree, type SpecTree } from './tree.ts';

export interface Change extends Rule {
  readonly fact: string;
  readonly kind: Kind;
  readonly movement: string;
  /** Null where there was, or is, nothing. */
  readonly before: Json;
  readonly after: Json;
  /** Versions at which it takes effect. */
  readonly at: readonly string[];
  /** The step by which the first of them came in; none where peers speak it already. */
  readonly step: Bump;
  /** Whether what is declared is enough for it. */
  readonly covered: boolean;
}

export type PeerClass = 'previous' | 'same' | 'next';

export interface PeerVerdict {
  readonly peer: PeerClass;
  /** What such a peer, built before the change, speaks. Empty: there is none. */
  readonly speaks: readonly string[];
  /** Where it meets a build of the changed protocol. */
  readonly meetsAt: string | null;
  /** Whether it met one before. */
  readonly metBefore: boolean;
  readonly breaks: Breaks;
  /** The facts by which it breaks. */
  readonly by: readonly string[];
}

export interface Verdict {
  readonly format: 'norc-amc-change/1';
  readonly from: { readonly name: string; readonly versions: readonly string[] };
  readonly to: { readonly name: string; readonly versions: readonly string[] };
  readonly changes: readonly Change[];
  readonly peers: readonly PeerVerdict[];
  readonly needed: Bump;
  readonly declared: Bump;
  readonly fits: boolean;
  /** What could not be compared, because one of the two does not hold it. */
  readonly unseen: readonly string[];
}

/** Throws SpecUnreadable. */
export function compareTrees(from: SpecTree, to: SpecTree): Verdict {
  // What one lacks is taken from the other too, or all of it would be new.
  const unseen = [...new Set([...missingFrom(from), ...missingFrom(to)])];
  const [before, after] = [openTree(from, unseen), openTree(to, unseen)];
  const [old, now] = [versionsOf(before), versionsOf(after)];
  const declared = stepOf(old.at(-1), now.at(-1));
  const changes = merged([
    ...old
      .filter((version) => now.includes(version))
      .flatMap((version) =>
        differences(factsAt(before, version), factsAt(after, version), version, 'none'),
      ),
    ...now
      .filter((version) => !old.includes(version))
      .flatMap((version) => {
        const previous = now.filter((other) => orderOf(other, version) < 0).at(-1);
        if (previous === undefined) return [];
        const step = stepOf(previous, version);
        return differences(factsAt(after, previous), factsAt(after, version), version, step);
      }),
    ...versionChanges(old, now),
  ]).map((change) => ({ ...change, covered: isCovered(change, declared) }));
  return {
    ...{ format: 'norc-amc-change/1', declared, unseen, changes },
    from: { name: from.name, versions: old },
    to: { name: to.name, versions: now },
    peers: peersOf(old, now, changes),
    needed: greatest(changes.map(({ needs }) => needs)),
    fits: changes.every(({ covered }) => covered),
  };
}

/** Two versions of one state: what the later asks that the earlier does not. */
export function compareVersions(tree: SpecTree, earlier: string, later: string): Verdict {
  const declared = stepOf(earlier, later);
  const open = openTree(tree);
  const found = differences(factsAt(open, earlier), factsAt(open, later), later, declared);
  const changes = merged(found).map((change) => ({
    ...change,
    covered: rank[change.needs] <= rank[declared],
  }));
  return {
    ...{ format: 'norc-amc-change/1', declared, unseen: missingFrom(tree), changes, peers: [] },
    from: { name: `${tree.name} at ${earlier}`, versions: [earlier] },
    to: { name: `${tree.name} at ${later}`, versions: [later] },
    needed: greatest(changes.map(({ needs }) => needs)),
    fits: changes.every(({ covered }) => covered),
  };
}

// --- what has changed -------------------------------------------------------------------------------

type Found = Omit<Change, 'covered'>;

function differences(before: Facts, after: Facts, version: string, step: Bump): readonly Found[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (comesWith(now, before, after) || comesWith(old, after, before)) return [];
    const kind = (old ?? now)?.kind;
    if (!kind) return [];
    const movement = movementOf(kind, old?.value, now?.value);
    if (movement === null) return [];
    const values = { before: old?.value ?? null, after: now?.value ?? null };
    const change = { fact: name, kind, movement, ...values, at: [version], step };
    return [{ ...change, ...ruleFor(kind, movement) }];
  });
}

/** What belongs to something that is new altogether, or was withdrawn, is no change of its own. */
function comesWith(fact: Fact | undefined, there: Facts, here: Facts): boolean {
  const within = fact?.within ?? null;
  if (within === null || !here.has(within)) return false;
  const other = there.get(within);
  return other === undefined || other.value === 'withdrawn';
}

/** The same change at several versions is one. */
function merged(found: readonly Found[]): readonly Found[] {
  const known = new Map<string, Found>();
  for (const change of found) {
    const { fact, movement, before, after, step } = change;
    const key = JSON.stringify([fact, movement, before, after, step]);
    const earlier = known.get(key);
    known.set(key, earlier ? { ...earlier, at: [...earlier.at, ...change.at] } : change);
  }
  return [...known.values()];
}

function versionChanges(old: readonly string[], now: readonly string[]): readonly Found[] {
  const top = majorOf(now.at(-1) ?? '0.0');
  const changeOf = (version: string, kind: Kind, movement: 'added' | 'removed'): Found => ({
    ...{ fact: `version ${version}`, kind, movement, before: null, after: null },
    ...{ at: [version], step: 'none' },
    ...ruleFor(kind, movement),
  });
  const removed = old.filter((version) => !now.includes(version));
  return [
    ...now
      .filter((version) => !old.includes(version))
      .map((version) => changeOf(version, 'version', 'added')),
    ...removed.map((version) =>
      changeOf(version, majorOf(version) < top - 1 ? 'retired-version' : 'version', 'removed'),
    ),
  ];
}

// --- whether it is enough ---------------------------------------------------------------------------

const rank: { readonly [bump in Bump]: number } = { none: 0, minor: 1, major: 2 };

const greatest = (bumps: readonly Bump[]): Bump =>
  bumps.reduce((most, bump) => (rank[bump] > rank[most] ? bump : most), 'none' as Bump);

/** An addition does no harm at a version that is spoken already, if only a newer one tells of it. */
function isCovered({ needs, step }: Found, declared: Bump): boolean {
  if (rank[needs] <= rank[step]) return true;
  return needs === 'minor' && rank[declared] >= rank.minor;
}

/** None where it does not go up. */
function stepOf(from = '0.0', to = '0.0'): Bump {
  if (orderOf(to, from) <= 0) return 'none';
  return majorOf(to) > majorOf(from) ? 'major' : 'minor';
}

// --- for whom it breaks -----------------------------------------------------------------------------

/** Peers that know nothing of the change, one major below, on a level with, and one above what was. */
function peersOf(
  old: readonly string[],
  now: readonly string[],
  changes: readonly Found[],
): readonly PeerVerdict[] {
  const top = majorOf(old.at(-1) ?? '0.0');
  const lists: { readonly [peer in PeerClass]: readonly string[] } = {
    previous: old.filter((version) => majorOf(version) < top),
    same: old,
    next: [...old, `${top + 1}.0`],
  };
  return (Object.keys(lists) as PeerClass[]).map((peer) => {
    const speaks = lists[peer];
    const meetsAt = meetingOf(speaks, now)?.version ?? null;
    const breaking = changes.filter(
      ({ at, step, breaks }) =>
        step === 'none' && breaks !== 'nobody' && at.includes(meetsAt ?? ''),
    );
    return {
      ...{ peer, speaks, meetsAt, metBefore: meetingOf(speaks, old) !== null },
      breaks: allOf(breaking.map(({ breaks }) => breaks)),
      by: breaking.map(({ fact }) => fact),
    };
  });
}

function allOf(breaks: readonly Breaks[]): Breaks {
  const sides = new Set(breaks.flatMap((one) => (one === 'both' ? ['sender', 'receiver'] : [one])));
  if (sides.size === 0) return 'nobody';
  return sides.size > 1 ? 'both' : sides.has('sender') ? 'sender' : 'receiver';
}
