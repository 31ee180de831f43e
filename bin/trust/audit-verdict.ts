/** What `norc trust audit` finds: whether the log holds, where it breaks first, what proves an event. */
import { createMust } from '../../reference/assert.ts';
import type { AuditEntry } from '../../reference/audit/chain.ts';
import { daysOf, type JudgedLog, judgeLog, type LogFault } from '../../reference/audit/judge.ts';
import { inclusionProof, isIncluded, merkleRoot } from '../../reference/audit/merkle.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import type { Crypto, Hash, PublicKey } from '../../reference/crypto/crypto.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import type { AuditFolder } from './audit-folder.ts';

export interface AuditVerdict {
  readonly judged: JudgedLog;
  readonly fault: AuditFault | null;
}

export type AuditFault = Pick<LogFault, 'detail' | 'expected' | 'found'> & {
  /** In words: which record it is. */
  readonly place: string;
  readonly requirement: string | null;
};

export interface EventProof {
  readonly entry: AuditEntry;
  readonly day: number;
  readonly index: number;
  readonly count: number;
  readonly siblings: readonly Hash[];
  readonly tree: Hash;
  /** The day is over, and its root is signed. */
  readonly isSealed: boolean;
  readonly isIncluded: boolean;
}

export async function createAuditor(publicKey: PublicKey) {
  const must = createMust();
  const crypto = createCrypto(await createNodePrimitives(), must);
  return {
    judge({ rows, damage, tornBytes }: AuditFolder, head: Hash | null, told: (n: number) => void) {
      const judged = judgeLog(rows, { crypto, must, publicKey }, told);
      const fault = damage
        ? damageFault(damage)
        : (placed(judged.fault) ?? headFault(judged, head) ?? tornFault(tornBytes));
      return { judged, fault } satisfies AuditVerdict;
    },
    prove: (judged: JudgedLog, name: string) => prove(crypto, judged, name),
  };
}

function damageFault({ atByte, file, expected, found }: NonNullable<AuditFolder['damage']>) {
  const detail = 'its bytes do not give its checksum';
  return {
    place: `the record at byte ${atByte} of ${file}`,
    requirement: null,
    detail,
    expected,
    found,
  };
}

function tornFault(tornBytes: number): AuditFault | null {
  if (tornBytes === 0) return null;
  const detail = `the last ${tornBytes} bytes are no whole record: cut short, or changed`;
  return {
    place: 'the end of the journal',
    requirement: null,
    detail,
    expected: null,
    found: null,
  };
}

/** The keys of rows are numbers: of an entry, or the second at which a day began. */
function placed(fault: LogFault | null): AuditFault | null {
  if (fault === null) return null;
  const [kind, day] = fault.key.split('/');
  const place = kind === 'day' ? `the root of ${dateOf(Number(day))}` : nameOfRecord(fault.key);
  return { ...fault, place };
}

const nameOfRecord = (key: string): string =>
  /^\d+$/.test(key) ? `entry ${Number(key)}` : 'the beginning of the log';

/** A head that was noted elsewhere is one of the log's, or the log is not the one it was noted of. */
function headFault({ entries, base }: JudgedLog, head: Hash | null): AuditFault | null {
  if (head === null || base.head === head || entries.some(({ hash }) => hash === head)) return null;
  const detail = 'no entry of the log has the hash that was noted: what came after was cut off';
  const found = entries.at(-1)?.hash ?? base.head;
  return { place: 'the head of the log', requirement: 'X-AUD-04', detail, expected: head, found };
}

/** `name`: the id of an event, or its number in the chain. Null: nothing that holds has that name. */
function prove(crypto: Crypto, judged: JudgedLog, name: string): EventProof | null {
  const isNamed = ({ event_id, sequence }: AuditEntry) =>
    name === event_id || name === `${sequence}`;
  const found = daysOf(judged.entries).find(({ entries }) => entries.some(isNamed));
  const index = found?.entries.findIndex(isNamed) ?? -1;
  const entry = found?.entries[index];
  if (!found || !entry) return null;
  const leaves = found.entries.map(({ hash }) => hash);
  const proof = { index, count: leaves.length, siblings: inclusionProof(crypto, leaves, index) };
  const root = judged.days.find(({ day }) => day === found.day);
  const tree = root?.tree ?? merkleRoot(crypto, leaves);
  return {
    ...proof,
    entry,
    tree,
    day: found.day,
    isSealed: root !== undefined,
    isIncluded: isIncluded(crypto, entry.hash, proof, tree),
  };
}

export function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
