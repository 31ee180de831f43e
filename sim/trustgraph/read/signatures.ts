/**
 * Signatures of certificates and lists (X-SIG-01). A certificate holds the key of its subject, so the
 * key of an issuer stands in what others certified of it. One that holds under none of these keys is
 * refused; where there is no key of the issuer, it is counted. This shows that documents agree with
 * each other, no more: whose key it is, only somebody who met the server knows.
 */
import { GraphFault } from '../fault.ts';

export type Members = Readonly<Record<string, unknown>>;

/** Whether the key signed the object, which is taken without its member `signature`. */
export type Verify = (key: string, record: Members) => boolean;

export interface Signatures {
  /** Of a certificate or a list; `where` begins the message of a refusal. */
  add(record: Members, file: string, where: string): void;
  /** Once all are there. Throws at the first that is forged; says how many stay unverified. */
  check(): string;
}

interface Signed {
  readonly record: Members;
  readonly file: string;
  readonly where: string;
}

const SHOWN_FILES = 5;

export function createSignatures(verify: Verify | undefined): Signatures {
  const all: Signed[] = [];
  const keys = new Map<unknown, Set<string>>();
  return {
    add(record, file, where) {
      all.push({ record, file, where });
      const { subject_server, public_key, key_algorithm } = record;
      if (typeof public_key !== 'string' || key_algorithm !== 'ed25519') return;
      keys.set(subject_server, (keys.get(subject_server) ?? new Set()).add(public_key));
    },
    check() {
      if (!verify) return 'signatures not verified';
      const withKey = all.filter(({ record }) => keys.has(record.issuer_server));
      for (const signed of withKey)
        refuseForged(signed, keys.get(signed.record.issuer_server) ?? new Set(), verify);
      const without = all.filter(({ record }) => !keys.has(record.issuer_server));
      return `${withKey.length} signatures verified${unverifiedText(without, all)}`;
    },
  };
}

function refuseForged({ record, where }: Signed, keys: ReadonlySet<string>, verify: Verify): void {
  if ([...keys].some((key) => verify(key, record))) return;
  const count = keys.size === 1 ? 'the key' : `any of the ${keys.size} keys`;
  throw new GraphFault(
    `${where} is not signed with ${count} that certificates give its issuer ` +
      `${String(record.issuer_server)}: it is forged, or the certificate with its key is missing here`,
  );
}

/** `, 3 not, for want of their issuer's key (acme.json 1 of 4, bravo.json 2 of 2)`. */
function unverifiedText(unverified: readonly Signed[], all: readonly Signed[]): string {
  if (unverified.length === 0) return '';
  const perFile = countByFile(unverified);
  const totals = countByFile(all);
  const shown = [...perFile]
    .slice(0, SHOWN_FILES)
    .map(([file, count]) => `${file}${count} of ${totals.get(file) ?? 0}`);
  if (perFile.size > SHOWN_FILES) shown.push(`and ${perFile.size - SHOWN_FILES} files more`);
  return `, ${unverified.length} not, for want of their issuer's key (${shown.join(', ')})`;
}

function countByFile(signed: readonly Signed[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { file } of signed) {
    const name = file === '' ? '' : `${file} `;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
