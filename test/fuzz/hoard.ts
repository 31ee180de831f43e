/**
 * Whether a subject remembers more the more often it is attacked. The same plan is played several times
 * on one subject, each time by somebody new, and time passes until everything that expires has. What has
 * grown then has grown for ever.
 */
import type { Finding } from './oracle.ts';
import type { Retained } from './retained.ts';

/** The first fills what is filled once; from then on each counts. */
export const ROUNDS = 4;

/** Longer than anything lasts that is not kept for ever (C-MSG-05: two days). */
export const EXPIRY_MS = 3 * 86_400_000;

interface Kept {
  readonly table: string;
  /** Requirement, ledger entry or bound of the reference that lets it stay. */
  readonly because: string;
  /** How many more keys than the honest run an attempt may bring. */
  readonly others: number;
}

/** A plan may name another device, certificate or server than the honest one. */
const OTHERS = 1;

const keep = (because: string, ...tables: string[]): Kept[] =>
  tables.map((table) => ({ table, because, others: OTHERS }));

/** Tables of things that last, which may have as many more keys as an honest run brings. */
const kept: readonly Kept[] = [
  ...keep('C-REG-06: a device is bound to its user for ever', 'client/users', 'client/devices'),
  ...keep('X-KEY-09: no key serves twice', 'client/keyOwners'),
  ...keep('bounds.buckets: the idle ones go when there are too many', 'client/buckets'),
  ...keep('bounds.relayedConversations', 'client/conversations', 'client/memberships'),
  ...keep('bounds.remotes and bounds.destinations', 'federation/rates', 'federation/destinations'),
  ...keep('bounds.windowsPerPeer', 'federation/sequences'),
  ...keep('T-CERT-03: a certificate lasts for months', 'trust/relations', 'trust/told'),
  ...keep('L-R08: so does the watch over its issuer', 'trust/lists'),
  ...keep('T-REN-05: the last renewal of a peer is answered again', 'trust/renewed'),
  ...keep('T-REV-12, T-REV-13: what was revoked stays so', 'trust/revocations', 'trust/chains'),
  ...keep('L-V13: the version of each peer', 'trust/lastVersions'),
  ...keep('T-REQ-11: the pace of each peer', 'trust/paces'),
  ...keep('T-CERT-12: chains that were found sound, a bounded cache', 'trust/validated'),
  ...keep('T-CERT-12: of their issuers, a bounded cache', 'trust/issuerAnswers'),
  // Everybody who came before is told that trust was not acknowledged, until they have heard it.
  { table: 'trust/pushes', because: 'T-REV-14, L-R07', others: ROUNDS },
];

/** What each further round has added, by table; nothing where nothing has. */
export type Growth = ReadonlyMap<string, { readonly keys: number; readonly entries: number }>;

export function growthOver(rounds: readonly Retained[]): Growth {
  const [first, last] = [rounds[0], rounds.at(-1)];
  const growth = new Map<string, { keys: number; entries: number }>();
  for (const [table, after] of last ?? []) {
    const before = first?.get(table) ?? { keys: 0, entries: 0 };
    const per = (added: number): number => added / (rounds.length - 1);
    growth.set(table, {
      keys: per(after.keys - before.keys),
      entries: per(after.entries - before.entries),
    });
  }
  return growth;
}

/** `honest`: growth of the same rounds without anybody who tampers. */
export function hoarded(growth: Growth, honest: Growth): Finding | null {
  for (const [table, { keys, entries }] of growth) {
    const row = kept.find((each) => each.table === table);
    const most = row ? (honest.get(table)?.keys ?? 0) + row.others : 0;
    const added = row ? keys : entries;
    if (added < 1 || added <= most) continue;
    return {
      oracle: 'memory-bounded',
      expected: `${table} keeps ${most === 0 ? 'nothing' : `at most ${most}`} of an attempt`,
      got: `${added} more entries with each of ${ROUNDS} attempts, ${EXPIRY_MS / 86_400_000} days after it`,
      crossing: null,
    };
  }
  return null;
}
