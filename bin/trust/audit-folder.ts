/** Reads the audit log out of a data folder, beside a server that may be writing to it. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type LogRows, logRowsOf } from '../../reference/audit/rows.ts';
import type { PublicKey } from '../../reference/crypto/crypto.ts';
import {
  type DamagedRecord,
  JournalDamaged,
  journalFile,
  type Replay,
  replay,
} from '../../reference/store/journal-record.ts';
import { readCertificates } from '../../reference/transport/pem.ts';
import { UsageError } from '../usage-error.ts';

export interface AuditFolder {
  readonly rows: LogRows;
  /** The file is damaged: what is in it beyond cannot be judged. */
  readonly damage: (DamagedRecord & { readonly file: string }) | null;
  /** Bytes at the end that are no whole record. */
  readonly tornBytes: number;
}

/** A server that runs has written its record when we look again. */
const LOOKS = 3;

/** Throws UsageError. */
export function readAuditFolder(folder: string): AuditFolder {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`--data ${folder}: no such folder; name the --data-dir of norc serve`);
  }
  const file = join(folder, journalFile);
  try {
    const { rows, tornBytes } = wholeReplay(file);
    return { rows: logRowsOf([...rows.values()]), damage: null, tornBytes };
  } catch (thrown) {
    if (!(thrown instanceof JournalDamaged)) throw unreadable(folder, file, thrown);
    if (thrown.record === null) throw new UsageError(thrown.message);
    return { rows: logRowsOf([]), damage: { ...thrown.record, file }, tornBytes: 0 };
  }
}

function wholeReplay(file: string): Replay {
  let found = replay(readFileSync(file), file);
  for (let look = 1; look < LOOKS && found.tornBytes > 0; look += 1) {
    found = replay(readFileSync(file), file);
  }
  return found;
}

function unreadable(folder: string, file: string, thrown: unknown): unknown {
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === undefined) return thrown;
  const hint = code === 'ENOENT' ? '; no server has kept its data there' : '';
  return new UsageError(`--data ${folder}: ${file} cannot be read (${code})${hint}`);
}

/** The Ed25519 key of the leaf, which is the key of the server. Throws UsageError. */
export function serverKeyOf(folder: string, certificate?: string): PublicKey {
  const file = certificate ?? join(folder, 'tls', 'federation.pem');
  const pem = textOf(file);
  const read = readCertificates(pem);
  if ('fault' in read) throw new UsageError(`${file}: ${read.fault}`);
  const { x, crv } = read.value[0]?.publicKey.export({ format: 'jwk' }) ?? {};
  if (crv === 'Ed25519' && x !== undefined) return x;
  throw new UsageError(`${file}: the first certificate has no Ed25519 key, as a server must`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    const mend = 'name the certificate of the server with --certificate';
    throw new UsageError(`${file}: cannot be read (${code}); ${mend}`);
  }
}
