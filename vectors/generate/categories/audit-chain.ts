/** V-AUD: the hash chain of the audit log (X-AUD-01, L-T29). */
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import {
  base64url,
  concat,
  filled,
  flip,
  fromHex,
  hex,
  seeded,
  seededUuid,
  utf8,
} from '../primitives/bytes.ts';
import { canonicalBytes, canonicalText, type JsonObject } from '../primitives/canonical-json.ts';
import { blake3, sha256 } from '../primitives/hash.ts';
import { listOf, message, octets, octetsOf } from '../shape.ts';
import { eachChanged, eachDropped } from '../variation.ts';

const grounds = {
  value: { requirements: ['X-AUD-01'], readings: ['L-T29'], flags: ['chain-formula'] },
  tamper: { requirements: ['X-AUD-01', 'T-AUD-01'], readings: ['L-T29'], flags: ['rewritten-log'] },
  removed: { requirements: ['X-AUD-01'], readings: ['L-T29'], flags: ['shortened-log'] },
  root: { requirements: ['X-AUD-04', 'T-AUD-02'], readings: ['L-T29'], flags: ['shortened-log'] },
} satisfies Record<string, Grounds>;

function hashesOf(entries: readonly JsonObject[]): string[] {
  const hashes: string[] = [];
  for (const entry of entries) {
    const before = hashes.at(-1) ?? hex(filled(32, 0));
    hashes.push(hex(blake3(fromHex(before), canonicalBytes(entry))));
  }
  return hashes;
}

const event = (at: number): JsonObject => ({
  type: 'trust_audit_event',
  event_id: seededUuid(`event ${at}`),
  timestamp: 1_734_900_000 + at,
  event_type: ['trust_request', 'trust_granted', 'trust_revoked', 'access_denied'][at % 4] ?? '',
  source_server: 'bob.example.org',
  target_server: 'alice.example.org',
  actor: base64url(seeded('pseudonym', 32)),
  action: 'judged',
  parameters: { at },
  result: 'success',
  risk_level: 'low',
  evidence_hash: base64url(seeded(`evidence ${at}`, 32)),
});
const EVENTS = [0, 1, 2, 3].map(event);

const appends = (name: string, entries: readonly JsonObject[]): Draft =>
  valid(grounds.value, name, { function: 'append', entries }, { hashes: hashesOf(entries) });

interface Log {
  readonly entries: readonly JsonObject[];
  readonly hashes: readonly string[];
  readonly root: string;
}
const logOf = (entries: readonly JsonObject[]): Log => {
  const hashes = hashesOf(entries);
  return { entries, hashes, root: hashes.at(-1) ?? hex(filled(32, 0)) };
};
const RIGHT = logOf(EVENTS);

const refuse = (about: Grounds, name: string, change: Partial<Log>): Draft =>
  invalid(about, name, { function: 'verify', ...RIGHT, ...change });

function tampered(): Draft[] {
  const { entries, hashes } = RIGHT;
  const last = hashes.length - 1;
  return [
    ...[1, 3].flatMap((at) =>
      [...eachChanged(EVENTS[at] ?? {}), ...eachDropped(EVENTS[at] ?? {})].map(([what, changed]) =>
        refuse(grounds.tamper, `entry-${at + 1}-${what}`, { entries: entries.with(at, changed) }),
      ),
    ),
    ...entries.map((_, at) =>
      refuse(grounds.removed, `entry-${at + 1}-deleted`, { entries: entries.toSpliced(at, 1) }),
    ),
    ...entries.slice(0, last).map((_, at) =>
      refuse(grounds.removed, `entry-${at + 1}-and-its-hash-deleted`, {
        entries: entries.toSpliced(at, 1),
        hashes: hashes.toSpliced(at, 1),
      }),
    ),
    ...entries.slice(1).map((entry, at) =>
      refuse(grounds.tamper, `entries-${at + 1}-and-${at + 2}-swapped`, {
        entries: entries.with(at, entry).with(at + 1, entries[at] ?? {}),
      }),
    ),
    ...entries.map((entry, at) =>
      refuse(grounds.tamper, `entry-${at + 1}-twice`, {
        entries: entries.toSpliced(at, 0, entry),
        hashes: hashes.toSpliced(at, 0, hashes[at] ?? ''),
      }),
    ),
    ...hashes.slice(0, last).map((hash, at) =>
      refuse(grounds.tamper, `hash-${at + 1}-changed`, {
        hashes: hashes.with(at, hex(flip(fromHex(hash), at))),
      }),
    ),
    refuse(grounds.removed, 'hash-missing', { hashes: hashes.slice(0, last) }),
    refuse(grounds.removed, 'hash-too-many', { hashes: [...hashes, hex(filled(32, 0))] }),
  ];
}

/** Whole logs, consistent in themselves, that do not end in the published root. */
function roots(): Draft[] {
  const shorter = logOf(EVENTS.slice(0, 3));
  const forged = logOf(EVENTS.with(2, { ...EVENTS[2], result: 'failure' }));
  return [
    valid(grounds.root, 'log-and-root', { function: 'verify', ...RIGHT }),
    valid(grounds.root, 'log-of-one', { function: 'verify', ...logOf(EVENTS.slice(0, 1)) }),
    valid(grounds.root, 'empty-log', { function: 'verify', ...logOf([]) }),
    refuse(grounds.root, 'cut-off-at-the-end', {
      entries: shorter.entries,
      hashes: shorter.hashes,
    }),
    refuse(grounds.root, 'rewritten-from-the-third-on', {
      entries: forged.entries,
      hashes: forged.hashes,
    }),
    refuse(grounds.root, 'continued-after-the-root', {
      entries: [...EVENTS, event(4)],
      hashes: hashesOf([...EVENTS, event(4)]),
    }),
    refuse(grounds.root, 'root-of-the-day-before', { root: shorter.root }),
    refuse(grounds.root, 'root-changed', { root: hex(flip(fromHex(RIGHT.root), 5)) }),
    refuse(grounds.root, 'root-zero', { root: hex(filled(32, 0)) }),
    refuse(grounds.root, 'root-empty', { root: '' }),
    refuse(grounds.root, 'emptied', { entries: [], hashes: [] }),
  ];
}

/** Other formulas over the same entries. */
function formulas(): Draft[] {
  const chained = (
    step: (before: Uint8Array, entry: JsonObject) => Uint8Array,
    genesis = filled(32, 0),
  ): Partial<Log> => {
    const hashes: string[] = [];
    let before = genesis;
    for (const entry of EVENTS) {
      before = step(before, entry);
      hashes.push(hex(before));
    }
    return { hashes, root: hashes.at(-1) ?? '' };
  };
  const variants = {
    'by-sha-256': chained((before, entry) => sha256(before, canonicalBytes(entry))),
    'entry-before-hash': chained((before, entry) => blake3(canonicalBytes(entry), before)),
    'hash-in-hex': chained((before, entry) => blake3(utf8(hex(before)), canonicalBytes(entry))),
    'hash-in-base64url': chained((before, entry) =>
      blake3(utf8(base64url(before)), canonicalBytes(entry)),
    ),
    'members-not-sorted': chained((before, entry) => blake3(before, utf8(JSON.stringify(entry)))),
    'without-previous': chained((_, entry) => blake3(canonicalBytes(entry))),
    'of-the-hash-of-the-entry': chained((before, entry) =>
      blake3(before, blake3(canonicalBytes(entry))),
    ),
    'with-a-line-feed': chained((before, entry) =>
      blake3(before, utf8(`${canonicalText(entry)}\n`)),
    ),
    'genesis-empty': chained(
      (before, entry) => blake3(before, canonicalBytes(entry)),
      new Uint8Array(),
    ),
    'genesis-hash-of-nothing': chained(
      (before, entry) => blake3(before, canonicalBytes(entry)),
      blake3(concat()),
    ),
    'genesis-of-ones': chained(
      (before, entry) => blake3(before, canonicalBytes(entry)),
      filled(32, 0xff),
    ),
  };
  return Object.entries(variants).map(([name, log]) =>
    refuse(grounds.value, `chained-${name}`, log),
  );
}

export const auditChain: CategorySource = {
  category: 'audit-chain',
  title: 'Audit chain',
  description:
    'hash_i = BLAKE3(hash_(i−1) ‖ canonical entry), hash_0 is 32 zero bytes; the root is the last hash.',
  functions: {
    append: {
      does: 'the hash after each entry.',
      input: { entries: listOf(message) },
      output: { hashes: listOf(octetsOf(32)) },
    },
    verify: {
      does: 'whether hashes are those of the entries and end in root; else reject. The root of an empty log is the zero hash.',
      input: { entries: listOf(message), hashes: listOf(octets), root: octets },
      output: {},
    },
  },
  flags: {
    'chain-formula': {
      bug: 'Entries are hashed in another order, form or from another beginning.',
      effect: 'Nobody else can verify the log.',
    },
    'rewritten-log': {
      bug: 'A changed entry is not noticed.',
      effect: 'Whoever breaks in removes what he did from the log.',
    },
    'shortened-log': {
      bug: 'The end is not compared with the published root.',
      effect: 'The last entries, those of the attack, are cut off.',
    },
  },
  drafts: () => [
    appends('of-the-plan', [{ a: 1 }, { a: 2 }]),
    appends('one-entry', [{ a: 1 }]),
    appends('no-entry', []),
    appends('same-entry-twice', [{ a: 1 }, { a: 1 }]),
    appends('events', EVENTS),
    appends('events-in-another-order', EVENTS.toReversed()),
    appends('null-member-is-absent', [{ a: 1, b: null }]),
    ...roots(),
    ...tampered(),
    ...formulas(),
  ],
};
