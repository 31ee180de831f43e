/** `norc trust audit`: reads, judges and prints; 0 when it holds, 1 when it is broken. */
import type { AuditEntry } from '../../reference/audit/chain.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import { type AuditFolder, readAuditFolder, serverKeyOf } from './audit-folder.ts';
import { asideLine, eventLines, proofLines, verdictLines } from './audit-lines.ts';
import { type AuditVerdict, createAuditor, type EventProof } from './audit-verdict.ts';

export interface Asked {
  readonly verify?: true;
  readonly proof?: string;
  readonly head?: string;
  readonly since?: number;
  readonly certificate?: string;
}

const TOLD_EVERY = 500;

/** Throws UsageError where the log cannot be read, or has no such event. */
export async function audit(
  folder: string,
  asked: Asked,
  form: 'text' | 'json',
  terminal: Terminal = createTerminal(),
): Promise<number> {
  const read = readAuditFolder(folder);
  const isJudged = asked.verify === true || asked.proof !== undefined || asked.head !== undefined;
  // Whatever is damaged is said at once, asked or not: there is nothing to list.
  if (isJudged || read.damage !== null) return judge(folder, read, asked, form, terminal);
  const events = eventsIn(read, asked.since);
  if (form === 'json') terminal.print(JSON.stringify({ events, verified: null }));
  else for (const line of eventLines(events, terminal)) terminal.print(line);
  return exitCodes.passed;
}

async function judge(
  folder: string,
  read: AuditFolder,
  asked: Asked,
  form: 'text' | 'json',
  terminal: Terminal,
): Promise<number> {
  const auditor = await createAuditor(serverKeyOf(folder, asked.certificate));
  const verdict = judgeAloud(auditor, read, asked.head ?? null, terminal);
  const proof = asked.proof === undefined ? null : auditor.prove(verdict.judged, asked.proof);
  if (asked.proof !== undefined && proof === null && verdict.fault === null) {
    throw new UsageError(`--proof ${asked.proof}: no event has that id or number; list them first`);
  }
  if (form === 'json') terminal.print(JSON.stringify(documentOf(read, verdict, proof)));
  else printAll(read, verdict, proof, terminal);
  const holds = verdict.fault === null && (proof?.isIncluded ?? true);
  return holds ? exitCodes.passed : exitCodes.failed;
}

function judgeAloud(
  auditor: Awaited<ReturnType<typeof createAuditor>>,
  read: AuditFolder,
  head: string | null,
  terminal: Terminal,
): AuditVerdict {
  const of = read.rows.entries.length;
  const verdict = auditor.judge(read, head, (count) => {
    if (count % TOLD_EVERY === 0) terminal.progress(`verified ${count} of ${of} entries`);
  });
  terminal.progress('');
  return verdict;
}

/** As they stand there, verified or not; what is no entry is left to --verify. */
function eventsIn({ rows }: AuditFolder, since = 0): readonly AuditEntry[] {
  const entries = rows.entries.map(({ value }) => value as AuditEntry | null);
  return entries.filter((entry): entry is AuditEntry => (entry?.timestamp ?? -1) >= since);
}

function printAll(
  read: AuditFolder,
  verdict: AuditVerdict,
  proof: EventProof | null,
  terminal: Terminal,
): void {
  for (const line of verdictLines(read, verdict, terminal)) terminal.print(line);
  const aside = asideLine(read);
  if (aside) terminal.print(terminal.paint('yellow', aside));
  if (proof) for (const line of proofLines(proof, terminal)) terminal.print(line);
}

function documentOf(read: AuditFolder, { judged, fault }: AuditVerdict, proof: EventProof | null) {
  const { base, chain, days } = judged;
  return {
    verified: {
      holds: fault === null,
      first: base.length,
      entries: judged.entries.length,
      head: chain.head,
      days,
      set_aside: read.rows.aside.length,
      fault,
    },
    proof: proof && {
      event: proof.entry,
      day: proof.day,
      index: proof.index,
      count: proof.count,
      siblings: proof.siblings,
      tree_root: proof.tree,
      sealed: proof.isSealed,
      included: proof.isIncluded,
    },
  };
}
